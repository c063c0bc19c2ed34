import type { Command } from 'commander';
import { rbacOperations } from '#contract/rbac.ts';
import type { CliContext } from '../context.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';

interface DomainOptions extends ServerOptions {
  in?: string;
}

/** `windlass role …` */
export function defineRole(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'list', 'List roles', ['windlass role list', 'those that can be given']).action(
    async (options: ServerOptions) => {
      const rows = await connect(cli, options).call(rbacOperations.list_roles);
      await show(cli, options.output, {
        data: rows,
        rows,
        columns: [
          { title: 'role', value: (row) => row.name, keep: true },
          { title: 'description', value: (row) => row.description },
        ],
        id: (row) => row.name,
      });
    },
  );

  serverCommand(noun, 'get <role>', 'List the permissions of a role', [
    'windlass role get read-only',
    'action and target',
  ]).action(async (role: string, options: ServerOptions) => {
    const data = await connect(cli, options).call(rbacOperations.get_role, { params: { role_name: role } });
    await show(cli, options.output, {
      data,
      rows: data.permissions ?? [],
      columns: [
        { title: 'action', value: (row) => row.action },
        { title: 'target', value: (row) => row.target },
      ],
      id: (row) => row.action,
    });
  });

  inAccount(
    serverCommand(noun, 'members <role>', 'List who has a role in an account', [
      'windlass role members full-control --in web',
      'in the account web',
    ]),
  ).action(async (role: string, options: DomainOptions) => {
    const rows = await connect(cli, options).call(rbacOperations.list_role_members, {
      params: { role_name: role },
      query: { domain_name: domainOf(cli, options) },
    });
    await show(cli, options.output, {
      data: rows,
      rows,
      columns: [
        { title: 'user', value: (row) => row.username, keep: true },
        { title: 'account', value: (row) => row.domain_name ?? row.for_account },
        { title: 'since', value: (row) => row.created_at },
      ],
      id: (row) => row.username,
      empty: 'Nobody has this role.',
    });
  });

  inAccount(
    serverCommand(noun, 'grant <role> <user>', 'Give a user a role in an account', [
      'windlass role grant read-write ci --in web',
      'in the account web',
    ]),
  ).action(async (role: string, username: string, options: DomainOptions) => {
    const body = { username, domain_name: domainOf(cli, options) };
    const data = await connect(cli, options).call(rbacOperations.add_role_user, { params: { role_name: role }, body });
    await showOne(cli, options.output, {
      data,
      id: username,
      fields: [
        ['User', username],
        ['Role', role],
        ['Account', body.domain_name],
      ],
    });
  });

  inAccount(
    serverCommand(noun, 'revoke <role> <user>', 'Take a role in an account from a user', [
      'windlass role revoke read-write ci --in web',
      'in the account web',
    ]),
  ).action(async (role: string, username: string, options: DomainOptions) => {
    const query = { username, domain_name: domainOf(cli, options) };
    await connect(cli, options).call(rbacOperations.delete_role_user, { params: { role_name: role }, query });
    await showOne(cli, options.output, {
      data: { ...query, role, revoked: true },
      id: username,
      fields: [['Revoked', `${role} of ${username} in ${query.domain_name}`]],
    });
  });
}

function inAccount(command: Command): Command {
  return command.option(
    '--in <account>',
    'account in which the role holds (default: --account, WINDLASS_ACCOUNT, else admin)',
  );
}

function domainOf({ env }: CliContext, { in: domain, account }: DomainOptions): string {
  return domain ?? account ?? (env.WINDLASS_ACCOUNT || 'admin');
}

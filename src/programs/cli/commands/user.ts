import type { Command } from 'commander';
import type { Client } from '#client/index.ts';
import { identityOperations, type User } from '#contract/identity.ts';
import { usersOperations } from '#contract/users.ts';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { readSecret } from '../read-secret.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<User>[] = [
  { title: 'user', value: (row) => row.username, keep: true },
  { title: 'account', value: (row) => row.account_name },
  { title: 'type', value: (row) => row.type, keep: true },
  { title: 'password changed', value: (row) => row.password_last_updated },
  { title: 'created', value: (row) => row.created_at },
];

const PASSWORD = ['--new-password <password>', 'its password; "-" reads it from standard input', '-'] as const;

/** `windlass user …`: users of the account that is worked in. */
export function defineUser(noun: Command, cli: CliContext): void {
  serverCommand(
    noun,
    'list',
    'List users of an account',
    ['windlass user list --account web', 'of another account'],
    ['windlass user list --all', 'of every account'],
  )
    .option('--all', 'users of all accounts')
    .action(async (options: ServerOptions & { all?: boolean }) => {
      const client = connect(cli, options);
      const rows = options.all
        ? ((await client.call(usersOperations.list_all_system_users)).items ?? [])
        : await client.call(usersOperations.list_users, {
            params: { account_name: await accountOf(cli, client, options) },
          });
      await show(cli, options.output, { data: rows, rows, columns: COLUMNS, id: (row) => row.username });
    });

  serverCommand(noun, 'add <name>', 'Create a user', [
    'windlass user add ci --account web < password.txt',
    'password from standard input',
  ])
    .option(...PASSWORD)
    .action(async (name: string, options: ServerOptions & { newPassword: string }) => {
      const client = connect(cli, options);
      const password = await newPassword(cli, options.newPassword);
      const row = await client.call(usersOperations.create_user, {
        params: { account_name: await accountOf(cli, client, options) },
        body: { username: name, password },
      });
      await show(cli, options.output, { data: row, rows: [row], columns: COLUMNS, id: ({ username }) => username });
    });

  serverCommand(
    noun,
    'set-password [name]',
    'Replace the password of a user, or your own',
    ['windlass user set-password < password.txt', 'your own'],
    ['windlass user set-password ci --account web', "somebody else's"],
  )
    .option(...PASSWORD)
    .action(async (name: string | undefined, options: ServerOptions & { newPassword: string }) => {
      const client = connect(cli, options);
      const body = { type: 'password' as const, value: await newPassword(cli, options.newPassword) };
      if (name === undefined) await client.call(identityOperations.add_credential, { body });
      else
        await client.call(usersOperations.create_user_credential, {
          params: { account_name: await accountOf(cli, client, options), username: name },
          body,
        });
      await showOne(cli, options.output, {
        data: { username: name ?? null, changed: true },
        id: name,
        fields: [['Password changed', name ?? 'your own']],
      });
    });

  serverCommand(noun, 'delete <name>', 'Delete a user', [
    'windlass user delete ci --account web',
    'its API keys go as well',
  ]).action(async (name: string, options: ServerOptions) => {
    const client = connect(cli, options);
    await client.call(usersOperations.delete_user, {
      params: { account_name: await accountOf(cli, client, options), username: name },
    });
    await showOne(cli, options.output, {
      data: { username: name, deleted: true },
      id: name,
      fields: [['Deleted', name]],
    });
  });
}

/** The account named by option or environment, else the caller's own. */
async function accountOf({ env }: CliContext, client: Client, { account }: ServerOptions): Promise<string> {
  return account ?? (env.WINDLASS_ACCOUNT || (await client.call(identityOperations.get_users_account)).name);
}

async function newPassword(cli: CliContext, option: string): Promise<string> {
  const password = option === '-' ? await readSecret(cli) : option;
  if (password.length < 6) throw usageFailure('a password has at least 6 characters');
  return password;
}

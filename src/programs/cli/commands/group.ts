import type { Command } from 'commander';
import type { Client } from '#client/index.ts';
import type { UserGroup } from '#contract/identity.ts';
import { userGroupsOperations } from '#contract/user-groups.ts';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<UserGroup>[] = [
  { title: 'group', value: (row) => row.name, keep: true },
  { title: 'roles', value: rolesOf },
  { title: 'description', value: (row) => row.description },
  { title: 'uuid', value: (row) => row.group_uuid },
];

/** `windlass group …`: user groups of the installation. */
export function defineGroup(noun: Command, cli: CliContext): void {
  serverCommand(
    noun,
    'list',
    'List user groups',
    ['windlass group list', 'with the roles that they give'],
    ['windlass group list --user ci', 'those of a user'],
  )
    .option('--user <name>', 'groups that this user belongs to')
    .action(async (options: ServerOptions & { user?: string }) => {
      const query = options.user === undefined ? {} : { contains_user: options.user };
      const rows = await connect(cli, options).call(userGroupsOperations.list_user_groups, { query });
      await show(cli, options.output, {
        data: rows,
        rows,
        columns: COLUMNS,
        id: (row) => row.group_uuid,
        empty: 'There are no user groups.',
      });
    });

  serverCommand(noun, 'add <name>', 'Create a user group', [
    'windlass group add developers --description "Those who build"',
    'without members and roles',
  ])
    .option('--description <text>', 'what it is for')
    .action(async (name: string, options: ServerOptions & { description?: string }) => {
      const { description } = options;
      const body = { name, ...(description === undefined ? {} : { description }) };
      const row = await connect(cli, options).call(userGroupsOperations.create_user_group, { body });
      await show(cli, options.output, { data: row, rows: [row], columns: COLUMNS, id: ({ group_uuid }) => group_uuid });
    });

  serverCommand(noun, 'delete <group>', 'Delete a user group: its members lose the roles that it gives', [
    'windlass group delete developers',
    'by name or uuid',
  ]).action(async (wanted: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const params = { group_uuid: await uuidOf(client, wanted) };
    await client.call(userGroupsOperations.delete_user_group, { params });
    await done(cli, options, 'Deleted', wanted, { deleted: true });
  });

  serverCommand(noun, 'members <group>', 'List the members of a user group', [
    'windlass group members developers',
    'and since when they belong to it',
  ]).action(async (wanted: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const params = { group_uuid: await uuidOf(client, wanted) };
    const { items: rows = [] } = await client.call(userGroupsOperations.list_user_group_users, { params });
    await show(cli, options.output, {
      data: rows,
      rows,
      columns: [
        { title: 'user', value: (row) => row.username, keep: true },
        { title: 'since', value: (row) => row.added_on },
      ],
      id: (row) => row.username,
      empty: 'Nobody belongs to this group.',
    });
  });

  serverCommand(noun, 'join <group> <users...>', 'Put users into a group', [
    'windlass group join developers ann bob',
    'users of an identity provider join by `windlass sso map`',
  ]).action(async (wanted: string, users: string[], options: ServerOptions) => {
    const client = connect(cli, options);
    const params = { group_uuid: await uuidOf(client, wanted) };
    const body = { usernames: users.map((username) => ({ username })) };
    await client.call(userGroupsOperations.add_user_group_users, { params, body });
    await done(cli, options, 'Joined', `${wanted}: ${users.join(', ')}`, { group: wanted, joined: users });
  });

  serverCommand(noun, 'leave <group> <users...>', 'Take users out of a group', [
    'windlass group leave developers bob',
    'they lose the roles that it gives',
  ]).action(async (wanted: string, users: string[], options: ServerOptions) => {
    const client = connect(cli, options);
    const params = { group_uuid: await uuidOf(client, wanted) };
    await client.call(userGroupsOperations.delete_user_group_users, { params, query: { username: users } });
    await done(cli, options, 'Left', `${wanted}: ${users.join(', ')}`, { group: wanted, left: users });
  });

  inAccount(
    serverCommand(noun, 'grant <group> <roles...>', 'Let a group give roles in an account', [
      'windlass group grant developers read-write --in web',
      'to all its members',
    ]),
  ).action(async (wanted: string, roles: string[], options: ServerOptions & { in: string }) => {
    const client = connect(cli, options);
    const params = { group_uuid: await uuidOf(client, wanted) };
    const body = { domain_name: options.in, roles: roles.map((role) => ({ role })) };
    await client.call(userGroupsOperations.add_user_group_roles, { params, body });
    const what = { group: wanted, account: options.in, granted: roles };
    await done(cli, options, 'Granted', `${roles.join(', ')} in ${options.in} to ${wanted}`, what);
  });

  inAccount(
    serverCommand(noun, 'revoke <group>', 'Take all roles in an account from a group', [
      'windlass group revoke developers --in web',
      'its members lose them at once',
    ]),
  ).action(async (wanted: string, options: ServerOptions & { in: string }) => {
    const client = connect(cli, options);
    const params = { group_uuid: await uuidOf(client, wanted) };
    const query = { all_roles_for_account: [options.in] };
    await client.call(userGroupsOperations.delete_user_group_role, { params, query });
    const what = { group: wanted, account: options.in, revoked: true };
    await done(cli, options, 'Revoked', `all roles of ${wanted} in ${options.in}`, what);
  });
}

/** The uuids of groups that are given by name or uuid. Throws CliFailure. */
export async function uuidsOf(client: Client, groups: readonly string[]): Promise<string[]> {
  const known = await client.call(userGroupsOperations.list_user_groups);
  return groups.map((wanted) => {
    const found = known.find((group) => group.name === wanted || group.group_uuid === wanted);
    if (!found) throw usageFailure(`there is no user group ${wanted}`);
    return found.group_uuid;
  });
}

async function uuidOf(client: Client, wanted: string): Promise<string> {
  const [uuid = ''] = await uuidsOf(client, [wanted]);
  return uuid;
}

function inAccount(command: Command): Command {
  return command.requiredOption(
    '--in <account>',
    'account in which the roles hold; "system" for those of the installation',
  );
}

function rolesOf({ account_roles }: UserGroup): string {
  return (account_roles?.items ?? [])
    .map(
      ({ domain_name, for_account, roles: held = [] }) =>
        `${domain_name ?? for_account}: ${held.map((one) => one.role).join(' ')}`,
    )
    .join('; ');
}

async function done(
  cli: CliContext,
  { output }: ServerOptions,
  title: string,
  text: string,
  data: object,
): Promise<void> {
  await showOne(cli, output, { data, id: text, fields: [[title, text]] });
}

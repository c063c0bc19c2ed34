import type { Command } from 'commander';
import type { Client } from '#client/index.ts';
import { type RbacManagerIdpUserGroup, samlOperations } from '#contract/saml.ts';
import { windlassSsoOperations } from '#contract/windlass-sso.ts';
import type { CliContext } from '../../context.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { show } from '../../show.ts';
import { uuidsOf } from '../group.ts';
import { findProvider } from './provider.ts';

/** `windlass sso groups|map|unmap`: user groups that a provider puts its users into. */
export function defineGroupMappings(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'groups <name>', 'List the user groups that a provider may put users into', [
    'windlass sso groups corp',
    'those that are mapped',
  ]).action(async (name: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const { kind } = await findProvider(client, name);
    await showGroups(cli, options, await read(client, kind, name));
  });

  serverCommand(noun, 'map <name> <groups...>', 'Map user groups to a provider, by name or uuid', [
    'windlass sso map corp developers operators',
    'users get them by the groups attribute',
  ]).action(async (name: string, groups: string[], options: ServerOptions) => {
    const client = connect(cli, options);
    const { kind } = await findProvider(client, name);
    const input = { params: { name }, body: { user_group_uuids: await uuidsOf(client, groups) } };
    if (kind === 'saml') await client.call(samlOperations.add_idp_user_groups, input);
    else await client.call(windlassSsoOperations.add_oidc_user_groups, input);
    await showGroups(cli, options, await read(client, kind, name));
  });

  serverCommand(noun, 'unmap <name> <groups...>', 'End the mapping of user groups: users leave them at once', [
    'windlass sso unmap corp operators',
    'by name or uuid',
  ]).action(async (name: string, groups: string[], options: ServerOptions) => {
    const client = connect(cli, options);
    const { kind } = await findProvider(client, name);
    const input = { params: { name }, query: { user_group: await uuidsOf(client, groups) } };
    if (kind === 'saml') await client.call(samlOperations.delete_idp_user_group, input);
    else await client.call(windlassSsoOperations.delete_oidc_user_group, input);
    await showGroups(cli, options, await read(client, kind, name));
  });
}

function read(client: Client, kind: 'saml' | 'oidc', name: string): Promise<RbacManagerIdpUserGroup[]> {
  const operation = kind === 'saml' ? samlOperations.get_idp_user_groups : windlassSsoOperations.list_oidc_user_groups;
  return client.call(operation, { params: { name } });
}

async function showGroups(cli: CliContext, { output }: ServerOptions, rows: RbacManagerIdpUserGroup[]): Promise<void> {
  await show(cli, output, {
    data: rows,
    rows,
    columns: [
      { title: 'group', value: (row) => row.user_group_name, keep: true },
      { title: 'uuid', value: (row) => row.user_group_uuid },
      { title: 'since', value: (row) => row.mapped_on },
    ],
    id: (row) => row.user_group_uuid,
    empty: 'No user groups are mapped.',
  });
}

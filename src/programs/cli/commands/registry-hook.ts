import type { Command } from 'commander';
import { type RegistryHook, windlassWatchingOperations } from '#contract/windlass-watching.ts';
import type { CliContext } from '../context.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<RegistryHook>[] = [
  { title: 'id', value: (row) => row.hook_id, keep: true },
  { title: 'name', value: (row) => row.name },
  { title: 'registry', value: (row) => row.registry ?? 'as the event says' },
  { title: 'active', value: (row) => row.active, keep: true },
  { title: 'received', value: (row) => row.received },
  { title: 'refused', value: (row) => row.refused },
  { title: 'last used', value: (row) => row.last_used_at ?? 'never' },
];

const fieldsOf = (hook: RegistryHook) =>
  [
    ['Id', hook.hook_id],
    ['Name', hook.name],
    ['Registry', hook.registry ?? 'as the event says'],
    ['Active', hook.active],
    ['Received', hook.received],
    ['Refused', hook.refused],
    ['Last refusal', hook.last_refusal],
    ['Last used', hook.last_used_at],
    ['Created by', hook.created_by],
  ] as const;

/** `windlass registry-hook …` */
export function defineRegistryHook(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'list', 'List addresses at which registries tell of pushes', [
    'windlass registry-hook list',
    'tokens are never shown',
  ]).action(async (options: ServerOptions) => {
    const data = await connect(cli, options).call(windlassWatchingOperations.list_registry_hooks);
    await show(cli, options.output, {
      data,
      rows: data.items,
      columns: COLUMNS,
      id: (row) => row.hook_id,
      empty: 'No registry hooks.',
    });
  });

  serverCommand(
    noun,
    'create <name>',
    'Make an address at which a registry tells of pushes',
    ['windlass registry-hook create "Docker Hub"', 'the address is shown this once'],
    [
      'windlass registry-hook create harbor --registry harbor.example.com',
      'events count as events of this registry, whatever name it gives to itself',
    ],
  )
    .option('--registry <host>', 'name of the registry in subscriptions')
    .action(async (name: string, options: ServerOptions & { registry?: string }) => {
      const client = connect(cli, options);
      const body = { name, ...(options.registry ? { registry: options.registry } : {}) };
      const hook = await client.call(windlassWatchingOperations.create_registry_hook, { body });
      await showOne(cli, options.output, {
        data: hook,
        id: hook.hook_id,
        fields: [...fieldsOf(hook), ['Address', `<this server>${hook.events_path}`]],
      });
    });

  serverCommand(noun, 'show <id>', 'Show a registry hook', [
    'windlass registry-hook show <id>',
    'with its last refusal',
  ]).action(async (id: string, options: ServerOptions) => {
    const hook = await connect(cli, options).call(windlassWatchingOperations.get_registry_hook, {
      params: { hook_id: id },
    });
    await showOne(cli, options.output, { data: hook, id: hook.hook_id, fields: fieldsOf(hook) });
  });

  serverCommand(noun, 'update <id>', 'Change a registry hook', [
    'windlass registry-hook update <id> --deactivate',
    'its token is worth nothing until it is active again',
  ])
    .option('--name <name>', 'name for people')
    .option('--registry <host>', 'name of the registry in subscriptions; empty to go by the events')
    .option('--activate', 'take events again')
    .option('--deactivate', 'take no events')
    .action(
      async (
        id: string,
        options: ServerOptions & { name?: string; registry?: string; activate?: boolean; deactivate?: boolean },
      ) => {
        const hook = await connect(cli, options).call(windlassWatchingOperations.update_registry_hook, {
          params: { hook_id: id },
          body: {
            ...(options.name ? { name: options.name } : {}),
            ...(options.registry === undefined ? {} : { registry: options.registry || null }),
            ...(options.deactivate ? { active: false } : options.activate ? { active: true } : {}),
          },
        });
        await showOne(cli, options.output, { data: hook, id: hook.hook_id, fields: fieldsOf(hook) });
      },
    );

  serverCommand(noun, 'delete <id>', 'Remove a registry hook', [
    'windlass registry-hook delete <id>',
    'its token is worth nothing from then on',
  ]).action(async (id: string, options: ServerOptions) => {
    await connect(cli, options).call(windlassWatchingOperations.delete_registry_hook, { params: { hook_id: id } });
    await showOne(cli, options.output, { data: { hook_id: id, deleted: true }, id, fields: [['Deleted', id]] });
  });
}

import { type Command, Option } from 'commander';
import { type EventResponse, eventsOperations } from '#contract/events.ts';
import type { CliContext } from '../context.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { printJson, show } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<EventResponse>[] = [
  { title: 'time', value: ({ created_at: time, event }) => time ?? event?.timestamp, keep: true },
  { title: 'level', value: ({ event }) => event?.level, keep: true },
  { title: 'type', value: ({ event }) => event?.type },
  { title: 'resource', value: ({ event }) => event?.resource?.id },
  { title: 'message', value: ({ event }) => event?.message },
];

/** `windlass event …` */
export function defineEvent(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'list', 'List events, newest first', [
    'windlass event list --level error --since 2026-01-31',
    'what went wrong',
  ])
    .addOption(new Option('--level <level>', 'level').choices(['info', 'error']))
    .option('--type <type>', 'type; * stands for anything')
    .option('--resource <id>', 'tag, digest or name that it is about')
    .option('--since <time>', 'RFC 3339 time or date')
    .option('--before <time>', 'RFC 3339 time or date')
    .option('--limit <count>', 'how many', '100')
    .action(
      async (
        options: ServerOptions & {
          level?: string;
          type?: string;
          resource?: string;
          since?: string;
          before?: string;
          limit: string;
        },
      ) => {
        const { level, type, resource, since, before, limit } = options;
        const data = await connect(cli, options).call(eventsOperations.list_events, {
          query: {
            limit,
            ...(level ? { level } : {}),
            ...(type ? { event_type: type } : {}),
            ...(resource ? { resource_id: resource } : {}),
            ...(since ? { since } : {}),
            ...(before ? { before } : {}),
          },
        });
        await show(cli, options.output, {
          data,
          rows: data.results ?? [],
          columns: COLUMNS,
          id: (row) => row.event_id,
          empty: 'No events.',
        });
      },
    );

  serverCommand(noun, 'get <id>', 'Print an event', ['windlass event get 1b2c…', 'with all details']).action(
    async (id: string, options: ServerOptions) => {
      await printJson(cli, await connect(cli, options).call(eventsOperations.get_event, { params: { event_id: id } }));
    },
  );
}

import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { notificationsOperations } from '#contract/notifications.ts';
import type { NotificationEndpoint, NotificationSelector } from '#contract/notifications-schemas.ts';
import type { Operation } from '#contract/operation.ts';
import { type NotificationDelivery, windlassNotificationsOperations } from '#contract/windlass-notifications.ts';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { readSecret } from '../read-secret.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { printJson, show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const ENDPOINTS = ['slack', 'teams', 'smtp', 'github', 'jira', 'webhook'] as const;
type Endpoint = (typeof ENDPOINTS)[number];
type Delivery = z.output<typeof NotificationDelivery>;

/** Members of a configuration that are no text. */
const NUMBERS = new Set(['port', 'milestone']);
const FLAGS = new Set(['verify_tls', 'verify_ssl', 'use_tls']);
const LISTS = new Set(['labels', 'assignees']);

type Configuration = Record<string, unknown> & { uuid?: string; description?: string };

const CONFIGURATION_COLUMNS: Column<Configuration>[] = [
  { title: 'uuid', value: (row) => row.uuid, keep: true },
  { title: 'description', value: (row) => row.description },
  { title: 'to', value: (row) => String(row.url ?? row.host ?? '') },
  { title: 'changed', value: (row) => row.last_updated as string | undefined },
];

const SELECTOR_COLUMNS: Column<NotificationSelector>[] = [
  { title: 'uuid', value: (row) => row.uuid, keep: true },
  { title: 'scope', value: (row) => row.scope, keep: true },
  { title: 'level', value: (row) => row.event.level, keep: true },
  { title: 'resource', value: (row) => row.event.resource_type },
  { title: 'type', value: (row) => row.event.type },
];

const DELIVERY_COLUMNS: Column<Delivery>[] = [
  { title: 'id', value: (row) => row.id, keep: true },
  { title: 'time', value: (row) => row.created_at, keep: true },
  { title: 'endpoint', value: (row) => row.endpoint, keep: true },
  { title: 'state', value: (row) => row.state, keep: true },
  { title: 'tries', value: (row) => row.attempts, align: 'right' },
  { title: 'event', value: (row) => row.event_type },
  { title: 'error', value: (row) => row.error },
];

/** `windlass notification …` */
export function defineNotification(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'endpoints', 'List the kinds of endpoint', [
    'windlass notification endpoints',
    'which of them are switched on',
  ]).action(async (options: ServerOptions) => {
    const rows = await connect(cli, options).call(notificationsOperations.list_endpoints);
    await show(cli, options.output, {
      data: rows,
      rows,
      columns: [
        { title: 'endpoint', value: (row: NotificationEndpoint) => row.name },
        { title: 'enabled', value: (row: NotificationEndpoint) => row.enabled },
      ],
      id: (row) => row.name,
    });
  });

  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    serverCommand(noun, `${verb} <endpoint>`, `Switch a kind of endpoint ${enabled ? 'on' : 'off'}, for all accounts`, [
      `windlass notification ${verb} slack`,
      'administrators only',
    ]).action(async (word: string, options: ServerOptions) => {
      const endpoint = endpointOf(word);
      const data = await connect(cli, options).call(notificationsOperations.update_endpoint_status, {
        params: { name: endpoint },
        body: { enabled },
      });
      await showOne(cli, options.output, {
        data,
        id: endpoint,
        fields: [
          ['Endpoint', endpoint],
          ['Enabled', enabled],
        ],
      });
    });
  }

  configurationCommands(noun, cli);
  selectorCommands(noun, cli);
  deliveryCommands(noun, cli);
}

function configurationCommands(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'list <endpoint>', 'List configurations of an endpoint', [
    'windlass notification list webhook',
    'secrets are never shown',
  ]).action(async (endpoint: string, options: ServerOptions) => {
    const rows = await call<Configuration[]>(cli, options, `list_${endpointOf(endpoint)}_configurations`);
    const columns = CONFIGURATION_COLUMNS;
    await show(cli, options.output, { data: rows, rows, columns, id: (row) => row.uuid, empty: 'No configurations.' });
  });

  serverCommand(
    noun,
    'add <endpoint> <fields...>',
    'Add a configuration, given as NAME=VALUE; a value of - is read from standard input',
    ['windlass notification add webhook url=https://hooks.example.com/windlass username=ci password=-', 'a webhook'],
    [
      'windlass notification add smtp host=mail.example.com port=587 from=windlass@example.com to=team@example.com',
      'mail',
    ],
    ['windlass notification add slack url=https://hooks.slack.com/services/…', 'a channel'],
  ).action(async (endpoint: string, fields: string[], options: ServerOptions) => {
    const kind = endpointOf(endpoint);
    const body = await readFields(cli, fields);
    const data = await call<Configuration>(cli, options, `add_${kind}_configuration`, { body });
    await showOne(cli, options.output, {
      data,
      id: data.uuid,
      fields: [
        ['Endpoint', kind],
        ['Configuration', data.uuid],
      ],
    });
  });

  serverCommand(noun, 'test <endpoint> <uuid>', 'Send a test message', [
    'windlass notification test webhook 7d0f…',
    'the answer of the receiver',
  ]).action(async (endpoint: string, uuid: string, options: ServerOptions) => {
    const operation = `test_stored_${endpointOf(endpoint)}_configuration` as const;
    const data = await call<{ status?: string; response?: string }>(cli, options, operation, { params: { uuid } });
    const fields = [
      ['Status', data.status],
      ['Answer', data.response],
    ] as const;
    await showOne(cli, options.output, { data, id: uuid, fields });
  });

  serverCommand(noun, 'delete <endpoint> <uuid>', 'Delete a configuration with its selectors and deliveries', [
    'windlass notification delete webhook 7d0f…',
    'nothing is sent there any more',
  ]).action(async (endpoint: string, uuid: string, options: ServerOptions) => {
    await call(cli, options, `delete_${endpointOf(endpoint)}_configuration`, { params: { uuid } });
    await showOne(cli, options.output, { data: { uuid, deleted: true }, id: uuid, fields: [['Deleted', uuid]] });
  });

  serverCommand(noun, 'show <uuid>', 'Show a configuration with its options and its health', [
    'windlass notification show 7d0f…',
    'whether it works, and why not',
  ]).action(async (uuid: string, options: ServerOptions) => {
    const data = await connect(cli, options).call(
      windlassNotificationsOperations.get_notification_configuration_detail,
      { params: { configuration_uuid: uuid } },
    );
    await showOne(cli, options.output, {
      data,
      id: uuid,
      fields: [
        ['Endpoint', data.endpoint],
        ['Health', data.status],
        ['Last error', data.last_error],
        ['Last success', data.last_success_at],
        ['Waits until', data.paused_until],
        ['Signed', data.signed],
        ['Options', Object.keys(data.options).length > 0 ? JSON.stringify(data.options) : undefined],
      ],
    });
  });

  serverCommand(
    noun,
    'options <uuid> <file>',
    'Set template, digest, quiet hours, rate and signature from a JSON file',
    ['windlass notification options 7d0f… options.json', 'e.g. {"digest_minutes": 15, "signing_secret": "…"}'],
  ).action(async (uuid: string, file: string, options: ServerOptions) => {
    const body = await readJson(file);
    const data = await connect(cli, options).call(windlassNotificationsOperations.set_notification_options, {
      params: { configuration_uuid: uuid },
      body: body as never,
    });
    await printJson(cli, data);
  });
}

function selectorCommands(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'selectors', 'List what selects events for all configurations', [
    'windlass notification selectors',
    'of the account',
  ]).action(async (options: ServerOptions) => {
    const rows = await connect(cli, options).call(notificationsOperations.list_selectors);
    const columns = SELECTOR_COLUMNS;
    await show(cli, options.output, { data: rows, rows, columns, id: (row) => row.uuid, empty: 'No selectors.' });
  });

  serverCommand(
    noun,
    'select <endpoint> <uuid>',
    'Choose events for a configuration',
    ['windlass notification select webhook 7d0f… --type "user.checks.*"', 'policy and vulnerability changes'],
    ['windlass notification select webhook 7d0f… --level error', 'whatever goes wrong'],
  )
    .option('--type <type>', 'event type; * stands for anything', '*')
    .addOption(new Option('--level <level>', 'level').choices(['info', 'error', '*']).default('*'))
    .option('--resource <type>', 'type of the resource, e.g. image_tag', '*')
    .option('--global', 'events of all accounts; administrators only')
    .action(
      async (
        endpoint: string,
        uuid: string,
        options: ServerOptions & { type: string; level: string; resource: string; global?: boolean },
      ) => {
        const body = {
          scope: options.global ? 'global' : 'account',
          event: { type: options.type, level: options.level, resource_type: options.resource },
        };
        const operation = `add_${endpointOf(endpoint)}_selector` as const;
        const data = await call<NotificationSelector>(cli, options, operation, { params: { uuid }, body });
        await show(cli, options.output, { data, rows: [data], columns: SELECTOR_COLUMNS, id: (row) => row.uuid });
      },
    );

  serverCommand(noun, 'unselect <endpoint> <uuid> <selector>', 'Remove a selector of a configuration', [
    'windlass notification unselect webhook 7d0f… 91ab…',
    'the configuration stays',
  ]).action(async (endpoint: string, uuid: string, selector: string, options: ServerOptions) => {
    const params = { configuration_uuid: uuid, selector_uuid: selector };
    await call(cli, options, `delete_${endpointOf(endpoint)}_selector`, { params });
    const data = { uuid: selector, deleted: true };
    await showOne(cli, options.output, { data, id: selector, fields: [['Deleted', selector]] });
  });
}

function deliveryCommands(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'deliveries', 'List deliveries, newest first', [
    'windlass notification deliveries --state dead',
    'what could not be delivered',
  ])
    .addOption(new Option('--state <state>', 'state').choices(['pending', 'sending', 'delivered', 'dead']))
    .option('--configuration <uuid>', 'of one configuration')
    .option('--limit <count>', 'how many', '100')
    .action(async (options: ServerOptions & { state?: Delivery['state']; configuration?: string; limit: string }) => {
      const { state, configuration, limit } = options;
      const data = await connect(cli, options).call(windlassNotificationsOperations.list_notification_deliveries, {
        query: { limit, ...(state ? { state } : {}), ...(configuration ? { configuration } : {}) },
      });
      await show(cli, options.output, {
        data,
        rows: data.items,
        columns: DELIVERY_COLUMNS,
        id: (row) => row.id,
        empty: 'No deliveries.',
      });
    });

  serverCommand(noun, 'replay [delivery]', 'Deliver once more, with the same id: one, or all that was given up', [
    'windlass notification replay --dead --configuration 7d0f…',
    'what a receiver that is back has missed',
  ])
    .option('--dead', 'all that was given up')
    .option('--configuration <uuid>', 'with --dead: of one configuration')
    .action(async (id: string | undefined, options: ServerOptions & { dead?: boolean; configuration?: string }) => {
      const client = connect(cli, options);
      if ((id === undefined) !== (options.dead === true))
        throw usageFailure('give the id of a delivery, or --dead', 'windlass notification deliveries lists them.');
      if (id === undefined) {
        const query = options.configuration ? { configuration: options.configuration } : {};
        const data = await client.call(windlassNotificationsOperations.replay_dead_notification_deliveries, { query });
        const count = String(data.queued);
        return showOne(cli, options.output, { data, id: count, fields: [['Queued', count]] });
      }
      await client.call(windlassNotificationsOperations.replay_notification_delivery, { params: { delivery_id: id } });
      await showOne(cli, options.output, { data: { id, queued: true }, id, fields: [['Queued', id]] });
    });
}

function endpointOf(word: string): Endpoint {
  const endpoint = ENDPOINTS.find((name) => name === word);
  if (!endpoint) throw usageFailure(`"${word}" is no kind of endpoint`, `There are ${ENDPOINTS.join(', ')}.`);
  return endpoint;
}

/** Calls one of the operations that each kind of endpoint has; their members differ, so the server checks them. */
async function call<Result>(
  cli: CliContext,
  options: ServerOptions,
  operation: keyof typeof notificationsOperations,
  input: { params?: Record<string, string>; body?: unknown } = {},
): Promise<Result> {
  return (await connect(cli, options).call(notificationsOperations[operation] as Operation, input as never)) as Result;
}

async function readFields(cli: CliContext, fields: readonly string[]): Promise<Record<string, unknown>> {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const at = field.indexOf('=');
    if (at < 1) throw usageFailure(`"${field}" is not NAME=VALUE`, 'Write it as in url=https://hooks.example.com/x.');
    const name = field.slice(0, at);
    const value = field.slice(at + 1);
    if (value === '-') body[name] = await readSecret(cli);
    else if (NUMBERS.has(name)) body[name] = Number(value);
    else if (FLAGS.has(name)) body[name] = value === 'true';
    else if (LISTS.has(name)) body[name] = value.split(',').filter(Boolean);
    else body[name] = value;
  }
  return body;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw usageFailure(`${file} cannot be read as JSON`, (error as Error).message);
  }
}

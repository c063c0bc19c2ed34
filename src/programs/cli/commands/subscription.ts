import { type Command, Option } from 'commander';
import type { Client } from '#client/index.ts';
import type { Subscription } from '#contract/repositories.ts';
import { subscriptionsOperations } from '#contract/subscriptions.ts';
import { SubscriptionWatch, windlassWatchingOperations } from '#contract/windlass-watching.ts';
import type { CliContext } from '../context.ts';
import { CliFailure } from '../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';

/** Subscriptions as the API lists them. */
export const SUBSCRIPTION_COLUMNS: Column<Subscription>[] = [
  { title: 'type', value: (row) => row.subscription_type, keep: true },
  { title: 'key', value: (row) => row.subscription_key },
  { title: 'active', value: (row) => row.active, keep: true },
];

/** `windlass subscription …` */
export function defineSubscription(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'list', 'List what is watched', ['windlass subscription list --type tag_update', 'of one type'])
    .option('--type <type>', 'tag_update, policy_eval, vuln_update, analysis_update, repo_update …')
    .option('--key <key>', 'tag or repository')
    .action(async (options: ServerOptions & { type?: string; key?: string }) => {
      const query = {
        ...(options.type ? { subscription_type: options.type } : {}),
        ...(options.key ? { subscription_key: options.key } : {}),
      };
      const rows = await connect(cli, options).call(subscriptionsOperations.list_subscriptions, { query });
      await show(cli, options.output, {
        data: rows,
        rows,
        columns: SUBSCRIPTION_COLUMNS,
        id: (row) => row.subscription_id,
        empty: 'Nothing is watched.',
      });
    });
  defineSwitch(noun, cli, 'activate', true);
  defineSwitch(noun, cli, 'deactivate', false);
  defineAdd(noun, cli);
  defineDelete(noun, cli);
  defineWatches(noun, cli);
}

function defineAdd(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'add <type> <key>', 'Begin to watch a tag or repository', [
    'windlass subscription add tag_update docker.io/library/debian:12',
    'made if need be, and active',
  ])
    .option('--inactive', 'only make it')
    .option('--value <json>', 'value of a repo_update subscription')
    .action(async (type: string, key: string, options: ServerOptions & { inactive?: boolean; value?: string }) => {
      const client = connect(cli, options);
      const known = await client.call(subscriptionsOperations.list_subscriptions, {
        query: { subscription_type: type },
      });
      const existing = known.find((row) => row.subscription_key === key);
      const active = !options.inactive;
      const value = options.value === undefined ? {} : { subscription_value: options.value };
      const rows = existing
        ? await client.call(subscriptionsOperations.update_subscription, {
            params: { subscription_id: existing.subscription_id! },
            body: { active, ...value },
          })
        : await client.call(subscriptionsOperations.add_subscription, {
            body: { subscription_type: type, subscription_key: key, active, ...value },
          });
      await show(cli, options.output, {
        data: rows,
        rows,
        columns: SUBSCRIPTION_COLUMNS,
        id: (row) => row.subscription_id,
      });
    });
}

function defineDelete(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'delete <type> <key>', 'Remove a subscription', [
    'windlass subscription delete tag_update debian:12',
    'to keep it and watch no longer, see deactivate',
  ]).action(async (type: string, key: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const { subscription_id: id, subscription_key: name } = await findSubscription(client, type, key);
    await client.call(subscriptionsOperations.delete_subscription, { params: { subscription_id: id! } });
    await showOne(cli, options.output, {
      data: { subscription_id: id, deleted: true },
      id,
      fields: [['Deleted', `${type} of ${name}`]],
    });
  });
}

const WATCH_COLUMNS: Column<SubscriptionWatch>[] = [
  { title: 'type', value: (row) => row.subscription_type, keep: true },
  { title: 'key', value: (row) => row.subscription_key },
  { title: 'state', value: (row) => row.state, keep: true },
  { title: 'last look', value: (row) => row.checked_at },
  { title: 'next look', value: (row) => row.next_check_at },
  { title: 'failures', value: (row) => row.failures },
  { title: 'error', value: (row) => row.error },
];

function defineWatches(noun: Command, cli: CliContext): void {
  serverCommand(
    noun,
    'watches',
    'Show how looking after subscriptions goes',
    ['windlass subscription watches --state failing', 'what cannot be watched, and why'],
    ['windlass subscription watches --type tag_update', 'when tags are looked at'],
  )
    .option('--type <type>', 'tag_update, repo_update …')
    .addOption(new Option('--state <state>', 'only those in a state').choices(SubscriptionWatch.shape.state.options))
    .action(async (options: ServerOptions & { type?: string; state?: SubscriptionWatch['state'] }) => {
      const data = await connect(cli, options).call(windlassWatchingOperations.list_watches, {
        query: {
          ...(options.type ? { subscription_type: options.type } : {}),
          ...(options.state ? { state: options.state } : {}),
        },
      });
      await show(cli, options.output, {
        data,
        rows: data.items,
        columns: WATCH_COLUMNS,
        id: (row) => row.subscription_id,
        empty: 'Nothing is watched.',
      });
    });

  serverCommand(noun, 'check <type> <key>', 'Look at a watched tag or repository now', [
    'windlass subscription check tag_update debian:12',
    'without waiting for its turn',
  ]).action(async (type: string, key: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const { subscription_id: id, subscription_key: name } = await findSubscription(client, type, key);
    await client.call(windlassWatchingOperations.check_watch, { params: { subscription_id: id! } });
    await showOne(cli, options.output, {
      data: { subscription_id: id, requested: true },
      id,
      fields: [['Requested', `${type} of ${name}`]],
    });
  });
}

function defineSwitch(noun: Command, cli: CliContext, name: string, active: boolean): void {
  serverCommand(noun, `${name} <type> <key>`, active ? 'Begin to watch' : 'Watch no longer', [
    `windlass subscription ${name} tag_update debian:12`,
    'new images of the tag',
  ]).action(async (type: string, key: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const { subscription_id: id } = await findSubscription(client, type, key);
    const rows = await client.call(subscriptionsOperations.update_subscription, {
      params: { subscription_id: id! },
      body: { active },
    });
    await show(cli, options.output, {
      data: rows,
      rows,
      columns: SUBSCRIPTION_COLUMNS,
      id: (row) => row.subscription_id,
    });
  });
}

/** Keys are full names: `debian:12` is kept as `docker.io/debian:12`. */
async function findSubscription(client: Client, type: string, key: string): Promise<Subscription> {
  const rows = await client.call(subscriptionsOperations.list_subscriptions, { query: { subscription_type: type } });
  const names = new Set([key, `docker.io/${key}`, `${key}:latest`, `docker.io/${key}:latest`]);
  const found =
    rows.find((row) => row.subscription_key === key) ?? rows.find((row) => names.has(row.subscription_key ?? ''));
  if (found) return found;
  throw new CliFailure(`there is no subscription of type ${type} for ${key}`, {
    hint: 'See: windlass subscription list',
  });
}

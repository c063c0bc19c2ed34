import type { Command } from 'commander';
import type { Client } from '#client/index.ts';
import type { Subscription } from '#contract/repositories.ts';
import { subscriptionsOperations } from '#contract/subscriptions.ts';
import type { CliContext } from '../context.ts';
import { CliFailure } from '../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show } from '../show.ts';
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

import { type Command, Option } from 'commander';
import { type InventoryItem, inventoriesOperations } from '#contract/inventories.ts';
import { subscriptionsOperations } from '#contract/subscriptions.ts';
import type { CliContext } from '../context.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show } from '../show.ts';
import type { Column } from '../terminal/table.ts';
import { defineRunning } from './inventory/running.ts';
import { defineInventoryClusters } from './inventory-clusters.ts';
import { SUBSCRIPTION_COLUMNS } from './subscription.ts';

const COLUMNS: Column<InventoryItem>[] = [
  { title: 'tag', value: (row) => row.image_tag },
  { title: 'digest', value: (row) => row.image_digest?.slice(0, 19) || undefined, keep: true },
  { title: 'context', value: (row) => row.context },
  { title: 'last seen', value: (row) => row.last_seen, keep: true },
  { title: 'type', value: (row) => row.inventory_type, keep: true },
];

const TYPES = ['kubernetes', 'ecs'] as const;
type Type = (typeof TYPES)[number];

/** `windlass inventory …` */
export function defineInventory(noun: Command, cli: CliContext): void {
  defineInventoryClusters(noun, cli);
  serverCommand(
    noun,
    'list',
    'List images that run',
    ['windlass inventory list --context production/web', 'in one namespace of a cluster'],
    ['windlass inventory list --digest sha256:1b2c…', 'one image, wherever it runs'],
  )
    .addOption(new Option('--type <type>', 'kind of cluster').choices(TYPES))
    .option('--context <context>', 'cluster/namespace, or the ARN of an ECS cluster')
    .option('--digest <digest>', 'digest of the image')
    .action(async (options: ServerOptions & { type?: Type; context?: string; digest?: string }) => {
      const data = await connect(cli, options).call(inventoriesOperations.get_image_inventory, {
        query: {
          ...(options.type ? { inventory_type: options.type } : {}),
          ...(options.context ? { context: options.context } : {}),
          ...(options.digest ? { image_digest: options.digest } : {}),
        },
      });
      await show(cli, options.output, {
        data,
        rows: data.items ?? [],
        columns: COLUMNS,
        id: (row) => row.image_digest || row.image_tag,
        empty: 'Nothing was reported.',
      });
    });

  serverCommand(
    noun,
    'delete <context>',
    'Remove what is known of a context; the next report brings back what still runs',
    ['windlass inventory delete old-cluster/web', 'all images of a namespace'],
    ['windlass inventory delete production/web --digest sha256:1b2c…', 'one image'],
  )
    .addOption(new Option('--type <type>', 'kind of cluster').choices(TYPES).default('kubernetes'))
    .option('--digest <digest>', 'this image alone')
    .action(async (context: string, options: ServerOptions & { type: Type; digest?: string }) => {
      await connect(cli, options).call(inventoriesOperations.delete_inventory, {
        query: { inventory_type: options.type, context, ...(options.digest ? { image_digest: options.digest } : {}) },
      });
      if (options.output === 'table') await cli.stdout.write(`Removed: ${context}\n`);
    });

  serverCommand(
    noun,
    'watch <context>',
    'Have everything analysed that runs in a context or cluster',
    ['windlass inventory watch production/web', 'one namespace'],
    ['windlass inventory watch production', 'the whole cluster'],
    ['windlass inventory watch production --stop', 'watch no longer'],
  )
    .option('--stop', 'watch no longer; what was analysed stays')
    .action(async (key: string, options: ServerOptions & { stop?: boolean }) => {
      const client = connect(cli, options);
      const active = options.stop !== true;
      const type = 'runtime_inventory';
      const known = await client.call(subscriptionsOperations.list_subscriptions, {
        query: { subscription_type: type, subscription_key: key },
      });
      const id = known[0]?.subscription_id;
      const rows = id
        ? await client.call(subscriptionsOperations.update_subscription, {
            params: { subscription_id: id },
            body: { active },
          })
        : await client.call(subscriptionsOperations.add_subscription, {
            body: { subscription_type: type, subscription_key: key, active },
          });
      await show(cli, options.output, {
        data: rows,
        rows,
        columns: SUBSCRIPTION_COLUMNS,
        id: (row) => row.subscription_id,
      });
    });
  defineRunning(noun, cli);
}

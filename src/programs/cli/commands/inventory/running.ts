import { type Command, Option } from 'commander';
import { type IntegrationSummary, integrationsOperations } from '#contract/integrations.ts';
import {
  type RunningImage,
  type RunningPlace,
  RunningState,
  type RunningVulnerabilities,
  windlassInventoryOperations,
} from '#contract/windlass-inventory.ts';
import type { CliContext } from '../../context.ts';
import { resolveImage } from '../../resolve-image.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { show } from '../../show.ts';
import type { Column } from '../../terminal/table.ts';

const COVERAGE: Column<RunningImage>[] = [
  { title: 'tag', value: (row) => row.image_tag },
  { title: 'digest', value: (row) => row.image_digest.slice(0, 19) || undefined, keep: true },
  { title: 'state', value: (row) => row.state.replaceAll('_', ' '), keep: true },
  { title: 'containers', value: (row) => row.containers, keep: true },
  { title: 'contexts', value: (row) => row.contexts.join(', ') },
];

const VULNERABILITIES: Column<RunningVulnerabilities>[] = [
  { title: 'cluster', value: (row) => row.cluster },
  { title: 'namespace', value: (row) => row.namespace },
  { title: 'workload', value: (row) => row.workload },
  { title: 'images', value: (row) => row.images, keep: true },
  { title: 'not analysed', value: (row) => row.images_not_analyzed, keep: true },
  { title: 'critical', value: (row) => row.vulnerabilities.critical, keep: true },
  { title: 'high', value: (row) => row.vulnerabilities.high, keep: true },
  { title: 'medium', value: (row) => row.vulnerabilities.medium, keep: true },
  { title: 'fixable', value: (row) => row.vulnerabilities.fixable, keep: true },
];

const PLACES: Column<RunningPlace>[] = [
  { title: 'cluster', value: (row) => row.cluster },
  { title: 'namespace', value: (row) => row.namespace },
  { title: 'workload', value: (row) => row.workload },
  { title: 'containers', value: (row) => row.containers, keep: true },
  { title: 'tag', value: (row) => row.image_tag },
  { title: 'last seen', value: (row) => row.last_seen, keep: true },
];

const AGENTS: Column<IntegrationSummary>[] = [
  { title: 'name', value: (row) => row.name },
  { title: 'cluster', value: (row) => row.cluster_name },
  { title: 'version', value: (row) => row.version },
  { title: 'state', value: (row) => row.integration_status?.state, keep: true },
  { title: 'health', value: (row) => row.reported_status?.state, keep: true },
  { title: 'last seen', value: (row) => row.last_seen, keep: true },
];

/** An image need not be in the catalogue to run somewhere. */
const DIGEST = /^sha256:[0-9a-f]{64}$/;

interface Scope {
  cluster?: string;
  namespace?: string;
}

function scoped(command: Command): Command {
  return command
    .option('--cluster <name>', 'this cluster alone')
    .option('--namespace <name>', 'namespaces of this name alone');
}

function scope({ cluster, namespace }: Scope): Scope {
  return { ...(cluster ? { cluster } : {}), ...(namespace ? { namespace } : {}) };
}

/** Commands on what runs, tied to what is known of it. */
export function defineRunning(noun: Command, cli: CliContext): void {
  scoped(
    serverCommand(
      noun,
      'coverage',
      'List images that run and were not analysed',
      ['windlass inventory coverage --cluster production', 'of one cluster'],
      ['windlass inventory coverage --state not_in_catalog -o id', 'digests of images that nobody added'],
    ),
  )
    .addOption(new Option('--state <state...>', 'states to list').choices(RunningState.options))
    .action(async (options: ServerOptions & Scope & { state?: RunningState[] }) => {
      const data = await connect(cli, options).call(windlassInventoryOperations.get_inventory_coverage, {
        query: { ...scope(options), limit: '1000', ...(options.state ? { state: options.state } : {}) },
      });
      const analyzed = data.states.analyzed ?? 0;
      await show(cli, options.output, {
        data,
        rows: data.items,
        columns: COVERAGE,
        id: (row) => row.image_digest || row.image_tag,
        empty: data.images === 0 ? 'Nothing was reported.' : 'Nothing to list.',
      });
      if (options.output === 'table' && data.images > 0)
        await cli.stdout.write(`${analyzed} of ${data.images} running images are analysed.\n`);
    });

  scoped(
    serverCommand(
      noun,
      'vulnerabilities',
      'Count vulnerabilities of what runs',
      ['windlass inventory vulnerabilities --by workload --namespace web', 'of each workload of a namespace'],
      ['windlass inventory vulnerabilities --id CVE-2021-44228', 'where one of them runs'],
    ),
  )
    .addOption(
      new Option('--by <part>', 'what to count for').choices(['cluster', 'namespace', 'workload']).default('namespace'),
    )
    .option('--id <vulnerability>', 'this one alone')
    .action(async (options: ServerOptions & Scope & { by: 'cluster' | 'namespace' | 'workload'; id?: string }) => {
      const data = await connect(cli, options).call(windlassInventoryOperations.list_running_vulnerabilities, {
        query: {
          ...scope(options),
          group_by: options.by,
          limit: '1000',
          ...(options.id ? { vulnerability_id: options.id } : {}),
        },
      });
      await show(cli, options.output, {
        data,
        rows: data.items,
        columns: VULNERABILITIES,
        id: (row) => [row.cluster, row.namespace, row.workload].filter(Boolean).join('/'),
        empty: 'Nothing runs there.',
      });
    });

  serverCommand(noun, 'places <image>', 'List all places where an image runs', [
    'windlass inventory places debian:12',
    'by tag or digest',
  ]).action(async (image: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const data = await client.call(windlassInventoryOperations.list_running_places, {
      params: { image_digest: DIGEST.test(image) ? image : (await resolveImage(client, image)).digest },
    });
    await show(cli, options.output, {
      data,
      rows: data.items,
      columns: PLACES,
      id: (row) => row.context,
      empty: 'It runs nowhere.',
    });
  });

  serverCommand(noun, 'agents', 'List agents that registered themselves', [
    'windlass inventory agents --degraded',
    'silent or unhealthy',
  ])
    .option('--degraded', 'only those that are silent or unhealthy')
    .action(async (options: ServerOptions & { degraded?: boolean }) => {
      const data = await connect(cli, options).call(integrationsOperations.list_integrations, {
        query: options.degraded ? { only_degraded: true } : {},
      });
      await show(cli, options.output, {
        data,
        rows: data.items ?? [],
        columns: AGENTS,
        id: (row) => row.uuid,
        empty: 'No agents.',
      });
    });
}

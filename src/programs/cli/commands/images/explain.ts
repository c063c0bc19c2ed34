import type { Command } from 'commander';
import { type VulnerabilityChange, windlassExplanationsOperations } from '#contract/windlass-explanations.ts';
import type { CliContext } from '../../context.ts';
import { usageFailure } from '../../failure.ts';
import { resolveImage } from '../../resolve-image.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { show } from '../../show.ts';
import { printable, styleFor } from '../../terminal/style.ts';
import type { Column } from '../../terminal/table.ts';

/** `image explain` */
export function defineExplain(noun: Command, cli: CliContext): void {
  serverCommand(
    noun,
    'explain <image> [vulnerability]',
    'Tell why an image has, or has not, a vulnerability',
    ['windlass image explain app:1.4 CVE-2023-5363', 'the record, range, package, layer and rules'],
    ['windlass image explain app:1.4 GHSA-35jh-r3h4-6jhm --package lodash', 'why not: what ruled it out'],
    ['windlass image explain app:1.4 --package openssl', 'everything about one package'],
  )
    .option('--package <name>', 'package by its name, or that of its source')
    .action(async (name: string, vulnerability: string | undefined, options: ServerOptions & { package?: string }) => {
      if (vulnerability === undefined && options.package === undefined)
        throw usageFailure('nothing is asked', 'Name a vulnerability, --package, or both.');
      const client = connect(cli, options);
      const { digest } = await resolveImage(client, name);
      const data = await client.call(windlassExplanationsOperations.explain_image_vulnerability, {
        params: { image_digest: digest },
        query: {
          ...(vulnerability === undefined ? {} : { vulnerability }),
          ...(options.package === undefined ? {} : { package: options.package }),
        },
      });
      if (options.output === 'table') {
        const { explanationReport } = await import('../../explanation-report.ts');
        const look = {
          style: styleFor(cli.stdout, cli.env),
          ...(cli.stdout.isTerminal ? { width: cli.stdout.columns } : {}),
        };
        await cli.stdout.write([...explanationReport(data, look)].join(''));
        return;
      }
      await show(cli, options.output, {
        data,
        rows: data.packages,
        columns: [
          { title: 'verdict', value: (row) => row.verdict },
          { title: 'package', value: (row) => row.name },
          { title: 'version', value: (row) => row.version },
          { title: 'type', value: (row) => row.type },
          { title: 'path', value: (row) => row.path },
          { title: 'summary', value: (row) => row.summary },
        ],
        id: (row) => row.name,
      });
    });
}

const CHANGE_COLUMNS: Column<VulnerabilityChange>[] = [
  { title: 'change', value: (row) => row.change, keep: true },
  { title: 'severity', value: (row) => row.severity, keep: true, word: true },
  { title: 'vulnerability', value: (row) => row.vulnerability, keep: true },
  { title: 'package', value: (row) => row.package_name },
  { title: 'installed', value: (row) => row.package_version },
  { title: 'when', value: (row) => row.changed_at.slice(0, 16).replace('T', ' '), keep: true },
  { title: 'reason', value: (row) => row.reason },
];

/** `image changes` */
export function defineChanges(noun: Command, cli: CliContext): void {
  serverCommand(
    noun,
    'changes <image>',
    'List what changed in the vulnerabilities of an image between two times or builds of the data',
    ['windlass image changes app:1.4 --from 2026-05-01', 'since that day'],
    ['windlass image changes app:1.4 --from sha256:3f2a… --to sha256:90bc…', 'from one build to another'],
  )
    .requiredOption('--from <moment>', 'time, day, or checksum of a build')
    .option('--to <moment>', 'time, day, or checksum of a build (default: now)')
    .option('--limit <count>', 'most changes to list', '1000')
    .action(async (name: string, options: ServerOptions & { from: string; to?: string; limit: string }) => {
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
        throw usageFailure(`--limit is a number from 1 to 10000, not ${options.limit}`);
      const client = connect(cli, options);
      const { digest } = await resolveImage(client, name);
      const data = await client.call(windlassExplanationsOperations.list_image_vulnerability_changes, {
        params: { image_digest: digest },
        query: { from: options.from, limit, ...(options.to === undefined ? {} : { to: options.to }) },
      });
      await show(cli, options.output, {
        data,
        rows: data.changes,
        columns: CHANGE_COLUMNS,
        id: (row) => row.vulnerability,
        empty: `Nothing changed between ${data.from} and ${data.to}.`,
      });
      if (options.output !== 'table') return;
      for (const note of data.notes) await cli.stderr.write(`note: ${printable(note)}\n`);
    });
}

import { type Command, Option } from 'commander';
import type { Source } from '#contract/applications-schemas.ts';
import type { PackageContent } from '#contract/image-content.ts';
import { sourcesOperations } from '#contract/sources.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { resolveSource, sourceName } from '../resolve-source.ts';
import { compareSeverity, parseSeverity, reaches } from '../scan/severity.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { printJson, show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';
import { VULNERABILITY_COLUMNS } from './images/findings.ts';
import { defineAdd } from './sources/add.ts';
import { showSource } from './sources/show-source.ts';

const COLUMNS: Column<Source>[] = [
  { title: 'uuid', value: (row) => row.uuid, keep: true },
  { title: 'source', value: sourceName },
  { title: 'analysis', value: (row) => row.analysis_status, keep: true, word: true },
  { title: 'added', value: (row) => row.created_at?.slice(0, 19).replace('T', ' ') },
];

const CONTENT: Column<PackageContent>[] = [
  { title: 'package', value: (row) => row.package, keep: true },
  { title: 'version', value: (row) => row.version, keep: true },
  { title: 'licenses', value: (row) => row.licenses?.join(', ') },
  { title: 'location', value: (row) => row.location },
];

const SBOMS = {
  'native-json': sourcesOperations.get_source_sbom_native_json,
  'spdx-json': sourcesOperations.get_source_sbom_spdx_json,
  'cyclonedx-json': sourcesOperations.get_source_sbom_cyclonedx_json,
} as const;

/** `windlass source …` */
export function defineSource(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  defineAdd(noun, cli, exit);

  serverCommand(noun, 'list', 'List source repositories', ['windlass source list', 'newest first']).action(
    async (options: ServerOptions) => {
      const data = await connect(cli, options).call(sourcesOperations.list_sources);
      const rows = data.items ?? [];
      await show(cli, options.output, { data, rows, columns: COLUMNS, id: (row) => row.uuid, empty: 'No sources.' });
    },
  );

  serverCommand(noun, 'get <source>', 'Show a source', [
    'windlass source get git.example.com/team/web@1f2e3d',
    'by name, or by its uuid',
  ]).action(async (name: string, options: ServerOptions) => {
    const client = connect(cli, options);
    const params = { source_id: (await resolveSource(client, name)).uuid };
    await showSource(cli, options.output, await client.call(sourcesOperations.get_source, { params }));
  });

  serverCommand(
    noun,
    'content <source> [type]',
    'Show what a source holds: counts, or the packages of one type',
    ['windlass source content git.example.com/team/web@1f2e3d', 'types and counts'],
    ['windlass source content git.example.com/team/web@1f2e3d npm', 'packages'],
  ).action(async (name: string, type: string | undefined, options: ServerOptions) => {
    const client = connect(cli, options);
    const params = { source_id: (await resolveSource(client, name)).uuid };
    if (type === undefined) {
      const data = await client.call(sourcesOperations.get_source_content_summary, { params });
      return show(cli, options.output, {
        data,
        rows: data.items ?? [],
        columns: [
          { title: 'type', value: (row) => row.content_type },
          { title: 'count', value: (row) => row.count, align: 'right' },
        ],
        id: (row) => row.content_type,
      });
    }
    const data = await client.call(sourcesOperations.get_source_content_by_type, {
      params: { ...params, content_type: type },
    });
    await show(cli, options.output, {
      data,
      rows: data.content ?? [],
      columns: CONTENT,
      id: (row) => [row.package, row.version].filter(Boolean).join(' '),
      empty: 'No packages.',
    });
  });

  serverCommand(
    noun,
    'vulnerabilities <source>',
    'List known vulnerabilities of a source',
    ['windlass source vulnerabilities git.example.com/team/web@1f2e3d', 'worst first'],
    ['windlass source vulnerabilities git.example.com/team/web@1f2e3d --fail-on high', 'a gate: exits with 1'],
  )
    .alias('vuln')
    .option('--severity <severity>', 'at least this severe')
    .option('--fail-on <severity>', 'exit with 1 when one is at least this severe')
    .action(async (name: string, options: ServerOptions & { severity?: string; failOn?: string }) => {
      const least = options.severity === undefined ? undefined : parseSeverity(options.severity);
      const failOn = options.failOn === undefined ? undefined : parseSeverity(options.failOn);
      const client = connect(cli, options);
      const { uuid } = await resolveSource(client, name);
      const data = await client.call(sourcesOperations.get_source_vulnerabilities, {
        params: { source_id: uuid, vuln_type: 'all' },
        query: {},
      });
      const severity = (row: { severity?: string | undefined }) => parseSeverity(row.severity ?? 'unknown');
      const rows = (data.vulnerabilities ?? [])
        .filter((row) => least === undefined || reaches(severity(row), least))
        .sort((a, b) => compareSeverity(severity(a), severity(b)));
      await show(cli, options.output, {
        data: { ...data, vulnerabilities: rows },
        rows,
        columns: VULNERABILITY_COLUMNS,
        id: (row) => row.vuln,
        empty: 'No known vulnerabilities.',
      });
      if (failOn !== undefined && rows.some((row) => reaches(severity(row), failOn))) exit(EXIT.failed);
    });

  serverCommand(noun, 'check <source>', 'Judge a source by a policy; exits with 1 when the verdict is fail', [
    'windlass source check git.example.com/team/web@1f2e3d',
    'by the source mappings of the active policy',
  ])
    .option('--policy <id>', 'another policy than the active one')
    .action(async (name: string, options: ServerOptions & { policy?: string }) => {
      const client = connect(cli, options);
      const { uuid } = await resolveSource(client, name);
      const data = await client.call(sourcesOperations.get_source_policy_check, {
        params: { source_id: uuid },
        query: options.policy ? { policy_id: options.policy } : {},
      });
      if (data.status !== 'pass') exit(EXIT.failed);
      if (options.output === 'json') return printJson(cli, data);
      if (options.output === 'table') {
        await showOne(cli, 'table', {
          data,
          id: undefined,
          fields: [
            ['Source', sourceName(data)],
            ['Policy', data.policy.id],
            ['Verdict', data.status],
            ['Action', data.final_action],
            ['Mapping', data.source_mapped_to_rule ? String(data.matched_mapping_rule?.name ?? '') : 'none'],
            ...data.evaluation_problems.map((problem) => ['Problem', problem.details] as const),
          ],
        });
        if (data.findings.length === 0) return;
        await cli.stdout.write('\n');
      }
      await show(cli, options.output, {
        data,
        rows: data.findings.filter((finding) => finding.action !== 'go'),
        columns: [
          { title: 'action', value: (row) => row.action, keep: true, word: true },
          { title: 'rule', value: (row) => `${row.gate}/${row.trigger}`, keep: true },
          { title: 'finding', value: (row) => row.message },
        ],
        id: (row) => row.trigger_id,
      });
    });

  serverCommand(noun, 'sbom <source>', 'Print the SBOM of a source', [
    'windlass source sbom git.example.com/team/web@1f2e3d --format cyclonedx-json',
    'in another form than it came in',
  ])
    .addOption(
      new Option('--format <format>', 'form of the SBOM')
        .choices(Object.keys(SBOMS) as (keyof typeof SBOMS)[])
        .default('native-json'),
    )
    .action(async (name: string, options: ServerOptions & { format: keyof typeof SBOMS }) => {
      const client = connect(cli, options);
      const params = { source_id: (await resolveSource(client, name)).uuid };
      const response = await client.call(SBOMS[options.format], { params });
      await cli.stdout.write(`${await response.text()}\n`);
    });

  serverCommand(noun, 'delete <source>', 'Forget a source', [
    'windlass source delete git.example.com/team/web@1f2e3d',
    'applications that name it tell that it is gone',
  ])
    .option('--force', 'also while it is being analysed')
    .action(async (name: string, options: ServerOptions & { force?: boolean }) => {
      const client = connect(cli, options);
      const { uuid } = await resolveSource(client, name);
      const query = options.force ? { force: true } : {};
      await client.call(sourcesOperations.delete_source, { params: { source_id: uuid }, query });
      await showOne(cli, options.output, { data: { uuid, deleted: true }, id: uuid, fields: [['Deleted', uuid]] });
    });
}

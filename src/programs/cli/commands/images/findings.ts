import { type Command, Option } from 'commander';
import type { Client } from '#client/index.ts';
import { imageCheckOperations } from '#contract/image-check.ts';
import { type ImagePackageVulnerability, imageVulnerabilitiesOperations } from '#contract/image-vulnerabilities.ts';
import { type PastFinding, windlassExplanationsOperations } from '#contract/windlass-explanations.ts';
import type { Severity } from '#engine/vulnerabilities/types.ts';
import type { CliContext } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliFailure, usageFailure } from '../../failure.ts';
import { resolveImage } from '../../resolve-image.ts';
import { compareSeverity, parseSeverity, reaches, SEVERITIES } from '../../scan/severity.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { printJson, show, showOne } from '../../show.ts';
import { printable } from '../../terminal/style.ts';
import type { Column } from '../../terminal/table.ts';

/** Columns of a list of vulnerabilities. */
export const VULNERABILITY_COLUMNS: Column<ImagePackageVulnerability>[] = [
  { title: 'severity', value: (row) => row.severity, keep: true, word: true },
  { title: 'vulnerability', value: (row) => row.vuln, keep: true },
  { title: 'package', value: (row) => row.package_name },
  { title: 'installed', value: (row) => row.package_version },
  {
    title: 'fixed in',
    value: (row) => (row.fix && row.fix !== 'None' ? row.fix : row.will_not_fix ? "(won't fix)" : ''),
  },
  { title: 'kev', value: (row) => (row.is_kev ? 'KEV' : ''), keep: true },
  {
    title: 'epss',
    value: (row) => (row.epss?.[0]?.epss === undefined ? '' : `${(row.epss[0].epss * 100).toFixed(1)} %`),
    align: 'right',
    keep: true,
  },
  { title: 'type', value: (row) => row.package_type, keep: true },
  { title: 'path', value: (row) => row.package_path },
];

interface VulnerabilityOptions extends ServerOptions {
  vendorOnly?: boolean;
  severity?: string;
  fixable?: boolean;
  base?: string;
  failOn?: string;
  at?: string;
}

/** `image vulnerabilities` */
export function defineVulnerabilities(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  serverCommand(
    noun,
    'vulnerabilities <image> [type]',
    'List known vulnerabilities of an image; type is os, non-os or all',
    ['windlass image vulnerabilities debian:12', 'worst first'],
    ['windlass image vulnerabilities app:1.4 non-os --severity high --fixable', 'what can be mended'],
    ['windlass image vulnerabilities app:1.4 --fail-on critical', 'a gate: exits with 1'],
    ['windlass image vulnerabilities app:1.4 --at 2026-05-01', 'what was known on that day'],
  )
    .alias('vuln')
    .option('--severity <severity>', 'at least this severe')
    .option('--fixable', 'only those with a fix')
    .option('--vendor-only', "leave out what the vendor won't fix")
    .option('--base <digest>', 'tell which are inherited from this base image')
    .option('--fail-on <severity>', 'exit with 1 when one is at least this severe')
    .option('--at <moment>', 'what was known then: time, day, or checksum of a build of the data')
    .action(async (name: string, type: string | undefined, options: VulnerabilityOptions) => {
      const kind = type ?? 'all';
      if (kind !== 'all' && kind !== 'os' && kind !== 'non-os')
        throw new CliFailure(`unknown type "${kind}"`, { exitCode: EXIT.usage, hint: 'Types: all, os, non-os.' });
      const least = options.severity === undefined ? undefined : parseSeverity(options.severity);
      const failOn = options.failOn === undefined ? undefined : parseSeverity(options.failOn);
      const client = connect(cli, options);
      const { digest } = await resolveImage(client, name);
      if (options.at !== undefined) return showPast(cli, client, digest, { ...options, at: options.at, kind, least });
      const query = {
        vendor_only: options.vendorOnly ?? false,
        ...(options.base ? { base_digest: options.base } : {}),
      };
      const data = await client.call(imageVulnerabilitiesOperations.get_image_vulnerabilities_by_digest, {
        params: { image_digest: digest, vuln_type: kind },
        query,
      });
      const rows = (data.vulnerabilities ?? [])
        .filter(
          (row) =>
            (least === undefined || reaches(severityOf(row), least)) &&
            (!options.fixable || (row.fix !== undefined && row.fix !== 'None')),
        )
        .sort(
          (a, b) =>
            compareSeverity(severityOf(a), severityOf(b)) ||
            compareText(a.package, b.package) ||
            compareText(a.vuln, b.vuln),
        );
      const columns = VULNERABILITY_COLUMNS.filter(
        ({ title, value }) =>
          options.output === 'csv' || (title !== 'kev' && title !== 'epss') || rows.some((row) => value(row) !== ''),
      );
      await show(cli, options.output, {
        data: { ...data, vulnerabilities: rows },
        rows,
        columns,
        id: (row) => row.vuln,
        empty: 'No known vulnerabilities.',
      });
      if (failOn !== undefined && rows.some((row) => reaches(severityOf(row), failOn))) exit(EXIT.failed);
    });
}

const PAST_COLUMNS: Column<PastFinding>[] = [
  { title: 'severity', value: (row) => row.severity, keep: true, word: true },
  { title: 'vulnerability', value: (row) => row.vulnerability, keep: true },
  { title: 'package', value: (row) => row.package_name },
  { title: 'installed', value: (row) => row.package_version },
  { title: 'fixed in', value: (row) => row.fix_versions.join(', ') },
  { title: 'since', value: (row) => row.opened_at.slice(0, 10), keep: true },
  { title: 'until', value: (row) => row.closed_at?.slice(0, 10) ?? '', keep: true },
  { title: 'type', value: (row) => row.package_type, keep: true },
];

/** Most findings of a past moment that are listed. */
const PAST_LIMIT = 10_000;

async function showPast(
  cli: CliContext,
  client: Client,
  digest: string,
  options: VulnerabilityOptions & { at: string; kind: string; least: Severity | undefined },
): Promise<void> {
  const { at, kind, least } = options;
  if (options.base !== undefined || options.failOn !== undefined)
    throw usageFailure('--at goes with neither --base nor --fail-on');
  const data = await client.call(windlassExplanationsOperations.get_image_vulnerability_history, {
    params: { image_digest: digest },
    query: { at, limit: PAST_LIMIT },
  });
  const rows = data.vulnerabilities
    .filter(
      (row) =>
        (kind === 'all' || (kind === 'os') === (row.package_path === 'pkgdb')) &&
        (least === undefined || reaches(severityOf(row), least)) &&
        (!options.fixable || row.fix_versions.length > 0) &&
        !(options.vendorOnly && row.fix_state === 'wont-fix'),
    )
    .sort(
      (a, b) =>
        compareSeverity(severityOf(a), severityOf(b)) ||
        compareText(a.package_name, b.package_name) ||
        compareText(a.vulnerability, b.vulnerability),
    );
  await show(cli, options.output, {
    data: { ...data, vulnerabilities: rows },
    rows,
    columns: PAST_COLUMNS,
    id: (row) => row.vulnerability,
    empty: 'No vulnerability was known.',
  });
  if (options.output !== 'table') return;
  const notes = data.total_rows > PAST_LIMIT ? [`${data.total_rows - PAST_LIMIT} more`, ...data.notes] : data.notes;
  for (const note of notes) await cli.stderr.write(`note: ${printable(note)}\n`);
}

function severityOf({ severity }: { severity?: string | undefined }): Severity {
  return SEVERITIES.find((known) => known === severity) ?? 'Unknown';
}

function compareText(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface CheckOptions extends ServerOptions {
  tag?: string;
  policy?: string;
  all?: boolean;
  base?: string;
  history?: boolean;
}

/** `image check` */
export function defineCheck(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  serverCommand(
    noun,
    'check <image>',
    'Judge an image by a policy; exits with 1 when the verdict is fail',
    ['windlass image check app:1.4', 'by the active policy'],
    ['windlass image check app:1.4 --policy strict -o json', 'by another one, with all details'],
  )
    .option('--policy <id>', 'policy to judge by (default: the active one)')
    .option('--tag <tag>', 'tag to judge it as (default: the one it is named by)')
    .option('--all', 'list findings that do not count, too')
    .option('--base <digest>', 'tell which findings are inherited from this base image; auto finds it')
    .addOption(new Option('--history', 'list former evaluations').conflicts('all'))
    .action(async (name: string, options: CheckOptions) => {
      const client = connect(cli, options);
      const image = await resolveImage(client, name);
      const tag = options.tag ?? image.tag;
      if (tag === undefined)
        throw new CliFailure(`${name} has no tag to judge it as`, {
          exitCode: EXIT.usage,
          hint: 'Name one: --tag NAME:TAG.',
        });
      const data = await client.call(imageCheckOperations.get_image_policy_check_by_digest, {
        params: { image_digest: image.digest },
        query: {
          tag,
          ...(options.policy ? { policy_id: options.policy } : {}),
          ...(options.history ? { history: true } : {}),
          ...(options.base ? { base_digest: options.base } : {}),
        },
      });
      const [latest] = data.evaluations ?? [];
      if (latest?.status !== 'pass') exit(EXIT.failed);
      if (options.output === 'json') return printJson(cli, data);
      if (options.history) {
        return show(cli, options.output, {
          data,
          rows: data.evaluations ?? [],
          columns: [
            { title: 'time', value: (row) => row.evaluation_time },
            { title: 'status', value: (row) => row.status, word: true },
            { title: 'action', value: (row) => row.final_action, word: true },
            { title: 'reason', value: (row) => row.final_action_reason },
            { title: 'findings', value: (row) => row.number_of_findings, align: 'right' },
          ],
          id: (row) => row.status,
        });
      }
      const findings = (latest?.details?.findings ?? []).filter(
        (finding) => options.all || (finding.action !== 'go' && !finding.allowlisted),
      );
      findings.sort((a, b) => Number(b.action === 'stop') - Number(a.action === 'stop'));
      if (options.output === 'table') {
        await showOne(cli, 'table', {
          data,
          id: undefined,
          fields: [
            ['Image', image.digest],
            ['Tag', data.evaluated_tag],
            ['Policy', data.policy_id],
            ['Verdict', latest?.status],
            ['Action', latest?.final_action],
            ['Reason', latest?.final_action_reason],
            ['Evaluated at', latest?.evaluation_time],
            ...(latest?.evaluation_problems ?? []).map((problem) => ['Problem', problem.details] as const),
          ],
        });
        if (findings.length === 0) return;
        await cli.stdout.write('\n');
      }
      await show(cli, options.output, {
        data,
        rows: findings,
        columns: [
          { title: 'action', value: (row) => row.action, keep: true, word: true },
          { title: 'rule', value: (row) => `${row.gate}/${row.trigger}`, keep: true },
          { title: 'finding', value: (row) => row.message },
          ...(options.all
            ? [{ title: 'allowlisted by', value: (row: (typeof findings)[number]) => row.allowlist_match?.name }]
            : []),
        ],
        id: (row) => row.trigger_id,
      });
    });
}

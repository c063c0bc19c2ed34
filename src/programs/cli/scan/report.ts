import type { SourceFinding } from '#engine/vulnerabilities/find-vulnerabilities.ts';
import type { VulnerabilityDetail } from '#engine/vulnerabilities/types.ts';
import { formatBytes } from '../terminal/size.ts';
import { printable, type Style, styleWord } from '../terminal/style.ts';
import { type Column, drawTable } from '../terminal/table.ts';
import { wrap } from '../terminal/width.ts';
import { isIncomplete, type ScanCoverage } from './coverage.ts';
import type { ScanResult } from './document.ts';
import { problemText } from './problems.ts';
import { compareSeverity, SEVERITIES } from './severity.ts';

/** How a report is drawn. */
export interface ReportStyle {
  style: Style;
  /** Columns of the terminal; absent: lines are as long as they get. */
  width?: number;
}

/** Problems and policy findings that are listed; the rest is counted. The JSON form has them all. */
const LISTED = 50;
/** Narrower terminals get no column of paths. */
const WIDE = 120;

/** The report for people: source, counts, vulnerabilities, verdict, and what could not be looked at. */
export function* scanReport(result: ScanResult, look: ReportStyle): Generator<string> {
  yield* summary(result, look);
  if (result.found) yield* vulnerabilities(result.found.findings, result.found.suppressed.length, look);
  else yield* packages(result, look);
  if (result.evaluation) yield* verdict(result.evaluation, look);
  yield* gaps(result.coverage, look);
}

function* summary(
  { source: { kind, analysis, tag }, coverage }: ScanResult,
  { style }: ReportStyle,
): Generator<string> {
  const { image, distro } = analysis;
  const counts = new Map<string, number>();
  for (const { type } of analysis.packages) counts.set(type, (counts.get(type) ?? 0) + 1);
  const byType = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, count]) => `${type} ${count}`);
  const rows: [string, string][] = [
    [
      'Source',
      `${kind} ${analysis.source.name}${tag === undefined || tag === analysis.source.name ? '' : ` (${tag})`}`,
    ],
    ...(image
      ? ([
          [
            'Image',
            `${image.manifestDigest}, ${image.os}/${image.architecture}${image.variant ? `/${image.variant}` : ''}, ${analysis.layers.length} layers, ${formatBytes(image.size)}`,
          ],
        ] as [string, string][])
      : []),
    ['Distro', distro ? (distro.prettyName ?? `${distro.id} ${distro.versionId ?? ''}`.trim()) : 'none found'],
    ...(coverage.distro && coverage.distro.state !== 'no-packages'
      ? ([['Support', coverage.distro.message]] as [string, string][])
      : []),
    ['Packages', `${analysis.packages.length}${byType.length > 0 ? ` (${byType.join(', ')})` : ''}`],
    ...(coverage.data
      ? ([['Data', `built ${coverage.data.builtAt.slice(0, 10)}, schema ${coverage.data.schemaVersion}`]] as [
          string,
          string,
        ][])
      : []),
  ];
  for (const [name, value] of rows) yield `${style('bold', name.padEnd(9))} ${printable(value)}\n`;
}

/** One line of the table: the same vulnerability of the same package version, wherever it lies. */
interface Row {
  finding: SourceFinding;
  paths: string[];
}

const COLUMNS: Column<Row>[] = [
  { title: 'severity', value: ({ finding }) => finding.detail.severity, keep: true, word: true },
  { title: 'vulnerability', value: ({ finding }) => finding.match.vulnerability, keep: true },
  { title: 'package', value: ({ finding }) => finding.package.name },
  { title: 'installed', value: ({ finding }) => finding.package.version },
  { title: 'fixed in', value: ({ finding }) => fixText(finding) },
  { title: 'kev', value: ({ finding }) => (finding.detail.kev ? 'KEV' : ''), keep: true },
  { title: 'epss', value: ({ finding }) => epssText(finding.detail), align: 'right', keep: true },
  { title: 'type', value: ({ finding }) => finding.package.type, keep: true },
  { title: 'path', value: ({ paths }) => (paths.length > 1 ? `${paths[0]} +${paths.length - 1}` : (paths[0] ?? '')) },
];

/** Version that mends it, or what is known about one. */
export function fixText({ match: { fix } }: SourceFinding): string {
  if (fix.versions.length > 0) return fix.versions.join(', ');
  return fix.state === 'wont-fix' ? "(won't fix)" : fix.state === 'not-fixed' ? '(none yet)' : '';
}

/** EPSS probability as per cent. */
function epssText({ epss }: VulnerabilityDetail): string {
  return epss === undefined ? '' : `${(epss.score * 100).toFixed(1)} %`;
}

function* vulnerabilities(
  findings: readonly SourceFinding[],
  suppressed: number,
  { style, width }: ReportStyle,
): Generator<string> {
  const rows = groupRows(findings);
  const counts = SEVERITIES.map(
    (severity) => [severity, rows.filter(({ finding }) => finding.detail.severity === severity).length] as const,
  );
  const parts = counts
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${styleWord(style, severity.toLowerCase())}`);
  const fixable = rows.filter(({ finding }) => finding.match.fix.versions.length > 0).length;
  const exploited = rows.filter(({ finding }) => finding.detail.kev).length;
  const remarks = [
    ...(rows.length > 0 ? [`${fixable} with a fix`] : []),
    ...(exploited > 0 ? [style('bold', `${exploited} known to be exploited`)] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed, see -o json`] : []),
  ];
  yield `\n${style('bold', 'Vulnerabilities')}  ${rows.length === 0 ? 'none found' : `${rows.length}: ${parts.join(', ')}`}`;
  yield `${remarks.length > 0 ? ` (${remarks.join(', ')})` : ''}\n`;
  if (rows.length === 0) return;
  const shown = COLUMNS.filter(({ title, value }) => {
    if (title === 'path') return width === undefined || width >= WIDE;
    return (title !== 'kev' && title !== 'epss') || rows.some((row) => value(row) !== '');
  });
  yield `\n${drawTable(rows, shown, { style, ...(width === undefined ? {} : { width }) })}`;
}

function groupRows(findings: readonly SourceFinding[]): Row[] {
  const rows = new Map<string, Row>();
  for (const finding of findings) {
    const { package: pkg, match } = finding;
    const key = [match.vulnerability, pkg.type, pkg.name, pkg.version, match.fix.versions.join()].join('\u0000');
    const path = pkg.locations[0]?.path;
    const known = rows.get(key);
    if (known) {
      if (path !== undefined && !known.paths.includes(path)) known.paths.push(path);
    } else rows.set(key, { finding, paths: path === undefined ? [] : [path] });
  }
  return [...rows.values()].sort(compareRows);
}

/** Worst first; known exploitation and EPSS before names. */
function compareRows({ finding: a }: Row, { finding: b }: Row): number {
  return (
    compareSeverity(a.detail.severity, b.detail.severity) ||
    Number(b.detail.kev !== undefined) - Number(a.detail.kev !== undefined) ||
    (b.detail.epss?.score ?? 0) - (a.detail.epss?.score ?? 0) ||
    compareText(a.package.name, b.package.name) ||
    compareText(b.match.vulnerability, a.match.vulnerability) ||
    compareText(a.package.version, b.package.version)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function* packages({ source: { analysis } }: ScanResult, { style, width }: ReportStyle): Generator<string> {
  const rows = [...analysis.packages].sort(
    (a, b) => compareText(a.type, b.type) || compareText(a.name, b.name) || compareText(a.version, b.version),
  );
  if (rows.length === 0) return;
  const columns: Column<(typeof rows)[number]>[] = [
    { title: 'type', value: (pkg) => pkg.type, keep: true },
    { title: 'package', value: (pkg) => pkg.name },
    { title: 'version', value: (pkg) => pkg.version },
    { title: 'path', value: (pkg) => pkg.locations[0]?.path },
  ];
  yield `\n${drawTable(rows, columns, { style, ...(width === undefined ? {} : { width }) })}`;
  yield '\nVulnerabilities and policy were not looked at (--packages-only).\n';
}

type Evaluation = NonNullable<ScanResult['evaluation']>;

function* verdict(evaluation: Evaluation, { style, width }: ReportStyle): Generator<string> {
  const { details, status, final_action: action } = evaluation;
  const name = details?.policy.name ?? '';
  yield `\n${style('bold', 'Policy')}  ${styleWord(style, status.toUpperCase())} (${styleWord(style, action)}) by ${printable(name)}\n`;
  const counting = (details?.findings ?? []).filter((finding) => finding.action !== 'go' && !finding.allowlisted);
  // Warnings about vulnerabilities repeat the table above; they are counted.
  const repeated = counting.filter(
    (finding) => finding.action === 'warn' && finding.gate === 'vulnerabilities' && finding.trigger === 'package',
  );
  const sorted = counting
    .filter((finding) => !repeated.includes(finding))
    .sort((a, b) => Number(b.action === 'stop') - Number(a.action === 'stop'));
  if (sorted.length > 0) yield '\n';
  for (const { action, gate, trigger, message } of sorted.slice(0, LISTED)) {
    const [first, ...rest] = lines(`${message} (${gate}/${trigger})`, width);
    yield `  ${styleWord(style, action)}  ${first}\n`;
    for (const line of rest) yield `        ${line}\n`;
  }
  if (sorted.length > LISTED) yield `  … and ${sorted.length - LISTED} more; -o json lists them all.\n`;
  if (repeated.length > 0)
    yield `${sorted.length > 0 ? '' : '\n'}  ${styleWord(style, 'warn')}  ${repeated.length} more of the vulnerabilities above\n`;
  for (const problem of evaluation.evaluation_problems) {
    yield* bullet(`${problem.severity === 'error' ? 'not judged: ' : ''}${problem.details}`, width);
  }
}

function* gaps(coverage: ScanCoverage, { style, width }: ReportStyle): Generator<string> {
  const partial = coverage.problems.filter(({ severity }) => severity === 'partial');
  const notes = coverage.problems.filter(({ severity }) => severity === 'note');
  if (isIncomplete(coverage))
    yield `\n${style(['bold', 'red'], 'INCOMPLETE')}  There may be more than is shown here.\n`;
  for (const problem of partial.slice(0, LISTED)) {
    yield* bullet(problemText(problem), width);
  }
  if (partial.length > LISTED) yield `  … and ${partial.length - LISTED} more; -o json lists them all.\n`;
  if (coverage.gaps.length > 0) {
    yield `\n${style(['bold', 'yellow'], 'Not covered')}\n`;
    for (const gap of coverage.gaps) yield* bullet(gap, width);
    yield* named('version unknown', coverage.unknownVersions, width);
    yield* named('not judged', coverage.unmatched, width);
  }
  if (notes.length > 0) yield `\n${notes.length} oddities that cost nothing; -o json lists them.\n`;
}

/** Packages shown behind a gap. */
const NAMED = 10;

function* named(
  title: string,
  { count, packages }: ScanCoverage['unmatched'],
  width: number | undefined,
): Generator<string> {
  if (count === 0) return;
  const names = packages.slice(0, NAMED).map(({ name, version }) => (version === '' ? name : `${name} ${version}`));
  yield* bullet(
    `${title}: ${names.join(', ')}${count > names.length ? ` and ${count - names.length} more` : ''}`,
    width,
  );
}

function* bullet(text: string, width: number | undefined): Generator<string> {
  const [first, ...rest] = lines(text, width);
  yield `  - ${first}\n`;
  for (const line of rest) yield `    ${line}\n`;
}

/** Text from inside an image, safe to print, broken so that it fits behind an indent. */
function lines(text: string, width: number | undefined): string[] {
  const clean = printable(text);
  return width === undefined ? [clean] : wrap(clean, Math.max(20, width - 8));
}

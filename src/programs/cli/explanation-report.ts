import type { ExplainedPackage, ImageExplanation } from '#contract/windlass-explanations.ts';
import { printable, type Style } from './terminal/style.ts';
import { wrap } from './terminal/width.ts';

/** An explanation of an image, or of a source that was scanned here. */
export type Explanation = Omit<ImageExplanation, 'image_digest'>;

/** How an explanation is drawn. */
export interface ExplanationStyle {
  style: Style;
  /** Columns of the terminal; absent: lines are as long as they get. */
  width?: number;
}

/** Records and steps that are shown; the JSON form has them all. */
const LISTED = 20;

/** An explanation for people: verdict, records, and what was made of each package. */
export function* explanationReport(answer: Explanation, look: ExplanationStyle): Generator<string> {
  const { style } = look;
  yield `${style('bold', verdictText(answer.verdict))}\n`;
  yield* lines(answer.summary, '  ', look);
  if (answer.records.length > 0) {
    yield `\n${style('bold', 'Records')}\n`;
    for (const record of answer.records.slice(0, LISTED)) {
      const names = record.packages.length > 0 ? `names ${some(record.packages, 5)}` : 'found by CPE';
      const status = record.status ? `, ${record.status}` : '';
      yield* lines(`${record.id} of ${record.namespace}: ${record.severity}${status}, ${names}`, '  ', look);
    }
    if (answer.records.length > LISTED) yield `  … and ${answer.records.length - LISTED} more\n`;
  }
  for (const pkg of answer.packages) yield* packageReport(pkg, look);
  const built = answer.data_built_at ? `, data built ${answer.data_built_at.slice(0, 10)}` : '';
  yield `\n${answer.considered} ${answer.considered === 1 ? 'package' : 'packages'} considered${built}${answer.truncated ? '; there is more than is shown' : ''}\n`;
}

function* packageReport(pkg: ExplainedPackage, look: ExplanationStyle): Generator<string> {
  const { style } = look;
  yield `\n${style('bold', printable(`${pkg.name} ${pkg.version}`))} (${pkg.type})  ${verdictText(pkg.verdict)}\n`;
  const facts: [string, string | undefined][] = [
    ['why', pkg.summary],
    ['lies in', pkg.path],
    [
      'layer',
      pkg.layer === undefined
        ? undefined
        : `${pkg.layer_index === undefined ? '' : `${pkg.layer_index + 1}, `}${pkg.layer.slice(0, 19)}${pkg.layer_created_by ? `: ${pkg.layer_created_by}` : ''}`,
    ],
    ['owned by', pkg.owner && `${pkg.owner.type} package ${pkg.owner.name} ${pkg.owner.version}`],
    ['data', pkg.coverage === 'covered' ? undefined : pkg.coverage],
    ['searched', pkg.searches.length > 0 ? some(pkg.searches, 8) : undefined],
    ...[...pkg.findings, ...pkg.suppressed]
      .slice(0, LISTED)
      .map((finding): [string, string] => [
        finding.rule ? 'suppressed' : 'finding',
        [
          `${finding.vulnerability} of ${finding.namespace} (${finding.provider})`,
          `${finding.match_kind} by ${finding.searched_by.cpe ?? `${finding.searched_by.name} ${finding.searched_by.version}`}`,
          `range ${finding.constraint === '' ? 'all versions' : finding.constraint} in ${finding.scheme} order`,
          finding.fix_versions.length > 0 ? `fixed in ${finding.fix_versions.join(', ')}` : finding.fix_state,
          ...(finding.first_seen_at ? [`first seen ${finding.first_seen_at.slice(0, 16).replace('T', ' ')}`] : []),
          ...(finding.opened_by_build ? [`by build ${finding.opened_by_build.slice(0, 19)}`] : []),
          ...(finding.rule ? [`rule ${finding.rule}: ${finding.reason ?? ''}`] : []),
          ...(finding.doubt ? [`doubtful: ${finding.doubt}`] : []),
        ].join('; '),
      ]),
    ...pkg.overlays.map(({ overlay, effect, text }): [string, string] => [overlay, `${effect}: ${text}`]),
    ...pkg.steps
      .slice(0, LISTED)
      .map((step): [string, string] => [
        'step',
        `${step.outcome}: ${step.vulnerability} of ${step.namespace} says ${step.says}; ${step.reason}`,
      ]),
    ['', pkg.steps.length > LISTED ? `… and ${pkg.steps.length - LISTED} more steps; -o json has them` : undefined],
  ];
  for (const [name, value] of facts) {
    if (value === undefined || value === '') continue;
    const [first, ...rest] = broken(value, look, 14);
    yield `  ${name.padEnd(12)}${first}\n`;
    for (const line of rest) yield `${' '.repeat(14)}${line}\n`;
  }
}

/** `version-not-in-range` as people read it. */
function verdictText(verdict: string): string {
  return verdict.replaceAll('-', ' ').toUpperCase();
}

function some(names: readonly string[], count: number): string {
  const more = names.length - count;
  return `${names.slice(0, count).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function* lines(text: string, indent: string, look: ExplanationStyle): Generator<string> {
  for (const line of broken(text, look, indent.length)) yield `${indent}${line}\n`;
}

function broken(text: string, { width }: ExplanationStyle, indent: number): string[] {
  const clean = printable(text);
  return width === undefined ? [clean] : wrap(clean, Math.max(20, width - indent));
}

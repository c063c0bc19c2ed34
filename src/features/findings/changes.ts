import type { MatchState, VulnerabilityChange } from '#contract/windlass-explanations.ts';
import type { MatchablePackage, MatchSettings, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import { apiPackageType, packagePath } from '#features/images/index.ts';
import type { PastMatch } from './history-store.ts';

/** A match that came, went or is another one. */
export interface MatchChange {
  change: VulnerabilityChange['change'];
  before?: PastMatch;
  after?: PastMatch;
  at: Date;
  /** Build that did it. */
  build: string;
}

function keyOf({ document_id, match }: PastMatch): string {
  return `${document_id}\n${match.namespace}\n${match.vulnerability}`;
}

/** Compares what was open at two moments; in order of vulnerability and package. Rows are equal when they are one row. */
export function compareMatches(before: readonly PastMatch[], after: readonly PastMatch[]): MatchChange[] {
  const then = new Map(before.map((row) => [keyOf(row), row]));
  const now = new Map(after.map((row) => [keyOf(row), row]));
  const changes: MatchChange[] = [];
  for (const [key, row] of now) {
    const former = then.get(key);
    if (former?.id === row.id) continue;
    const made = { at: row.opened_at, build: row.opened_by_build };
    if (!former) changes.push({ change: 'added', after: row, ...made });
    else if (!sameState(former, row)) changes.push({ change: 'changed', before: former, after: row, ...made });
  }
  for (const [key, row] of then) {
    if (now.has(key)) continue;
    changes.push({
      change: 'removed',
      before: row,
      at: row.closed_at ?? row.opened_at,
      build: row.closed_by_build ?? row.opened_by_build,
    });
  }
  return changes
    .map((change) => ({ change, key: keyOf((change.after ?? change.before) as PastMatch) }))
    .sort((a, b) => compareText(a.change, b.change) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ change }) => change);
}

function compareText(a: MatchChange, b: MatchChange): number {
  const [left, right] = [a, b].map(({ before, after }) => ((after ?? before) as PastMatch).match.vulnerability);
  return left === right ? 0 : (left as string) < (right as string) ? -1 : 1;
}

function stateOf({ match }: PastMatch): MatchState {
  return {
    constraint: match.constraint,
    fix_state: match.fix.state,
    fix_versions: match.fix.versions,
    match_kind: match.kind,
  };
}

function sameState(a: PastMatch, b: PastMatch): boolean {
  return JSON.stringify(stateOf(a)) === JSON.stringify(stateOf(b));
}

/** Why matches are gone, by their id: what the data says of the package now. */
export function reasonsGone(
  rows: readonly PastMatch[],
  matchables: ReadonlyMap<number, MatchablePackage>,
  index: VulnerabilityIndex,
  settings: MatchSettings,
): Map<number, string> {
  const reasons = new Map<number, string>();
  for (const row of rows) {
    const pkg = matchables.get(Number(row.package_id));
    if (!pkg) continue;
    const trail = index.explain(pkg, settings, row.match.vulnerability);
    const other = trail.matches[0];
    reasons.set(
      row.id,
      other
        ? `the flaw is now reported as ${other.vulnerability} of ${other.namespace}`
        : trail.knownIn.length === 0 && trail.steps.length === 0
          ? `${row.match.provider} no longer has the record`
          : trail.summary,
    );
  }
  return reasons;
}

/** A change in the words of the API. */
export function changeView(
  { change, before, after, at, build }: MatchChange,
  dates: ReadonlyMap<string, Date>,
  reasons: ReadonlyMap<number, string>,
): VulnerabilityChange {
  const row = (after ?? before) as PastMatch;
  const { match } = row;
  const built = dates.get(build);
  return {
    change,
    vulnerability: match.vulnerability,
    namespace: match.namespace,
    provider: match.provider,
    severity: row.severity,
    package_name: row.name,
    package_version: row.version,
    package_type: apiPackageType(row.type),
    package_path: packagePath(row, row.path),
    changed_at: at.toISOString(),
    build,
    ...(built ? { build_built_at: built.toISOString() } : {}),
    ...(before ? { before: stateOf(before) } : {}),
    ...(after ? { after: stateOf(after) } : {}),
    reason: reasonOf({ change, before, after, build }, reasons),
  };
}

function reasonOf(
  {
    change,
    before,
    after,
    build,
  }: Pick<MatchChange, 'change' | 'build'> & {
    before: PastMatch | undefined;
    after: PastMatch | undefined;
  },
  reasons: ReadonlyMap<number, string>,
): string {
  if (change === 'added' && after) {
    const { match } = after;
    return `${match.provider} has a record of it for ${rangeText(match.constraint)}`;
  }
  if (change === 'changed' && before && after) {
    const [old, now] = [stateOf(before), stateOf(after)];
    const parts: string[] = [];
    if (old.constraint !== now.constraint)
      parts.push(`the range changed from ${rangeText(old.constraint)} to ${rangeText(now.constraint)}`);
    const fixes = [fixText(old), fixText(now)];
    if (fixes[0] !== fixes[1]) parts.push(`the fix changed from ${fixes[0]} to ${fixes[1]}`);
    if (old.match_kind !== now.match_kind)
      parts.push(`it is now found as ${now.match_kind}, before as ${old.match_kind}`);
    return parts.join('; ');
  }
  const row = before as PastMatch;
  const ruledBy = build === row.opened_by_build ? 'other rules or settings' : `${row.match.provider} changed its data`;
  return reasons.get(row.id) ?? `${ruledBy}: the record no longer holds for this version`;
}

function rangeText(constraint: string): string {
  return constraint === '' ? 'all versions' : constraint;
}

function fixText({ fix_state, fix_versions }: MatchState): string {
  return fix_versions.length > 0 ? fix_versions.join(', ') : fix_state;
}

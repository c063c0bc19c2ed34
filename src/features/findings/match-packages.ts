import { settingsDigest } from '#engine/vulnerabilities/index.ts';
import type { MatchSettings, VulnerabilityDetail, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { matchIdentity, type SettledResult, settleResult } from './match-result.ts';
import { lockRuns, runState } from './match-run-store.ts';
import {
  closeMatches,
  markMatched,
  type NewMatch,
  type OpenMatch,
  openMatches,
  openNewMatches,
  packagesToMatch,
  replaceSuppressed,
  type StoredPackage,
  stampResults,
  writeVulnerabilities,
} from './match-store.ts';
import { cvesOf } from './vulnerability-view.ts';

/** Packages matched and written at once: large enough for set-based SQL, small enough not to hold up others. */
export const BATCH = 1_000;

/** What a match was made with: build, version of the matcher, and settings. */
export function matchStamp(index: VulnerabilityIndex, matcherVersion: number, settings: MatchSettings): string {
  return `${index.checksum}|${rulesStamp(matcherVersion, settings)}`;
}

/** The part of a stamp that does not depend on the build. */
export function rulesStamp(matcherVersion: number, settings: MatchSettings): string {
  return `${matcherVersion}|${settingsDigest(settings)}`;
}

export interface MatchDependencies {
  database: Database;
  index: VulnerabilityIndex;
  settings: MatchSettings;
  stamp: string;
}

/** Matches opened and closed. */
export interface MatchCounts {
  opened: number;
  closed: number;
}

/**
 * Matches those of these distinct packages that have no result which holds. A process whose index is not the one that
 * results are kept for matches what was never matched, so that a new image has findings at once; the next run looks at
 * these packages again.
 */
export async function matchPackageIds(deps: MatchDependencies, ids: number[]): Promise<MatchCounts> {
  const total: MatchCounts = { opened: 0, closed: 0 };
  for (let start = 0; start < ids.length; start += BATCH) {
    const part = ids.slice(start, start + BATCH);
    const counts = await deps.database.transaction(async (tx) => {
      await lockRuns(tx, 'shared');
      const { current, running } = await runState(tx);
      const run = running?.stamp === deps.stamp ? running.id : current?.stamp === deps.stamp ? current.id : undefined;
      const wanted = run === undefined ? ('never' as const) : { run, validToo: run === current?.id };
      const packages = await packagesToMatch(tx, part, wanted);
      return writeBatch(tx, deps, matchBatch(deps, packages), run ?? null);
    });
    total.opened += counts.opened;
    total.closed += counts.closed;
  }
  return total;
}

/** A package with its new result. */
export interface MatchedPackage extends StoredPackage {
  result: SettledResult;
}

export function matchBatch(
  { index, settings }: Pick<MatchDependencies, 'index' | 'settings'>,
  packages: StoredPackage[],
): MatchedPackage[] {
  return packages.map((pkg) => ({ ...pkg, result: settleResult(index.match(pkg.matchable, settings)) }));
}

/** What has to be closed and opened so that the stored matches of a package become those of the result. */
export function differences(
  stored: readonly OpenMatch[],
  result: SettledResult,
): { close: OpenMatch[]; open: SettledResult['matches'] } {
  if (stored.length === 0) return { close: [], open: result.matches };
  const wanted = new Map(result.matches.map((match) => [matchIdentity(match), match]));
  const close = stored.filter((row) => !wanted.delete(matchIdentity(row.evidence)));
  return { close, open: [...wanted.values()] };
}

/** Open matches of packages, by package. */
export async function openByPackage(db: Db, ids: number[]): Promise<Map<number, OpenMatch[]>> {
  const byPackage = new Map<number, OpenMatch[]>();
  for (const row of await openMatches(db, ids)) {
    const rows = byPackage.get(row.package_id);
    if (rows) rows.push(row);
    else byPackage.set(row.package_id, [row]);
  }
  return byPackage;
}

/**
 * Writes the results of a batch in the caller's transaction: rows of those packages alone whose result differs. `run`
 * null: the results do not hold beyond now.
 */
export async function writeBatch(
  tx: Db,
  { index, stamp }: Pick<MatchDependencies, 'index' | 'stamp'>,
  packages: MatchedPackage[],
  run: number | null,
): Promise<MatchCounts> {
  const changed = packages.filter(({ digest, result }) => digest !== result.digest);
  const stored = await openByPackage(
    tx,
    changed.filter(({ known }) => known).map(({ id }) => id),
  );
  const close: number[] = [];
  const open: NewMatch[] = [];
  for (const { id, known, result } of changed) {
    const difference = differences(stored.get(id) ?? [], result);
    close.push(...difference.close.map((row) => row.id));
    open.push(...difference.open.map((match) => ({ package_id: id, match, run: known ? run : null })));
  }
  await writeVulnerabilities(tx, detailsOf(index, open), index.checksum, run);
  await closeMatches(tx, close, index.checksum, run);
  await openNewMatches(tx, open, index.checksum);
  await replaceSuppressed(
    tx,
    changed
      .filter(({ known, result }) => known || result.suppressed.length > 0)
      .map(({ id, result }) => ({ id, suppressed: result.suppressed })),
  );
  await markMatched(
    tx,
    changed.map(({ id, result }) => ({ id, coverage: result.coverage })),
    stamp,
  );
  if (run !== null)
    await stampResults(
      tx,
      packages.map(({ id, digest, result }) => ({ id, digest: result.digest, same: digest === result.digest })),
      run,
    );
  return { opened: open.length, closed: close.length };
}

/** Facts of everything to be opened, and NVD's record of every CVE behind it. */
function detailsOf(index: VulnerabilityIndex, matches: readonly NewMatch[]): VulnerabilityDetail[] {
  const details = new Map<string, VulnerabilityDetail>();
  for (const { match } of matches) {
    const key = `${match.namespace}\n${match.vulnerability}`;
    if (details.has(key)) continue;
    const detail = index.detail(match.vulnerability, match.namespace) ?? bareDetail(match);
    // The row is found by the id of the match, however the record writes it.
    details.set(key, { ...detail, id: match.vulnerability, namespace: match.namespace });
    for (const cve of cvesOf(detail)) {
      const nvd = details.has(`nvd:cpe\n${cve}`) ? undefined : index.detail(cve, 'nvd:cpe');
      if (nvd) details.set(`nvd:cpe\n${cve}`, nvd);
    }
  }
  return [...details.values()];
}

/** A match whose record has no facts of its own still needs a row to be shown. */
function bareDetail({
  vulnerability: id,
  namespace,
  provider,
  aliases,
}: Pick<VulnerabilityDetail, 'namespace' | 'provider' | 'aliases'> & { vulnerability: string }): VulnerabilityDetail {
  return { id, namespace, provider, severity: 'Unknown', links: [], aliases, cvss: [], cwes: [] };
}

import { createHash } from 'node:crypto';
import type { MatchSettings, VulnerabilityDetail, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { Database } from '#platform/database/types.ts';
import {
  type MatchDelta,
  type PackageResult,
  unmatchedPackages,
  vulnerabilityKeys,
  writeResults,
  writeVulnerabilities,
} from './match-store.ts';
import { cvesOf } from './vulnerability-view.ts';

/** Packages matched and written at once: large enough for set-based SQL, small enough not to hold up others. */
const BATCH = 500;

/** What a result was made with: a package whose stamp differs must be matched again. */
export function matchStamp(
  index: VulnerabilityIndex,
  matcherVersion: number | number,
  settings: MatchSettings,
): string {
  const hash = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 12);
  return `${index.checksum}|${matcherVersion}|${hash}`;
}

export interface MatchDependencies {
  database: Database;
  index: VulnerabilityIndex;
  settings: MatchSettings;
  stamp: string;
}

/** Matches those of these distinct packages whose result is missing or was made with other data. */
export async function matchPackageIds(deps: MatchDependencies, ids: number[]): Promise<MatchDelta> {
  const total: MatchDelta = { opened: 0, closed: 0 };
  for (let start = 0; start < ids.length; start += BATCH) {
    const packages = await unmatchedPackages(deps.database.db, deps.stamp, { ids: ids.slice(start, start + BATCH) });
    add(total, await matchBatch(deps, packages));
  }
  return total;
}

/** Matches every distinct package that was not matched with this stamp yet, in id order. Resumes where a kill left it. */
export async function matchAll(
  deps: MatchDependencies,
  options: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<MatchDelta> {
  const total: MatchDelta = { opened: 0, closed: 0 };
  let afterId = 0;
  let done = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    const packages = await unmatchedPackages(deps.database.db, deps.stamp, { afterId, limit: BATCH });
    const last = packages.at(-1);
    if (!last) return total;
    add(total, await matchBatch(deps, packages));
    afterId = last.id;
    done += packages.length;
    options.onProgress?.(done);
  }
}

function add(total: MatchDelta, delta: MatchDelta): void {
  total.opened += delta.opened;
  total.closed += delta.closed;
}

async function matchBatch(
  deps: MatchDependencies,
  packages: Awaited<ReturnType<typeof unmatchedPackages>>,
): Promise<MatchDelta> {
  if (packages.length === 0) return { opened: 0, closed: 0 };
  const { index } = deps;
  const results: PackageResult[] = packages.map(({ id, matchable }) => ({
    id,
    result: index.match(matchable, deps.settings),
  }));
  const details = detailsOf(index, results);
  return deps.database.transaction(async (tx) => {
    await writeVulnerabilities(tx, details, index.checksum);
    return writeResults(tx, results, index.checksum, deps.stamp);
  });
}

/** Facts of everything matched, and NVD's record of every CVE behind it. */
function detailsOf(index: VulnerabilityIndex, results: PackageResult[]): VulnerabilityDetail[] {
  const details = new Map<string, VulnerabilityDetail>();
  const add = (id: string, namespace: string): VulnerabilityDetail | undefined => {
    const key = `${namespace}\n${id}`;
    const known = details.get(key);
    if (known) return known;
    const detail = index.detail(id, namespace);
    if (detail) details.set(key, detail);
    return detail;
  };
  for (const { result } of results) {
    for (const match of result.matches) {
      // A match whose record has no facts of its own still needs a row to be shown.
      const detail =
        add(match.vulnerability, match.namespace) ??
        bare(match.vulnerability, match.namespace, match.provider, match.aliases);
      details.set(`${match.namespace}\n${match.vulnerability}`, detail);
      for (const cve of cvesOf(detail)) add(cve, 'nvd:cpe');
    }
  }
  return [...details.values()];
}

function bare(id: string, namespace: string, provider: string, aliases: string[]): VulnerabilityDetail {
  return { id, namespace, provider, severity: 'Unknown', links: [], aliases, cvss: [], cwes: [] };
}

/** Brings the facts of all stored vulnerabilities (severity, KEV, EPSS …) to the index: no package is matched for it. */
export async function refreshVulnerabilities(
  database: Database,
  index: VulnerabilityIndex,
  signal?: AbortSignal,
): Promise<void> {
  let after = { id: '', namespace: '' };
  for (;;) {
    signal?.throwIfAborted();
    const keys = await vulnerabilityKeys(database.db, after, 1000);
    const last = keys.at(-1);
    if (!last) return;
    const details = keys.flatMap(({ id, namespace }) => index.detail(id, namespace) ?? []);
    await database.transaction((tx) => writeVulnerabilities(tx, details, index.checksum));
    after = last;
  }
}

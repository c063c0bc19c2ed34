import type { IndexDelta } from '#engine/vulnerabilities/index.ts';
import type { VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { Database } from '#platform/database/types.ts';
import {
  type VulnerabilityKey,
  vulnerabilitiesAbout,
  vulnerabilitiesOf,
  vulnerabilityKeys,
  writeVulnerabilities,
} from './match-store.ts';
import { cvesOf } from './vulnerability-view.ts';

/** Vulnerabilities looked at in one statement. */
const PAGE = 1_000;

interface RefreshOptions {
  /** Run that the changes belong to. */
  run: number;
  signal?: AbortSignal | undefined;
}

/** Brings the facts of all stored vulnerabilities to the index: no package is matched for it. Returns how many changed. */
export async function refreshVulnerabilities(
  database: Database,
  index: VulnerabilityIndex,
  options: RefreshOptions,
): Promise<number> {
  let after: VulnerabilityKey = { id: '', namespace: '' };
  let written = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    const keys = await vulnerabilityKeys(database.db, after, PAGE);
    const last = keys.at(-1);
    if (!last) return written;
    written += await writeFacts(database, index, keys, options.run);
    after = last;
  }
}

/** Brings the facts of those stored vulnerabilities to the index that a delta names. Returns how many changed. */
export async function refreshTouchedVulnerabilities(
  database: Database,
  index: VulnerabilityIndex,
  delta: IndexDelta,
  options: RefreshOptions,
): Promise<number> {
  const { db } = database;
  let written = 0;
  const records = [...delta.details.added, ...delta.details.changed].map(recordOf);
  for (const part of pages(records)) {
    options.signal?.throwIfAborted();
    const keys = await vulnerabilitiesOf(db, part);
    // NVD's record of a CVE belongs beside every other record of it.
    const nvd = new Set(part.flatMap(({ provider, id }) => (provider === 'nvd' ? id.toUpperCase() : [])));
    for (const { id, aliases } of await vulnerabilitiesAbout(db, [...nvd])) {
      for (const cve of cvesOf({ id, aliases })) if (nvd.has(cve)) keys.push({ id: cve, namespace: 'nvd:cpe' });
    }
    written += await writeFacts(database, index, keys, options.run);
  }
  const { added, changed, removed } = delta.facts;
  const cves = [...added, ...changed, ...removed].map((key) => key.slice(key.indexOf('/') + 1).toUpperCase());
  for (const part of pages([...new Set(cves)])) {
    options.signal?.throwIfAborted();
    written += await writeFacts(database, index, await vulnerabilitiesAbout(db, part), options.run);
  }
  return written;
}

async function writeFacts(
  database: Database,
  index: VulnerabilityIndex,
  keys: VulnerabilityKey[],
  run: number,
): Promise<number> {
  const details = keys.flatMap(({ id, namespace }) => {
    const detail = index.detail(id, namespace);
    return detail ? [{ ...detail, id, namespace }] : [];
  });
  // Aliases may have come with it, and what NVD says of them.
  const nvd = details.flatMap((detail) => cvesOf(detail)).flatMap((cve) => index.detail(cve, 'nvd:cpe') ?? []);
  return database.transaction((tx) => writeVulnerabilities(tx, [...details, ...nvd], index.checksum, run));
}

/** `vuln/provider/id` in its parts. */
function recordOf(key: string): { provider: string; id: string } {
  const start = key.indexOf('/') + 1;
  const end = key.indexOf('/', start);
  return { provider: key.slice(start, end), id: key.slice(end + 1) };
}

function* pages<T>(items: readonly T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += PAGE) yield items.slice(start, start + PAGE);
}

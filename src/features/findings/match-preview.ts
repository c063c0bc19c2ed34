import { setImmediate } from 'node:timers/promises';
import { type IndexDelta, indexDelta, UnorderedStream } from '#engine/vulnerabilities/index.ts';
import type { MatchSettings, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { Database } from '#platform/database/types.ts';
import { BATCH, differences, matchBatch, openByPackage } from './match-packages.ts';
import { packagesBehind, packagesTouched } from './match-run-store.ts';
import { openMatchesByProvider, packagesById } from './match-store.ts';

/** What a build would change for one provider's matches. A match whose fix or range changes counts under `changes`. */
export interface ProviderPreview {
  /** Open matches now. */
  open: number;
  opens: number;
  closes: number;
  changes: number;
}

/** What switching to a build would change; nothing was written. */
export interface DeltaPreview {
  /** `full`: every package had to be looked at. */
  kind: 'delta' | 'full';
  /** Distinct packages that were matched for it, and those whose matches would differ. */
  packages: { matched: number; differing: number };
  /** Every provider that has matches now or would have. */
  providers: Record<string, ProviderPreview>;
}

/** The delta between two builds; undefined when they cannot be compared. */
export async function compareBuilds(
  from: VulnerabilityIndex,
  to: VulnerabilityIndex,
  signal?: AbortSignal | undefined,
): Promise<IndexDelta | undefined> {
  try {
    return await indexDelta(from, to, { signal });
  } catch (error) {
    if (error instanceof UnorderedStream) return undefined;
    throw error;
  }
}

/**
 * Counts the matches that a build would open and close, by provider. `from` is the build that the stored matches are
 * of; without it every package is matched. Throws the reason of `signal` when it is aborted.
 */
export async function previewDelta(
  deps: { database: Database; settings: MatchSettings },
  from: VulnerabilityIndex | undefined,
  to: VulnerabilityIndex,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<DeltaPreview> {
  const { db } = deps.database;
  const delta = from && (await compareBuilds(from, to, options.signal));
  const preview: DeltaPreview = {
    kind: delta && !delta.everything ? 'delta' : 'full',
    packages: { matched: 0, differing: 0 },
    providers: {},
  };
  const of = (provider: string): ProviderPreview => {
    preview.providers[provider] ??= { open: 0, opens: 0, closes: 0, changes: 0 };
    return preview.providers[provider];
  };
  for (const [provider, open] of await openMatchesByProvider(db)) of(provider).open = open;
  const batches =
    delta && !delta.everything ? inBatches(await packagesTouched(db, 0, delta)) : allPackages(deps.database);
  for await (const ids of batches) {
    options.signal?.throwIfAborted();
    const packages = await packagesById(db, ids);
    const stored = await openByPackage(db, ids);
    const matched = matchBatch({ index: to, settings: deps.settings }, packages);
    preview.packages.matched += matched.length;
    for (const { id, result } of matched) {
      const { close, open } = differences(stored.get(id) ?? [], result);
      if (close.length + open.length > 0) preview.packages.differing += 1;
      const opening = new Map(open.map((match) => [`${match.namespace}\n${match.vulnerability}`, match.provider]));
      for (const { evidence } of close) {
        const again = opening.delete(`${evidence.namespace}\n${evidence.vulnerability}`);
        of(evidence.provider)[again ? 'changes' : 'closes'] += 1;
      }
      for (const provider of opening.values()) of(provider).opens += 1;
    }
    await setImmediate();
  }
  return preview;
}

function* inBatches(ids: ReadonlySet<number>): Generator<number[]> {
  const sorted = [...ids].sort((a, b) => a - b);
  for (let start = 0; start < sorted.length; start += BATCH) yield sorted.slice(start, start + BATCH);
}

async function* allPackages({ db }: Database): AsyncGenerator<number[]> {
  for (
    let ids = await packagesBehind(db, 0, 0, BATCH);
    ids.length > 0;
    ids = await packagesBehind(db, 0, ids.at(-1)!, BATCH)
  )
    yield ids;
}

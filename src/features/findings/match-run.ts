import { setImmediate } from 'node:timers/promises';
import { type IndexDelta, matchesAlike } from '#engine/vulnerabilities/index.ts';
import type { MatchSettings, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { refreshTouchedVulnerabilities, refreshVulnerabilities } from './match-details.ts';
import { BATCH, type MatchCounts, matchBatch, rulesStamp, writeBatch } from './match-packages.ts';
import { compareBuilds } from './match-preview.ts';
import {
  abandonRun,
  completeRun,
  inheritChanges,
  insertRun,
  lockRuns,
  type MatchRun,
  packagesBehind,
  packagesTouched,
  packagesWithoutResult,
  runMatchesAll,
  runState,
} from './match-run-store.ts';
import { packagesById } from './match-store.ts';

export interface RematchOptions {
  /**
   * Opens the index of the build that results are of now; undefined when it is gone, and then everything is matched.
   * It is closed when the run ends.
   */
  openFormer?(checksum: string): Promise<VulnerabilityIndex | undefined>;
  signal?: AbortSignal | undefined;
  onProgress?(done: number, total: number | undefined): void;
}

/** What a run did. */
export interface RematchResult extends MatchCounts {
  /** `catch-up`: results were of this build already, only what had none was matched. */
  kind: 'delta' | 'full' | 'catch-up';
  run: number;
  /** Packages that were matched. */
  matched: number;
  /** Vulnerabilities whose facts changed. */
  refreshed: number;
}

/** A run that reached its end, in the transaction that makes it the current one. */
export interface CompletedRun extends MatchRun {
  /** Index of the build that it started from, when there was one. */
  former: VulnerabilityIndex | undefined;
}

export interface RunDependencies {
  database: Database;
  settings: MatchSettings;
  matcherVersion: number;
  /** Called once for each run, in the transaction that completes it. */
  completed(tx: Db, run: CompletedRun, to: VulnerabilityIndex): Promise<void>;
  /** Called in the transaction that ends a catch-up which matched something. */
  caughtUp(tx: Db, run: MatchRun): Promise<void>;
}

/**
 * Brings every result of the installation to an index: after a new build or a former one, new settings or a new
 * matcher. Packages that the difference between the builds does not touch are not looked at. A call that ended in the
 * middle is taken up where it was by the next one.
 */
export async function rematch(
  deps: RunDependencies,
  to: VulnerabilityIndex,
  options: RematchOptions = {},
): Promise<RematchResult> {
  const stamp = `${to.checksum}|${rulesStamp(deps.matcherVersion, deps.settings)}`;
  const { run, catchUp } = await begin(deps, to, stamp);
  const former =
    run.from_checksum === null || run.from_run === null || catchUp
      ? undefined
      : await options.openFormer?.(run.from_checksum);
  try {
    const delta = former && (await compareBuilds(former, to, options.signal));
    const full = !catchUp && (delta === undefined || delta.everything);
    if (full && run.from_run !== null) await runMatchesAll(deps.database.db, run.id);
    const context = { ...deps, to, stamp, run, options, result: emptyResult(run, catchUp, full) };
    if (full) await matchAll(context);
    else if (delta && !matchesAlike(delta))
      await matchIds(context, await packagesTouched(deps.database.db, run.id, delta));
    const facts = { run: run.id, signal: options.signal };
    if (full || (!catchUp && run.mends))
      context.result.refreshed = await refreshVulnerabilities(deps.database, to, facts);
    else if (delta) context.result.refreshed = await refreshTouchedVulnerabilities(deps.database, to, delta, facts);
    const ended = full ? { ...run, from_run: null } : run;
    await finish(context, delta, full, (tx) =>
      catchUp ? caughtUp(context, tx) : conclude(context, tx, { ...ended, former }),
    );
    return context.result;
  } finally {
    await former?.close();
  }
}

interface RunContext extends RunDependencies {
  to: VulnerabilityIndex;
  stamp: string;
  run: MatchRun;
  options: RematchOptions;
  result: RematchResult;
}

function emptyResult(run: MatchRun, catchUp: boolean, full: boolean): RematchResult {
  return {
    kind: catchUp ? 'catch-up' : full ? 'full' : 'delta',
    run: run.id,
    matched: 0,
    opened: 0,
    closed: 0,
    refreshed: 0,
  };
}

/** Takes the run to this index up, or makes it. */
async function begin(
  deps: RunDependencies,
  to: VulnerabilityIndex,
  stamp: string,
): Promise<{ run: MatchRun; catchUp: boolean }> {
  const rules = rulesStamp(deps.matcherVersion, deps.settings);
  return deps.database.transaction(async (tx) => {
    await lockRuns(tx, 'exclusive');
    const { current, running } = await runState(tx);
    if (running?.stamp === stamp && (running.from_run === null || running.from_run === current?.id))
      return { run: running, catchUp: false };
    if (running) await abandonRun(tx, running.id);
    if (!running && current?.stamp === stamp) return { run: current, catchUp: true };
    const comparable = current !== undefined && current.stamp === `${current.checksum}|${rules}`;
    const run = await insertRun(tx, {
      checksum: to.checksum,
      stamp,
      from_run: comparable ? current.id : null,
      from_checksum: current?.checksum ?? null,
      mends: running !== undefined,
    });
    if (running) await inheritChanges(tx, running.id, run.id);
    return { run, catchUp: false };
  });
}

async function matchAll(context: RunContext): Promise<void> {
  let after = 0;
  for (;;) {
    const ids = await packagesBehind(context.database.db, context.run.id, after, BATCH);
    if (ids.length === 0) return;
    await matchPart(context, ids);
    after = ids.at(-1)!;
    context.options.onProgress?.(context.result.matched, undefined);
  }
}

async function matchIds(context: RunContext, touched: Iterable<number>): Promise<void> {
  const ids = [...touched].sort((a, b) => a - b);
  for (let start = 0; start < ids.length; start += BATCH) {
    await matchPart(context, ids.slice(start, start + BATCH));
    context.options.onProgress?.(context.result.matched, ids.length);
  }
}

async function matchPart(context: RunContext, ids: number[]): Promise<void> {
  const { database, run, to, stamp, settings, options, result } = context;
  options.signal?.throwIfAborted();
  await setImmediate();
  const counts = await database.transaction(async (tx) => {
    await lockRuns(tx, 'shared');
    const { current, running } = await runState(tx);
    if (running?.id !== run.id && current?.id !== run.id)
      throw new Error('the matching of packages was overtaken by another build');
    const packages = await packagesById(tx, ids);
    return writeBatch(tx, { index: to, stamp }, matchBatch({ index: to, settings }, packages), run.id);
  });
  result.matched += ids.length;
  result.opened += counts.opened;
  result.closed += counts.closed;
}

/**
 * Matches what other processes left or wrote meanwhile, and ends the run in a transaction in which nobody writes
 * results: then nothing touched can be overlooked.
 */
async function finish(
  context: RunContext,
  delta: IndexDelta | undefined,
  full: boolean,
  end: (tx: Db) => Promise<void>,
): Promise<void> {
  const { database, run } = context;
  for (;;) {
    const left = await database.transaction(async (tx) => {
      await lockRuns(tx, 'exclusive');
      const missing = full
        ? await packagesBehind(tx, run.id, 0, BATCH)
        : await packagesWithoutResult(tx, run.id, 0, BATCH);
      const behind = delta && !full ? await packagesTouched(tx, run.id, delta) : [];
      const ids = new Set([...missing, ...behind]);
      if (ids.size === 0) await end(tx);
      return ids;
    });
    if (left.size === 0) return;
    await matchIds(context, left);
  }
}

async function caughtUp(context: RunContext, tx: Db): Promise<void> {
  if (context.result.matched > 0) await context.caughtUp(tx, context.run);
}

async function conclude(context: RunContext, tx: Db, run: CompletedRun): Promise<void> {
  const { matched, opened, closed, refreshed } = context.result;
  const { running } = await runState(tx);
  if (running?.id !== run.id) throw new Error('the matching of packages was overtaken by another build');
  await completeRun(tx, run, { matched, opened, closed, refreshed });
  await context.completed(tx, run, context.to);
}

import { FeedError } from '#engine/vulnerabilities/index.ts';
import type { VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import { appendEvent } from '#features/events/index.ts';
import { deleteUnusedIndices, SWITCH_CHANNEL } from './current-index.ts';
import { holdReasons } from './hold.ts';
import type { LocalFiles } from './local-files.ts';
import type { BuildPlan } from './plan.ts';
import { keepSource, listSources, type SourceCopy } from './source-store.ts';
import {
  type BuildSource,
  beginBuild,
  currentBuild,
  describeBuild,
  failBuild,
  holdBuild,
  keptBuilds,
  type ProviderCount,
  switchBuild,
} from './store.ts';
import type { RunningJob, SyncDependencies } from './sync-dependencies.ts';

/**
 * Indexes the sources of a plan and switches to the build, or holds it when it looks wrong. The copies that came with it
 * count as good once the index is made. Until the switch everything goes on with the former build. Throws `FeedError`.
 */
export async function installBuild(
  deps: SyncDependencies,
  plan: BuildPlan,
  candidates: readonly SourceCopy[],
  files: LocalFiles,
  job: RunningJob,
): Promise<{ held: string[] }> {
  const { db } = deps.database;
  const base = plan.sources.find(({ kind }) => kind === 'grype-v6');
  await beginBuild(db, {
    checksum: plan.checksum,
    schema_version: plan.schemaVersion,
    built_at: new Date(plan.builtAt),
    source: plan.source,
    archive_key: base?.object_key ?? null,
    archive_size: plan.sources.reduce((sum, { size }) => sum + size, 0),
    sources: plan.sources,
  });
  try {
    const directory = await makeIndex(deps, plan, files, job);
    job.signal.throwIfAborted();
    const index = await deps.current.openFor(plan.checksum);
    try {
      await refuseNothing(deps, index);
      for (const candidate of candidates) await keepSource(db, candidate);
      await describeBuild(db, plan.checksum, { providers: index.providers(), report: deps.readReport(directory) });
      const held = await reasonsToHold(deps, index, job);
      if (held.length > 0) await hold(deps, plan.checksum, held);
      else await activate(deps, plan, index);
      return { held };
    } finally {
      await index.close();
    }
  } catch (error) {
    if (job.signal.reason !== 'shutdown') await failBuild(db, plan.checksum, (error as Error).message);
    throw error;
  }
}

async function makeIndex(deps: SyncDependencies, plan: BuildPlan, files: LocalFiles, job: RunningJob): Promise<string> {
  const base = plan.sources.find(({ kind }) => kind === 'grype-v6');
  if (base && files.database?.checksum !== base.checksum)
    files.setDatabase(await deps.openArchive(base.object_key, base.checksum, job.signal));
  const further = [];
  for (const { name, kind, object_key: key, captured_at: capturedAt } of plan.sources) {
    if (kind === 'grype-v6') continue;
    if (files.get(name) === undefined) files.add(name, await deps.localCopy(key));
    further.push({ name, path: files.get(name) ?? '', ...(capturedAt === null ? {} : { capturedAt }) });
  }
  const { checksum } = plan;
  return deps.buildIndex(
    { checksum, further, ...(base && files.database ? { database: files.database.databasePath } : {}) },
    job,
  );
}

/** A first build without any records: there is nothing it could be held against, and its sources are no good copies. */
async function refuseNothing(deps: SyncDependencies, index: VulnerabilityIndex): Promise<void> {
  if (index.providers().some(({ records }) => records > 0) || (await currentBuild(deps.database.db))) return;
  throw new FeedError('corrupt', 'the build holds no records at all');
}

async function reasonsToHold(deps: SyncDependencies, index: VulnerabilityIndex, job: RunningJob): Promise<string[]> {
  const before = await currentBuild(deps.database.db);
  if (!before) return [];
  const { hold: limits, excludeProviders } = deps.settings();
  const wanted = ({ id }: ProviderCount): boolean => !excludeProviders.includes(id);
  const former = (before.providers as ProviderCount[]).filter(wanted);
  const now = index.providers().filter(wanted);
  const byRecords = holdReasons(former, now, limits);
  if (byRecords.length > 0 || !deps.previewDelta || limits.matchLoss >= 100) return byRecords;
  const preview = await deps.previewDelta(deps.current.get(), index, { signal: job.signal });
  return holdReasons(former, now, limits, preview.providers);
}

async function hold(deps: SyncDependencies, checksum: string, reasons: string[]): Promise<void> {
  await deps.database.transaction(async (tx) => {
    await holdBuild(tx, checksum, reasons);
    await appendEvent(tx, {
      name: 'feed_build_held',
      account: 'admin',
      resource_id: checksum,
      details: { reasons },
    });
  });
}

async function activate(deps: SyncDependencies, plan: BuildPlan, index: VulnerabilityIndex): Promise<void> {
  await deps.database.transaction(async (tx) => {
    await switchBuild(tx, plan.checksum);
    await appendEvent(tx, {
      name: 'feed_sync_completed',
      account: 'admin',
      resource_id: 'vulnerabilities',
      details: { checksum: index.checksum, built: plan.builtAt },
    });
    await deps.enqueueRematch(tx);
    await deps.database.notify(tx, SWITCH_CHANNEL, plan.checksum);
  });
  await afterSwitch(deps);
}

/** What follows every switch: this process reads the new index, and what nothing needs goes. */
export async function afterSwitch(deps: SyncDependencies): Promise<void> {
  await deps.current.refresh();
  await dropUnused(deps);
}

/** Deletes indices of this machine and archives that no build and no source needs. */
export async function dropUnused({
  database,
  objects,
  indexDirectory,
}: Pick<SyncDependencies, 'database' | 'objects' | 'indexDirectory'>): Promise<void> {
  const builds = await keptBuilds(database.db);
  await deleteUnusedIndices(
    indexDirectory,
    builds.map(({ checksum }) => checksum),
  );
  const keys = new Set<string | null>(builds.map(({ archive_key: key }) => key));
  for (const { sources } of builds) for (const { object_key: key } of sources as BuildSource[]) keys.add(key);
  for (const { object_key: key } of await listSources(database.db)) keys.add(key);
  for await (const { key } of objects.list('feeds/')) if (!keys.has(key)) await objects.delete(key);
}

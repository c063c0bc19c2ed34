import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import { appendEvent } from '#features/events/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { JobContext, JobDefinition, Jobs } from '#platform/jobs/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { type CurrentIndex, deleteUnusedIndices, SWITCH_CHANNEL } from './current-index.ts';
import { beginBuild, currentBuild, failBuild, listBuilds, switchBuild } from './store.ts';

export const SYNC_JOB = 'feed-sync';
export const REMATCH_JOB = 'feed-rematch';

export const SyncPayload = z.object({
  /** Object key of an uploaded archive with its checksum; absent: the configured location. */
  upload: z.object({ key: z.string(), checksum: z.string() }).optional(),
  /** Take the build although it is older than the current one. */
  force: z.boolean().default(false),
});
export type SyncPayload = z.output<typeof SyncPayload>;

/** A database build, verified, in local files. */
export interface FetchedBuild {
  checksum: string;
  schemaVersion: string;
  /** RFC 3339. */
  builtAt: string;
  /** Where it came from, for people. */
  source: string;
  /** The archive as fetched; kept in the object store, from which other machines make their index. */
  archivePath: string;
  /** The SQLite file in it. */
  databasePath: string;
  dispose(): Promise<void>;
}

export interface SyncDependencies {
  database: Database;
  objects: ObjectStore;
  jobs: Pick<Jobs, 'list'>;
  current: CurrentIndex;
  indexDirectory: string;
  /**
   * Looks for a build at the configured location and fetches it, or returns undefined when the newest one is `known`.
   * Throws FeedError.
   */
  fetchLatest(
    known: string | undefined,
    job: Pick<JobContext, 'signal' | 'progress'>,
  ): Promise<FetchedBuild | undefined>;
  /** Verifies an uploaded archive. Throws FeedError. */
  fetchUploaded(key: string, checksum: string, signal: AbortSignal): Promise<FetchedBuild>;
  buildIndex(build: FetchedBuild, job: Pick<JobContext, 'signal' | 'progress'>): Promise<string>;
  /** Matches every distinct package against the new index; called after the switch, again until it succeeds. */
  rematch(index: VulnerabilityIndex, job: Pick<JobContext, 'signal' | 'progress'>): Promise<void>;
  enqueueRematch(): Promise<void>;
}

/** What a synchronisation did. */
export const SyncResult = z.union([
  z.object({ changed: z.literal(false), reason: z.string() }),
  z.object({ changed: z.literal(true), checksum: z.string(), builtAt: z.string() }),
]);
export type SyncResult = z.output<typeof SyncResult>;

/**
 * Fetches, verifies, indexes and switches to a build. Until the switch everything goes on with the former build; when
 * anything fails, the former build stays, and the reason is kept with the failed one and as an event.
 */
export async function syncFeed(
  deps: SyncDependencies,
  payload: SyncPayload,
  job: Pick<JobContext, 'signal' | 'progress'>,
): Promise<SyncResult> {
  const { database, objects } = deps;
  const before = await currentBuild(database.db);
  await appendEvent(database.db, { name: 'feed_sync_started', account: 'admin', resource_id: 'vulnerabilities' });
  let build: FetchedBuild | undefined;
  try {
    build = payload.upload
      ? await deps.fetchUploaded(payload.upload.key, payload.upload.checksum, job.signal)
      : await deps.fetchLatest(payload.force ? undefined : before?.checksum, job);
    if (!build) return await unchanged(deps, 'the newest build is already in use');
    if (before?.checksum === build.checksum) return await unchanged(deps, 'this build is already in use');
    if (!payload.force && !payload.upload && before && new Date(build.builtAt) < before.built_at) {
      return await unchanged(
        deps,
        `the build offered (${build.builtAt}) is older than the one in use (${before.built_at.toISOString()})`,
      );
    }
    await install(deps, build, job);
    return { changed: true, checksum: build.checksum, builtAt: build.builtAt };
  } catch (error) {
    if (job.signal.reason === 'shutdown') throw error; // it is run again
    const message = (error as Error).message;
    await database.transaction(async (tx) => {
      if (build) await failBuild(tx, build.checksum, message);
      await appendEvent(tx, {
        name: 'feed_sync_failed',
        account: 'admin',
        resource_id: 'vulnerabilities',
        details: { cause: message },
      });
    });
    throw error;
  } finally {
    await build?.dispose();
    if (payload.upload && job.signal.reason !== 'shutdown') await objects.delete(payload.upload.key);
  }
}

async function unchanged(deps: SyncDependencies, reason: string): Promise<SyncResult> {
  await appendEvent(deps.database.db, {
    name: 'feed_sync_completed',
    account: 'admin',
    resource_id: 'vulnerabilities',
    details: { result: reason },
  });
  return { changed: false, reason };
}

async function install(
  deps: SyncDependencies,
  build: FetchedBuild,
  job: Pick<JobContext, 'signal' | 'progress'>,
): Promise<void> {
  const { database, objects, current } = deps;
  const key = `feeds/${build.checksum.replace(':', '/')}`;
  const { size } = await stat(build.archivePath);
  if (((await objects.head(key))?.size ?? -1) !== size) await objects.put(key, createReadStream(build.archivePath));
  await beginBuild(database.db, {
    checksum: build.checksum,
    schema_version: build.schemaVersion,
    built_at: new Date(build.builtAt),
    source: build.source,
    archive_key: key,
    archive_size: size,
  });
  await deps.buildIndex(build, job);
  job.signal.throwIfAborted();
  const index = await deps.current.openFor(build.checksum);
  const dropped = await database.transaction(async (tx) => {
    const keys = await switchBuild(tx, build.checksum, index.providers());
    await appendEvent(tx, {
      name: 'feed_sync_completed',
      account: 'admin',
      resource_id: 'vulnerabilities',
      details: { checksum: build.checksum, built: build.builtAt },
    });
    await database.notify(tx, SWITCH_CHANNEL, build.checksum);
    return keys;
  });
  await index.close();
  await current.refresh();
  for (const old of dropped) await objects.delete(old);
  const kept = (await listBuilds(database.db)).filter((row) => row.state !== 'failed').map((row) => row.checksum);
  await deleteUnusedIndices(deps.indexDirectory, kept);
  await deps.enqueueRematch();
}

/** Job: look for a new build, or take an uploaded one. */
export function syncJob(deps: SyncDependencies): JobDefinition<SyncPayload> {
  return {
    kind: SYNC_JOB,
    payload: SyncPayload,
    concurrency: 1,
    leaseSeconds: 25,
    retries: 0,
    async run(payload, job) {
      await waitForTurn(deps, job);
      await job.progress({ result: await syncFeed(deps, payload, job) });
    },
  };
}

/** One synchronisation at a time in the whole installation: the one that began first goes on, the others wait for it. */
async function waitForTurn({ jobs }: SyncDependencies, job: JobContext): Promise<void> {
  for (;;) {
    const active = await jobs.list({ kind: SYNC_JOB, state: ['active'], limit: 1000 });
    const order = ({ started_at = '', id }: { started_at?: string; id: string }): string => `${started_at} ${id}`;
    const own = active.find(({ id }) => id === job.id);
    if (!own || active.every((other) => order(own) <= order(other))) return;
    await setTimeout(500, undefined, { signal: job.signal });
  }
}

/** Job: bring every stored match to the current build. Resumes where it was when a process dies. */
export function rematchJob(deps: Pick<SyncDependencies, 'current' | 'rematch'>): JobDefinition<Record<string, never>> {
  return {
    kind: REMATCH_JOB,
    payload: z.record(z.string(), z.never()),
    concurrency: 1,
    leaseSeconds: 25,
    retries: 5,
    async run(_payload, job) {
      const index = await deps.current.refresh();
      if (index) await deps.rematch(index, job);
    },
  };
}

import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { FeedError } from '#engine/vulnerabilities/index.ts';
import { appendEvent } from '#features/events/index.ts';
import type { JobContext, JobDefinition } from '#platform/jobs/types.ts';
import { approveBuild, rollBack } from './decide.ts';
import { type Gathered, gather, noteFailure } from './gather.ts';
import { dropUnused, installBuild } from './install.ts';
import { type LocalFiles, localFiles } from './local-files.ts';
import { decidedAlready, planBuild } from './plan.ts';
import type { SourceCopy } from './source-store.ts';
import type { RunningJob, SyncDependencies } from './sync-dependencies.ts';
import { takeUpload } from './take-upload.ts';

export type { FetchedBuild, SyncDependencies } from './sync-dependencies.ts';

export const SYNC_JOB = 'feed-sync';
export const REMATCH_JOB = 'feed-rematch';

export const SyncPayload = z.object({
  /** Object key of an uploaded file with its checksum and the data set it is of; absent: the configured locations. */
  upload: z.object({ key: z.string(), checksum: z.string(), feed: z.string().optional() }).optional(),
  /** Use a build that is held. */
  approve: z.object({ checksum: z.string(), by: z.string() }).optional(),
  /** Go back to the previous build. */
  rollback: z.object({ by: z.string() }).optional(),
  /** Take the build although it is older than the current one. */
  force: z.boolean().default(false),
});
export type SyncPayload = z.output<typeof SyncPayload>;

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
export async function syncFeed(deps: SyncDependencies, payload: SyncPayload, job: RunningJob): Promise<SyncResult> {
  if (payload.approve) return approveBuild(deps, payload.approve);
  if (payload.rollback) return rollBack(deps, payload.rollback);
  const { database, objects } = deps;
  await appendEvent(database.db, { name: 'feed_sync_started', account: 'admin', resource_id: 'vulnerabilities' });
  const files = localFiles();
  try {
    const gathered: Gathered = payload.upload
      ? { candidates: await takeUpload(deps, payload.upload, files, job), notes: [] }
      : await gather(deps, payload.force, files, job);
    const result = await carryOut(deps, gathered, files, job);
    if (!result.changed) await dropUnused(deps);
    return result;
  } catch (error) {
    if (job.signal.reason === 'shutdown') throw error; // it is run again
    await appendEvent(database.db, {
      name: 'feed_sync_failed',
      account: 'admin',
      resource_id: 'vulnerabilities',
      details: { cause: (error as Error).message },
    });
    await dropUnused(deps);
    throw error;
  } finally {
    await files.dispose();
    if (payload.upload && job.signal.reason !== 'shutdown') await objects.delete(payload.upload.key);
  }
}

/** Makes a build of what was gathered; a source whose new content is broken is left at its last good copy. */
async function carryOut(
  deps: SyncDependencies,
  gathered: Gathered,
  files: LocalFiles,
  job: RunningJob,
): Promise<SyncResult> {
  const { db } = deps.database;
  const configured = deps.settings().sources.map(({ name }) => name);
  let { candidates } = gathered;
  let { failure } = gathered;
  for (;;) {
    const plan = await planBuild(db, candidates, configured);
    if (!plan) throw failure ?? new FeedError('unreachable', 'no source brought any vulnerability data');
    const decided = await decidedAlready(db, plan);
    if (decided !== undefined) {
      if (failure !== undefined) throw failure;
      return await unchanged(deps, [...new Set([...gathered.notes, decided])].join('; '));
    }
    try {
      const { held } = await installBuild(deps, plan, candidates, files, job);
      if (held.length > 0) return { changed: false, reason: `build ${plan.checksum} is held: ${held.join('; ')}` };
      return { changed: true, checksum: plan.checksum, builtAt: plan.builtAt };
    } catch (error) {
      const broken = blamed(error, candidates);
      if (!broken || job.signal.aborted) throw error;
      await noteFailure(deps, broken, error as Error);
      candidates = candidates.filter((candidate) => candidate !== broken);
      failure = error;
    }
  }
}

/** The new content that an error is about: the named source's, or the database's. */
function blamed(error: unknown, candidates: readonly SourceCopy[]): SourceCopy | undefined {
  if (!(error instanceof FeedError) || error.code === 'no-space' || error.code === 'aborted') return undefined;
  return error.source === undefined
    ? candidates.find(({ kind }) => kind === 'grype-v6')
    : candidates.find(({ name }) => name === error.source);
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

/** Job: look for a new build, take an uploaded one, or act on a person's decision. */
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
      // A switch while it runs finds this job open and sends no other one: go on until nothing newer is current.
      for (let done: string | undefined; ; ) {
        const index = await deps.current.refresh();
        if (!index || index.checksum === done) return;
        await deps.rematch(index, job);
        done = index.checksum;
      }
    },
  };
}

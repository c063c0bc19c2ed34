import { z } from 'zod';
import type { Database } from '#platform/database/types.ts';
import type { JobDefinition, Jobs } from '#platform/jobs/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { fail } from './execute-job.ts';
import { deleteExecution, loadExecution, openExecutions } from './execution-store.ts';
import { deleteResult, storedResults } from './results.ts';
import { existingExecutions, expiredExecutions } from './retention-store.ts';
import type { ScheduleService } from './service.ts';

/** Starts what is due, each minute. */
export const DUE_JOB = 'report-due';
/** Removes results beyond what is kept, each hour. */
export const EXPIRE_JOB = 'report-expire';

const Nothing = z.record(z.string(), z.never());
const OPEN = ['queued', 'active', 'retry'] as const;
const STRANDED_MS = 5 * 60_000;

/** Job, every minute: starts due schedules, and ends runs whose job is gone. */
export function dueJob(deps: {
  database: Database;
  jobs: Jobs;
  schedules: ScheduleService;
}): JobDefinition<Record<string, never>> {
  const { database, jobs } = deps;
  return {
    kind: DUE_JOB,
    payload: Nothing,
    concurrency: 1,
    leaseSeconds: 60,
    retries: 0,
    async run() {
      await deps.schedules.fire();
      for (const { uuid, job_id } of await openExecutions(database.db, new Date(Date.now() - STRANDED_MS))) {
        const open = job_id === null ? [] : await jobs.list({ id: job_id, state: [...OPEN], limit: 1 });
        const run = open.length === 0 ? await loadExecution(database.db, uuid) : undefined;
        if (run) await fail(database, run, 'the job of the run is gone');
      }
    },
  };
}

/** Job, every hour: removes results that are too many or too old, and objects that belong to no run. */
export function expireJob(deps: {
  database: Database;
  objects: ObjectStore;
  settings: { keep_count: number; keep_days: number };
  now?(): Date;
}): JobDefinition<Record<string, never>> {
  const { database, objects, settings } = deps;
  return {
    kind: EXPIRE_JOB,
    payload: Nothing,
    concurrency: 1,
    leaseSeconds: 120,
    retries: 0,
    async run(_, job) {
      const keep = { count: settings.keep_count, days: settings.keep_days };
      for (const { uuid, account } of await expiredExecutions(database.db, keep, deps.now?.() ?? new Date())) {
        job.signal.throwIfAborted();
        await deleteExecution(database.db, account, uuid);
        await deleteResult(objects, uuid);
      }
      for await (const stored of storedResults(objects)) {
        const known = await existingExecutions(database.db, stored);
        for (const uuid of stored) if (!known.has(uuid)) await deleteResult(objects, uuid);
      }
    },
  };
}

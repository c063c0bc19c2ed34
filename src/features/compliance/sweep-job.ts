import { z } from 'zod';
import type { Database } from '#platform/database/types.ts';
import type { JobDefinition } from '#platform/jobs/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { sweepObjects } from './stored-objects.ts';

export const SWEEP_JOB = 'compliance-sweep';

/** Job, daily: deletes files of accounts, images and uploads that are gone. */
export function sweepJob(deps: { database: Database; objects: ObjectStore }): JobDefinition<Record<string, never>> {
  return {
    kind: SWEEP_JOB,
    payload: z.record(z.string(), z.never()),
    concurrency: 1,
    leaseSeconds: 300,
    retries: 0,
    run: async () => void (await sweepObjects(deps.objects, deps.database.db, new Date())),
  };
}

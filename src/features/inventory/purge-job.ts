import { z } from 'zod';
import type { JobDefinition } from '#platform/jobs/types.ts';
import { purgeExpired } from './delete-store.ts';
import type { InventoryService } from './service.ts';

export const PURGE_JOB = 'inventory-purge';

/** Job: removes what was not seen for longer than inventory is kept. Reads leave it out before it runs. */
export function purgeJob(
  { database, retention, cutoff }: Pick<InventoryService, 'database' | 'retention' | 'cutoff'>,
  onPurged: (removed: Record<string, number>) => void,
): JobDefinition<Record<string, never>> {
  return {
    kind: PURGE_JOB,
    payload: z.record(z.string(), z.never()),
    concurrency: 1,
    leaseSeconds: 300,
    retries: 1,
    async run() {
      if (retention().ttlDays === undefined) return;
      const removed = await database.transaction((tx) => purgeExpired(tx, cutoff()));
      if (Object.values(removed).some((rows) => rows > 0)) onPurged(removed);
    },
  };
}

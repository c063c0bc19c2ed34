import { z } from 'zod';
import type { Accounts } from '#features/accounts/index.ts';
import { deleteOrphanAnalyses, sentAnalysis } from '#features/analyses/index.ts';
import { expireEvents } from '#features/events/index.ts';
import {
  type AccountRevisions,
  ANALYZE_JOB,
  analyzeKey,
  collectDeleted,
  waitingImages,
} from '#features/images/index.ts';
import { expireVerdicts } from '#features/malware/index.ts';
import { expireEvaluations } from '#features/policies/index.ts';
import type { System } from '#features/system/index.ts';
import type { JobDefinition } from '#platform/jobs/types.ts';
import type { Platform } from './platform.ts';
import { expireUploads } from './uploads.ts';

export const HOUSEKEEPING_JOB = 'housekeeping';

/** Job, every minute: collects what was marked for deletion and what has expired. */
export function housekeepingJob(deps: {
  platform: Platform;
  accounts: Pick<Accounts, 'maintain'>;
  system: System;
  revisions: AccountRevisions;
}): JobDefinition<Record<string, never>> {
  const { database, config, log } = deps.platform;
  return {
    kind: HOUSEKEEPING_JOB,
    payload: z.record(z.string(), z.never()),
    concurrency: 1,
    leaseSeconds: 60,
    retries: 0,
    async run() {
      const collected = await database.transaction(async (tx) => {
        const rows = await collectDeleted(tx);
        for (const account of new Set(rows.map((row) => row.account))) await deps.revisions.touch(tx, account);
        return rows;
      });
      if (collected.length > 0) log.info({ images: collected.length }, 'deleted images collected');
      await requeueStranded(deps.platform);
      await expireUploads(deps.platform.objects, new Date());
      await deleteOrphanAnalyses(database.db);
      await expireVerdicts(database.db);
      await expireEvents(database.db, config.retention.event_days);
      await expireEvaluations(database.db, new Date(Date.now() - config.retention.evaluation_days * 86_400_000));
      await deps.accounts.maintain();
      await deps.system.services.sweep();
    },
  };
}

/**
 * Queues images again that wait although no job is open for them: one that was added in the very moment in which an
 * analysis of the same digest ended.
 */
async function requeueStranded({ database, jobs }: Platform): Promise<void> {
  for (const { account, digest, registry, repository } of await waitingImages(database.db)) {
    // An imported image has no registry to fetch it from.
    const stored = (await sentAnalysis(database.db, account, digest)) !== undefined;
    const payload = { digest, account, registry, repository, stored, force: false };
    const key = analyzeKey(payload);
    const open = await jobs.list({ kind: ANALYZE_JOB, key, state: ['queued', 'active', 'retry'], limit: 1 });
    if (open.length === 0) await jobs.send(database.db, ANALYZE_JOB, payload, { key });
  }
}

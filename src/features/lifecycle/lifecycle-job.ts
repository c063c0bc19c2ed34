import { z } from 'zod';
import { appendEvent } from '#features/events/index.ts';
import type { ImageService } from '#features/images/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { JobDefinition } from '#platform/jobs/types.ts';
import type { LifecycleService } from './service.ts';

export const LIFECYCLE_JOB = 'artifact-lifecycle';

/** Job: applies the enabled policies to the images of every account. */
export function lifecycleJob(deps: {
  database: Database;
  lifecycle: LifecycleService;
  images: Pick<ImageService, 'remove'>;
}): JobDefinition<Record<string, never>> {
  return {
    kind: LIFECYCLE_JOB,
    payload: z.record(z.string(), z.never()),
    concurrency: 1,
    leaseSeconds: 120,
    retries: 1,
    async run(_payload, job) {
      let deleted = 0;
      for (const policy of await deps.lifecycle.list()) {
        if (!policy.enabled) continue;
        for (const { account, digest } of await deps.lifecycle.expired(policy)) {
          job.signal.throwIfAborted();
          const [outcome] = await deps.images.remove(account, [digest], true);
          await appendEvent(deps.database.db, {
            name: 'image_deleted_by_lifecycle_policy',
            account,
            resource_id: digest,
            details: {
              policy_uuid: policy.uuid,
              policy_name: policy.name,
              version: policy.version,
              status: outcome!.status,
              ...(outcome!.detail ? { detail: outcome!.detail } : {}),
            },
          });
          deleted += 1;
          await job.progress({ policy: policy.uuid, deleted });
        }
      }
    },
  };
}

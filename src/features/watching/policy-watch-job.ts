import { z } from 'zod';
import type { EvaluationService } from '#features/policies/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { JobDefinition } from '#platform/jobs/types.ts';
import { type SubscribedTag, subscribedImages } from './policy-watch-store.ts';

export const POLICY_WATCH_JOB = 'policy-watch';

const Payload = z.record(z.string(), z.never());
const PAGE = 500;

/**
 * Job: judges the images of tags with an active `policy_eval` subscription. Changes of data and policies have that done
 * at once; this finds what time alone changes. An image whose inputs are those of the last verdict costs one look.
 */
export function policyWatchJob(deps: {
  database: Database;
  evaluations: Pick<EvaluationService, 'evaluateImage'>;
  onError(error: unknown, tag: SubscribedTag): void;
}): JobDefinition<z.output<typeof Payload>> {
  return {
    kind: POLICY_WATCH_JOB,
    payload: Payload,
    concurrency: 1,
    leaseSeconds: 120,
    retries: 0,
    async run(_, job) {
      let afterId = 0;
      let done = 0;
      for (;;) {
        const tags = await subscribedImages(deps.database.db, afterId, PAGE);
        if (tags.length === 0) return;
        for (const tag of tags) {
          job.signal.throwIfAborted();
          await deps.evaluations
            .evaluateImage({ account: tag.account, digest: tag.digest, tag: tag.tag, detail: false })
            .catch((error: unknown) => deps.onError(error, tag));
          afterId = tag.id;
          done += 1;
          await job.progress({ tags_done: done });
        }
      }
    },
  };
}

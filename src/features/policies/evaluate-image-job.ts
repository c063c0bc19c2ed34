import { z } from 'zod';
import { fullTag, tagsOf } from '#features/images/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { JobDefinition } from '#platform/jobs/types.ts';
import type { EvaluationService } from './evaluation-service.ts';

export const IMAGE_EVALUATE_JOB = 'image-evaluate';

const Payload = z.object({ account: z.string(), digest: z.string() });
type Payload = z.output<typeof Payload>;

/** Job: judges the tags of one image anew after something was said or learnt about it. */
export function evaluateImageJob(deps: {
  database: Database;
  evaluations: Pick<EvaluationService, 'evaluateImage'>;
  /** Told of the account whose verdicts may have changed. */
  changed(account: string): Promise<void>;
  onError(error: unknown, tag: { account: string; digest: string; tag: string }): void;
}): JobDefinition<Payload> {
  return {
    kind: IMAGE_EVALUATE_JOB,
    payload: Payload,
    concurrency: 1,
    leaseSeconds: 60,
    retries: 2,
    async run({ account, digest }, job) {
      for (const tag of (await tagsOf(deps.database.db, account, digest)).map(fullTag)) {
        job.signal.throwIfAborted();
        await deps.evaluations
          .evaluateImage({ account, digest, tag, detail: false })
          .catch((error: unknown) => deps.onError(error, { account, digest, tag }));
        await job.progress({ tag });
      }
      await deps.changed(account);
    },
  };
}

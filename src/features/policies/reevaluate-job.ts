import { z } from 'zod';
import type { Database } from '#platform/database/types.ts';
import type { JobDefinition } from '#platform/jobs/types.ts';
import type { EvaluationService } from './evaluation-service.ts';
import { accountsThatFollowData, type CurrentTag, currentTags } from './reevaluate-store.ts';

export const REEVALUATE_JOB = 'policy-evaluate';

const Payload = z.object({
  /** Only this account; absent: all. */
  account: z.string().optional(),
  /** Only images that this bringing of matches to other vulnerability data changed, and those whose verdict depends on the data's age. */
  run: z.number().int().optional(),
});
type Payload = z.output<typeof Payload>;

/** Images judged between two looks at the list. */
const PAGE = 200;

/**
 * Job: brings the verdict of every tag to its present inputs, after new vulnerability data or another active policy.
 * A tag whose inputs did not change costs one look; one that new data does not concern, none.
 */
export function reevaluateJob(deps: {
  database: Database;
  evaluations: Pick<EvaluationService, 'evaluateImage'>;
  /** Told of accounts whose verdicts may have changed. */
  changed(account: string): Promise<void>;
  onError(error: unknown, tag: { account: string; digest: string; tag: string }): void;
}): JobDefinition<Payload> {
  const { db } = deps.database;
  return {
    kind: REEVALUATE_JOB,
    payload: Payload,
    concurrency: 1,
    leaseSeconds: 120,
    retries: 3,
    async run({ account, run }, job) {
      const accounts = new Set<string>();
      const following = run === undefined ? undefined : await accountsThatFollowData(db);
      let done = 0;
      let afterId = 0;
      for (;;) {
        const tags: CurrentTag[] = await currentTags(db, {
          account,
          afterId,
          limit: PAGE,
          ...(run !== undefined && following ? { touched: { run, ...following } } : {}),
        });
        if (tags.length === 0) break;
        for (const tag of tags) {
          job.signal.throwIfAborted();
          await deps.evaluations
            .evaluateImage({ account: tag.account, digest: tag.digest, tag: tag.tag, detail: false })
            .catch((error: unknown) => deps.onError(error, tag));
          accounts.add(tag.account);
          afterId = tag.id;
          done += 1;
          await job.progress({ tags_done: done });
        }
      }
      for (const name of accounts) await deps.changed(name);
    },
  };
}

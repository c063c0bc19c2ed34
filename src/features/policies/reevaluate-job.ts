import { sql } from 'kysely';
import { z } from 'zod';
import type { Database, Db } from '#platform/database/types.ts';
import type { JobDefinition } from '#platform/jobs/types.ts';
import type { EvaluationService } from './evaluation-service.ts';

export const REEVALUATE_JOB = 'policy-evaluate';

const Payload = z.object({
  /** Only this account; absent: all. */
  account: z.string().optional(),
});
type Payload = z.output<typeof Payload>;

/** Images judged between two looks at the list. */
const PAGE = 200;

interface CurrentTag {
  id: number;
  account: string;
  digest: string;
  tag: string;
}

/** Tags with the analysed image that they point to now, in a stable order after `afterId`. */
async function currentTags(db: Db, account: string | undefined, afterId: number): Promise<CurrentTag[]> {
  const { rows } = await sql<CurrentTag>`
    select t.id, t.account, t.digest, t.registry || '/' || t.repository || ':' || t.tag as tag
    from tag_mapping t
    join image i on i.account = t.account and i.digest = t.digest
    join account a on a.name = t.account and a.state = 'enabled'
    where t.closed_at is null and t.id > ${afterId} and i.analysis_status = 'analyzed' and i.image_status = 'active'
      ${account === undefined ? sql`` : sql`and t.account = ${account}`}
    order by t.id limit ${PAGE}`.execute(db);
  return rows;
}

/**
 * Job: brings the verdict of every tag to its present inputs, after new vulnerability data or another active policy.
 * A tag whose inputs did not change costs one look.
 */
export function reevaluateJob(deps: {
  database: Database;
  evaluations: Pick<EvaluationService, 'evaluateImage'>;
  /** Told of accounts whose verdicts may have changed. */
  changed(account: string): Promise<void>;
  onError(error: unknown, tag: { account: string; digest: string; tag: string }): void;
}): JobDefinition<Payload> {
  return {
    kind: REEVALUATE_JOB,
    payload: Payload,
    concurrency: 1,
    leaseSeconds: 120,
    retries: 3,
    async run({ account }, job) {
      let afterId = 0;
      let done = 0;
      const accounts = new Set<string>();
      for (;;) {
        const tags = await currentTags(deps.database.db, account, afterId);
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

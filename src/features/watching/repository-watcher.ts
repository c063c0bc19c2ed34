import { createHash } from 'node:crypto';
import { ADD_TAGS_JOB, type AddTagsPayload, repositoryValue } from '#features/repositories/index.ts';
import { findSubscription, updateSubscription } from '#features/subscriptions/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import type { RegistryQueries } from './registry-queries.ts';
import type { Watcher } from './run-watches.ts';

/**
 * Looks for tags that repositories did not have before. They are written into the subscription and handed to the job
 * that adds images, in one transaction.
 */
export function repositoryWatcher(deps: {
  cycle: number;
  database: Database;
  jobs: Pick<Jobs, 'send'>;
  queries: RegistryQueries;
}): Watcher {
  return {
    kind: 'repository',
    cycle: deps.cycle,
    async look(watch, credentials, signal) {
      const { account, registry, repository, subscription_id, seen_digest, seen_list } = watch;
      const list = await deps.queries.tagsOf({ account, registry, repository, known: seen_list, credentials, signal });
      if (list === undefined) return { seen_digest, seen_list };
      if (differs(watch.subscription_value, list.tags)) {
        await deps.database.transaction(async (tx) => {
          // Read again: it may have been changed by hand meanwhile.
          const row = await findSubscription(tx, account, subscription_id, { lock: true });
          if (!row?.active) return;
          const value = repositoryValue(row.subscription_value);
          const known = new Set(value.repotags);
          const added = list.tags.filter((tag) => !known.has(tag));
          await updateSubscription(tx, account, subscription_id, {
            subscription_value: JSON.stringify({ ...value, repotags: list.tags, tagcount: list.tags.length }),
          });
          if (added.length === 0) return;
          const payload: AddTagsPayload = {
            account,
            registry,
            repository,
            tags: added,
            autoSubscribe: value.autosubscribe,
          };
          // Named after its tags: tags found while others are still being added are another job.
          const name = createHash('sha256').update(JSON.stringify(added)).digest('hex').slice(0, 16);
          await deps.jobs.send(tx, ADD_TAGS_JOB, payload, { key: `${account} ${registry}/${repository} ${name}` });
        });
      }
      // A list of many pages costs as many requests: it is asked for less often.
      return { seen_digest, seen_list: list.etag ?? null, effort: Math.min(list.pages, 60) };
    },
    failureEvent: () => 'list_tags_fail',
  };
}

/** Are these other tags than those that a subscription holds, whatever their order? */
function differs(value: string | null, tags: readonly string[]): boolean {
  const known = new Set(repositoryValue(value).repotags);
  return known.size !== tags.length || tags.some((tag) => !known.has(tag));
}

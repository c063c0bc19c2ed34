import { appendEvent } from '#features/events/index.ts';
import type { ImageGateway } from '#features/images/index.ts';
import type { RegistryService } from '#features/registries/index.ts';
import {
  insertSubscriptions,
  listSubscriptions,
  subscriptionId,
  updateSubscription,
} from '#features/subscriptions/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import { AppError, badRequest } from '#shared/errors.ts';
import { ADD_TAGS_JOB, type AddTagsPayload } from './add-tags-job.ts';
import type { RepositoryValue } from './repository-value.ts';

export interface RepositoryServiceDependencies {
  database: Database;
  jobs: Jobs;
  registries: Pick<RegistryService, 'credentialsFor'>;
  gateway: Pick<ImageGateway, 'parse' | 'listTags'>;
}

export type RepositoryService = ReturnType<typeof createRepositoryService>;

/** Repositories: a `repo_update` subscription, and the tags found when it was made. */
export function createRepositoryService({ database, jobs, registries, gateway }: RepositoryServiceDependencies) {
  const { db } = database;

  return {
    async add(
      account: string,
      name: string,
      options: { autoSubscribe: boolean; dryRun: boolean; excludeExistingTags: boolean },
    ) {
      const reference = gateway.parse(name);
      if (reference.digest !== undefined) throw badRequest(`repository must not name a digest: ${name}`);
      const { registry, repository } = reference;
      const key = `${registry}/${repository}`;
      const credentials = await registries.credentialsFor(db, account, registry, repository);
      const tags = await gateway.listTags(registry, repository, credentials).catch(async (error: Error) => {
        await appendEvent(db, { name: 'list_tags_fail', account, resource_id: key, details: { error: error.message } });
        throw error;
      });
      if (tags.length === 0) throw new AppError(404, `no tags found in repository ${key}`);
      const value = JSON.stringify({
        autosubscribe: options.autoSubscribe,
        lookuptag: reference.tag ?? null,
        repotags: tags,
        tagcount: tags.length,
      } satisfies RepositoryValue);
      const id = subscriptionId(account, key, 'repo_update');
      if (options.dryRun) {
        const now = new Date();
        return {
          account,
          subscription_id: id,
          subscription_key: key,
          subscription_type: 'repo_update',
          subscription_value: value,
          active: false,
          created_at: now,
          last_updated: now,
        };
      }
      return database.transaction(async (tx) => {
        await insertSubscriptions(tx, account, [{ type: 'repo_update', key, value, active: true }]);
        const row = await updateSubscription(tx, account, id, { active: true, subscription_value: value });
        if (!options.excludeExistingTags) {
          await jobs.send<AddTagsPayload>(
            tx,
            ADD_TAGS_JOB,
            { account, registry, repository, tags, autoSubscribe: options.autoSubscribe },
            { key: `${account} ${key}` },
          );
        }
        return row!;
      });
    },

    watched: (account: string) => listSubscriptions(db, account, { subscription_type: 'repo_update' }),
  };
}

import { repositoriesOperations } from '#contract/repositories.ts';
import { subscriptionView } from '#features/subscriptions/index.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { RepositoryService } from './service.ts';

/** Handlers of the repository operations. */
export function repositoryRoutes(repositories: RepositoryService) {
  return bindOperations(repositoriesOperations, {
    add_repository: async ({ account, query }) => [
      subscriptionView(
        await repositories.add(account, query.repository, {
          autoSubscribe: query.auto_subscribe ?? false,
          dryRun: query.dry_run ?? false,
          excludeExistingTags: query.exclude_existing_tags ?? false,
        }),
      ),
    ],
  });
}

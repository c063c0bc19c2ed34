import {
  archiveRoutes,
  createArchiveService,
  createRuleService,
  TRANSITION_JOB,
  transitionJob,
} from '#features/archives/index.ts';
import { createLifecycleService, LIFECYCLE_JOB, lifecycleJob, lifecycleRoutes } from '#features/lifecycle/index.ts';
import { previewRoutes } from './archive-previews.ts';
import type { Part, Wiring } from './part.ts';

/** Archives of analyses, the rules that fill and empty them, and artifact lifecycle policies. */
export function wireArchives({ platform, images, findings, accounts, inventory }: Wiring): Part {
  const { database, objects, jobs, log } = platform;
  const archives = createArchiveService({ database, objects, images, findings });
  images.provideSource('archive', (account, source) => archives.restore(account, source.archive!.digest));
  accounts.onAccountDeleting((account) => archives.forget(account));
  jobs.define(
    transitionJob({
      database,
      archives,
      images,
      lastSeenRunning: inventory.lastSeenRunning,
      onError: (error, image) => log.warn({ err: error, ...image }, 'an archive rule could not move an image'),
    }),
  );
  const lifecycle = createLifecycleService({
    database,
    running: async (db, account) => new Set((await inventory.lastSeenRunning(db, account)).keys()),
  });
  const rules = createRuleService({ database });
  jobs.define(lifecycleJob({ database, lifecycle, images }));
  return {
    routes: [
      ...archiveRoutes({ archives, rules }),
      ...lifecycleRoutes(lifecycle),
      ...previewRoutes({ rules, transitions: { database, lastSeenRunning: inventory.lastSeenRunning }, lifecycle }),
    ],
    async start() {
      await jobs.schedule(TRANSITION_JOB, '11 */12 * * *', {});
      await jobs.schedule(LIFECYCLE_JOB, '41 */12 * * *', {});
    },
  };
}

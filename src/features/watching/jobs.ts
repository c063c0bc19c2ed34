import { z } from 'zod';
import type { ImageGateway } from '#features/images/index.ts';
import type { JobDefinition, Jobs } from '#platform/jobs/types.ts';
import { adoptSubscriptions } from './adopt.ts';
import { type RunDependencies, runWatches, type Watcher } from './run-watches.ts';
import { anythingDue, type WatchKind } from './store.ts';

const Payload = z.object({
  /** Only sees whether a run is needed. */
  again: z.boolean().optional(),
});
type Payload = z.output<typeof Payload>;

/** Job of each kind of watch: at most one of each runs, in whatever process. */
export const WATCH_JOBS = { tag: 'tag-watch', repository: 'repository-watch' } as const;

/** Longer than a run takes to end, once it has found nothing more. */
const AGAIN_SECONDS = 2;

/** Job: looks at everything of one kind that is due. */
export function watchJob(
  deps: RunDependencies & { jobs: Jobs; parse: ImageGateway['parse'] },
  watcher: Watcher,
): JobDefinition<Payload> {
  const { db } = deps.database;
  return {
    kind: WATCH_JOBS[watcher.kind],
    payload: Payload,
    concurrency: 1,
    leaseSeconds: 90,
    // What is due stays due: the next run is the retry.
    retries: 0,
    async run({ again }, job) {
      if (again) {
        if (await anythingDue(db, watcher.kind))
          await deps.jobs.send(db, WATCH_JOBS[watcher.kind], {}, { key: watcher.kind });
        return;
      }
      await adoptSubscriptions(db, watcher.kind, deps.parse, watcher.cycle);
      await runWatches(deps, watcher, job);
    },
  };
}

/**
 * Starts a watcher, unless it runs already. A run that has just found nothing more to do would miss what became due in
 * that moment: a second look makes sure.
 */
export async function startWatcher(jobs: Jobs, db: Parameters<Jobs['send']>[0], kind: WatchKind): Promise<void> {
  const started = await jobs.send<Payload>(db, WATCH_JOBS[kind], {}, { key: kind });
  if (started !== undefined) return;
  await jobs.send<Payload>(
    db,
    WATCH_JOBS[kind],
    { again: true },
    { key: `${kind} again`, delaySeconds: AGAIN_SECONDS },
  );
}

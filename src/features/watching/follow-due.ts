import type { Database } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import { startWatcher } from './jobs.ts';
import { anythingDue, forgiveChanged, retireWatches, type WatchKind } from './store.ts';

/** Longest time between two looks for something due, milliseconds: a push that came at a bad moment waits no longer. */
const LONGEST_PAUSE = 15_000;
const SHORTEST_PAUSE = 1_000;

/** Starts the watchers whose names are due; several processes may call it at the same time. Returns which. */
export async function startDueWatchers(database: Database, jobs: Jobs, kinds: readonly WatchKind[]) {
  const { db } = database;
  await forgiveChanged(db);
  await retireWatches(db);
  const started: WatchKind[] = [];
  for (const kind of kinds) {
    if (!(await anythingDue(db, kind))) continue;
    await startWatcher(jobs, db, kind);
    started.push(kind);
  }
  return started;
}

/** Looks again and again for what is due. `cycles` are seconds, by kind; a kind without one is off. */
export function followDue(
  database: Database,
  jobs: Jobs,
  cycles: Partial<Record<WatchKind, number>>,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  const kinds = Object.keys(cycles) as WatchKind[];
  if (kinds.length === 0) return { stop: async () => undefined };
  const shortest = Math.min(...Object.values(cycles));
  const pause = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, (shortest * 1000) / 12));
  let running: Promise<unknown> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = startDueWatchers(database, jobs, kinds)
      .catch(onError)
      .finally(() => {
        busy = false;
      });
  }, pause);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

import type { Database } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import { createClockSteps } from '#shared/clock-steps.ts';
import { startWatcher } from './jobs.ts';
import {
  anythingDue,
  databaseTime,
  forgiveChanged,
  pullForwardWatches,
  retireWatches,
  type WatchKind,
} from './store.ts';

/** Longest time between two looks for something due, milliseconds: a push that came at a bad moment waits no longer. */
const LONGEST_PAUSE = 15_000;
const SHORTEST_PAUSE = 1_000;
/** No look is ever put off for longer, seconds: a day, and what it strays. */
const LONGEST_WAIT = 100_000;

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

/** Mends what a clock that was set back does to times ahead, which would stop all watching until then. */
function createClockGuard(database: Database, cycles: Partial<Record<WatchKind, number>>): () => Promise<void> {
  const stepOf = createClockSteps();
  let started = false;
  return async () => {
    const step = stepOf(await databaseTime(database.db));
    if (started && step >= 0) return;
    for (const [kind, cycle] of Object.entries(cycles) as [WatchKind, number][]) {
      // At the start nothing is known of the time before: only what can never have been meant is mended.
      const limit = started ? cycle * 1.1 : Math.max(LONGEST_WAIT, cycle * 1.1);
      await pullForwardWatches(database.db, kind, { cycle, limit });
    }
    started = true;
  };
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
  const guardClock = createClockGuard(database, cycles);
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = guardClock()
      .then(() => startDueWatchers(database, jobs, kinds))
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

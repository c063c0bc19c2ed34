import type { Database } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import { POLL_JOB, type PollPayload } from './poll-job.ts';
import { claimDueClusters } from './store.ts';

const AT_ONCE = 100;

/** Queues the polls that are due; several processes may call it at the same time. Returns how many. */
export async function sendDuePolls(database: Database, jobs: Jobs, seconds: number): Promise<number> {
  return database.transaction(async (tx) => {
    const due = await claimDueClusters(tx, seconds, AT_ONCE);
    for (const { account, cluster_id: cluster } of due) {
      await jobs.send<PollPayload>(tx, POLL_JOB, { account, cluster }, { key: cluster });
    }
    return due.length;
  });
}

/**
 * Looks for due polls again and again: the interval may be shorter than the minute of recurring jobs. The timer does
 * not keep the process alive.
 */
export function followDuePolls(
  database: Database,
  jobs: Jobs,
  seconds: number,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  if (seconds <= 0) return { stop: async () => undefined };
  let running: Promise<unknown> = Promise.resolve();
  let busy = false;
  const timer = setInterval(
    () => {
      if (busy) return;
      busy = true;
      running = sendDuePolls(database, jobs, seconds)
        .catch(onError)
        .finally(() => {
          busy = false;
        });
    },
    Math.min(15_000, Math.max(1_000, seconds * 100)),
  );
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

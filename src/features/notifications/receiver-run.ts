import { DeliveryError, type DeliveryReceipt, type NotificationMessage } from '#notifiers/index.ts';
import type { Db } from '#platform/database/types.ts';
import { pauseWait, retryWait } from './back-off.ts';
import { type ClaimedDelivery, type Outcome, release, settleDeliveries } from './delivery-store.ts';

/** Requests to one receiver at once. */
const PARALLEL = 8;
/** A receiver that takes nothing is believed to be down after so many failures, */
const FAILURES_IN_A_ROW = 8;
/** and one that was down before after so many. */
const FAILURES_AGAIN = 2;
/** Outcomes wait no longer to be written, milliseconds: after a crash they are delivered again. */
const FLUSH_MS = 250;

export interface ReceiverRunDependencies {
  db: Db;
  send(message: NotificationMessage): Promise<DeliveryReceipt>;
  /** Seconds from the first failure of a delivery after which it is given up. */
  retrySeconds: number;
  now(): Date;
  signal: AbortSignal;
  /** No try starts afterwards, milliseconds of `performance.now()`: the claim ends soon. */
  until: number;
}

/** One message and the deliveries that it stands for. */
export interface Sending {
  deliveries: ClaimedDelivery[];
  message: NotificationMessage;
}

/**
 * Tries claimed deliveries of one configuration, several at once, and writes what came of them in batches. A delivery that
 * fails waits by itself; the receiver is left alone when it takes nothing or asks for it, and what was not tried is given back.
 */
export async function runReceiver(deps: ReceiverRunDependencies, sendings: readonly Sending[]): Promise<void> {
  const first = sendings[0]!.deliveries[0]!;
  const patience = first.failures > 0 ? FAILURES_AGAIN : FAILURES_IN_A_ROW;
  const waiting = [...sendings].reverse();
  let outcomes: Outcome[] = [];
  let [took, failed] = [0, 0];
  let lastError: string | null = null;
  let hold: number | undefined;
  let flushedAt = performance.now();
  let flushing = Promise.resolve();

  const over = (): boolean =>
    deps.signal.aborted || hold !== undefined || (took === 0 && failed >= patience) || performance.now() > deps.until;

  /** Statements follow each other, so that the state of the receiver is that of the last try. */
  function flush(): Promise<void> {
    flushedAt = performance.now();
    const written = outcomes;
    outcomes = [];
    if (written.length === 0) return flushing;
    const failures = took > 0 || failed === 0 ? 0 : first.failures + 1;
    const pause = hold ?? (failures > 0 ? pauseWait(failures, undefined) : null);
    const state = { error: lastError, failures, took: took > 0, pause };
    flushing = flushing.then(() => settleDeliveries(deps.db, first.configuration, written, state));
    return flushing;
  }

  async function attempt({ deliveries, message }: Sending): Promise<void> {
    try {
      const { status, response } = await deps.send(message);
      took += 1;
      lastError = null;
      note(deliveries, () => ({ state: 'delivered', error: null, response: `${status} ${response}`.trim(), retry: 0 }));
    } catch (error) {
      // Shut down in the middle: the lease runs out and the delivery is made again, with the same id.
      if (deps.signal.aborted) return;
      const failure = error instanceof DeliveryError ? error : new DeliveryError((error as Error).message);
      lastError = failure.message;
      if (!failure.permanent) failed += 1;
      if (failure.retryAfterSeconds !== undefined && !failure.permanent)
        hold = pauseWait(first.failures + 1, failure.retryAfterSeconds);
      const response = failure.receipt ? `${failure.receipt.status} ${failure.receipt.response}`.trim() : null;
      note(deliveries, (delivery) => ({
        state: failure.permanent || givenUp(delivery) ? 'dead' : 'pending',
        error: failure.message,
        response,
        retry: retryWait(delivery.attempts, failure.retryAfterSeconds),
      }));
    }
  }

  function note(deliveries: readonly ClaimedDelivery[], outcome: (delivery: ClaimedDelivery) => Omit<Outcome, 'id'>) {
    for (const delivery of deliveries) outcomes.push({ id: delivery.id, ...outcome(delivery) });
  }

  function givenUp({ first_failed_at: since }: ClaimedDelivery): boolean {
    return since !== null && deps.now().getTime() - since.getTime() >= deps.retrySeconds * 1000;
  }

  async function work(): Promise<void> {
    for (let next = over() ? undefined : waiting.pop(); next; next = over() ? undefined : waiting.pop()) {
      const before = failed;
      await attempt(next);
      if (failed > before || performance.now() - flushedAt > FLUSH_MS) await flush();
    }
  }

  await Promise.all(Array.from({ length: Math.min(PARALLEL, patience, waiting.length) }, work));
  await flush();
  const left = waiting.flatMap(({ deliveries }) => deliveries);
  if (left.length > 0) await release(deps.db, left);
}

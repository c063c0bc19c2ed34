import { DeliveryError, type NotificationMessage } from '#notifiers/index.ts';
import type { Database } from '#platform/database/types.ts';
import { composeDigest, composeEvent, composeWritten, type WrittenContent } from './compose.ts';
import {
  type ClaimedDelivery,
  claimDeliveries,
  deliveredLastMinute,
  dispatchEvents,
  type EventContent,
  postpone,
  settleDelivered,
  settleFailed,
} from './delivery-store.ts';
import { legacyNotification } from './legacy-webhooks.ts';
import { DeliveryOptions, quietUntil } from './options.ts';
import type { NotificationService } from './service.ts';

/** Events per statement. */
const BATCH = 500;
const PER_CONFIGURATION = 32;
/** Requests to one receiver at once. */
const PARALLEL = 8;
const CONFIGURATIONS = 16;
/** Longer than a whole group can take. */
const LEASE_SECONDS = 90;
const FIRST_RETRY_SECONDS = 2;
/** Wait of what exceeds the rate of its configuration. */
const RATE_PAUSE_MS = 10_000;
const LONGEST_RETRY_SECONDS = 900;

export interface DispatcherDependencies {
  database: Database;
  notifications: Pick<NotificationService, 'send' | 'unseal'>;
  settings: { retry_seconds: number; ui_url?: string | undefined };
  onError(error: unknown): void;
  now?(): Date;
}

const isWritten = (delivery: ClaimedDelivery) => 'written' in (delivery.content as object);

/** Carries events to receivers, in every process with the worker role. */
export interface Dispatcher {
  /** Writes deliveries of new events and tries what is due. Returns how many events and deliveries it dealt with. */
  tick(): Promise<number>;
  start(intervalMs?: number): void;
  /** Ends after the deliveries that are on their way. */
  stop(): Promise<void>;
}

/** Creates a dispatcher. A slow or broken receiver holds up its own deliveries only. */
export function createDispatcher(deps: DispatcherDependencies): Dispatcher {
  const { database, notifications, settings } = deps;
  const { db } = database;
  const now = deps.now ?? (() => new Date());
  const stopping = new AbortController();
  const busy = new Map<string, Promise<void>>();
  let loop: Promise<void> | undefined;
  let wake: (() => void) | undefined;

  async function deliver(group: ClaimedDelivery[]): Promise<void> {
    const options = DeliveryOptions.catch({}).parse(group[0]!.options);
    const quiet = quietUntil(options.quiet_hours, now());
    if (quiet) return postpone(db, group, quiet);
    if (options.digest_minutes !== undefined) return deliverDigest(group, options);
    let waiting = group;
    if (options.per_minute !== undefined) {
      const left = Math.max(0, options.per_minute - (await deliveredLastMinute(db, group[0]!.configuration)));
      waiting = group.slice(0, left);
      if (left < group.length) await postpone(db, group.slice(left), new Date(now().getTime() + RATE_PAUSE_MS));
    }
    let down: number | undefined;
    while (waiting.length > 0 && down === undefined && !stopping.signal.aborted) {
      const chunk = waiting.slice(0, PARALLEL);
      waiting = waiting.slice(PARALLEL);
      const pauses = await Promise.all(
        chunk.map(async (delivery) => attempt([delivery], await messageOf(delivery, options))),
      );
      down = pauses.find((pause) => pause !== undefined);
    }
    // The receiver is down: what was not tried waits with what was.
    if (down !== undefined && waiting.length > 0) await postpone(db, waiting, new Date(now().getTime() + down * 1000));
  }

  async function deliverDigest(group: ClaimedDelivery[], options: DeliveryOptions): Promise<void> {
    const due = group[0]!.created_at.getTime() + options.digest_minutes! * 60_000;
    if (due > now().getTime()) return postpone(db, group, new Date(due));
    // A message that somebody wrote is never folded into a digest.
    const [written, events] = [group.filter(isWritten), group.filter((delivery) => !isWritten(delivery))];
    for (const delivery of written) await attempt([delivery], await messageOf(delivery, options));
    if (events.length === 0) return;
    const contents = events.map((delivery) => delivery.content as EventContent);
    const first = events[0]!;
    const one = events.length === 1;
    await attempt(events, one ? await messageOf(first, options) : composeDigest(first.id, contents, settings.ui_url));
  }

  async function messageOf(delivery: ClaimedDelivery, options: DeliveryOptions): Promise<NotificationMessage> {
    const content = delivery.content as { written?: WrittenContent };
    if (content.written) return composeWritten(delivery.id, content.written);
    const event = delivery.content as EventContent;
    const message = composeEvent(delivery.id, event, options, settings.ui_url);
    if (delivery.endpoint !== 'legacy-webhook') return message;
    const { attempts: tries, created_at: createdAt } = delivery;
    const state = { tries, createdAt, retrySeconds: settings.retry_seconds };
    return { ...message, payload: await legacyNotification(db, delivery.description ?? '', event, state) };
  }

  /** Sends one message for the deliveries it stands for. Answers for how many seconds the receiver is left alone, if so. */
  async function attempt(group: ClaimedDelivery[], message: NotificationMessage): Promise<number | undefined> {
    const first = group[0]!;
    try {
      const values = { ...first.settings, ...notifications.unseal(first.secrets) };
      const receipt = await notifications.send(first.endpoint, values, message, stopping.signal);
      await settleDelivered(db, group, `${receipt.status} ${receipt.response}`.trim());
      return undefined;
    } catch (error) {
      // Shut down in the middle: the lease runs out and the delivery is made again, with the same id.
      if (stopping.signal.aborted) return undefined;
      const failure = error instanceof DeliveryError ? error : new DeliveryError((error as Error).message);
      const retryInSeconds = retryIn(first, failure);
      await settleFailed(db, group, {
        error: failure.message,
        response: failure.receipt && `${failure.receipt.status} ${failure.receipt.response}`.trim(),
        ...(retryInSeconds === undefined ? {} : { retryInSeconds }),
      });
      return retryInSeconds;
    }
  }

  /** Seconds until the next try: doubling, with jitter; undefined when there is none. */
  function retryIn({ attempts, created_at: since }: ClaimedDelivery, failure: DeliveryError): number | undefined {
    if (failure.permanent) return undefined;
    const age = (now().getTime() - since.getTime()) / 1000;
    if (age >= settings.retry_seconds) return undefined;
    const pause = Math.min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** Math.min(20, attempts - 1));
    return Math.max(failure.retryAfterSeconds ?? 0, pause * (0.75 + Math.random() * 0.5));
  }

  /** Takes what is due and starts it; does not wait for receivers. */
  async function startDue(): Promise<number> {
    const limits = {
      perConfiguration: PER_CONFIGURATION,
      configurations: CONFIGURATIONS - busy.size,
      leaseSeconds: LEASE_SECONDS,
    };
    if (limits.configurations <= 0) return 0;
    const claimed = await claimDeliveries(db, limits, [...busy.keys()]);
    const groups = Map.groupBy(claimed, (delivery) => delivery.configuration);
    for (const [configuration, group] of groups) {
      const run = deliver(group)
        .catch(deps.onError)
        .finally(() => {
          busy.delete(configuration);
          wake?.();
        });
      busy.set(configuration, run);
    }
    return claimed.length;
  }

  async function step(): Promise<number> {
    const events = await dispatchEvents(db, BATCH);
    return events + (await startDue());
  }

  async function run(intervalMs: number): Promise<void> {
    while (!stopping.signal.aborted) {
      const done = await step().catch((error: unknown) => {
        deps.onError(error);
        return 0;
      });
      if (done > 0) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, intervalMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wake = undefined;
    }
  }

  return {
    async tick() {
      const done = await step();
      await Promise.all(busy.values());
      return done;
    },
    start(intervalMs = 1_000) {
      loop ??= run(intervalMs);
    },
    async stop() {
      stopping.abort();
      wake?.();
      await loop;
      await Promise.all(busy.values());
    },
  };
}

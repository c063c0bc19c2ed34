import type { NotificationMessage } from '#notifiers/index.ts';
import type { Database } from '#platform/database/types.ts';
import { createClockSteps } from '#shared/clock-steps.ts';
import { composeDigest, composeEvent, composeWritten, type WrittenContent } from './compose.ts';
import {
  type ClaimedDelivery,
  claimDeliveries,
  deliveredLastMinute,
  dispatchEvents,
  type EventContent,
  postpone,
  pullForward,
} from './delivery-store.ts';
import { accountEmails } from './legacy-store.ts';
import { legacyNotification } from './legacy-webhooks.ts';
import { DeliveryOptions, quietUntil } from './options.ts';
import { runReceiver, type Sending } from './receiver-run.ts';
import type { NotificationService } from './service.ts';

/** Events per statement. */
const BATCH = 500;
const PER_CONFIGURATION = 64;
const CONFIGURATIONS = 16;
/** What a process that died was about to send waits no longer. */
const LEASE_SECONDS = 30;
/** No try starts later in a lease: it may take as long as a receiver is waited for. */
const TRYING_MS = 12_000;
/** Pause between two looks while events come, milliseconds: what comes meanwhile goes in one statement. */
const GATHER_MS = 100;
/** Wait of what exceeds the rate of its configuration. */
const RATE_PAUSE_MS = 10_000;
/** Longest pause after the clock was set back, seconds. */
const LONGEST_PAUSE = 60;

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
  const clockStep = createClockSteps();
  let loop: Promise<void> | undefined;
  let wake: (() => void) | undefined;
  /** A receiver was done with since the last look: more may have gathered for it. */
  let finished = false;

  async function deliver(group: ClaimedDelivery[], until: number): Promise<void> {
    const first = group[0]!;
    const options = DeliveryOptions.catch({}).parse(first.options);
    const quiet = quietUntil(options.quiet_hours, now());
    if (quiet) return postpone(db, group, quiet);
    const sendings = await (options.digest_minutes === undefined
      ? sendingsOf(group, options)
      : digestOf(group, options, options.digest_minutes));
    if (sendings.length === 0) return;
    const values = { ...first.settings, ...notifications.unseal(first.secrets) };
    await runReceiver(
      {
        db,
        send: (message) => notifications.send(first.endpoint, values, message, stopping.signal),
        retrySeconds: settings.retry_seconds,
        now,
        signal: stopping.signal,
        until,
      },
      sendings,
    );
  }

  /** A message for each delivery, as far as the rate of the configuration allows. */
  async function sendingsOf(group: ClaimedDelivery[], options: DeliveryOptions): Promise<Sending[]> {
    let allowed = group;
    if (options.per_minute !== undefined) {
      const left = Math.max(0, options.per_minute - (await deliveredLastMinute(db, group[0]!.configuration)));
      allowed = group.slice(0, left);
      if (left < group.length) await postpone(db, group.slice(left), new Date(now().getTime() + RATE_PAUSE_MS));
    }
    return messagesOf(allowed, options);
  }

  /** One message for all events that are gathered; none before it is time. */
  async function digestOf(group: ClaimedDelivery[], options: DeliveryOptions, minutes: number): Promise<Sending[]> {
    const due = group[0]!.created_at.getTime() + minutes * 60_000;
    if (due > now().getTime()) {
      await postpone(db, group, new Date(due));
      return [];
    }
    // A message that somebody wrote is never folded into a digest.
    const events = group.filter((delivery) => !isWritten(delivery));
    if (events.length < 2) return messagesOf(group, options);
    const contents = events.map((delivery) => delivery.content as EventContent);
    const message = composeDigest(events[0]!.id, contents, settings.ui_url);
    return [...(await messagesOf(group.filter(isWritten), options)), { deliveries: events, message }];
  }

  async function messagesOf(group: ClaimedDelivery[], options: DeliveryOptions): Promise<Sending[]> {
    const legacy = group[0]?.endpoint === 'legacy-webhook';
    const accounts = legacy ? group.map(({ content }) => (content as EventContent).resource.account_name) : [];
    const emails = legacy ? await accountEmails(db, [...new Set(accounts)]) : new Map<string, string>();
    return group.map((delivery) => ({ deliveries: [delivery], message: messageOf(delivery, options, emails) }));
  }

  function messageOf(
    delivery: ClaimedDelivery,
    options: DeliveryOptions,
    emails: ReadonlyMap<string, string>,
  ): NotificationMessage {
    const content = delivery.content as { written?: WrittenContent };
    if (content.written) return composeWritten(delivery.id, content.written);
    const event = delivery.content as EventContent;
    const message = composeEvent(delivery.id, event, options, settings.ui_url);
    if (delivery.endpoint !== 'legacy-webhook') return message;
    const { attempts: tries, created_at: createdAt } = delivery;
    const email = emails.get(event.resource.account_name);
    const state = { tries, createdAt, retrySeconds: settings.retry_seconds };
    return { ...message, payload: legacyNotification(delivery.description ?? '', event, email, state) };
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
    const until = performance.now() + TRYING_MS;
    const groups = Map.groupBy(claimed, (delivery) => delivery.configuration);
    for (const [configuration, group] of groups) {
      const run = deliver(group, until)
        .catch(deps.onError)
        .finally(() => {
          busy.delete(configuration);
          finished = true;
          wake?.();
        });
      busy.set(configuration, run);
    }
    return claimed.length;
  }

  async function step(): Promise<number> {
    const { count, at } = await dispatchEvents(db, BATCH);
    if (clockStep(at) < 0) await pullForward(db, { pausedSeconds: LONGEST_PAUSE, leaseSeconds: LEASE_SECONDS });
    return count + (await startDue());
  }

  async function run(intervalMs: number): Promise<void> {
    while (!stopping.signal.aborted) {
      finished = false;
      const done = await step().catch((error: unknown) => {
        deps.onError(error);
        return 0;
      });
      await pause(done >= BATCH ? 0 : Math.min(GATHER_MS, intervalMs));
      if (done === 0 && !finished) await pause(intervalMs);
    }
  }

  function pause(ms: number): Promise<void> {
    if (ms === 0 || stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      if (ms <= GATHER_MS) return;
      wake = () => {
        wake = undefined;
        clearTimeout(timer);
        resolve();
      };
    });
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

import { RegistryError } from '#engine/image/index.ts';
import { appendEvent, type EventName } from '#features/events/index.ts';
import type { RegistryCredentials, RegistryService } from '#features/registries/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { JobContext } from '#platform/jobs/types.ts';
import { AppError } from '#shared/errors.ts';
import type { Pace } from './pace.ts';
import { blockRegistry, findRegistryState, noteRegistryEvent, unblockRegistry } from './registry-store.ts';
import { concernsRegistry, mayRaise, nextLook, pauseAfter, registryPauseAfter } from './schedule.ts';
import { type DueWatch, dueWatches, failWatch, type Settled, settleWatches, type WatchKind } from './store.ts';

/** What a look found. */
export interface Look {
  seen_digest: string | null;
  seen_list: string | null;
  /** Stretches the time until the next look, for what is dear to ask. Default 1. */
  effort?: number;
}

/** One kind of watch. */
export interface Watcher {
  kind: WatchKind;
  /** Seconds between looks. */
  cycle: number;
  look(watch: DueWatch, credentials: RegistryCredentials | undefined, signal: AbortSignal): Promise<Look>;
  /** The event that tells of a failed look. */
  failureEvent(reason: string): EventName;
}

export interface RunDependencies {
  database: Database;
  registries: Pick<RegistryService, 'credentialLookup'>;
  pace: Pace;
}

/** A look ended because what is asked for is not there, or cannot be used; the name is to be tried later. */
export class LookError extends Error {
  override readonly name = 'LookError';
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

const BATCH = { total: 1_000, perRegistry: 200 };
/** Failures of a registry in a row after which the rest of its names is left for later. */
const GIVE_UP = 3;
const DAY_MS = 86_400_000;
/** An event tells of a failing registry no more often, milliseconds. */
const REGISTRY_EVENT_PAUSE_MS = 3_600_000;

/** Looks at everything that is due, until nothing is. Returns how many names were looked at. */
export async function runWatches(deps: RunDependencies, watcher: Watcher, job: JobContext): Promise<number> {
  const { db } = deps.database;
  let done = 0;
  for (;;) {
    job.signal.throwIfAborted();
    const due = await dueWatches(db, watcher.kind, BATCH);
    if (due.length === 0) return done;
    const groups = Map.groupBy(due, ({ account, registry }) => JSON.stringify([account, registry]));
    const lookups = new Map<string, ReturnType<typeof deps.registries.credentialLookup>>();
    const credentialsOf = (account: string) => {
      const known = lookups.get(account) ?? deps.registries.credentialLookup(db, account);
      lookups.set(account, known);
      return known;
    };
    await Promise.all([...groups.values()].map((group) => lookAt(deps, watcher, group, credentialsOf, job)));
    done += due.length;
    await job.progress({ names_done: done });
  }
}

type Lookup = Awaited<ReturnType<RunDependencies['registries']['credentialLookup']>>;

/** The due names of one registry, for one account. */
async function lookAt(
  deps: RunDependencies,
  watcher: Watcher,
  group: readonly DueWatch[],
  credentialsOf: (account: string) => Promise<Lookup>,
  job: JobContext,
): Promise<void> {
  const { db } = deps.database;
  const { account, registry, read_at: startedAt } = group[0] as DueWatch;
  const lookup = await credentialsOf(account);
  const settled: Settled[] = [];
  let failing: RegistryError | undefined;
  let inARow = 0;
  let answered = false;
  const stop = (): boolean => job.signal.aborted || (failing !== undefined && inARow >= GIVE_UP);
  await deps.pace.run(
    registry,
    group,
    async (watch) => {
      try {
        const look = await watcher.look(watch, lookup(registry, watch.repository), job.signal);
        answered = true;
        inARow = 0;
        failing = undefined;
        const turn = Math.floor(startedAt.getTime() / DAY_MS);
        const next = nextLook(watcher.cycle, `${registry}/${watch.repository}`, turn) * (look.effort ?? 1);
        settled.push({ ...look, subscription_id: watch.subscription_id, next });
      } catch (error) {
        if (job.signal.aborted) return;
        const failure = failureOf(error);
        if (error instanceof RegistryError && concernsRegistry(error.code)) {
          // One request too many is enough to know; other failures may be those of a moment.
          inARow += error.code === 'rate-limited' ? GIVE_UP : 1;
          failing = error;
        } else {
          answered = true;
          inARow = 0;
        }
        await noteFailure(deps.database, watcher, watch, failure, startedAt);
      }
      await job.progress({ registry });
    },
    stop,
  );
  await settleWatches(db, settled, startedAt);
  if (failing) await blockFailing(deps.database, watcher, group[0] as DueWatch, failing);
  else if (answered && ((await findRegistryState(db, account, registry))?.failures ?? 0) > 0)
    await unblockRegistry(db, account, registry);
}

function failureOf(error: unknown): { reason: string; message: string } {
  const message = (error as Error).message;
  if (error instanceof RegistryError) return { reason: error.code, message };
  if (error instanceof LookError) return { reason: error.reason, message };
  if (error instanceof AppError) return { reason: error.errorType, message };
  return { reason: 'internal', message };
}

/** One event for each kind of failure of a name, and again a day later. Those of a whole registry are told once for all names. */
async function noteFailure(
  database: Database,
  watcher: Watcher,
  watch: DueWatch,
  { reason, message }: { reason: string; message: string },
  startedAt: Date,
): Promise<void> {
  const event = !concernsRegistry(reason) && mayRaise(watch, reason, startedAt.getTime());
  const next = pauseAfter(watch.failures + 1, watcher.cycle);
  await database.transaction(async (tx) => {
    await failWatch(tx, watch.subscription_id, { reason, message, next, event }, startedAt);
    if (event) await raise(tx, watcher, watch, reason, message);
  });
}

async function blockFailing(
  database: Database,
  watcher: Watcher,
  watch: DueWatch,
  failure: RegistryError,
): Promise<void> {
  const asked = failure.retryAt === undefined ? 0 : (failure.retryAt - Date.now()) / 1000;
  await database.transaction(async (tx) => {
    const state = await blockRegistry(tx, watch.account, watch.registry, {
      pauses: (failures) => Math.max(asked, registryPauseAfter(failures)),
      message: failure.message,
    });
    if (state.last_event_at && Date.now() - state.last_event_at.getTime() < REGISTRY_EVENT_PAUSE_MS) return;
    await noteRegistryEvent(tx, watch.account, watch.registry);
    await raise(tx, watcher, watch, failure.code, failure.message);
  });
}

function raise(
  tx: Parameters<typeof appendEvent>[0],
  watcher: Watcher,
  watch: DueWatch,
  reason: string,
  message: string,
): Promise<string> {
  const name = `${watch.registry}/${watch.repository}`;
  const key = watch.tag === null ? name : `${name}:${watch.tag}`;
  return appendEvent(tx, {
    name: watcher.failureEvent(reason),
    account: watch.account,
    resource_id: key,
    details: {
      error: message,
      reason,
      subscription_id: watch.subscription_id,
    },
  });
}

import type { SubscriptionWatch } from '#contract/windlass-watching.ts';
import { findSubscription } from '#features/subscriptions/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import { badRequest, notFound } from '#shared/errors.ts';
import { startWatcher } from './jobs.ts';
import { listWatches, requestLook, WATCHED_TYPE, type WatchKind } from './store.ts';

export type WatchService = ReturnType<typeof createWatchService>;

/** What people see of the watchers. */
export function createWatchService(deps: { database: Database; jobs: Jobs; kinds: readonly WatchKind[] }) {
  const { database, jobs } = deps;
  return {
    async list(account: string, type?: string): Promise<SubscriptionWatch[]> {
      return (await listWatches(database.db, account, type)).map(viewOf);
    },

    /** Makes a watched name due at once. 404 for an unknown subscription, 400 for one that is not looked after. */
    async check(account: string, subscriptionId: string): Promise<void> {
      const row = await findSubscription(database.db, account, subscriptionId);
      if (!row) throw notFound(`subscription not found: ${subscriptionId}`);
      const kind = (Object.keys(WATCHED_TYPE) as WatchKind[]).find(
        (one) => WATCHED_TYPE[one] === row.subscription_type,
      );
      if (!kind) throw badRequest(`nothing is asked of a registry for subscriptions of type ${row.subscription_type}`);
      if (!row.active) throw badRequest('the subscription is not active');
      if (!deps.kinds.includes(kind)) throw badRequest('this watcher is turned off on this server');
      await database.transaction(async (tx) => {
        await requestLook(tx, account, subscriptionId);
        await startWatcher(jobs, tx, kind);
      });
    },
  };
}

function viewOf(row: Awaited<ReturnType<typeof listWatches>>[number]): SubscriptionWatch {
  const watched = Object.values(WATCHED_TYPE).some((type) => type === row.subscription_type);
  const state = (): SubscriptionWatch['state'] => {
    if (!row.active) return 'off';
    if (!watched) return 'on';
    if (row.last_reason === 'invalid-name') return 'invalid';
    if (row.blocked_until) return 'paused';
    if ((row.failures ?? 0) > 0) return 'failing';
    return row.checked_at ? 'watching' : 'waiting';
  };
  const next = [row.next_check_at, row.blocked_until].flatMap((time) => time?.getTime() ?? []);
  return {
    subscription_id: row.subscription_id,
    subscription_type: row.subscription_type,
    subscription_key: row.subscription_key,
    active: row.active,
    state: state(),
    known: row.known,
    seen_digest: row.seen_digest,
    checked_at: row.checked_at?.toISOString() ?? null,
    changed_at: row.changed_at?.toISOString() ?? null,
    next_check_at: row.active && next.length > 0 ? new Date(Math.max(...next)).toISOString() : null,
    failures: row.failures ?? 0,
    error: row.last_error ?? (row.blocked_until ? row.registry_error : null),
  };
}

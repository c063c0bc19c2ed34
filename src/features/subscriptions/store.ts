import { createHash } from 'node:crypto';
import type { Db } from '#platform/database/types.ts';

/** Kinds of subscription that clients may create. */
export const SUBSCRIPTION_TYPES = [
  'tag_update',
  'policy_eval',
  'vuln_update',
  'analysis_update',
  'repo_update',
  'alerts',
  'runtime_inventory',
] as const;
export type SubscriptionType = (typeof SUBSCRIPTION_TYPES)[number];

export interface SubscriptionFilter {
  subscription_key?: string;
  subscription_type?: string;
}

/** Stable id that clients of both API versions compute: md5 of account, key and type joined by `+`. */
export function subscriptionId(account: string, key: string, type: string): string {
  return createHash('md5').update(`${account}+${key}+${type}`).digest('hex');
}

export function listSubscriptions(db: Db, account: string, filter: SubscriptionFilter) {
  let query = db.selectFrom('subscription').selectAll().where('account', '=', account);
  if (filter.subscription_key) query = query.where('subscription_key', '=', filter.subscription_key);
  if (filter.subscription_type) query = query.where('subscription_type', '=', filter.subscription_type);
  return query.orderBy('created_at').orderBy('subscription_id').execute();
}

/** `lock` keeps others from changing it until the end of the transaction. */
export function findSubscription(db: Db, account: string, id: string, { lock = false } = {}) {
  return db
    .selectFrom('subscription')
    .selectAll()
    .where('account', '=', account)
    .where('subscription_id', '=', id)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
}

export interface NewSubscription {
  type: SubscriptionType;
  key: string;
  value: string | null;
  active: boolean;
}

/** Inserts subscriptions that do not exist yet; existing ones keep their state. Returns the rows that were new. */
export function insertSubscriptions(db: Db, account: string, subscriptions: NewSubscription[]) {
  return db
    .insertInto('subscription')
    .values(
      subscriptions.map((s) => ({
        subscription_id: subscriptionId(account, s.key, s.type),
        account,
        subscription_type: s.type,
        subscription_key: s.key,
        subscription_value: s.value,
        active: s.active,
      })),
    )
    .onConflict((conflict) => conflict.column('subscription_id').doNothing())
    .returningAll()
    .execute();
}

export function updateSubscription(
  db: Db,
  account: string,
  id: string,
  change: { active?: boolean; subscription_value?: string | null },
) {
  return db
    .updateTable('subscription')
    .set({ ...change, last_updated: new Date() })
    .where('account', '=', account)
    .where('subscription_id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

export async function deleteSubscription(db: Db, account: string, id: string): Promise<boolean> {
  const result = await db
    .deleteFrom('subscription')
    .where('account', '=', account)
    .where('subscription_id', '=', id)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** The four subscriptions that every added tag gets. */
export async function subscribeTag(db: Db, account: string, fullTag: string, autoSubscribe: boolean): Promise<void> {
  await insertSubscriptions(db, account, [
    { type: 'analysis_update', key: fullTag, value: null, active: true },
    { type: 'tag_update', key: fullTag, value: null, active: autoSubscribe },
    { type: 'policy_eval', key: fullTag, value: null, active: false },
    { type: 'vuln_update', key: fullTag, value: null, active: false },
  ]);
  if (autoSubscribe)
    await updateSubscription(db, account, subscriptionId(account, fullTag, 'tag_update'), { active: true });
}

/** Active subscriptions of a tag, or of any of several. */
export function activeSubscriptions(db: Db, account: string, fullTags: string[]) {
  return db
    .selectFrom('subscription')
    .selectAll()
    .where('account', '=', account)
    .where('active', '=', true)
    .where('subscription_key', 'in', fullTags)
    .execute();
}

/** Of these tags, those with an active subscription of a type. */
export async function subscribedTags(
  db: Db,
  account: string,
  type: SubscriptionType,
  fullTags: readonly string[],
): Promise<Set<string>> {
  if (fullTags.length === 0) return new Set();
  const rows = await db
    .selectFrom('subscription')
    .select('subscription_key')
    .where('account', '=', account)
    .where('subscription_type', '=', type)
    .where('active', '=', true)
    .where('subscription_key', 'in', [...fullTags])
    .execute();
  return new Set(rows.map((row) => row.subscription_key));
}

/** Switches off every tag subscription of these tags. */
export async function deactivateTags(db: Db, account: string, fullTags: string[]): Promise<void> {
  if (fullTags.length === 0) return;
  await db
    .updateTable('subscription')
    .set({ active: false, last_updated: new Date() })
    .where('account', '=', account)
    .where('subscription_key', 'in', fullTags)
    .where('active', '=', true)
    .execute();
}

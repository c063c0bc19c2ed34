import { type Selectable, sql } from 'kysely';
import { json, storableText } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type WatchKind = 'tag' | 'repository';
export type WatchRow = Selectable<Schema['watch']>;

/** Subscription type of each kind of watch. */
export const WATCHED_TYPE = { tag: 'tag_update', repository: 'repo_update' } as const;

/** An active subscription that no watch belongs to yet. */
export interface NewSubscription {
  subscription_id: string;
  account: string;
  subscription_key: string;
}

/** Active subscriptions of every account that have no watch yet. */
export async function unwatched(db: Db, kind: WatchKind, limit: number): Promise<NewSubscription[]> {
  const { rows } = await sql<NewSubscription>`
    select s.subscription_id, s.account, s.subscription_key from subscription s
    join account a on a.name = s.account and a.state = 'enabled'
    where s.active and not s.watched and s.subscription_type = ${WATCHED_TYPE[kind]}
    order by s.subscription_id limit ${limit}`.execute(db);
  return rows;
}

/** A watch to be made; a name that cannot be watched carries the reason. */
export interface NewWatch {
  subscription_id: string;
  account: string;
  registry: string;
  repository: string;
  tag: string | null;
  /** Seconds until the first look when the tag is known already; a tag that is not known is looked at now. */
  first: number;
  error: string | null;
}

/** Makes watches for subscriptions of every account. A tag that points to an image starts from what it points to. */
export async function insertWatches(db: Db, kind: WatchKind, watches: readonly NewWatch[]): Promise<void> {
  await sql`
    with watched as (
      update subscription set watched = true where subscription_id = any(${watches.map((one) => one.subscription_id)}::text[])
    )
    insert into watch (subscription_id, account, kind, registry, repository, tag, seen_digest, next_check_at, failures,
      last_error, last_reason)
    select n.subscription_id, n.account, ${kind}, n.registry, n.repository, n.tag, coalesce(i.parent_digest, i.digest),
      case when n.error is not null then 'infinity'::timestamptz
        when ${kind} = 'tag' and i.digest is null then now()
        else now() + make_interval(secs => n.first) end,
      case when n.error is null then 0 else 1 end, n.error, case when n.error is null then null else 'invalid-name' end
    from jsonb_to_recordset(${json(watches)}::jsonb)
      as n(subscription_id text, account text, registry text, repository text, tag text, first float8, error text)
    join subscription s on s.subscription_id = n.subscription_id
    left join tag_mapping t on t.account = n.account and t.registry = n.registry and t.repository = n.repository
      and t.tag = n.tag and t.closed_at is null
    left join image i on i.account = t.account and i.digest = t.digest and i.image_status = 'active'
    on conflict do nothing`.execute(db);
}

/** Forgets watches of every account whose subscription was switched off and that are due: it may be switched on again. */
export async function retireWatches(db: Db): Promise<void> {
  await sql`
    with retired as (
      delete from watch w using subscription s
      where s.subscription_id = w.subscription_id and not s.active and w.next_check_at <= now()
      returning w.subscription_id
    )
    update subscription set watched = false where subscription_id in (select subscription_id from retired)`.execute(db);
}

/** What a look needs to know. */
export interface DueWatch {
  subscription_id: string;
  account: string;
  registry: string;
  repository: string;
  tag: string | null;
  seen_digest: string | null;
  seen_list: string | null;
  failures: number;
  last_event_at: Date | null;
  last_event_reason: string | null;
  subscription_value: string | null;
  /** Time of the database when this was read: what is asked for later makes the name due again. */
  read_at: Date;
}

const isDue = (kind: WatchKind) => sql`
  w.kind = ${kind} and w.next_check_at <= now()
  and exists (select 1 from account a where a.name = w.account and a.state = 'enabled')
  and exists (select 1 from subscription s where s.subscription_id = w.subscription_id and s.active)
  and not exists (select 1 from watch_registry r
    where r.account = w.account and r.registry = w.registry and r.blocked_until > now())`;

/** What time it is for the database. */
export async function databaseTime(db: Db): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`select now() as at`.execute(db);
  return rows[0]!.at;
}

/**
 * Spreads looks (of every account) that are more than `limit` seconds away over the next `cycle` seconds, and ends pauses of
 * registries that are longer than an hour: the clock was set back.
 */
export async function pullForwardWatches(
  db: Db,
  kind: WatchKind,
  seconds: { cycle: number; limit: number },
): Promise<void> {
  await sql`
    update watch set next_check_at = now() + make_interval(secs => random() * ${seconds.cycle}::float8)
    where kind = ${kind} and next_check_at > now() + make_interval(secs => ${seconds.limit}::float8) and next_check_at < 'infinity'`.execute(
    db,
  );
  await sql`update watch_registry set blocked_until = now() where blocked_until > now() + interval '90 minutes'`.execute(
    db,
  );
}

/** Whether there is anything to do for a kind of watch, of any account. */
export async function anythingDue(db: Db, kind: WatchKind): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    select exists (select 1 from watch w where ${isDue(kind)}) or exists (
      select 1 from subscription s
      join account a on a.name = s.account and a.state = 'enabled'
      where s.active and not s.watched and s.subscription_type = ${WATCHED_TYPE[kind]}
    ) as due`.execute(db);
  return rows[0]?.due ?? false;
}

/** Due watches of every account, oldest first, names of a repository together; at most `perRegistry` of one registry. */
export async function dueWatches(
  db: Db,
  kind: WatchKind,
  limits: { total: number; perRegistry: number },
): Promise<DueWatch[]> {
  const { rows } = await sql<DueWatch>`
    select d.subscription_id, d.account, d.registry, d.repository, d.tag, d.seen_digest, d.seen_list, d.failures,
      d.last_event_at, d.last_event_reason, s.subscription_value, now() as read_at
    from (
      select w.*, row_number() over (partition by w.account, w.registry order by w.next_check_at, w.repository) as place
      from watch w where ${isDue(kind)}
    ) d
    join subscription s on s.subscription_id = d.subscription_id
    where d.place <= ${limits.perRegistry}
    order by d.next_check_at limit ${limits.total}`.execute(db);
  return rows;
}

/** A look that found nothing wrong. */
export interface Settled {
  subscription_id: string;
  /** Seconds until the next one. */
  next: number;
  seen_digest: string | null;
  seen_list: string | null;
}

/** Notes looks of every account that went well, in one statement. What was asked for meanwhile stays due. */
export async function settleWatches(db: Db, settled: readonly Settled[], startedAt: Date): Promise<void> {
  if (settled.length === 0) return;
  await sql`
    update watch w set
      next_check_at = case when w.requested_at > ${startedAt} then now() else now() + make_interval(secs => n.next) end,
      changed_at = case when w.seen_digest is distinct from n.seen_digest or w.changed_at is null then now() else w.changed_at end,
      checked_at = now(), seen_digest = n.seen_digest, seen_list = n.seen_list, failures = 0, last_error = null,
      last_reason = null
    from jsonb_to_recordset(${json(settled)}::jsonb)
      as n(subscription_id text, next float8, seen_digest text, seen_list text)
    where w.subscription_id = n.subscription_id`.execute(db);
}

/** Notes a look (of any account) that failed. */
export async function failWatch(
  db: Db,
  subscriptionId: string,
  failure: { reason: string; message: string; next: number; event: boolean },
  startedAt: Date,
): Promise<void> {
  await sql`
    update watch set failures = failures + 1, last_error = ${storableText(failure.message)}, last_reason = ${failure.reason},
      checked_at = now(),
      next_check_at = case when requested_at > ${startedAt} then now() else now() + make_interval(secs => ${failure.next}::float8) end,
      last_event_at = case when ${failure.event} then now() else last_event_at end,
      last_event_reason = case when ${failure.event} then ${failure.reason} else last_event_reason end
    where subscription_id = ${subscriptionId}`.execute(db);
}

/** Ends the pauses of whatever failed before the credential for it was changed, in all accounts. */
export async function forgiveChanged(db: Db): Promise<void> {
  await sql`
    delete from watch_registry w using registry r
    where r.account = w.account and r.last_updated > w.failed_at
      and rtrim(split_part(r.registry, '/', 1), '*') = left(w.registry, length(rtrim(split_part(r.registry, '/', 1), '*')))`.execute(
    db,
  );
  await sql`
    update watch w set next_check_at = now(), failures = 0
    from registry r
    where w.failures > 0 and w.last_reason <> 'invalid-name' and r.account = w.account and r.last_updated > w.checked_at
      and rtrim(split_part(r.registry, '/', 1), '*') = left(w.registry, length(rtrim(split_part(r.registry, '/', 1), '*')))`.execute(
    db,
  );
}

/** A push that a registry told of: a repository, and a tag when it is known. */
export interface Push {
  registry: string;
  repository: string;
  tag?: string;
}

/** Makes the watches of an account that pushes concern due at once; returns of which kinds, and how many. */
export async function requestLooks(
  db: Db,
  account: string,
  pushes: readonly Push[],
): Promise<Record<WatchKind, number>> {
  const { rows } = await sql<{ kind: WatchKind; count: number }>`
    with pushed as (
      select distinct registry, repository, tag
      from jsonb_to_recordset(${json(pushes)}::jsonb) as p(registry text, repository text, tag text)
    ), marked as (
      update watch w set next_check_at = now(), requested_at = now()
      from pushed p, subscription s
      where w.account = ${account} and w.registry = p.registry and w.repository = p.repository
        and s.subscription_id = w.subscription_id and s.active and w.last_reason is distinct from 'invalid-name'
        and (w.kind = 'repository' or p.tag is null or w.tag = p.tag)
      returning w.subscription_id, w.kind
    )
    select kind, count(distinct subscription_id)::int as count from marked group by kind`.execute(db);
  const counts = { tag: 0, repository: 0 };
  for (const { kind, count } of rows) counts[kind] = count;
  return counts;
}

/** Subscriptions of an account with what is known about looking after them. */
export async function listWatches(db: Db, account: string, type?: string) {
  const { rows } = await sql<
    Pick<WatchRow, 'seen_digest' | 'checked_at' | 'changed_at' | 'last_error' | 'last_reason'> & {
      subscription_id: string;
      subscription_type: string;
      subscription_key: string;
      active: boolean;
      failures: number | null;
      next_check_at: Date | null;
      never: boolean | null;
      blocked_until: Date | null;
      registry_error: string | null;
      known: boolean;
    }
  >`
    with known as (
      select registry || '/' || repository || ':' || tag as name from tag_mapping
      where account = ${account} and closed_at is null
      union
      select registry || '/' || repository from tag_mapping where account = ${account} and closed_at is null
    )
    select s.subscription_id, s.subscription_type, s.subscription_key, s.active, w.seen_digest, w.checked_at, w.changed_at,
      w.failures, w.last_error, w.last_reason, w.next_check_at = 'infinity' as never,
      case when w.next_check_at = 'infinity' then null else w.next_check_at end as next_check_at,
      case when r.blocked_until > now() then r.blocked_until end as blocked_until, r.last_error as registry_error,
      known.name is not null as known
    from subscription s
    left join watch w on w.subscription_id = s.subscription_id and w.account = ${account}
    left join watch_registry r on r.account = ${account} and r.registry = w.registry
    left join known on known.name = s.subscription_key
    where s.account = ${account} ${type ? sql`and s.subscription_type = ${type}` : sql``}
    order by s.subscription_type, s.subscription_key`.execute(db);
  return rows;
}

/** Makes one watch of an account due at once. */
export async function requestLook(db: Db, account: string, subscriptionId: string): Promise<void> {
  await db
    .updateTable('watch')
    .set({ next_check_at: sql<Date>`now()`, requested_at: sql<Date>`now()` })
    .where('account', '=', account)
    .where('subscription_id', '=', subscriptionId)
    .where(sql<boolean>`last_reason is distinct from 'invalid-name'`)
    .execute();
}

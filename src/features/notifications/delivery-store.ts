import { type Selectable, sql } from 'kysely';
import type { DeliveryEndpoint } from '#notifiers/index.ts';
import { json, storableText } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type DeliveryRow = Selectable<Schema['notification_delivery']>;
export type DeliveryState = 'pending' | 'sending' | 'delivered' | 'dead';

/** An event as deliveries carry it. */
export interface EventContent {
  id: string;
  type: string;
  level: string;
  message: string;
  details: unknown;
  timestamp: string;
  resource: { account_name: string; id: string; type: string };
  source: unknown;
}

/**
 * Writes the deliveries of events (of every account) that have none yet, and marks those events. An event goes to each
 * configuration with a selector that fits it; global selectors, which only administrators may have, see every account.
 * Returns how many events were looked at.
 */
export async function dispatchEvents(db: Db, limit: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with batch as (
      select event_id from event where not dispatched order by created_at limit ${limit} for update skip locked
    ), written as (
      insert into notification_delivery (id, account, configuration, event_id, created_at, content)
      select distinct on (c.uuid, e.event_id) gen_random_uuid(), c.account, c.uuid, e.event_id, e.created_at,
        jsonb_build_object('id', e.event_id, 'type', e.type, 'level', lower(e.level), 'message', e.message,
          'details', e.details, 'timestamp', to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
          'resource', jsonb_build_object('account_name', e.account, 'id', e.resource_id, 'type', e.resource_type),
          'source', e.source)
      from batch b
      join event e on e.event_id = b.event_id
      join notification_selector s on (s.level = '*' or s.level = lower(e.level))
        and (s.resource_type = '*' or s.resource_type = e.resource_type)
        and e.type like s.type_pattern
        and (s.account = e.account or s.scope = 'global')
      join notification_configuration c on c.uuid = s.configuration
      join account a on a.name = c.account and a.state = 'enabled' and (s.scope = 'account' or a.type = 'admin')
      left join notification_endpoint p on p.name = c.endpoint
      where coalesce(p.enabled, true)
      on conflict do nothing
    ), marked as (
      update event set dispatched = true where event_id in (select event_id from batch)
    )
    select count(*)::int as count from batch`.execute(db);
  return rows[0]?.count ?? 0;
}

/** A delivery about to be tried, with what it needs. */
export interface ClaimedDelivery {
  id: string;
  account: string;
  configuration: string;
  endpoint: DeliveryEndpoint;
  /** What a configuration of the installation is for. */
  description: string | null;
  content: unknown;
  attempts: number;
  created_at: Date;
  settings: Record<string, unknown>;
  secrets: string | null;
  options: Record<string, unknown>;
}

/**
 * Takes deliveries (of every account) that are due, at most `perConfiguration` of each, so that a slow receiver holds up
 * nobody else. What was taken and not settled within the lease is taken again.
 */
export async function claimDeliveries(
  db: Db,
  limits: { perConfiguration: number; configurations: number; leaseSeconds: number },
  busy: readonly string[],
): Promise<ClaimedDelivery[]> {
  const { rows } = await sql<ClaimedDelivery>`
    with due as (
      select d.id, c.uuid, c.endpoint, c.description, c.settings, c.secrets, c.options
      from (
        select c.* from notification_configuration c
        left join notification_endpoint p on p.name = c.endpoint
        where coalesce(p.enabled, true) and (c.paused_until is null or c.paused_until <= now())
          and not c.uuid = any(${[...busy]}::uuid[])
          and exists (select 1 from notification_delivery d where d.configuration = c.uuid
            and d.state in ('pending', 'sending') and d.next_attempt_at <= now())
        order by c.last_attempt_at nulls first
        limit ${limits.configurations}
      ) c
      cross join lateral (
        select id from notification_delivery d
        where d.configuration = c.uuid and d.state in ('pending', 'sending') and d.next_attempt_at <= now()
        order by d.next_attempt_at, d.created_at
        limit case when (c.options ->> 'digest_minutes') is null then ${limits.perConfiguration}::int else 500 end
        for update skip locked
      ) d
    )
    update notification_delivery d
    set state = 'sending', attempts = d.attempts + 1, next_attempt_at = now() + make_interval(secs => ${limits.leaseSeconds})
    from due
    where d.id = due.id
    returning d.id, d.account, d.configuration, due.endpoint, due.description, d.content, d.attempts, d.created_at, due.settings,
      due.secrets, due.options`.execute(db);
  return rows.sort((a, b) => a.created_at.getTime() - b.created_at.getTime());
}

/** Notes that a receiver took deliveries (of every account: their ids come from a claim). */
export async function settleDelivered(db: Db, deliveries: ClaimedDelivery[], response: string): Promise<void> {
  const ids = deliveries.map((delivery) => delivery.id);
  await sql`
    update notification_delivery set state = 'delivered', delivered_at = now(), error = null, response = ${storableText(response)}
    where id = any(${ids}::uuid[])`.execute(db);
  await sql`
    update notification_configuration
    set status = 'healthy', last_error = null, last_attempt_at = now(), last_success_at = now(), failures = 0, paused_until = null
    where uuid = ${deliveries[0]!.configuration}`.execute(db);
}

/** Notes a failure (for every account: ids come from a claim): the deliveries are tried again at a time, or never; the whole configuration waits with them. */
export async function settleFailed(
  db: Db,
  deliveries: ClaimedDelivery[],
  failure: { error: string; response?: string | undefined; retryInSeconds?: number },
): Promise<void> {
  const ids = deliveries.map((delivery) => delivery.id);
  const retry = failure.retryInSeconds ?? null;
  await sql`
    update notification_delivery
    set state = case when ${retry}::float8 is null then 'dead' else 'pending' end, error = ${storableText(failure.error)},
      response = ${failure.response === undefined ? null : storableText(failure.response)},
      next_attempt_at = now() + make_interval(secs => coalesce(${retry}::float8, 0))
    where id = any(${ids}::uuid[])`.execute(db);
  await sql`
    update notification_configuration
    set status = 'unhealthy', last_error = ${storableText(failure.error)}, last_attempt_at = now(), failures = failures + 1,
      paused_until = case when ${retry}::float8 is null then null else now() + make_interval(secs => ${retry}::float8) end
    where uuid = ${deliveries[0]!.configuration}`.execute(db);
}

/** Puts claimed deliveries (of every account) back, untried, until a time: quiet hours, digests and rates. */
export async function postpone(db: Db, deliveries: ClaimedDelivery[], until: Date): Promise<void> {
  const ids = deliveries.map((delivery) => delivery.id);
  await sql`
    update notification_delivery set state = 'pending', attempts = attempts - 1, next_attempt_at = ${until}
    where id = any(${ids}::uuid[])`.execute(db);
  await sql`
    update notification_configuration set paused_until = ${until} where uuid = ${deliveries[0]!.configuration}`.execute(
    db,
  );
}

/** Filters of the delivery log. */
export interface DeliveryFilter {
  configuration?: string;
  state?: DeliveryState;
  before?: Date;
}

/** Newest first. */
export function listDeliveries(db: Db, account: string, filter: DeliveryFilter, limit: number) {
  let query = db
    .selectFrom('notification_delivery as d')
    .innerJoin('notification_configuration as c', 'c.uuid', 'd.configuration')
    .selectAll('d')
    .select('c.endpoint')
    .where('d.account', '=', account);
  if (filter.configuration) query = query.where('d.configuration', '=', filter.configuration);
  if (filter.state) query = query.where('d.state', '=', filter.state);
  if (filter.before) query = query.where('d.created_at', '<', filter.before);
  return query.orderBy('d.created_at', 'desc').orderBy('d.id').limit(limit).execute();
}

/** Makes a delivery due again; false when the account has none of this id, or it is on its way. */
export async function replayDelivery(db: Db, account: string, id: string): Promise<boolean> {
  const result = await db
    .updateTable('notification_delivery')
    .set({ state: 'pending', attempts: 0, next_attempt_at: sql`now()`, error: null, delivered_at: null })
    .where('account', '=', account)
    .where('id', '=', id)
    .where('state', 'in', ['delivered', 'dead', 'pending'])
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Queues a message that belongs to no event. */
export async function insertDelivery(
  db: Db,
  delivery: { id: string; account: string; configuration: string; content: unknown },
): Promise<void> {
  await db
    .insertInto('notification_delivery')
    .values({ ...delivery, content: json(delivery.content) })
    .execute();
}

/** Forgets deliveries of every account that are over and older than so many days. */
export async function expireDeliveries(db: Db, days: number): Promise<void> {
  await sql`
    delete from notification_delivery
    where state in ('delivered', 'dead') and created_at < now() - make_interval(days => ${days})`.execute(db);
}

/** How many deliveries of a configuration (of every account: it comes from a claim) succeeded within the last minute. */
export async function deliveredLastMinute(db: Db, configuration: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from notification_delivery
    where configuration = ${configuration} and delivered_at > now() - interval '1 minute'`.execute(db);
  return rows[0]?.count ?? 0;
}

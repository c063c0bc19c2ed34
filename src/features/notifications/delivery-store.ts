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
 * Returns how many events were looked at, and what time it is for the database.
 */
export async function dispatchEvents(db: Db, limit: number): Promise<{ count: number; at: Date }> {
  const { rows } = await sql<{ count: number; at: Date }>`
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
    select count(*)::int as count, now() as at from batch`.execute(db);
  return rows[0]!;
}

/** Writes the deliveries of all events that have none yet, so that events may be deleted without being lost for their receivers. */
export async function dispatchAll(db: Db): Promise<void> {
  while ((await dispatchEvents(db, 500)).count === 500);
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
  first_failed_at: Date | null;
  settings: Record<string, unknown>;
  secrets: string | null;
  options: Record<string, unknown>;
  /** How often in a row the receiver took nothing. */
  failures: number;
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
      select d.id, c.uuid, c.endpoint, c.description, c.settings, c.secrets, c.options, c.failures
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
    returning d.id, d.account, d.configuration, due.endpoint, due.description, d.content, d.attempts, d.created_at,
      d.first_failed_at, due.settings, due.secrets, due.options, due.failures`.execute(db);
  return rows.sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1));
}

/** To the microsecond where the content says so: many events have the same millisecond. */
function timeOf({ content, created_at: created }: ClaimedDelivery): string {
  return (content as { timestamp?: string }).timestamp ?? created.toISOString();
}

/** How one try of a delivery ended. */
export interface Outcome {
  id: string;
  state: 'delivered' | 'pending' | 'dead';
  error: string | null;
  /** What the receiver said. */
  response: string | null;
  /** Seconds until the next try of what is pending. */
  retry: number;
}

/** What a configuration is after some tries. */
export interface ReceiverState {
  /** Failure of the last try. */
  error: string | null;
  /** Failures in a row, when nothing was taken. */
  failures: number;
  /** Whether anything was taken. */
  took: boolean;
  /** For how many seconds the receiver is left alone. */
  pause: number | null;
}

/**
 * Notes how tries of one configuration (of any account: it comes from a claim) ended, in one statement. What another
 * process has settled meanwhile, because the lease was over, stays as that process left it.
 */
export async function settleDeliveries(
  db: Db,
  configuration: string,
  outcomes: readonly Outcome[],
  { error, failures, took, pause }: ReceiverState,
): Promise<void> {
  await sql`
    with settled as (
      update notification_delivery d
      set state = o.state, error = o.error, response = o.response,
        delivered_at = case when o.state = 'delivered' then now() end,
        first_failed_at = case when o.state = 'delivered' then d.first_failed_at else coalesce(d.first_failed_at, now()) end,
        next_attempt_at = now() + make_interval(secs => o.retry)
      from jsonb_to_recordset(${json(outcomes)}::jsonb) as o(id uuid, state text, error text, response text, retry float8)
      where d.id = o.id and d.state = 'sending'
    )
    update notification_configuration
    set status = ${error === null ? 'healthy' : 'unhealthy'}, last_attempt_at = now(), failures = ${failures},
      last_error = ${error === null ? null : storableText(error)},
      last_success_at = case when ${took} then now() else last_success_at end,
      paused_until = now() + make_interval(secs => ${pause}::float8)
    where uuid = ${configuration}`.execute(db);
}

/** Gives claimed deliveries (of every account) back as they were. */
export async function release(db: Db, deliveries: readonly ClaimedDelivery[]): Promise<void> {
  await sql`
    update notification_delivery set state = 'pending', attempts = attempts - 1, next_attempt_at = now()
    where id = any(${deliveries.map(({ id }) => id)}::uuid[]) and state = 'sending'`.execute(db);
}

/** After the clock was set back: nothing (of any account) waits for a time that is far off now. */
export async function pullForward(db: Db, waits: { pausedSeconds: number; leaseSeconds: number }): Promise<void> {
  await sql`
    update notification_delivery
    set next_attempt_at = now() + make_interval(secs => case state when 'pending' then ${waits.pausedSeconds}::float8 else ${waits.leaseSeconds}::float8 end)
    where state in ('pending', 'sending') and next_attempt_at > now() + make_interval(secs => ${waits.leaseSeconds}::float8)`.execute(
    db,
  );
  await sql`
    update notification_configuration set paused_until = now() + make_interval(secs => ${waits.pausedSeconds}::float8)
    where paused_until > now() + make_interval(secs => ${waits.pausedSeconds}::float8)`.execute(db);
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

/** A delivery as if it had never been tried. */
const ANEW = {
  state: 'pending',
  attempts: 0,
  next_attempt_at: sql<Date>`now()`,
  error: null,
  delivered_at: null,
  first_failed_at: null,
} as const;

/** Makes a delivery due again; false when the account has none of this id, or it is on its way. */
export async function replayDelivery(db: Db, account: string, id: string): Promise<boolean> {
  const result = await db
    .updateTable('notification_delivery')
    .set(ANEW)
    .where('account', '=', account)
    .where('id', '=', id)
    .where('state', 'in', ['delivered', 'dead', 'pending'])
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Makes deliveries of an account that were given up due again. Returns how many. */
export async function replayDead(
  db: Db,
  account: string,
  filter: { configuration?: string; since?: Date },
): Promise<number> {
  let query = db
    .updateTable('notification_delivery')
    .set(ANEW)
    .where('account', '=', account)
    .where('state', '=', 'dead');
  if (filter.configuration) query = query.where('configuration', '=', filter.configuration);
  if (filter.since) query = query.where('created_at', '>', filter.since);
  const result = await query.executeTakeFirst();
  return Number(result.numUpdatedRows);
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

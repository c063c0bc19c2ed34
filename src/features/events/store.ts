import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type ExpressionBuilder, sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import { escapeLike } from '#platform/database/like.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';
import { EVENT_TYPES, type NewEvent } from './types.ts';

/** Filters of a listing; times are exclusive bounds. `event_type` is exact, a prefix ending in `.`, or holds `*`. */
export interface EventFilter {
  event_type?: string;
  source_service_name?: string;
  source_host_id?: string;
  resource_type?: string;
  resource_id?: string;
  level?: string;
  since?: Date;
  before?: Date;
}

/** Records an event (of any account) in the caller's transaction, so that it exists if and only if the change does. Returns its id. */
export async function appendEvent(db: Db, event: NewEvent): Promise<string> {
  const row = eventRow(event);
  await db.insertInto('event').values(row).execute();
  return row.event_id;
}

/** Events written in one statement. */
const EVENTS_AT_ONCE = 500;

/** Records many events (of any account), as {@link appendEvent} does one. */
export async function appendEvents(db: Db, events: readonly NewEvent[]): Promise<void> {
  for (let start = 0; start < events.length; start += EVENTS_AT_ONCE) {
    const rows = events.slice(start, start + EVENTS_AT_ONCE).map(eventRow);
    await db.insertInto('event').values(rows).execute();
  }
}

function eventRow(event: NewEvent) {
  const kind = EVENT_TYPES[event.name];
  const event_id = randomUUID();
  // What tells subscribers something names itself in its payload, for receivers that see nothing else of it.
  const details =
    event.details?.subscription_type === undefined ? event.details : { ...event.details, notification_id: event_id };
  return {
    event_id,
    account: event.account,
    type: kind.type,
    category: kind.type.split('.', 1)[0]!,
    level: kind.level,
    message: event.message ?? kind.message,
    resource_type: kind.resource_type,
    resource_id: event.resource_id,
    details: json(details ?? {}),
    source: JSON.stringify({
      service_name: kind.type.startsWith('system.feeds') ? 'policy_engine' : 'catalog',
      host_id: hostname(),
      base_url: '',
      request_id: event.request_id ?? '',
    }),
  };
}

/** LIKE pattern of an event type filter: `*` is any run, a plain text also matches as a dotted prefix. */
function typePatterns(text: string): string[] {
  const escaped = escapeLike(text.toLowerCase());
  if (escaped.includes('*')) return [escaped.replaceAll('*', '%')];
  return escaped.endsWith('.') ? [`${escaped}%`] : [escaped, `${escaped}.%`];
}

function matching(filter: EventFilter, account: string) {
  return (eb: ExpressionBuilder<Schema, 'event'>) => {
    const conditions = [eb('account', '=', account)];
    if (filter.event_type) conditions.push(eb.or(typePatterns(filter.event_type).map((p) => eb('type', 'like', p))));
    if (filter.level) conditions.push(eb('level', '=', filter.level.toUpperCase()));
    if (filter.resource_type) conditions.push(eb('resource_type', '=', filter.resource_type));
    if (filter.resource_id) conditions.push(eb('resource_id', '=', filter.resource_id));
    if (filter.since) conditions.push(eb('created_at', '>', filter.since));
    if (filter.before) conditions.push(eb('created_at', '<', filter.before));
    if (filter.source_service_name)
      conditions.push(eb(sql`source ->> 'service_name'`, '=', filter.source_service_name));
    if (filter.source_host_id) conditions.push(eb(sql`source ->> 'host_id'`, '=', filter.source_host_id));
    return eb.and(conditions);
  };
}

/** Newest first; one more than `limit` tells the caller whether a next page exists. */
export function listEvents(db: Db, account: string, filter: EventFilter, page: number, limit: number) {
  return db
    .selectFrom('event')
    .selectAll()
    .where(matching(filter, account))
    .orderBy('created_at', 'desc')
    .orderBy('event_id')
    .offset(Math.min((page - 1) * limit, Number.MAX_SAFE_INTEGER))
    .limit(limit + 1)
    .execute();
}

export function findEvent(db: Db, account: string, eventId: string) {
  return db
    .selectFrom('event')
    .selectAll()
    .where('account', '=', account)
    .where('event_id', '=', eventId)
    .executeTakeFirst();
}

/** Deletes what the filter selects (everything without one); returns the ids. */
export async function deleteEvents(db: Db, account: string, filter: EventFilter): Promise<string[]> {
  const rows = await db.deleteFrom('event').where(matching(filter, account)).returning('event_id').execute();
  return rows.map((row) => row.event_id);
}

export async function deleteEvent(db: Db, account: string, eventId: string): Promise<boolean> {
  const result = await db
    .deleteFrom('event')
    .where('account', '=', account)
    .where('event_id', '=', eventId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Removes events of all accounts older than `days`. */
export async function expireEvents(db: Db, days: number): Promise<number> {
  const result = await db
    .deleteFrom('event')
    .where('created_at', '<', sql<Date>`now() - make_interval(days => ${days})`)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

import type { Selectable } from 'kysely';
import { eventsOperations } from '#contract/events.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import { badRequest, notFound } from '#shared/errors.ts';
import { isUuid } from '#shared/uuid.ts';
import { eventTypeTree } from './event-types.ts';
import { deleteEvent, deleteEvents, type EventFilter, findEvent, listEvents } from './store.ts';

function view(row: Selectable<Schema['event']>) {
  return {
    event_id: row.event_id,
    created_at: row.created_at.toISOString(),
    event: {
      source: row.source as Record<string, string>,
      resource: { account_name: row.account, id: row.resource_id, type: row.resource_type },
      type: row.type,
      category: row.category,
      level: row.level.toLowerCase(),
      message: row.message,
      details: row.details as Record<string, unknown>,
      timestamp: row.created_at.toISOString(),
    },
  };
}

function time(name: string, text: string | undefined): Date | undefined {
  if (!text) return undefined;
  const value = new Date(/([Zz]|[+-]\d\d:?\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`);
  if (Number.isNaN(value.getTime())) throw badRequest(`${name} is not an RFC 3339 time: ${text}`);
  return value;
}

type Query = { since?: string | undefined; before?: string | undefined; level?: string | undefined };

function filterOf(query: Query & { [key: string]: unknown }): EventFilter {
  const since = time('since', query.since);
  const before = time('before', query.before);
  if (since && before && since >= before) throw badRequest('since must be earlier than before');
  if (query.level && !['INFO', 'ERROR'].includes(query.level.toUpperCase()))
    throw badRequest('level must be INFO or ERROR');
  const { page: _page, limit: _limit, since: _since, before: _before, ...rest } = query;
  return { ...(rest as EventFilter), ...(since ? { since } : {}), ...(before ? { before } : {}) };
}

/** Handlers of the event operations. `beforeDelete` sees that what is to be told of events does not depend on them any more. */
export function eventRoutes({ database, beforeDelete }: { database: Database; beforeDelete(db: Db): Promise<void> }) {
  const { db } = database;
  return bindOperations(eventsOperations, {
    list_event_types: () => eventTypeTree(),
    async list_events({ account, query }) {
      const { page, limit } = query;
      if (page < 1) throw badRequest('page must be at least 1');
      if (limit < 1 || limit > 1000) throw badRequest('limit must be between 1 and 1000');
      const rows = await listEvents(db, account, filterOf(query), page, limit);
      const results = rows.slice(0, limit).map(view);
      return { results, page, item_count: results.length, next_page: rows.length > limit };
    },
    async delete_events({ account, query }) {
      const filter = filterOf(query);
      await beforeDelete(db);
      return deleteEvents(db, account, filter);
    },
    async get_event({ account, params }) {
      const row = await findEvent(db, account, uuid(params.event_id));
      if (!row) throw notFound(`event not found: ${params.event_id}`);
      return view(row);
    },
    async delete_event({ account, params }) {
      await beforeDelete(db);
      if (!(await deleteEvent(db, account, uuid(params.event_id))))
        throw notFound(`event not found: ${params.event_id}`);
    },
  });
}

/** Text that is no UUID names no event; the database would refuse it. */
function uuid(text: string): string {
  if (!isUuid(text)) throw notFound(`event not found: ${text}`);
  return text;
}

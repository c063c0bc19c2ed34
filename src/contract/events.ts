import { z } from 'zod';
import { queryInteger, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Part of `EventSubcategory`. */
export const EventDescription = z
  .object({
    name: z.string().optional(),
    type: z.string().optional(),
    message: z.string().optional(),
    resource_type: z.string().optional(),
    level: z.string().optional(),
    /** JSON schema of the details, where they are fixed. */
    details_schema: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'EventDescription' });
export type EventDescription = z.output<typeof EventDescription>;

/** Part of `EventCategory`. */
export const EventSubcategory = z
  .object({
    name: z.string().optional(),
    description: z.string().optional(),
    events: z.array(EventDescription).optional(),
  })
  .meta({ id: 'EventSubcategory' });
export type EventSubcategory = z.output<typeof EventSubcategory>;

/** Part of `EventTypesList`. */
export const EventCategory = z
  .object({
    name: z.string().optional(),
    description: z.string().optional(),
    subcategories: z.array(EventSubcategory).optional(),
  })
  .meta({ id: 'EventCategory' });
export type EventCategory = z.output<typeof EventCategory>;

/** Answer of `list_event_types`. */
export const EventTypesList = z.array(EventCategory).meta({ id: 'EventTypesList' });
export type EventTypesList = z.output<typeof EventTypesList>;

/** Answer of `get_event`. */
export const EventResponse = z
  .object({
    event_id: z.string().optional(),
    created_at: timestamp.optional(),
    event: z
      .object({
        source: z
          .object({
            service_name: z.string().optional(),
            host_id: z.string().optional(),
            base_url: z.string().optional(),
            request_id: z.string().optional(),
          })
          .optional(),
        resource: z
          .object({
            account_name: z.string().optional(),
            id: z.string().optional(),
            type: z.string().optional(),
          })
          .optional(),
        type: z.string().optional(),
        category: z.string().optional(),
        level: z.string().optional(),
        message: z.string().optional(),
        details: z.record(z.string(), z.unknown()).optional(),
        timestamp: timestamp.optional(),
      })
      .optional(),
  })
  .meta({ id: 'EventResponse' });
export type EventResponse = z.output<typeof EventResponse>;

/** Answer of `list_events`. */
export const EventsList = z
  .object({
    results: z.array(EventResponse).optional(),
    next_page: z.boolean().optional(),
    item_count: z.int().optional(),
    page: z.int().optional(),
  })
  .meta({ id: 'EventsList' });
export type EventsList = z.output<typeof EventsList>;

/** Operations of events. */
export const eventsOperations = {
  /** List the kinds of events. */
  list_event_types: defineOperation({
    id: 'list_event_types',
    method: 'GET',
    path: '/event-types',
    tag: 'Events',
    summary: 'List the kinds of events',
    permission: { action: 'listEvents', domain: 'account' },
    success: { status: 200, schema: EventTypesList },
    errors: [403, 500],
  }),
  /** List events, newest first. */
  list_events: defineOperation({
    id: 'list_events',
    method: 'GET',
    path: '/events',
    tag: 'Events',
    summary: 'List events, newest first',
    permission: { action: 'listEvents', domain: 'account' },
    query: z.object({
      source_service_name: z.string().optional(),
      source_host_id: z.string().optional(),
      event_type: z
        .string()
        .regex(/^[a-z0-9-_.*]+$/)
        .optional(),
      resource_type: z.string().optional(),
      resource_id: z.string().optional(),
      level: z.string().optional(),
      since: z.string().optional(),
      before: z.string().optional(),
      page: queryInteger({ min: 1 }).default(1),
      limit: queryInteger({ min: 1, max: 1000 }).default(100),
    }),
    success: { status: 200, schema: EventsList },
    errors: [400, 403, 500],
  }),
  /** Delete events in a span of time. */
  delete_events: defineOperation({
    id: 'delete_events',
    method: 'DELETE',
    path: '/events',
    tag: 'Events',
    summary: 'Delete events in a span of time',
    permission: { action: 'deleteEvents', domain: 'account' },
    query: z.object({
      before: z.string().optional(),
      since: z.string().optional(),
      level: z.string().optional(),
    }),
    success: { status: 200, schema: z.array(z.string()) },
    errors: [400, 403, 500],
  }),
  /** Read an event. */
  get_event: defineOperation({
    id: 'get_event',
    method: 'GET',
    path: '/events/{event_id}',
    tag: 'Events',
    summary: 'Read an event',
    permission: { action: 'getEvent', domain: 'account' },
    params: z.object({ event_id: z.string() }),
    success: { status: 200, schema: EventResponse },
    errors: [403, 404, 500],
  }),
  /** Delete an event. */
  delete_event: defineOperation({
    id: 'delete_event',
    method: 'DELETE',
    path: '/events/{event_id}',
    tag: 'Events',
    summary: 'Delete an event',
    permission: { action: 'deleteEvents', domain: 'account' },
    params: z.object({ event_id: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 404, 500],
  }),
};

import { z } from 'zod';
import { queryInteger, queryTime, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

const ENDPOINTS = z.enum(['slack', 'teams', 'smtp', 'github', 'jira', 'webhook']);
const STATES = z.enum(['pending', 'sending', 'delivered', 'dead']);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** How a configuration sends, beyond where to. */
export const NotificationOptions = z
  .strictObject({
    /** Texts with `{{path.in.event}}`, e.g. `{{resource.id}}`. */
    template: z.strictObject({ subject: z.string().max(500), text: z.string().max(20_000) }).optional(),
    /** Events are gathered and told once in so many minutes. */
    digest_minutes: z.int().min(1).max(1_440).optional(),
    /** Nothing is sent between these times of day. */
    quiet_hours: z.strictObject({ from: clock, to: clock, time_zone: z.string().optional() }).optional(),
    /** Most messages within a minute. */
    per_minute: z.int().min(1).max(6_000).optional(),
    /** Key of the signature of webhook requests; empty to stop signing. It is never shown. */
    signing_secret: z.string().max(500).optional(),
  })
  .meta({ id: 'NotificationOptions' });
export type NotificationOptions = z.output<typeof NotificationOptions>;

/** A configuration with how it sends and how it fared. */
export const NotificationConfigurationDetail = z
  .object({
    endpoint: ENDPOINTS,
    configuration: z.looseObject({ uuid: z.string() }),
    options: NotificationOptions,
    /** Requests are signed. */
    signed: z.boolean(),
    status: z.enum(['unknown', 'healthy', 'unhealthy']),
    last_error: z.string().nullable(),
    last_attempt_at: timestamp.nullable(),
    last_success_at: timestamp.nullable(),
    /** Nothing is tried before. */
    paused_until: timestamp.nullable(),
  })
  .meta({ id: 'NotificationConfigurationDetail' });

/** One event on its way to one receiver. */
export const NotificationDelivery = z
  .object({
    id: z.string(),
    configuration_uuid: z.string(),
    /** `legacy-webhook` is a target of the installation's settings. */
    endpoint: z.enum([...ENDPOINTS.options, 'legacy-webhook']),
    event_id: z.string().nullable(),
    event_type: z.string().nullable(),
    state: STATES,
    attempts: z.int(),
    created_at: timestamp,
    next_attempt_at: timestamp.nullable(),
    delivered_at: timestamp.nullable(),
    error: z.string().nullable(),
    response: z.string().nullable(),
  })
  .meta({ id: 'NotificationDelivery' });

/** Deliveries, newest first. */
export const NotificationDeliveryList = z
  .object({ items: z.array(NotificationDelivery) })
  .meta({ id: 'NotificationDeliveryList' });

/** How many deliveries are queued again. */
export const NotificationReplay = z.object({ queued: z.int() }).meta({ id: 'NotificationReplay' });

const params = z.object({ configuration_uuid: z.string() });

/** Operations of notifications that the reference API lacks. */
export const windlassNotificationsOperations = {
  /** Read how a configuration sends. */
  get_notification_configuration_detail: defineOperation({
    id: 'get_notification_configuration_detail',
    method: 'GET',
    path: '/windlass/notifications/configurations/{configuration_uuid}',
    tag: 'Windlass',
    summary: 'Read a notification configuration with its options and its health',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params,
    success: { status: 200, schema: NotificationConfigurationDetail },
    errors: [403, 404, 500],
  }),
  /** Change how a configuration sends. */
  set_notification_options: defineOperation({
    id: 'set_notification_options',
    method: 'PUT',
    path: '/windlass/notifications/configurations/{configuration_uuid}/options',
    tag: 'Windlass',
    summary: 'Set template, digest, quiet hours, rate and signature of a notification configuration',
    permission: { action: 'updateNotificationEndpointConfiguration', domain: 'account' },
    params,
    body: NotificationOptions,
    success: { status: 200, schema: NotificationConfigurationDetail },
    errors: [400, 403, 404, 500],
  }),
  /** The delivery log. */
  list_notification_deliveries: defineOperation({
    id: 'list_notification_deliveries',
    method: 'GET',
    path: '/windlass/notifications/deliveries',
    tag: 'Windlass',
    summary: 'List deliveries of notifications, newest first',
    permission: { action: 'listNotificationEndpointConfigurations', domain: 'account' },
    query: z.object({
      configuration: z.uuid().optional(),
      state: STATES.optional(),
      before: queryTime().optional(),
      limit: queryInteger({ min: 1, max: 1000 }).optional(),
    }),
    success: { status: 200, schema: NotificationDeliveryList },
    errors: [400, 403, 500],
  }),
  /** Deliver once more. */
  replay_notification_delivery: defineOperation({
    id: 'replay_notification_delivery',
    method: 'POST',
    path: '/windlass/notifications/deliveries/{delivery_id}/replay',
    tag: 'Windlass',
    summary: 'Deliver a notification once more, with the same id',
    permission: { action: 'updateNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ delivery_id: z.string() }),
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
  /** After an outage: deliver what was given up. */
  replay_dead_notification_deliveries: defineOperation({
    id: 'replay_dead_notification_deliveries',
    method: 'POST',
    path: '/windlass/notifications/deliveries/replay',
    tag: 'Windlass',
    summary: 'Deliver once more what was given up, with the same ids, oldest first',
    permission: { action: 'updateNotificationEndpointConfiguration', domain: 'account' },
    query: z.object({
      /** Of one configuration; else of all of the account. */
      configuration: z.uuid().optional(),
      /** Only of events after this. */
      since: queryTime().optional(),
    }),
    success: { status: 200, schema: NotificationReplay },
    errors: [400, 403, 500],
  }),
};

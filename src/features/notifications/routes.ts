import { notificationsOperations } from '#contract/notifications.ts';
import type {
  NotificationGitHubEndpointConfigurationBase,
  NotificationJiraEndpointConfigurationBase,
  NotificationSelector,
  NotificationSlackEndpointConfiguration,
  NotificationSMTPEndpointConfiguration,
  NotificationTeamsEndpointConfiguration,
  NotificationWebhookEndpointConfiguration,
} from '#contract/notifications-schemas.ts';
import { type NotificationOptions, windlassNotificationsOperations } from '#contract/windlass-notifications.ts';
import type { EndpointName } from '#notifiers/index.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { Actor, BoundOperation } from '#platform/http/types.ts';
import { badRequest, forbidden } from '#shared/errors.ts';
import { present } from '#shared/present.ts';
import type { SelectorRow } from './configuration-store.ts';
import type { DeliveryRow } from './delivery-store.ts';
import type { DeliveryOptions } from './options.ts';
import type { NotificationService } from './service.ts';

const DEFAULT_LIMIT = 100;

interface Call {
  account: string;
  actor: Actor;
  signal: AbortSignal;
}
interface WithBody extends Call {
  body: Record<string, unknown>;
}
interface OfConfiguration extends Call {
  params: { uuid: string };
}
interface OfSelector extends Call {
  params: { configuration_uuid: string; selector_uuid: string };
}

/** Handlers of the notification operations. */
export function notificationRoutes(notifications: NotificationService): BoundOperation[] {
  const bound = bindOperations(notificationsOperations, {
    list_endpoints: () => notifications.endpoints(),
    list_selectors: async ({ account }) => (await notifications.selectors(account, undefined)).map(selectorView),
    async update_endpoint_status({ actor, body, params }) {
      if (actor.accountType !== 'admin') throw forbidden('only administrators may switch endpoints on and off');
      if (body.enabled === undefined) throw badRequest('enabled is required');
      return notifications.setEndpoint(params.name, body.enabled);
    },
    ...handlersOf<'slack', NotificationSlackEndpointConfiguration>(notifications, 'slack'),
    ...handlersOf<'teams', NotificationTeamsEndpointConfiguration>(notifications, 'teams'),
    ...handlersOf<'smtp', NotificationSMTPEndpointConfiguration>(notifications, 'smtp'),
    ...handlersOf<'github', NotificationGitHubEndpointConfigurationBase>(notifications, 'github'),
    ...handlersOf<'jira', NotificationJiraEndpointConfigurationBase>(notifications, 'jira'),
    ...handlersOf<'webhook', NotificationWebhookEndpointConfiguration>(notifications, 'webhook'),
  });
  return [...bound, ...ownRoutes(notifications)];
}

/** Names of the operations that every kind of endpoint has, with the part of {@link configurationHandlers} that serves them. */
type HandlersOf<E extends EndpointName, View> = {
  [K in keyof OperationNames<E> as OperationNames<E>[K]]: ReturnType<typeof configurationHandlers<View>>[K];
};

interface OperationNames<E extends EndpointName> {
  list: `list_${E}_configurations`;
  add: `add_${E}_configuration`;
  get: `get_${E}_configuration`;
  update: `update_${E}_configuration`;
  remove: `delete_${E}_configuration`;
  status: `get_${E}_configuration_status`;
  testStored: `test_stored_${E}_configuration`;
  test: `test_${E}_configuration`;
  selectors: `list_${E}_selectors`;
  addSelector: `add_${E}_selector`;
  selector: `get_${E}_selector`;
  updateSelector: `update_${E}_selector`;
  removeSelector: `delete_${E}_selector`;
}

function handlersOf<E extends EndpointName, View>(
  notifications: NotificationService,
  endpoint: E,
): HandlersOf<E, View> {
  const handlers = configurationHandlers<View>(notifications, endpoint);
  return {
    [`list_${endpoint}_configurations`]: handlers.list,
    [`add_${endpoint}_configuration`]: handlers.add,
    [`get_${endpoint}_configuration`]: handlers.get,
    [`update_${endpoint}_configuration`]: handlers.update,
    [`delete_${endpoint}_configuration`]: handlers.remove,
    [`get_${endpoint}_configuration_status`]: handlers.status,
    [`test_stored_${endpoint}_configuration`]: handlers.testStored,
    [`test_${endpoint}_configuration`]: handlers.test,
    [`list_${endpoint}_selectors`]: handlers.selectors,
    [`add_${endpoint}_selector`]: handlers.addSelector,
    [`get_${endpoint}_selector`]: handlers.selector,
    [`update_${endpoint}_selector`]: handlers.updateSelector,
    [`delete_${endpoint}_selector`]: handlers.removeSelector,
  } as HandlersOf<E, View>;
}

/** What every kind of endpoint does. The contract checks the members of each kind on the way in: `View` is what they are. */
function configurationHandlers<View>(notifications: NotificationService, endpoint: EndpointName) {
  const isAdmin = (actor: Actor) => actor.accountType === 'admin';
  return {
    list: async ({ account }: Call) => (await notifications.list(account, endpoint)) as View[],
    add: async ({ account, body }: WithBody) => (await notifications.create(account, endpoint, body)) as View,
    get: async ({ account, params }: OfConfiguration) =>
      (await notifications.get(account, endpoint, params.uuid)) as View,
    update: async ({ account, params, body }: OfConfiguration & WithBody) =>
      (await notifications.update(account, endpoint, params.uuid, body)) as View,
    remove: ({ account, params }: OfConfiguration) => notifications.remove(account, endpoint, params.uuid),
    status: ({ account, params }: OfConfiguration) => notifications.status(account, endpoint, params.uuid),
    testStored: ({ account, params, signal }: OfConfiguration) =>
      notifications.testStored(account, endpoint, params.uuid, signal),
    test: ({ account, body, signal }: WithBody) => notifications.testUnsaved(account, endpoint, body, signal),
    selectors: async ({ account, params }: OfConfiguration) =>
      (await notifications.selectors(account, endpoint, params.uuid)).map(selectorView),
    addSelector: async ({ account, actor, params, body }: OfConfiguration & { body: NotificationSelector }) =>
      selectorView(
        await notifications.addSelector(account, isAdmin(actor), endpoint, params.uuid, selectorValues(body)),
      ),
    selector: async ({ account, params: { configuration_uuid: configuration, selector_uuid: uuid } }: OfSelector) =>
      selectorView(await notifications.selector(account, endpoint, configuration, uuid)),
    updateSelector: async ({ account, actor, params, body }: OfSelector & { body: NotificationSelector }) => {
      const { configuration_uuid: configuration, selector_uuid: uuid } = params;
      const values = selectorValues(body);
      return selectorView(
        await notifications.updateSelector(account, isAdmin(actor), endpoint, configuration, uuid, values),
      );
    },
    removeSelector: ({ account, params }: OfSelector) =>
      notifications.removeSelector(account, endpoint, params.configuration_uuid, params.selector_uuid),
  };
}

function ownRoutes(notifications: NotificationService): BoundOperation[] {
  return bindOperations(windlassNotificationsOperations, {
    get_notification_configuration_detail: ({ account, params }) =>
      notifications.detail(account, params.configuration_uuid),
    async set_notification_options({ account, params, body }) {
      const { signing_secret: secret, ...options } = body;
      await notifications.setOptions(account, params.configuration_uuid, optionsOf(options), secret);
      return notifications.detail(account, params.configuration_uuid);
    },
    async list_notification_deliveries({ account, query }) {
      const { limit = DEFAULT_LIMIT, ...filter } = query;
      return { items: (await notifications.deliveries(account, present(filter), limit)).map(deliveryView) };
    },
    replay_dead_notification_deliveries: async ({ account, query }) => ({
      queued: await notifications.replayDead(account, present(query)),
    }),
    replay_notification_delivery: ({ account, params }) => notifications.replay(account, params.delivery_id),
  });
}

function optionsOf({ quiet_hours: quiet, ...rest }: Omit<NotificationOptions, 'signing_secret'>): DeliveryOptions {
  return { ...rest, ...(quiet ? { quiet_hours: { ...quiet, time_zone: quiet.time_zone ?? 'UTC' } } : {}) };
}

function selectorValues({ scope, event }: NotificationSelector) {
  return { scope, level: event.level, resource_type: event.resource_type, type: event.type };
}

function selectorView(row: SelectorRow): NotificationSelector {
  return {
    uuid: row.uuid,
    configuration_uuid: row.configuration,
    scope: row.scope as NotificationSelector['scope'],
    event: { level: row.level as '*', resource_type: row.resource_type, type: row.type },
  };
}

function deliveryView(row: DeliveryRow & { endpoint: string }) {
  return {
    id: row.id,
    configuration_uuid: row.configuration,
    endpoint: row.endpoint as EndpointName,
    event_id: row.event_id,
    event_type: (row.content as { type?: string }).type ?? null,
    state: row.state as 'pending',
    attempts: row.attempts,
    created_at: row.created_at.toISOString(),
    next_attempt_at: row.state === 'pending' ? row.next_attempt_at.toISOString() : null,
    delivered_at: row.delivered_at?.toISOString() ?? null,
    error: row.error,
    response: row.response,
  };
}

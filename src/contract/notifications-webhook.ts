import { z } from 'zod';
import {
  NotificationOperationalStatus,
  NotificationSelector,
  NotificationSelectorList,
  NotificationWebhookEndpointConfiguration,
  NotificationWebhookEndpointConfigurationList,
  NotificationWebhookTestResult,
} from './notifications-schemas.ts';
import { defineOperation } from './operation.ts';

/** Operations of webhook notification endpoints. */
export const webhookNotificationsOperations = {
  /** List webhook configurations. */
  list_webhook_configurations: defineOperation({
    id: 'list_webhook_configurations',
    method: 'GET',
    path: '/notifications/endpoints/webhook/configurations',
    tag: 'Notifications',
    summary: 'List webhook configurations',
    permission: { action: 'listNotificationEndpointConfigurations', domain: 'account' },
    success: { status: 200, schema: NotificationWebhookEndpointConfigurationList },
    errors: [403, 500],
  }),
  /** Add webhook configuration. */
  add_webhook_configuration: defineOperation({
    id: 'add_webhook_configuration',
    method: 'POST',
    path: '/notifications/endpoints/webhook/configurations',
    tag: 'Notifications',
    summary: 'Add webhook configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    body: NotificationWebhookEndpointConfiguration,
    success: { status: 200, schema: NotificationWebhookEndpointConfiguration },
    errors: [400, 403, 415, 500],
  }),
  /** Read webhook selector. */
  get_webhook_selector: defineOperation({
    id: 'get_webhook_selector',
    method: 'GET',
    path: '/notifications/endpoints/webhook/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Read webhook selector',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    success: { status: 200, schema: NotificationSelector },
    errors: [403, 404, 500],
  }),
  /** Update webhook selector. */
  update_webhook_selector: defineOperation({
    id: 'update_webhook_selector',
    method: 'PUT',
    path: '/notifications/endpoints/webhook/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Update webhook selector',
    permission: { action: 'updateNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    body: NotificationSelector,
    success: { status: 200, schema: NotificationSelector },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete webhook selector. */
  delete_webhook_selector: defineOperation({
    id: 'delete_webhook_selector',
    method: 'DELETE',
    path: '/notifications/endpoints/webhook/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Delete webhook selector',
    permission: { action: 'deleteNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 500],
  }),
  /** List webhook selectors. */
  list_webhook_selectors: defineOperation({
    id: 'list_webhook_selectors',
    method: 'GET',
    path: '/notifications/endpoints/webhook/configurations/{uuid}/selectors',
    tag: 'Notifications',
    summary: 'List webhook selectors',
    permission: { action: 'listNotificationEndpointConfigurations', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationSelectorList },
    errors: [403, 404, 500],
  }),
  /** Add webhook selector. */
  add_webhook_selector: defineOperation({
    id: 'add_webhook_selector',
    method: 'POST',
    path: '/notifications/endpoints/webhook/configurations/{uuid}/selectors',
    tag: 'Notifications',
    summary: 'Add webhook selector',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    body: NotificationSelector,
    success: { status: 200, schema: NotificationSelector },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Read webhook configuration status. */
  get_webhook_configuration_status: defineOperation({
    id: 'get_webhook_configuration_status',
    method: 'GET',
    path: '/notifications/endpoints/webhook/configurations/{uuid}/status',
    tag: 'Notifications',
    summary: 'Read webhook configuration status',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationOperationalStatus },
    errors: [403, 404, 500],
  }),
  /** Test stored webhook configuration. */
  test_stored_webhook_configuration: defineOperation({
    id: 'test_stored_webhook_configuration',
    method: 'GET',
    path: '/notifications/endpoints/webhook/configurations/{uuid}/test',
    tag: 'Notifications',
    summary: 'Test stored webhook configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationWebhookTestResult },
    errors: [403, 404, 500],
  }),
  /** Read webhook configuration. */
  get_webhook_configuration: defineOperation({
    id: 'get_webhook_configuration',
    method: 'GET',
    path: '/notifications/endpoints/webhook/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Read webhook configuration',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationWebhookEndpointConfiguration },
    errors: [403, 404, 500],
  }),
  /** Update webhook configuration. */
  update_webhook_configuration: defineOperation({
    id: 'update_webhook_configuration',
    method: 'PUT',
    path: '/notifications/endpoints/webhook/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Update webhook configuration',
    permission: { action: 'updateNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    body: NotificationWebhookEndpointConfiguration,
    success: { status: 200, schema: NotificationWebhookEndpointConfiguration },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete webhook configuration. */
  delete_webhook_configuration: defineOperation({
    id: 'delete_webhook_configuration',
    method: 'DELETE',
    path: '/notifications/endpoints/webhook/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Delete webhook configuration',
    permission: { action: 'deleteNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 404],
  }),
  /** Test webhook configuration. */
  test_webhook_configuration: defineOperation({
    id: 'test_webhook_configuration',
    method: 'POST',
    path: '/notifications/endpoints/webhook/test',
    tag: 'Notifications',
    summary: 'Test webhook configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    body: NotificationWebhookEndpointConfiguration,
    success: { status: 200, schema: NotificationWebhookTestResult },
    errors: [400, 403, 415, 500],
  }),
};

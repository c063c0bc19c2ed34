import { z } from 'zod';
import {
  NotificationOperationalStatus,
  NotificationSelector,
  NotificationSelectorList,
  NotificationSMTPEndpointConfiguration,
  NotificationSMTPEndpointConfigurationList,
  NotificationSMTPTestResult,
} from './notifications-schemas.ts';
import { defineOperation } from './operation.ts';

/** Operations of SMTP notification endpoints. */
export const smtpNotificationsOperations = {
  /** List smtp configurations. */
  list_smtp_configurations: defineOperation({
    id: 'list_smtp_configurations',
    method: 'GET',
    path: '/notifications/endpoints/smtp/configurations',
    tag: 'Notifications',
    summary: 'List smtp configurations',
    permission: { action: 'listNotificationEndpointConfigurations', domain: 'account' },
    success: { status: 200, schema: NotificationSMTPEndpointConfigurationList },
    errors: [403, 500],
  }),
  /** Add smtp configuration. */
  add_smtp_configuration: defineOperation({
    id: 'add_smtp_configuration',
    method: 'POST',
    path: '/notifications/endpoints/smtp/configurations',
    tag: 'Notifications',
    summary: 'Add smtp configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    body: NotificationSMTPEndpointConfiguration,
    success: { status: 200, schema: NotificationSMTPEndpointConfiguration },
    errors: [400, 403, 415, 500],
  }),
  /** Read smtp selector. */
  get_smtp_selector: defineOperation({
    id: 'get_smtp_selector',
    method: 'GET',
    path: '/notifications/endpoints/smtp/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Read smtp selector',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    success: { status: 200, schema: NotificationSelector },
    errors: [403, 500],
  }),
  /** Update smtp selector. */
  update_smtp_selector: defineOperation({
    id: 'update_smtp_selector',
    method: 'PUT',
    path: '/notifications/endpoints/smtp/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Update smtp selector',
    permission: { action: 'updateNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    body: NotificationSelector,
    success: { status: 200, schema: NotificationSelector },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete smtp selector. */
  delete_smtp_selector: defineOperation({
    id: 'delete_smtp_selector',
    method: 'DELETE',
    path: '/notifications/endpoints/smtp/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Delete smtp selector',
    permission: { action: 'deleteNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 404, 415, 500],
  }),
  /** List smtp selectors. */
  list_smtp_selectors: defineOperation({
    id: 'list_smtp_selectors',
    method: 'GET',
    path: '/notifications/endpoints/smtp/configurations/{uuid}/selectors',
    tag: 'Notifications',
    summary: 'List smtp selectors',
    permission: { action: 'listNotificationEndpointConfigurations', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationSelectorList },
    errors: [403, 404, 500],
  }),
  /** Add smtp selector. */
  add_smtp_selector: defineOperation({
    id: 'add_smtp_selector',
    method: 'POST',
    path: '/notifications/endpoints/smtp/configurations/{uuid}/selectors',
    tag: 'Notifications',
    summary: 'Add smtp selector',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    body: NotificationSelector,
    success: { status: 200, schema: NotificationSelector },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Read smtp configuration status. */
  get_smtp_configuration_status: defineOperation({
    id: 'get_smtp_configuration_status',
    method: 'GET',
    path: '/notifications/endpoints/smtp/configurations/{uuid}/status',
    tag: 'Notifications',
    summary: 'Read smtp configuration status',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationOperationalStatus },
    errors: [403, 404, 500],
  }),
  /** Test stored smtp configuration. */
  test_stored_smtp_configuration: defineOperation({
    id: 'test_stored_smtp_configuration',
    method: 'GET',
    path: '/notifications/endpoints/smtp/configurations/{uuid}/test',
    tag: 'Notifications',
    summary: 'Test stored smtp configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationSMTPTestResult },
    errors: [403, 404, 500],
  }),
  /** Read smtp configuration. */
  get_smtp_configuration: defineOperation({
    id: 'get_smtp_configuration',
    method: 'GET',
    path: '/notifications/endpoints/smtp/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Read smtp configuration',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationSMTPEndpointConfiguration },
    errors: [403, 404, 500],
  }),
  /** Update smtp configuration. */
  update_smtp_configuration: defineOperation({
    id: 'update_smtp_configuration',
    method: 'PUT',
    path: '/notifications/endpoints/smtp/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Update smtp configuration',
    permission: { action: 'updateNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    body: NotificationSMTPEndpointConfiguration,
    success: { status: 200, schema: NotificationSMTPEndpointConfiguration },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete smtp configuration. */
  delete_smtp_configuration: defineOperation({
    id: 'delete_smtp_configuration',
    method: 'DELETE',
    path: '/notifications/endpoints/smtp/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Delete smtp configuration',
    permission: { action: 'deleteNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 404],
  }),
  /** Test smtp configuration. */
  test_smtp_configuration: defineOperation({
    id: 'test_smtp_configuration',
    method: 'POST',
    path: '/notifications/endpoints/smtp/test',
    tag: 'Notifications',
    summary: 'Test smtp configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    body: NotificationSMTPEndpointConfiguration,
    success: { status: 200, schema: NotificationSMTPTestResult },
    errors: [400, 403, 415, 500],
  }),
};

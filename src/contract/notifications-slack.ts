import { z } from 'zod';
import {
  NotificationOperationalStatus,
  NotificationSelector,
  NotificationSelectorList,
  NotificationSlackEndpointConfiguration,
  NotificationSlackEndpointConfigurationList,
  NotificationSlackTestResult,
} from './notifications-schemas.ts';
import { defineOperation } from './operation.ts';

/** Operations of Slack notification endpoints. */
export const slackNotificationsOperations = {
  /** List slack configurations. */
  list_slack_configurations: defineOperation({
    id: 'list_slack_configurations',
    method: 'GET',
    path: '/notifications/endpoints/slack/configurations',
    tag: 'Notifications',
    summary: 'List slack configurations',
    permission: { action: 'listNotificationEndpointConfigurations', domain: 'account' },
    success: { status: 200, schema: NotificationSlackEndpointConfigurationList },
    errors: [403, 500],
  }),
  /** Add slack configuration. */
  add_slack_configuration: defineOperation({
    id: 'add_slack_configuration',
    method: 'POST',
    path: '/notifications/endpoints/slack/configurations',
    tag: 'Notifications',
    summary: 'Add slack configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    body: NotificationSlackEndpointConfiguration,
    success: { status: 200, schema: NotificationSlackEndpointConfiguration },
    errors: [400, 403, 415, 500],
  }),
  /** Read slack selector. */
  get_slack_selector: defineOperation({
    id: 'get_slack_selector',
    method: 'GET',
    path: '/notifications/endpoints/slack/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Read slack selector',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    success: { status: 200, schema: NotificationSelector },
    errors: [403, 404, 500],
  }),
  /** Update slack selector. */
  update_slack_selector: defineOperation({
    id: 'update_slack_selector',
    method: 'PUT',
    path: '/notifications/endpoints/slack/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Update slack selector',
    permission: { action: 'updateNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    body: NotificationSelector,
    success: { status: 200, schema: NotificationSelector },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete slack selector. */
  delete_slack_selector: defineOperation({
    id: 'delete_slack_selector',
    method: 'DELETE',
    path: '/notifications/endpoints/slack/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Delete slack selector',
    permission: { action: 'deleteNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 500],
  }),
  /** List slack selectors. */
  list_slack_selectors: defineOperation({
    id: 'list_slack_selectors',
    method: 'GET',
    path: '/notifications/endpoints/slack/configurations/{uuid}/selectors',
    tag: 'Notifications',
    summary: 'List slack selectors',
    permission: { action: 'listNotificationEndpointConfigurations', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationSelectorList },
    errors: [403, 404, 500],
  }),
  /** Add slack selector. */
  add_slack_selector: defineOperation({
    id: 'add_slack_selector',
    method: 'POST',
    path: '/notifications/endpoints/slack/configurations/{uuid}/selectors',
    tag: 'Notifications',
    summary: 'Add slack selector',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    body: NotificationSelector,
    success: { status: 200, schema: NotificationSelector },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Read slack configuration status. */
  get_slack_configuration_status: defineOperation({
    id: 'get_slack_configuration_status',
    method: 'GET',
    path: '/notifications/endpoints/slack/configurations/{uuid}/status',
    tag: 'Notifications',
    summary: 'Read slack configuration status',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationOperationalStatus },
    errors: [403, 404, 500],
  }),
  /** Test stored slack configuration. */
  test_stored_slack_configuration: defineOperation({
    id: 'test_stored_slack_configuration',
    method: 'GET',
    path: '/notifications/endpoints/slack/configurations/{uuid}/test',
    tag: 'Notifications',
    summary: 'Test stored slack configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationSlackTestResult },
    errors: [403, 404, 500],
  }),
  /** Read slack configuration. */
  get_slack_configuration: defineOperation({
    id: 'get_slack_configuration',
    method: 'GET',
    path: '/notifications/endpoints/slack/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Read slack configuration',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationSlackEndpointConfiguration },
    errors: [403, 404, 500],
  }),
  /** Update slack configuration. */
  update_slack_configuration: defineOperation({
    id: 'update_slack_configuration',
    method: 'PUT',
    path: '/notifications/endpoints/slack/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Update slack configuration',
    permission: { action: 'updateNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    body: NotificationSlackEndpointConfiguration,
    success: { status: 200, schema: NotificationSlackEndpointConfiguration },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete slack configuration. */
  delete_slack_configuration: defineOperation({
    id: 'delete_slack_configuration',
    method: 'DELETE',
    path: '/notifications/endpoints/slack/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Delete slack configuration',
    permission: { action: 'deleteNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 404],
  }),
  /** Test slack configuration. */
  test_slack_configuration: defineOperation({
    id: 'test_slack_configuration',
    method: 'POST',
    path: '/notifications/endpoints/slack/test',
    tag: 'Notifications',
    summary: 'Test slack configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    body: NotificationSlackEndpointConfiguration,
    success: { status: 200, schema: NotificationSlackTestResult },
    errors: [400, 403, 415, 500],
  }),
};

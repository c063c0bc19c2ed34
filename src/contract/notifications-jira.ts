import { z } from 'zod';
import {
  NotificationJiraEndpointConfigurationBase,
  NotificationJiraEndpointConfigurationList,
  NotificationJiraEndpointConfigurationPost,
  NotificationJiraEndpointConfigurationPut,
  NotificationJiraTestResult,
  NotificationOperationalStatus,
  NotificationSelector,
  NotificationSelectorList,
} from './notifications-schemas.ts';
import { defineOperation } from './operation.ts';

/** Operations of Jira notification endpoints. */
export const jiraNotificationsOperations = {
  /** List jira configurations. */
  list_jira_configurations: defineOperation({
    id: 'list_jira_configurations',
    method: 'GET',
    path: '/notifications/endpoints/jira/configurations',
    tag: 'Notifications',
    summary: 'List jira configurations',
    permission: { action: 'listNotificationEndpointConfigurations', domain: 'account' },
    success: { status: 200, schema: NotificationJiraEndpointConfigurationList },
    errors: [403, 500],
  }),
  /** Add jira configuration. */
  add_jira_configuration: defineOperation({
    id: 'add_jira_configuration',
    method: 'POST',
    path: '/notifications/endpoints/jira/configurations',
    tag: 'Notifications',
    summary: 'Add jira configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    body: NotificationJiraEndpointConfigurationPost,
    success: { status: 200, schema: NotificationJiraEndpointConfigurationBase },
    errors: [400, 403, 415, 500],
  }),
  /** Read jira selector. */
  get_jira_selector: defineOperation({
    id: 'get_jira_selector',
    method: 'GET',
    path: '/notifications/endpoints/jira/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Read jira selector',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    success: { status: 200, schema: NotificationSelector },
    errors: [403, 404, 500],
  }),
  /** Update jira selector. */
  update_jira_selector: defineOperation({
    id: 'update_jira_selector',
    method: 'PUT',
    path: '/notifications/endpoints/jira/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Update jira selector',
    permission: { action: 'updateNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    body: NotificationSelector,
    success: { status: 200, schema: NotificationSelector },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete jira selector. */
  delete_jira_selector: defineOperation({
    id: 'delete_jira_selector',
    method: 'DELETE',
    path: '/notifications/endpoints/jira/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Delete jira selector',
    permission: { action: 'deleteNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 500],
  }),
  /** List jira selectors. */
  list_jira_selectors: defineOperation({
    id: 'list_jira_selectors',
    method: 'GET',
    path: '/notifications/endpoints/jira/configurations/{uuid}/selectors',
    tag: 'Notifications',
    summary: 'List jira selectors',
    permission: { action: 'listNotificationEndpointConfigurations', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationSelectorList },
    errors: [403, 404, 500],
  }),
  /** Add jira selector. */
  add_jira_selector: defineOperation({
    id: 'add_jira_selector',
    method: 'POST',
    path: '/notifications/endpoints/jira/configurations/{uuid}/selectors',
    tag: 'Notifications',
    summary: 'Add jira selector',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    body: NotificationSelector,
    success: { status: 200, schema: NotificationSelector },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Read jira configuration status. */
  get_jira_configuration_status: defineOperation({
    id: 'get_jira_configuration_status',
    method: 'GET',
    path: '/notifications/endpoints/jira/configurations/{uuid}/status',
    tag: 'Notifications',
    summary: 'Read jira configuration status',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationOperationalStatus },
    errors: [403, 404, 500],
  }),
  /** Test stored jira configuration. */
  test_stored_jira_configuration: defineOperation({
    id: 'test_stored_jira_configuration',
    method: 'GET',
    path: '/notifications/endpoints/jira/configurations/{uuid}/test',
    tag: 'Notifications',
    summary: 'Test stored jira configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationJiraTestResult },
    errors: [400, 403, 404, 500],
  }),
  /** Read jira configuration. */
  get_jira_configuration: defineOperation({
    id: 'get_jira_configuration',
    method: 'GET',
    path: '/notifications/endpoints/jira/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Read jira configuration',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationJiraEndpointConfigurationBase },
    errors: [403, 404, 500],
  }),
  /** Update jira configuration. */
  update_jira_configuration: defineOperation({
    id: 'update_jira_configuration',
    method: 'PUT',
    path: '/notifications/endpoints/jira/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Update jira configuration',
    permission: { action: 'updateNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    body: NotificationJiraEndpointConfigurationPut,
    success: { status: 200, schema: NotificationJiraEndpointConfigurationBase },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete jira configuration. */
  delete_jira_configuration: defineOperation({
    id: 'delete_jira_configuration',
    method: 'DELETE',
    path: '/notifications/endpoints/jira/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Delete jira configuration',
    permission: { action: 'deleteNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 404],
  }),
  /** Test jira configuration. */
  test_jira_configuration: defineOperation({
    id: 'test_jira_configuration',
    method: 'POST',
    path: '/notifications/endpoints/jira/test',
    tag: 'Notifications',
    summary: 'Test jira configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    body: NotificationJiraEndpointConfigurationPost,
    success: { status: 200, schema: NotificationJiraTestResult },
    errors: [400, 403, 415, 500],
  }),
};

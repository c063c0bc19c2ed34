import { z } from 'zod';
import {
  NotificationGitHubEndpointConfigurationBase,
  NotificationGitHubEndpointConfigurationList,
  NotificationGitHubEndpointConfigurationPost,
  NotificationGitHubEndpointConfigurationPut,
  NotificationGitHubTestResult,
  NotificationOperationalStatus,
  NotificationSelector,
  NotificationSelectorList,
} from './notifications-schemas.ts';
import { defineOperation } from './operation.ts';

/** Operations of GitHub notification endpoints. */
export const githubNotificationsOperations = {
  /** List github configurations. */
  list_github_configurations: defineOperation({
    id: 'list_github_configurations',
    method: 'GET',
    path: '/notifications/endpoints/github/configurations',
    tag: 'Notifications',
    summary: 'List github configurations',
    permission: { action: 'listNotificationEndpointConfigurations', domain: 'account' },
    success: { status: 200, schema: NotificationGitHubEndpointConfigurationList },
    errors: [403, 500],
  }),
  /** Add github configuration. */
  add_github_configuration: defineOperation({
    id: 'add_github_configuration',
    method: 'POST',
    path: '/notifications/endpoints/github/configurations',
    tag: 'Notifications',
    summary: 'Add github configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    body: NotificationGitHubEndpointConfigurationPost,
    success: { status: 200, schema: NotificationGitHubEndpointConfigurationBase },
    errors: [400, 403, 415, 500],
  }),
  /** Read github selector. */
  get_github_selector: defineOperation({
    id: 'get_github_selector',
    method: 'GET',
    path: '/notifications/endpoints/github/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Read github selector',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    success: { status: 200, schema: NotificationSelector },
    errors: [403, 404, 500],
  }),
  /** Update github selector. */
  update_github_selector: defineOperation({
    id: 'update_github_selector',
    method: 'PUT',
    path: '/notifications/endpoints/github/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Update github selector',
    permission: { action: 'updateNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    body: NotificationSelector,
    success: { status: 200, schema: NotificationSelector },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete github selector. */
  delete_github_selector: defineOperation({
    id: 'delete_github_selector',
    method: 'DELETE',
    path: '/notifications/endpoints/github/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Delete github selector',
    permission: { action: 'deleteNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 500],
  }),
  /** List github selectors. */
  list_github_selectors: defineOperation({
    id: 'list_github_selectors',
    method: 'GET',
    path: '/notifications/endpoints/github/configurations/{uuid}/selectors',
    tag: 'Notifications',
    summary: 'List github selectors',
    permission: { action: 'listNotificationEndpointConfigurations', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationSelectorList },
    errors: [403, 404, 500],
  }),
  /** Add github selector. */
  add_github_selector: defineOperation({
    id: 'add_github_selector',
    method: 'POST',
    path: '/notifications/endpoints/github/configurations/{uuid}/selectors',
    tag: 'Notifications',
    summary: 'Add github selector',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    body: NotificationSelector,
    success: { status: 200, schema: NotificationSelector },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Read github configuration status. */
  get_github_configuration_status: defineOperation({
    id: 'get_github_configuration_status',
    method: 'GET',
    path: '/notifications/endpoints/github/configurations/{uuid}/status',
    tag: 'Notifications',
    summary: 'Read github configuration status',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationOperationalStatus },
    errors: [403, 404, 500],
  }),
  /** Test stored github configuration. */
  test_stored_github_configuration: defineOperation({
    id: 'test_stored_github_configuration',
    method: 'GET',
    path: '/notifications/endpoints/github/configurations/{uuid}/test',
    tag: 'Notifications',
    summary: 'Test stored github configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationGitHubTestResult },
    errors: [403, 404, 500],
  }),
  /** Read github configuration. */
  get_github_configuration: defineOperation({
    id: 'get_github_configuration',
    method: 'GET',
    path: '/notifications/endpoints/github/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Read github configuration',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationGitHubEndpointConfigurationBase },
    errors: [403, 404, 500],
  }),
  /** Update github configuration. */
  update_github_configuration: defineOperation({
    id: 'update_github_configuration',
    method: 'PUT',
    path: '/notifications/endpoints/github/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Update github configuration',
    permission: { action: 'updateNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    body: NotificationGitHubEndpointConfigurationPut,
    success: { status: 200, schema: NotificationGitHubEndpointConfigurationBase },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete github configuration. */
  delete_github_configuration: defineOperation({
    id: 'delete_github_configuration',
    method: 'DELETE',
    path: '/notifications/endpoints/github/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Delete github configuration',
    permission: { action: 'deleteNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 404],
  }),
  /** Test github configuration. */
  test_github_configuration: defineOperation({
    id: 'test_github_configuration',
    method: 'POST',
    path: '/notifications/endpoints/github/test',
    tag: 'Notifications',
    summary: 'Test github configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    body: NotificationGitHubEndpointConfigurationPost,
    success: { status: 200, schema: NotificationGitHubTestResult },
    errors: [400, 403, 415, 500],
  }),
};

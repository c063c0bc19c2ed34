import { z } from 'zod';
import {
  NotificationOperationalStatus,
  NotificationSelector,
  NotificationSelectorList,
  NotificationTeamsEndpointConfiguration,
  NotificationTeamsEndpointConfigurationList,
  NotificationTeamsTestResult,
} from './notifications-schemas.ts';
import { defineOperation } from './operation.ts';

/** Operations of Teams notification endpoints. */
export const teamsNotificationsOperations = {
  /** List teams configurations. */
  list_teams_configurations: defineOperation({
    id: 'list_teams_configurations',
    method: 'GET',
    path: '/notifications/endpoints/teams/configurations',
    tag: 'Notifications',
    summary: 'List teams configurations',
    permission: { action: 'listNotificationEndpointConfigurations', domain: 'account' },
    success: { status: 200, schema: NotificationTeamsEndpointConfigurationList },
    errors: [403, 500],
  }),
  /** Add teams configuration. */
  add_teams_configuration: defineOperation({
    id: 'add_teams_configuration',
    method: 'POST',
    path: '/notifications/endpoints/teams/configurations',
    tag: 'Notifications',
    summary: 'Add teams configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    body: NotificationTeamsEndpointConfiguration,
    success: { status: 200, schema: NotificationTeamsEndpointConfiguration },
    errors: [400, 403, 415, 500],
  }),
  /** Read teams selector. */
  get_teams_selector: defineOperation({
    id: 'get_teams_selector',
    method: 'GET',
    path: '/notifications/endpoints/teams/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Read teams selector',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    success: { status: 200, schema: NotificationSelector },
    errors: [403, 404, 500],
  }),
  /** Update teams selector. */
  update_teams_selector: defineOperation({
    id: 'update_teams_selector',
    method: 'PUT',
    path: '/notifications/endpoints/teams/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Update teams selector',
    permission: { action: 'updateNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    body: NotificationSelector,
    success: { status: 200, schema: NotificationSelector },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete teams selector. */
  delete_teams_selector: defineOperation({
    id: 'delete_teams_selector',
    method: 'DELETE',
    path: '/notifications/endpoints/teams/configurations/{configuration_uuid}/selectors/{selector_uuid}',
    tag: 'Notifications',
    summary: 'Delete teams selector',
    permission: { action: 'deleteNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ configuration_uuid: z.string(), selector_uuid: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 500],
  }),
  /** List teams selectors. */
  list_teams_selectors: defineOperation({
    id: 'list_teams_selectors',
    method: 'GET',
    path: '/notifications/endpoints/teams/configurations/{uuid}/selectors',
    tag: 'Notifications',
    summary: 'List teams selectors',
    permission: { action: 'listNotificationEndpointConfigurations', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationSelectorList },
    errors: [403, 404, 500],
  }),
  /** Add teams selector. */
  add_teams_selector: defineOperation({
    id: 'add_teams_selector',
    method: 'POST',
    path: '/notifications/endpoints/teams/configurations/{uuid}/selectors',
    tag: 'Notifications',
    summary: 'Add teams selector',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    body: NotificationSelector,
    success: { status: 200, schema: NotificationSelector },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Read teams configuration status. */
  get_teams_configuration_status: defineOperation({
    id: 'get_teams_configuration_status',
    method: 'GET',
    path: '/notifications/endpoints/teams/configurations/{uuid}/status',
    tag: 'Notifications',
    summary: 'Read teams configuration status',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationOperationalStatus },
    errors: [403, 404, 500],
  }),
  /** Test stored teams configuration. */
  test_stored_teams_configuration: defineOperation({
    id: 'test_stored_teams_configuration',
    method: 'GET',
    path: '/notifications/endpoints/teams/configurations/{uuid}/test',
    tag: 'Notifications',
    summary: 'Test stored teams configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationTeamsTestResult },
    errors: [403, 404, 500],
  }),
  /** Test teams configuration. */
  test_teams_configuration: defineOperation({
    id: 'test_teams_configuration',
    method: 'POST',
    path: '/notifications/endpoints/teams/test',
    tag: 'Notifications',
    summary: 'Test teams configuration',
    permission: { action: 'createNotificationEndpointConfiguration', domain: 'account' },
    body: NotificationTeamsEndpointConfiguration,
    success: { status: 200, schema: NotificationTeamsTestResult },
    errors: [400, 403, 415, 500],
  }),
  /** Read teams configuration. */
  get_teams_configuration: defineOperation({
    id: 'get_teams_configuration',
    method: 'GET',
    path: '/notifications/endpoints/teams/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Read teams configuration',
    permission: { action: 'getNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: NotificationTeamsEndpointConfiguration },
    errors: [403, 404, 500],
  }),
  /** Update teams configuration. */
  update_teams_configuration: defineOperation({
    id: 'update_teams_configuration',
    method: 'PUT',
    path: '/notifications/endpoints/teams/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Update teams configuration',
    permission: { action: 'updateNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    body: NotificationTeamsEndpointConfiguration,
    success: { status: 200, schema: NotificationTeamsEndpointConfiguration },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete teams configuration. */
  delete_teams_configuration: defineOperation({
    id: 'delete_teams_configuration',
    method: 'DELETE',
    path: '/notifications/endpoints/teams/configurations/{uuid}',
    tag: 'Notifications',
    summary: 'Delete teams configuration',
    permission: { action: 'deleteNotificationEndpointConfiguration', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 404],
  }),
};

import { z } from 'zod';
import { githubNotificationsOperations } from './notifications-github.ts';
import { jiraNotificationsOperations } from './notifications-jira.ts';
import {
  NotificationEndpointEnabledStatus,
  NotificationEndpointList,
  NotificationSelectorList,
} from './notifications-schemas.ts';
import { slackNotificationsOperations } from './notifications-slack.ts';
import { smtpNotificationsOperations } from './notifications-smtp.ts';
import { teamsNotificationsOperations } from './notifications-teams.ts';
import { webhookNotificationsOperations } from './notifications-webhook.ts';
import { defineOperation } from './operation.ts';

/** Operations of notifications: the endpoints themselves and those of each kind. */
export const notificationsOperations = {
  /** List endpoints. */
  list_endpoints: defineOperation({
    id: 'list_endpoints',
    method: 'GET',
    path: '/notifications/endpoints',
    tag: 'Notifications',
    summary: 'List endpoints',
    permission: { action: 'listNotificationEndpoints', domain: 'account' },
    success: { status: 200, schema: NotificationEndpointList },
    errors: [403, 500],
  }),
  /** Update endpoint status. */
  update_endpoint_status: defineOperation({
    id: 'update_endpoint_status',
    method: 'PUT',
    path: '/notifications/endpoints/{name}',
    tag: 'Notifications',
    summary: 'Update endpoint status',
    permission: { action: 'updateNotificationEndpoint', domain: 'account' },
    params: z.object({ name: z.enum(['slack', 'jira', 'smtp', 'github', 'teams', 'webhook']) }),
    body: NotificationEndpointEnabledStatus,
    success: { status: 200, schema: NotificationEndpointEnabledStatus },
    errors: [400, 403, 415, 500],
  }),
  /** List selectors. */
  list_selectors: defineOperation({
    id: 'list_selectors',
    method: 'GET',
    path: '/notifications/selectors',
    tag: 'Notifications',
    summary: 'List selectors',
    permission: { action: 'listNotificationEndpointConfigurations', domain: 'account' },
    success: { status: 200, schema: NotificationSelectorList },
    errors: [403, 500],
  }),
  ...githubNotificationsOperations,
  ...jiraNotificationsOperations,
  ...slackNotificationsOperations,
  ...smtpNotificationsOperations,
  ...teamsNotificationsOperations,
  ...webhookNotificationsOperations,
};

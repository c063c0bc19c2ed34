import { z } from 'zod';
import { timestamp } from './fields.ts';

/** Part of `NotificationEndpointList`. */
export const NotificationEndpoint = z
  .object({
    name: z.string().optional(),
    enabled: z.boolean().optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'NotificationEndpoint' });
export type NotificationEndpoint = z.output<typeof NotificationEndpoint>;

/** Answer of `list_endpoints`. */
export const NotificationEndpointList = z.array(NotificationEndpoint).meta({ id: 'NotificationEndpointList' });
export type NotificationEndpointList = z.output<typeof NotificationEndpointList>;

/** Part of `NotificationGitHubEndpointConfigurationBase`, `NotificationJiraEndpointConfigurationBase`, `NotificationSMTPEndpointConfiguration` and others. */
export const NotificationEndpointConfiguration = z
  .object({
    uuid: z.string().optional(),
    description: z.string().optional(),
    verify_tls: z.boolean().optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'NotificationEndpointConfiguration' });
export type NotificationEndpointConfiguration = z.output<typeof NotificationEndpointConfiguration>;

/** Answer of `add_github_configuration`, `get_github_configuration`, `update_github_configuration`. */
export const NotificationGitHubEndpointConfigurationBase = NotificationEndpointConfiguration.extend({
  url: z
    .string()
    .regex(/https?:\/\/.*/)
    .optional(),
  username: z.string().optional(),
  access_token: z.string().optional(),
  owner: z.string().optional(),
  repository: z.string().optional(),
  milestone: z.int().optional(),
  labels: z.array(z.string()).optional(),
  assignees: z.array(z.string()).optional(),
}).meta({ id: 'NotificationGitHubEndpointConfigurationBase' });
export type NotificationGitHubEndpointConfigurationBase = z.output<typeof NotificationGitHubEndpointConfigurationBase>;

/** Answer of `list_github_configurations`. */
export const NotificationGitHubEndpointConfigurationList = z
  .array(NotificationGitHubEndpointConfigurationBase)
  .meta({ id: 'NotificationGitHubEndpointConfigurationList' });
export type NotificationGitHubEndpointConfigurationList = z.output<typeof NotificationGitHubEndpointConfigurationList>;

/** Body of `add_github_configuration`, `test_github_configuration`. */
export const NotificationGitHubEndpointConfigurationPost = NotificationGitHubEndpointConfigurationBase.required({
  username: true,
  access_token: true,
  owner: true,
  repository: true,
}).meta({ id: 'NotificationGitHubEndpointConfigurationPost' });
export type NotificationGitHubEndpointConfigurationPost = z.output<typeof NotificationGitHubEndpointConfigurationPost>;

/** Part of `NotificationSelector`. */
export const NotificationEventSelector = z
  .object({
    level: z.enum(['*', 'info', 'error']),
    resource_type: z.string(),
    type: z.string().regex(/^[a-z0-9-_.*]+$/),
  })
  .meta({ id: 'NotificationEventSelector' });
export type NotificationEventSelector = z.output<typeof NotificationEventSelector>;

/** Body of `update_github_selector`, `add_github_selector`, `update_jira_selector` and others. */
export const NotificationSelector = z
  .object({
    uuid: z.string().optional(),
    configuration_uuid: z.string().optional(),
    scope: z.enum(['global', 'account']),
    event: NotificationEventSelector,
  })
  .meta({ id: 'NotificationSelector' });
export type NotificationSelector = z.output<typeof NotificationSelector>;

/** Answer of `list_github_selectors`, `list_jira_selectors`, `list_slack_selectors` and others. */
export const NotificationSelectorList = z.array(NotificationSelector).meta({ id: 'NotificationSelectorList' });
export type NotificationSelectorList = z.output<typeof NotificationSelectorList>;

/** Answer of `get_github_configuration_status`, `get_jira_configuration_status`, `get_slack_configuration_status` and others. */
export const NotificationOperationalStatus = z
  .object({
    status: z.enum(['unknown', 'healthy', 'unhealthy']).optional(),
  })
  .meta({ id: 'NotificationOperationalStatus' });
export type NotificationOperationalStatus = z.output<typeof NotificationOperationalStatus>;

/** Answer of `test_stored_github_configuration`, `test_github_configuration`. */
export const NotificationGitHubTestResult = z
  .object({
    status: z.string().optional(),
    response: z.string().optional(),
  })
  .meta({ id: 'NotificationGitHubTestResult' });
export type NotificationGitHubTestResult = z.output<typeof NotificationGitHubTestResult>;

/** Body of `update_github_configuration`. */
export const NotificationGitHubEndpointConfigurationPut = NotificationGitHubEndpointConfigurationBase.required({
  username: true,
  owner: true,
  repository: true,
}).meta({ id: 'NotificationGitHubEndpointConfigurationPut' });
export type NotificationGitHubEndpointConfigurationPut = z.output<typeof NotificationGitHubEndpointConfigurationPut>;

/** Answer of `add_jira_configuration`, `get_jira_configuration`, `update_jira_configuration`. */
export const NotificationJiraEndpointConfigurationBase = NotificationEndpointConfiguration.extend({
  url: z
    .string()
    .regex(/https?:\/\/.*/)
    .optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  project_key: z.string().optional(),
  issue_type: z.string().optional(),
  priority: z.string().optional(),
  assignee: z.string().optional(),
  labels: z.array(z.string()).optional(),
}).meta({ id: 'NotificationJiraEndpointConfigurationBase' });
export type NotificationJiraEndpointConfigurationBase = z.output<typeof NotificationJiraEndpointConfigurationBase>;

/** Answer of `list_jira_configurations`. */
export const NotificationJiraEndpointConfigurationList = z
  .array(NotificationJiraEndpointConfigurationBase)
  .meta({ id: 'NotificationJiraEndpointConfigurationList' });
export type NotificationJiraEndpointConfigurationList = z.output<typeof NotificationJiraEndpointConfigurationList>;

/** Body of `add_jira_configuration`, `test_jira_configuration`. */
export const NotificationJiraEndpointConfigurationPost = NotificationJiraEndpointConfigurationBase.required({
  url: true,
  username: true,
  password: true,
  project_key: true,
  issue_type: true,
}).meta({ id: 'NotificationJiraEndpointConfigurationPost' });
export type NotificationJiraEndpointConfigurationPost = z.output<typeof NotificationJiraEndpointConfigurationPost>;

/** Answer of `test_stored_jira_configuration`, `test_jira_configuration`. */
export const NotificationJiraTestResult = z
  .object({
    status: z.string().optional(),
    response: z.string().optional(),
  })
  .meta({ id: 'NotificationJiraTestResult' });
export type NotificationJiraTestResult = z.output<typeof NotificationJiraTestResult>;

/** Body of `update_jira_configuration`. */
export const NotificationJiraEndpointConfigurationPut = NotificationJiraEndpointConfigurationBase.required({
  url: true,
  username: true,
  project_key: true,
  issue_type: true,
}).meta({ id: 'NotificationJiraEndpointConfigurationPut' });
export type NotificationJiraEndpointConfigurationPut = z.output<typeof NotificationJiraEndpointConfigurationPut>;

/** Body of `add_slack_configuration`, `update_slack_configuration`, `test_slack_configuration`. */
export const NotificationSlackEndpointConfiguration = NotificationEndpointConfiguration.extend({
  url: z.string().regex(/https?:\/\/.*/),
}).meta({ id: 'NotificationSlackEndpointConfiguration' });
export type NotificationSlackEndpointConfiguration = z.output<typeof NotificationSlackEndpointConfiguration>;

/** Answer of `list_slack_configurations`. */
export const NotificationSlackEndpointConfigurationList = z
  .array(NotificationSlackEndpointConfiguration)
  .meta({ id: 'NotificationSlackEndpointConfigurationList' });
export type NotificationSlackEndpointConfigurationList = z.output<typeof NotificationSlackEndpointConfigurationList>;

/** Answer of `test_stored_slack_configuration`, `test_slack_configuration`. */
export const NotificationSlackTestResult = z
  .object({
    status: z.string().optional(),
    response: z.string().optional(),
  })
  .meta({ id: 'NotificationSlackTestResult' });
export type NotificationSlackTestResult = z.output<typeof NotificationSlackTestResult>;

/** Body of `add_smtp_configuration`, `update_smtp_configuration`, `test_smtp_configuration`. */
export const NotificationSMTPEndpointConfiguration = NotificationEndpointConfiguration.extend({
  host: z.string(),
  port: z.int(),
  username: z.string().optional(),
  password: z.string().optional(),
  use_tls: z.boolean().optional(),
  from: z.string(),
  to: z.string(),
}).meta({ id: 'NotificationSMTPEndpointConfiguration' });
export type NotificationSMTPEndpointConfiguration = z.output<typeof NotificationSMTPEndpointConfiguration>;

/** Answer of `list_smtp_configurations`. */
export const NotificationSMTPEndpointConfigurationList = z
  .array(NotificationSMTPEndpointConfiguration)
  .meta({ id: 'NotificationSMTPEndpointConfigurationList' });
export type NotificationSMTPEndpointConfigurationList = z.output<typeof NotificationSMTPEndpointConfigurationList>;

/** Answer of `test_stored_smtp_configuration`, `test_smtp_configuration`. */
export const NotificationSMTPTestResult = z
  .object({
    status: z.string().optional(),
    response: z.string().optional(),
  })
  .meta({ id: 'NotificationSMTPTestResult' });
export type NotificationSMTPTestResult = z.output<typeof NotificationSMTPTestResult>;

/** Body of `add_teams_configuration`, `test_teams_configuration`, `update_teams_configuration`. */
export const NotificationTeamsEndpointConfiguration = NotificationEndpointConfiguration.extend({
  url: z.string().regex(/https?:\/\/.*/),
}).meta({ id: 'NotificationTeamsEndpointConfiguration' });
export type NotificationTeamsEndpointConfiguration = z.output<typeof NotificationTeamsEndpointConfiguration>;

/** Answer of `list_teams_configurations`. */
export const NotificationTeamsEndpointConfigurationList = z
  .array(NotificationTeamsEndpointConfiguration)
  .meta({ id: 'NotificationTeamsEndpointConfigurationList' });
export type NotificationTeamsEndpointConfigurationList = z.output<typeof NotificationTeamsEndpointConfigurationList>;

/** Answer of `test_stored_teams_configuration`, `test_teams_configuration`. */
export const NotificationTeamsTestResult = z
  .object({
    status: z.string().optional(),
    response: z.string().optional(),
  })
  .meta({ id: 'NotificationTeamsTestResult' });
export type NotificationTeamsTestResult = z.output<typeof NotificationTeamsTestResult>;

/** Body of `add_webhook_configuration`, `update_webhook_configuration`, `test_webhook_configuration`. */
export const NotificationWebhookEndpointConfiguration = NotificationEndpointConfiguration.extend({
  url: z.string().regex(/https?:\/\/.*/),
  username: z.string().optional(),
  password: z.string().optional(),
  verify_ssl: z.boolean().optional(),
}).meta({ id: 'NotificationWebhookEndpointConfiguration' });
export type NotificationWebhookEndpointConfiguration = z.output<typeof NotificationWebhookEndpointConfiguration>;

/** Answer of `list_webhook_configurations`. */
export const NotificationWebhookEndpointConfigurationList = z
  .array(NotificationWebhookEndpointConfiguration)
  .meta({ id: 'NotificationWebhookEndpointConfigurationList' });
export type NotificationWebhookEndpointConfigurationList = z.output<
  typeof NotificationWebhookEndpointConfigurationList
>;

/** Answer of `test_stored_webhook_configuration`, `test_webhook_configuration`. */
export const NotificationWebhookTestResult = z
  .object({
    status: z.string().optional(),
    response: z.string().optional(),
  })
  .meta({ id: 'NotificationWebhookTestResult' });
export type NotificationWebhookTestResult = z.output<typeof NotificationWebhookTestResult>;

/** Body of `update_endpoint_status`. */
export const NotificationEndpointEnabledStatus = z
  .object({
    enabled: z.boolean().optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'NotificationEndpointEnabledStatus' });
export type NotificationEndpointEnabledStatus = z.output<typeof NotificationEndpointEnabledStatus>;

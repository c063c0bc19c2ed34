import type { z } from 'zod';
import { githubNotificationsOperations as github } from '#contract/notifications-github.ts';
import { jiraNotificationsOperations as jira } from '#contract/notifications-jira.ts';
import { slackNotificationsOperations as slack } from '#contract/notifications-slack.ts';
import { smtpNotificationsOperations as smtp } from '#contract/notifications-smtp.ts';
import { teamsNotificationsOperations as teams } from '#contract/notifications-teams.ts';
import { webhookNotificationsOperations as webhook } from '#contract/notifications-webhook.ts';
import type { NotificationConfigurationDetail } from '#contract/windlass-notifications.ts';

export type KindName = z.output<typeof NotificationConfigurationDetail>['endpoint'];

/** A field of a configuration's form. */
export interface KindField {
  name: string;
  label: string;
  type?: 'text' | 'password' | 'number' | 'switch' | 'list';
  required?: true;
  /** Never shown again: an empty field leaves a stored one as it is. */
  secret?: true;
  about?: string;
  placeholder?: string;
  initial?: string | boolean | number;
}

/** A receiver as it is stored; its members depend on the kind. */
export type Configuration = Record<string, unknown> & { uuid?: string; description?: string };

/** Operations of a kind. All kinds have the same, but for the members of a configuration: those of webhooks stand for all. */
export interface KindOperations {
  list: typeof webhook.list_webhook_configurations;
  add: typeof webhook.add_webhook_configuration;
  update: typeof webhook.update_webhook_configuration;
  remove: typeof webhook.delete_webhook_configuration;
  test: typeof webhook.test_webhook_configuration;
  testStored: typeof webhook.test_stored_webhook_configuration;
  selectors: typeof webhook.list_webhook_selectors;
  addSelector: typeof webhook.add_webhook_selector;
  removeSelector: typeof webhook.delete_webhook_selector;
}

/** A kind of receiver. */
export interface Kind {
  name: KindName;
  title: string;
  fields: KindField[];
  operations: KindOperations;
  /** Where a configuration sends to, in a few words. */
  target: (configuration: Configuration) => string;
}

function operationsOf(name: string, all: object): KindOperations {
  const of = all as Record<string, unknown>;
  return {
    list: of[`list_${name}_configurations`],
    add: of[`add_${name}_configuration`],
    update: of[`update_${name}_configuration`],
    remove: of[`delete_${name}_configuration`],
    test: of[`test_${name}_configuration`],
    testStored: of[`test_stored_${name}_configuration`],
    selectors: of[`list_${name}_selectors`],
    addSelector: of[`add_${name}_selector`],
    removeSelector: of[`delete_${name}_selector`],
  } as KindOperations;
}

const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const url = (configuration: Configuration) => text(configuration.url);

const LABELS: KindField = { name: 'labels', label: 'Labels', type: 'list', about: 'Separated by commas.' };

/** All kinds of receivers. */
export const KINDS: readonly Kind[] = [
  {
    name: 'webhook',
    title: 'Webhook',
    operations: operationsOf('webhook', webhook),
    target: url,
    fields: [
      { name: 'url', label: 'Address', required: true, placeholder: 'https://hooks.example.com/windlass' },
      { name: 'username', label: 'User name' },
      { name: 'password', label: 'Password', type: 'password', secret: true },
    ],
  },
  {
    name: 'slack',
    title: 'Slack',
    operations: operationsOf('slack', slack),
    target: url,
    fields: [
      {
        name: 'url',
        label: 'Webhook address',
        required: true,
        about: 'It gives access to the channel: only its host is shown later.',
        placeholder: 'https://hooks.slack.com/services/…',
      },
    ],
  },
  {
    name: 'teams',
    title: 'Microsoft Teams',
    operations: operationsOf('teams', teams),
    target: url,
    fields: [
      {
        name: 'url',
        label: 'Webhook address',
        required: true,
        about: 'It gives access to the channel: only its host is shown later.',
      },
    ],
  },
  {
    name: 'smtp',
    title: 'Mail',
    operations: operationsOf('smtp', smtp),
    target: (configuration) => text(configuration.to),
    fields: [
      { name: 'host', label: 'Mail server', required: true, placeholder: 'mail.example.com' },
      { name: 'port', label: 'Port', type: 'number', required: true, initial: 587 },
      { name: 'username', label: 'User name' },
      { name: 'password', label: 'Password', type: 'password', secret: true },
      { name: 'use_tls', label: 'Encrypt the connection', type: 'switch', initial: true },
      { name: 'from', label: 'From', required: true, placeholder: 'windlass@example.com' },
      { name: 'to', label: 'To', required: true, placeholder: 'security@example.com' },
    ],
  },
  {
    name: 'github',
    title: 'GitHub',
    operations: operationsOf('github', github),
    target: ({ owner, repository }) => `${text(owner)}/${text(repository)}`,
    fields: [
      { name: 'url', label: 'Address', about: 'Of a GitHub of your own; empty for github.com.' },
      { name: 'owner', label: 'Owner', required: true },
      { name: 'repository', label: 'Repository', required: true },
      { name: 'username', label: 'User name', required: true },
      { name: 'access_token', label: 'Access token', type: 'password', required: true, secret: true },
      { name: 'milestone', label: 'Milestone', type: 'number' },
      LABELS,
      { name: 'assignees', label: 'Assignees', type: 'list', about: 'Separated by commas.' },
    ],
  },
  {
    name: 'jira',
    title: 'Jira',
    operations: operationsOf('jira', jira),
    target: (configuration) => `${text(configuration.project_key)} at ${url(configuration)}`,
    fields: [
      { name: 'url', label: 'Address', required: true, placeholder: 'https://example.atlassian.net' },
      { name: 'username', label: 'User name', required: true },
      { name: 'password', label: 'Password or token', type: 'password', required: true, secret: true },
      { name: 'project_key', label: 'Project key', required: true },
      { name: 'issue_type', label: 'Type of issue', required: true, initial: 'Task' },
      { name: 'priority', label: 'Priority' },
      { name: 'assignee', label: 'Assignee' },
      LABELS,
    ],
  },
];

/** A kind by its name. */
export function kindOf(name: string): Kind | undefined {
  return KINDS.find((kind) => kind.name === name);
}

import { basic, postJson } from './post.ts';
import type { Notifier } from './types.ts';

/** A Jira project that gets an issue for each message. */
export interface JiraConfiguration {
  url: string;
  username: string;
  /** Password, or an API token in the cloud. */
  password: string;
  project_key: string;
  issue_type: string;
  priority?: string;
  assignee?: string;
  labels?: string[];
  verify_tls?: boolean;
}

const MAX_BODY = 30_000;

/** Creates an issue by the REST API, version 2, which servers and the cloud share. */
export const jira: Notifier<JiraConfiguration> = (configuration, message, transport, signal) => {
  const { project_key: key, issue_type: type, priority, assignee, labels, username, password } = configuration;
  const cloud = /\.atlassian\.net$/i.test(URL.parse(configuration.url)?.hostname ?? '');
  const body = {
    fields: {
      project: { key },
      issuetype: { name: type },
      summary: message.subject.replace(/\s+/g, ' ').slice(0, 250),
      description: `${message.text.slice(0, MAX_BODY)}${message.link ? `\n\n${message.link}` : ''}\n\nDelivery ${message.id}`,
      ...(priority ? { priority: { name: priority } } : {}),
      // The cloud knows people by account id, servers by name.
      ...(assignee ? { assignee: cloud ? { accountId: assignee } : { name: assignee } } : {}),
      ...(labels?.length ? { labels } : {}),
    },
  };
  const url = `${configuration.url.replace(/\/+$/, '')}/rest/api/2/issue`;
  const headers = { authorization: basic(username, password) };
  return postJson(transport, url, body, { headers, insecure: configuration.verify_tls === false, signal });
};

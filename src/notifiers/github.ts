import { postJson } from './post.ts';
import type { Notifier } from './types.ts';

/** A repository that gets an issue for each message. */
export interface GithubConfiguration {
  /** Address of the API. Default: the public one. */
  url?: string;
  username: string;
  access_token: string;
  owner: string;
  repository: string;
  milestone?: number;
  labels?: string[];
  assignees?: string[];
  verify_tls?: boolean;
}

const MAX_BODY = 60_000;

/** Creates an issue by the REST API, version 2022-11-28. */
export const github: Notifier<GithubConfiguration> = (configuration, message, transport, signal) => {
  const { owner, repository, milestone, labels, assignees } = configuration;
  const base = (configuration.url || 'https://api.github.com').replace(/\/+$/, '');
  const url = `${base}/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repository)}/issues`;
  const body = {
    title: message.subject.slice(0, 250),
    body: `${message.text.slice(0, MAX_BODY)}${message.link ? `\n\n${message.link}` : ''}\n\n<!-- delivery ${message.id} -->\n`,
    ...(milestone === undefined ? {} : { milestone }),
    ...(labels?.length ? { labels } : {}),
    ...(assignees?.length ? { assignees } : {}),
  };
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${configuration.access_token}`,
    'x-github-api-version': '2022-11-28',
  };
  return postJson(transport, url, body, { headers, insecure: configuration.verify_tls === false, signal });
};

import type { EndpointName } from '#notifiers/index.ts';

/** Members of a configuration that are never shown. */
const SECRET_FIELDS: Record<EndpointName, readonly string[]> = {
  slack: ['url'],
  teams: ['url'],
  smtp: ['password'],
  github: ['access_token'],
  jira: ['password'],
  webhook: ['password'],
};

/** Ends an address of which the part that gives access is left out. */
const MASK = '******';

/** Members that the server sets. */
const READ_ONLY = ['uuid', 'created_at', 'last_updated', 'description'];

/** A configuration in the parts in which it is stored. */
export interface SplitConfiguration {
  description: string | null;
  settings: Record<string, unknown>;
  secrets: Record<string, string>;
}

/**
 * Takes a request body apart. A secret that is absent, or that is sent back as it is shown, keeps its value.
 * `former` are the secrets so far.
 */
export function splitConfiguration(
  endpoint: EndpointName,
  body: Record<string, unknown>,
  former: Record<string, string> = {},
): SplitConfiguration {
  const settings: Record<string, unknown> = {};
  const secrets: Record<string, string> = { ...former };
  for (const [name, value] of Object.entries(body)) {
    if (READ_ONLY.includes(name) || value === undefined) continue;
    if (!SECRET_FIELDS[endpoint].includes(name)) settings[name] = value;
    else if (typeof value === 'string' && !value.endsWith(MASK)) secrets[name] = value;
  }
  return { description: (body.description as string | undefined) ?? null, settings, secrets };
}

/** What of the secrets is shown: of an address its host, of everything else nothing. */
export function shownSecrets(endpoint: EndpointName, secrets: Record<string, string>): Record<string, string> {
  const url = secrets.url;
  if (!SECRET_FIELDS[endpoint].includes('url') || url === undefined) return {};
  const origin = URL.parse(url)?.origin;
  return { url: `${origin && origin !== 'null' ? origin : 'https://'}/${MASK}` };
}

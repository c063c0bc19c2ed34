import type { EndpointName } from '#notifiers/index.ts';
import { badRequest } from '#shared/errors.ts';
import { MASK, maskedUrl, unmaskedUrl } from '#shared/masked-url.ts';

/** Members of a configuration that are never shown. */
const SECRET_FIELDS: Record<EndpointName, readonly string[]> = {
  slack: ['url'],
  teams: ['url'],
  smtp: ['password'],
  github: ['access_token'],
  jira: ['password'],
  webhook: ['password'],
};

/** Members that the server sets. */
const READ_ONLY = ['uuid', 'created_at', 'last_updated', 'description'];

/** A configuration in the parts in which it is stored. */
export interface SplitConfiguration {
  description: string | null;
  settings: Record<string, unknown>;
  secrets: Record<string, string>;
}

/**
 * Takes a request body apart. A secret that is absent, or that is sent back as it is shown, keeps its value; so do the
 * masked parts of an address. `former` are settings and secrets so far. Throws 400 for an address with a masked part
 * that is not known.
 */
export function splitConfiguration(
  endpoint: EndpointName,
  body: Record<string, unknown>,
  former: { settings: Record<string, unknown>; secrets: Record<string, string> } = { settings: {}, secrets: {} },
): SplitConfiguration {
  const settings: Record<string, unknown> = {};
  const secrets: Record<string, string> = { ...former.secrets };
  for (const [name, value] of Object.entries(body)) {
    if (READ_ONLY.includes(name) || value === undefined) continue;
    if (SECRET_FIELDS[endpoint].includes(name)) {
      if (typeof value === 'string' && !value.endsWith(MASK)) secrets[name] = value;
      // nothing is known that the mask could stand for
      else if (name === 'url' && secrets.url === undefined)
        throw badRequest(`Invalid url: give the parts that are masked as ${MASK}`);
    } else if (name === 'url') {
      const known = former.secrets.url ?? (former.settings.url as string | undefined);
      splitAddress(unmaskedUrl(String(value), known), settings, secrets);
    } else {
      settings[name] = value;
    }
  }
  return { description: (body.description as string | undefined) ?? null, settings, secrets };
}

/** An address with parts that give access is a secret; what is shown of it is a setting. */
function splitAddress(
  url: string | undefined,
  settings: Record<string, unknown>,
  secrets: Record<string, string>,
): void {
  if (url === undefined) throw badRequest(`Invalid url: give the parts that are masked as ${MASK}`);
  settings.url = maskedUrl(url);
  if (settings.url === url) delete secrets.url;
  else secrets.url = url;
}

/** Settings as they are shown: addresses that were stored in full are masked. */
export function shownSettings(settings: Record<string, unknown>): Record<string, unknown> {
  return typeof settings.url === 'string' ? { ...settings, url: maskedUrl(settings.url) } : settings;
}

/** What of the secrets is shown: of an address its host, of everything else nothing. */
export function shownSecrets(endpoint: EndpointName, secrets: Record<string, string>): Record<string, string> {
  const url = secrets.url;
  if (!SECRET_FIELDS[endpoint].includes('url') || url === undefined) return {};
  const origin = URL.parse(url)?.origin;
  return { url: `${origin && origin !== 'null' ? origin : 'https://'}/${MASK}` };
}

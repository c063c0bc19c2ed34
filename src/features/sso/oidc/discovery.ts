import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { badRequest } from '#shared/errors.ts';
import { FetchError, type Fetcher, type FetcherOptions, readBytes } from '#shared/fetcher.ts';

/** What an OpenID provider says of itself (OpenID Connect Discovery 1.0 §3): the members that are used. */
const ProviderDocument = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
  end_session_endpoint: z.url().optional(),
});
export type ProviderDocument = z.output<typeof ProviderDocument>;

const KeySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(100) });

/** Documents and keys of OpenID providers, kept for a while. */
export interface Discovery {
  /** Throws 400 with the reason when the provider cannot be used. `fresh` asks it anew. */
  document(issuer: string, fresh?: boolean): Promise<ProviderDocument>;
  /** The keys that it signs with. `renew` asks for them again, though not often. */
  keys(document: ProviderDocument, renew?: boolean): Promise<JWTVerifyGetKey>;
  /** A JSON answer of the provider with its status. Throws 400 when there is none. */
  json(url: string, options?: FetcherOptions): Promise<{ status: number; body: unknown }>;
}

const KEEP_MS = 3_600_000;
const RENEW_MS = 30_000;
const LIMIT = 1_000_000;

/** Creates the service. */
export function createDiscovery(options: { fetcher: Fetcher; now: () => number }): Discovery {
  const { fetcher, now } = options;
  const documents = new Map<string, { at: number; value: ProviderDocument }>();
  const keySets = new Map<string, { at: number; renewedAt: number; value: JWTVerifyGetKey }>();

  async function json(url: string, request: FetcherOptions = {}): Promise<{ status: number; body: unknown }> {
    try {
      // A redirect would carry code and secret somewhere else.
      const response = await fetcher.request(url, { stallTimeoutMs: 10_000, redirect: 'manual', ...request });
      const text = new TextDecoder().decode(await readBytes(response, LIMIT));
      return { status: response.status, body: JSON.parse(text) as unknown };
    } catch (error) {
      if (error instanceof FetchError) throw badRequest(`The OpenID provider could not be reached: ${error.message}`);
      if (error instanceof SyntaxError) throw badRequest('The OpenID provider answered something that is not JSON');
      throw error;
    }
  }

  return {
    json,
    async document(issuer, fresh = false) {
      const known = documents.get(issuer);
      if (!fresh && known && now() - known.at < KEEP_MS) return known.value;
      const { status, body } = await json(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
      const parsed = ProviderDocument.safeParse(body);
      if (status !== 200 || !parsed.success) throw badRequest(`There is no OpenID provider at ${issuer}`);
      const value = parsed.data;
      if (value.issuer !== issuer) throw badRequest(`The OpenID provider calls itself ${value.issuer.slice(0, 200)}`);
      for (const url of addressesOf(value)) {
        if (url !== undefined && !isSafeIssuer(url))
          throw badRequest('The OpenID provider has an address without https');
      }
      documents.set(issuer, { at: now(), value });
      return value;
    },
    async keys(document, renew = false) {
      const known = keySets.get(document.jwks_uri);
      if (known && now() - (renew ? known.renewedAt : known.at) < (renew ? RENEW_MS : KEEP_MS)) return known.value;
      const { status, body } = await json(document.jwks_uri);
      const parsed = KeySet.safeParse(body);
      if (status !== 200 || !parsed.success) throw badRequest('The OpenID provider gives no keys');
      const value = createLocalJWKSet(parsed.data as JSONWebKeySet);
      keySets.set(document.jwks_uri, { at: now(), renewedAt: renew ? now() : 0, value });
      return value;
    },
  };
}

function addressesOf(value: ProviderDocument): (string | undefined)[] {
  const { authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint, end_session_endpoint } = value;
  return [authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint, end_session_endpoint];
}

/** https, or http to this machine itself: anybody between could change what plain http carries. */
export function isSafeIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname));
}

import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { SignedIn } from '#features/accounts/index.ts';
import { forbidden } from '#shared/errors.ts';
import type { ProviderRow } from '../provider-store.ts';
import type { Caller, ProvenClaims, SignIns } from '../sign-in.ts';
import { type LoginTicket, randomText, sameText } from '../tickets.ts';
import type { ClaimMapping } from '../types.ts';
import type { Discovery, ProviderDocument } from './discovery.ts';
import { checkIdToken } from './id-token.ts';
import { clientSecretOf, type OidcProviders, type OidcSettings } from './oidc-providers.ts';

/** What the provider sends the browser back with. */
export interface OidcCallback {
  code?: string | undefined;
  state?: string | undefined;
  error?: string | undefined;
  /** RFC 9207. */
  iss?: string | undefined;
}

/** A finished OpenID sign-in, with what a logout needs. */
export interface OidcSignedIn extends SignedIn {
  subject: string;
  /** The session at the provider, where it names it. */
  session: string | undefined;
  idToken: string;
}

/** Signs users in by OpenID Connect: authorization code with PKCE (RFC 7636), state and nonce. */
export interface OidcSignIn {
  /** Where to send the browser, and what it keeps meanwhile. Throws 400, 403 for a disabled provider, 404. */
  begin(
    name: string,
    returnTo: string,
  ): Promise<{ url: string; ticket: LoginTicket; provider: ProviderRow<OidcSettings> }>;
  /** Takes the answer that the browser brings, with the ticket that it kept. Throws 400, 403, 404. */
  finish(name: string, callback: OidcCallback, ticket: LoginTicket | undefined, caller: Caller): Promise<OidcSignedIn>;
}

/** Creates the service. */
export function createOidcSignIn(options: {
  providers: OidcProviders;
  discovery: Discovery;
  secrets: Parameters<typeof clientSecretOf>[0];
  signIns: SignIns;
  now: () => number;
}): OidcSignIn {
  const { providers, discovery, secrets, signIns, now } = options;

  async function exchange(
    provider: ProviderRow<OidcSettings>,
    document: ProviderDocument,
    code: string,
    verifier: string,
  ) {
    const { client_id, redirect_uri, token_endpoint_auth_method: method } = provider.settings;
    const secret = clientSecretOf(secrets, provider);
    const form = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier });
    const headers: Record<string, string> = {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    };
    if (secret !== undefined && method === 'client_secret_basic') {
      // RFC 6749 §2.3.1: both parts are form-encoded first.
      const pair = [client_id, secret].map((part) => new URLSearchParams({ x: part }).toString().slice(2)).join(':');
      headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    } else {
      form.set('client_id', client_id);
      if (secret !== undefined) form.set('client_secret', secret);
    }
    const { status, body } = await discovery.json(document.token_endpoint, {
      method: 'POST',
      headers,
      body: form.toString(),
    });
    const { id_token, access_token } = (body ?? {}) as Record<string, unknown>;
    if (status !== 200 || typeof id_token !== 'string')
      throw forbidden(`Not authorized. The OpenID provider gave no token (status ${status})`);
    return { idToken: id_token, accessToken: typeof access_token === 'string' ? access_token : undefined };
  }

  /** Claims that the ID token leaves out may be at the userinfo endpoint (OpenID Connect Core §5.3). */
  async function withUserInfo(
    claims: JWTPayload,
    wanted: readonly string[],
    document: ProviderDocument,
    accessToken: string | undefined,
  ) {
    const complete = wanted.every((name) => claims[name] !== undefined);
    if (complete || document.userinfo_endpoint === undefined || accessToken === undefined) return claims;
    const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' };
    const { status, body } = await discovery.json(document.userinfo_endpoint, { headers });
    const info = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
    return status === 200 && info.sub === claims.sub ? { ...info, ...claims } : claims;
  }

  async function read(
    provider: ProviderRow<OidcSettings>,
    callback: OidcCallback,
    ticket: LoginTicket | undefined,
  ): Promise<{ claims: ProvenClaims; proof: Pick<OidcSignedIn, 'subject' | 'session' | 'idToken'> }> {
    if (ticket?.provider !== provider.name || ticket.nonce === undefined || ticket.verifier === undefined)
      throw forbidden('Not authorized. The sign-in was begun in another browser, or too long ago');
    if (callback.state === undefined || !sameText(callback.state, ticket.id))
      throw forbidden('Not authorized. The answer belongs to another sign-in');
    if (callback.iss !== undefined && callback.iss !== provider.settings.issuer)
      throw forbidden('Not authorized. The answer is of another provider');
    if (callback.error !== undefined || callback.code === undefined)
      throw forbidden('Not authorized. The identity provider did not sign the user in');
    const document = await discovery.document(provider.settings.issuer);
    const { client_id } = provider.settings;
    const { idToken, accessToken } = await exchange(provider, document, callback.code, ticket.verifier);
    const expected = { clientId: client_id, nonce: ticket.nonce, now: now() };
    const proven = await checkIdToken(discovery, document, idToken, expected);
    const claims = await withUserInfo(proven, wantedClaims(provider.settings), document, accessToken);
    const preferred = claims.preferred_username;
    const session = typeof proven.sid === 'string' && proven.sid !== '' ? proven.sid : undefined;
    const read: ProvenClaims = {
      source: provider.entity_id,
      subject: typeof preferred === 'string' && preferred !== '' ? preferred : proven.sub,
      lastingSubject: proven.sub,
      attributes: attributesOf(claims),
      used: [{ id: `state ${ticket.id}`, until: new Date(now() + 3_600_000) }],
    };
    return { claims: read, proof: { subject: proven.sub, session, idToken } };
  }

  return {
    async begin(name, returnTo) {
      const provider = await providers.find(name);
      if (!provider.enabled) throw forbidden(`Not authorized. The identity provider ${name} is disabled`);
      const { issuer, client_id, redirect_uri, scopes } = provider.settings;
      const { authorization_endpoint } = await discovery.document(issuer);
      const [state, nonce, verifier] = [randomText(), randomText(), randomText()];
      const url = new URL(authorization_endpoint);
      const query = {
        response_type: 'code',
        client_id,
        redirect_uri,
        scope: [...new Set(['openid', ...(scopes ?? [])])].join(' '),
        state,
        nonce,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      };
      for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
      return { url: url.href, ticket: { provider: name, id: state, returnTo, nonce, verifier }, provider };
    },
    async finish(name, callback, ticket, caller) {
      const provider = await providers.find(name);
      let proof = { subject: '', session: undefined as string | undefined, idToken: '' };
      const user = await signIns.run(provider, caller, async () => {
        const proven = await read(provider, callback, ticket);
        proof = proven.proof;
        return proven.claims;
      });
      return { ...user, ...proof };
    },
  };
}

function wantedClaims(mapping: ClaimMapping): string[] {
  const { idp_username_attribute: name = 'preferred_username', idp_groups_attribute: groups = 'groups' } = mapping;
  return [name, groups, mapping.idp_account_attribute, mapping.idp_role_attribute].filter((one) => one !== undefined);
}

/** Texts, numbers and lists of them, by claim; what is inside objects is named with dots, as `realm_access.roles`. */
function attributesOf(claims: JWTPayload): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (name: string, value: unknown, depth: number): void => {
    if (Array.isArray(value)) {
      found.set(name, value.filter((one) => typeof one === 'string' || typeof one === 'number').map(String));
    } else if (typeof value === 'string' || typeof value === 'number') {
      found.set(name, [String(value)]);
    } else if (typeof value === 'object' && value !== null && depth < 4) {
      for (const [key, inner] of Object.entries(value)) {
        if (!found.has(`${name}.${key}`)) add(`${name}.${key}`, inner, depth + 1);
      }
    }
  };
  for (const [name, value] of Object.entries(claims)) if (name.includes('.') === false) add(name, value, 0);
  for (const [name, value] of Object.entries(claims)) if (name.includes('.')) add(name, value, 0);
  return found;
}

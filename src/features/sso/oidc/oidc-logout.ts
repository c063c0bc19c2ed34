import { AppError, badRequest, forbidden } from '#shared/errors.ts';
import type { ProviderSessions } from '../provider-sessions.ts';
import type { ProviderRow } from '../provider-store.ts';
import type { Caller, SignIns } from '../sign-in.ts';
import type { Discovery } from './discovery.ts';
import { verifyToken } from './id-token.ts';
import type { OidcProviders, OidcSettings } from './oidc-providers.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** Longer hints make addresses that servers refuse; the provider then asks the user. */
const LONGEST_HINT = 4096;
const KEEP_MS = 3_600_000;

/** Ends sessions at OpenID providers, and sessions here that they end. */
export interface OidcLogout {
  /** Where the browser goes to sign out (RP-Initiated Logout 1.0); undefined when the provider has no such page. */
  address(provider: ProviderRow<OidcSettings>, idToken: string): Promise<string | undefined>;
  /** Takes a logout token of the provider (Back-Channel Logout 1.0). Throws 400, 404. */
  take(name: string, token: string | undefined, caller: Caller): Promise<void>;
}

/** Creates the service. */
export function createOidcLogout(options: {
  providers: OidcProviders;
  discovery: Discovery;
  sessions: ProviderSessions;
  signIns: SignIns;
  now: () => number;
}): OidcLogout {
  const { providers, discovery, sessions, signIns, now } = options;

  async function take(provider: ProviderRow<OidcSettings>, token: string): Promise<void> {
    const document = await discovery.document(provider.settings.issuer);
    const expected = { clientId: provider.settings.client_id, now: now() };
    const claims = await verifyToken(discovery, document, token, expected, ['iat', 'jti', 'events']);
    const { sub, sid, jti, events, nonce } = claims;
    // An ID token must never pass for a logout token: it has a nonce and no such event (§2.6).
    if (nonce !== undefined || typeof events !== 'object' || events === null || !(EVENT in events))
      throw forbidden('Not authorized. The token is no logout token');
    const subject = typeof sub === 'string' && sub !== '' ? sub : undefined;
    const session = typeof sid === 'string' && sid !== '' ? sid : undefined;
    if (subject === undefined && session === undefined)
      throw forbidden('Not authorized. The logout token names neither user nor session');
    const until = new Date(now() + KEEP_MS);
    // Without an end a token counts as long as it is remembered.
    if (claims.exp === undefined && (claims.iat ?? 0) * 1000 < now() - KEEP_MS / 2)
      throw forbidden('Not authorized. The logout token has expired');
    if (claims.exp !== undefined && claims.exp * 1000 > until.getTime())
      throw forbidden('Not authorized. The logout token is valid for too long');
    if (!(await signIns.use(provider.entity_id, `logout ${jti}`, until)))
      throw forbidden('Not authorized. The logout token was used before');
    await sessions.end(provider.name, subject, session === undefined ? [] : [session]);
  }

  return {
    async address(provider, idToken) {
      const { issuer, client_id, post_logout_redirect_uri: back } = provider.settings;
      const { end_session_endpoint: page } = await discovery.document(issuer);
      if (page === undefined) return undefined;
      const url = new URL(page);
      if (idToken.length <= LONGEST_HINT) url.searchParams.set('id_token_hint', idToken);
      url.searchParams.set('client_id', client_id);
      if (back !== undefined) url.searchParams.set('post_logout_redirect_uri', back);
      return url.href;
    },
    async take(name, token, caller) {
      const provider = await providers.find(name);
      await signIns.record(provider, caller, 'provider_logout', async () => {
        if (!token) throw badRequest("'logout_token' is a required property");
        try {
          await take(provider, token);
        } catch (error) {
          // §2.8: whatever is wrong with the token is answered 400.
          if (error instanceof AppError && error.httpStatus === 403) throw badRequest(error.message);
          throw error;
        }
      });
    },
  };
}

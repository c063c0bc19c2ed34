import {
  isSecureRequest,
  readSessionCookie,
  requireOwnPage,
  type SessionOrigin,
  type Sessions,
  sessionCookie,
} from '#platform/auth/sessions.ts';
import type { Database } from '#platform/database/types.ts';
import type { HttpLog, RawAnswer } from '#platform/http/index.ts';
import type { OidcLogout } from './oidc/oidc-logout.ts';
import type { OidcSettings } from './oidc/oidc-providers.ts';
import type { ProviderSessions } from './provider-sessions.ts';
import { findProvider, type ProviderRow } from './provider-store.ts';
import { redirect } from './redirect.ts';
import type { SamlPrincipal } from './saml/assertion.ts';
import type { SamlLogout } from './saml/saml-logout.ts';
import type { SamlSettings } from './saml/settings.ts';
import type { Tickets } from './tickets.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Sign-out in a browser, here and at the provider that signed the user in. */
export interface SignOuts {
  /** Ends the session of the browser. Gives the cookie that removes it, and where to go to sign out at the provider. */
  begin(headers: Headers, log: HttpLog): Promise<{ cookie: string; redirectUrl: string | undefined }>;
  /** Sends the browser to a SAML provider with a request; to the sign-in page when the code is no good. */
  proceed(code: string | undefined): Promise<RawAnswer>;
}

const PROCEED = '/v2/windlass/sign-out/provider';

/** Creates the service. */
export function createSignOuts(options: {
  database: Database;
  sessions: Sessions;
  providerSessions: ProviderSessions;
  tickets: Tickets;
  samlLogout: SamlLogout;
  oidcLogout: OidcLogout;
}): SignOuts {
  const { database, sessions, providerSessions, tickets, samlLogout, oidcLogout } = options;

  async function atProvider(origin: Pick<SessionOrigin, 'provider' | 'logout'>): Promise<string | undefined> {
    const details = providerSessions.details(origin);
    const provider = await findProvider(database.db, origin.provider);
    if (!details || !provider) return undefined;
    if ('idToken' in details) return oidcLogout.address(provider as ProviderRow<OidcSettings>, details.idToken);
    if ((await samlLogout.binding(provider as ProviderRow<SamlSettings>)) === undefined) return undefined;
    const code = tickets.sealLogout({ provider: provider.name, principal: details.principal });
    return `${PROCEED}?code=${encodeURIComponent(code)}`;
  }

  return {
    async begin(headers, log) {
      requireOwnPage('POST', headers);
      const id = readSessionCookie(headers.cookie);
      const origin = id === undefined ? undefined : await sessions.end(id);
      const cookie = sessionCookie(undefined, { secure: isSecureRequest(headers), maxAgeSeconds: 0 });
      try {
        return { cookie, redirectUrl: origin && (await atProvider(origin)) };
      } catch (error) {
        // The session here has ended: a provider that cannot be reached is no reason to say otherwise.
        log.warn({ err: error, provider: origin?.provider }, 'the identity provider could not be asked about logout');
        return { cookie, redirectUrl: undefined };
      }
    },
    async proceed(code) {
      const ticket = code === undefined ? undefined : tickets.openLogout<SamlPrincipal>(code);
      const provider = ticket && (await findProvider(database.db, ticket.provider));
      if (!ticket || provider?.kind !== 'saml') return redirect('/sign-in');
      return samlLogout.begin(provider as ProviderRow<SamlSettings>, ticket.principal);
    },
  };
}

import type { Accounts } from '#features/accounts/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { BoundOperation } from '#platform/http/index.ts';
import type { Fetcher } from '#shared/fetcher.ts';
import { createBrowserSignIn } from './browser-sign-in.ts';
import { createGroupMappings } from './group-mappings.ts';
import { createDiscovery } from './oidc/discovery.ts';
import { createOidcLogout } from './oidc/oidc-logout.ts';
import { createOidcProviders } from './oidc/oidc-providers.ts';
import { createOidcSignIn } from './oidc/oidc-sign-in.ts';
import { createProviderSessions } from './provider-sessions.ts';
import { createSamlKeys } from './saml/key-pairs.ts';
import { createProviderMetadata } from './saml/provider-metadata.ts';
import { createSamlLogout } from './saml/saml-logout.ts';
import { createSamlProviders } from './saml/saml-providers.ts';
import { createSamlSignIn } from './saml/saml-sign-in.ts';
import { samlRoutes } from './saml-routes.ts';
import { createSignIns, type SignInRecord } from './sign-in.ts';
import { createSignOuts } from './sign-out.ts';
import { ssoRoutes } from './sso-routes.ts';
import { createTickets, type TicketSecrets } from './tickets.ts';

export { identityProviderOf } from './identity-provider.ts';
export type { SignInRecord };

/** Grant type of RFC 7522. */
const SAML_BEARER = 'urn:ietf:params:oauth:grant-type:saml2-bearer';

export interface SsoOptions {
  database: Database;
  accounts: Pick<Accounts, 'externalUsers' | 'tokens' | 'sessions' | 'addGrant'>;
  secrets: TicketSecrets;
  /** The guarded way out: addresses come from administrators. */
  fetcher: Fetcher;
  settings: { sso_require_existing_users: boolean; disallow_native_users: boolean };
  /** Records every sign-in and refusal. */
  record: (entry: SignInRecord) => Promise<void>;
  onError: (error: unknown, provider: string) => void;
  now?: () => number;
}

/** Puts single sign-on together. */
export function createSso(options: SsoOptions): { routes: BoundOperation[] } {
  const { database, accounts, secrets, fetcher, settings, record, onError, now = Date.now } = options;
  const users = accounts.externalUsers;
  const tickets = createTickets({ secrets, now });
  const signIns = createSignIns({ database, users, settings, record, now });
  const groups = createGroupMappings({ database, users });
  const metadata = createProviderMetadata({ database, fetcher, onError, now });
  const samlProviders = createSamlProviders({ database, users, metadata, settings, now });
  const keys = createSamlKeys({ database, secrets, now });
  const saml = createSamlSignIn({ database, providers: samlProviders, metadata, keys, tickets, signIns, now });
  const discovery = createDiscovery({ fetcher, now });
  const oidcProviders = createOidcProviders({ database, users, discovery, secrets });
  const oidc = createOidcSignIn({ providers: oidcProviders, discovery, secrets, signIns, now });
  const { tokens, sessions } = accounts;
  const providerSessions = createProviderSessions({ sessions, secrets });
  const shared = { sessions: providerSessions, signIns, now };
  const samlLogout = createSamlLogout({ providers: samlProviders, metadata, keys, ...shared });
  const oidcLogout = createOidcLogout({ providers: oidcProviders, discovery, ...shared });
  const signOuts = createSignOuts({ database, sessions, providerSessions, tickets, samlLogout, oidcLogout });
  const browser = createBrowserSignIn({
    database,
    saml,
    samlProviders,
    oidc,
    oidcProviders,
    sessions,
    providerSessions,
    tickets,
    signIns,
    settings,
  });
  accounts.addGrant(SAML_BEARER, async ({ assertion, client_id, address, requestId }) => {
    const user = await saml.finishBearer(assertion ?? '', client_id, { address, requestId });
    return tokens.issueAccess(user.userUuid);
  });
  return {
    routes: [
      ...samlRoutes({ providers: samlProviders, groups, saml, tokens }),
      ...ssoRoutes({ samlProviders, oidcProviders, groups, browser, metadata, keys, samlLogout, oidcLogout, signOuts }),
    ],
  };
}

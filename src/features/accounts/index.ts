import type { AuthSettings } from '#platform/auth/authenticate.ts';
import { type Authenticator, createAuthenticator } from '#platform/auth/authenticate.ts';
import { type Authorizer, createAuthorizer } from '#platform/auth/authorize.ts';
import { createLoginThrottle, type LoginThrottle } from '#platform/auth/login-throttle.ts';
import { createPasswordVerifier, type PasswordVerifier } from '#platform/auth/password-verifier.ts';
import { deleteExpiredRefreshTokens } from '#platform/auth/refresh-token-store.ts';
import { deleteExpiredSessions } from '#platform/auth/session-store.ts';
import { createSessions, type Sessions } from '#platform/auth/sessions.ts';
import { createTokenKeys, type KeySecrets } from '#platform/auth/token-keys.ts';
import { createTokens, type Tokens } from '#platform/auth/tokens.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { BoundOperation } from '#platform/http/index.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import { accountDeletionJob, resumeAccountDeletions } from './account-deletion.ts';
import { accountRoutes, userRoutes } from './account-routes.ts';
import { createAccountService } from './account-service.ts';
import { type ApiKeySettings, createApiKeyService } from './api-key-service.ts';
import { type BootstrapResult, bootstrap } from './bootstrap.ts';
import { createExternalUsers, type ExternalUsers } from './external-users.ts';
import { createAccountHooks } from './hooks.ts';
import { identityRoutes } from './identity-routes.ts';
import { oauthRoutes, type TokenGrant } from './oauth-routes.ts';
import { roleRoutes, userGroupRoutes } from './role-routes.ts';
import { createRoleService } from './role-service.ts';
import { sessionRoutes } from './session-routes.ts';
import { createUserGroupService } from './user-group-service.ts';
import { createUserService, type IdentityProvider } from './user-service.ts';

export type { ExternalSignIn, ExternalUsers, SignedIn } from './external-users.ts';
export type { AccountHooks } from './hooks.ts';
export type { BootstrapResult, IdentityProvider, TokenGrant };

/** Settings of identities: the area `auth` of the configuration. */
export interface AccountsSettings extends AuthSettings, ApiKeySettings {
  admin_password?: string | undefined;
  admin_email: string;
  token_lifetime_seconds: number;
  refresh_token_lifetime_seconds: number;
}

export interface AccountsOptions {
  database: Database;
  jobs: Pick<Jobs, 'send' | 'define'>;
  /** Encrypts the keys that sign tokens. */
  secrets: KeySecrets;
  settings: AccountsSettings;
  /** Finds an identity provider by name, for users of type saml. */
  findIdentityProvider?: (db: Db, name: string) => Promise<IdentityProvider | undefined>;
  passwords?: PasswordVerifier;
  throttle?: LoginThrottle;
  now?: () => number;
}

/** Accounts, users, credentials, roles, groups, tokens and sessions. */
export interface Accounts {
  routes: BoundOperation[];
  /** For platform/http. */
  authenticator: Authenticator;
  authorizer: Authorizer;
  /** Users that identity providers bring. */
  externalUsers: ExternalUsers;
  /** Tokens and browser sessions for those who signed in elsewhere. */
  tokens: Tokens;
  sessions: Sessions;
  /** Adds a grant of the token endpoint: its type, and what makes a token of the request's form (RFC 6749 §4.5). */
  addGrant(type: string, grant: TokenGrant): void;
  /** See AccountHooks. */
  onAccountCreated(hook: (tx: Db, account: string) => Promise<void>): void;
  onAccountDeleting(hook: (account: string) => Promise<void>): void;
  /** Creates the admin account and user at the first start; call after the hooks are registered. */
  bootstrap(): Promise<BootstrapResult>;
  /** Removes what has expired and takes up deletions that were cut short; to be called now and then. */
  maintain(): Promise<void>;
}

/** Puts the feature together and registers its job. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { database, jobs, settings } = options;
  const clock = options.now ? { now: options.now } : {};
  const now = options.now ?? Date.now;
  const hooks = createAccountHooks();
  const passwords = options.passwords ?? createPasswordVerifier(clock);
  const throttle = options.throttle ?? createLoginThrottle({ database, ...clock });
  const sessions = createSessions({ database, ...clock });
  const tokens = createTokens({
    database,
    keys: createTokenKeys({ database, secrets: options.secrets, ...clock }),
    accessSeconds: settings.token_lifetime_seconds,
    refreshSeconds: settings.refresh_token_lifetime_seconds,
    ...clock,
  });
  const authenticator = createAuthenticator({ database, passwords, throttle, tokens, sessions, settings, ...clock });
  const authorizer = createAuthorizer({ db: database.db });
  const { findIdentityProvider } = options;
  const keys = createApiKeyService({ database, settings, ...clock });
  const groups = createUserGroupService({ database });
  const grants = new Map<string, TokenGrant>();
  const services = {
    accounts: createAccountService({ database, jobs, hooks }),
    users: createUserService({
      database,
      passwords,
      sessions,
      settings,
      ...(findIdentityProvider ? { findIdentityProvider } : {}),
      ...clock,
    }),
    keys,
  };
  jobs.define(accountDeletionJob({ database, hooks }));
  return {
    routes: [
      ...accountRoutes(services),
      ...userRoutes(services),
      ...identityRoutes({ ...services, groups }),
      ...roleRoutes(createRoleService({ database, authorizer })),
      ...userGroupRoutes(groups),
      ...oauthRoutes({ authenticator, tokens, grants }),
      ...sessionRoutes({ authenticator, authorizer, sessions }),
    ],
    authenticator,
    authorizer,
    externalUsers: createExternalUsers({ hooks }),
    tokens,
    sessions,
    addGrant: (type, grant) => void grants.set(type, grant),
    onAccountCreated: hooks.onCreated,
    onAccountDeleting: hooks.onDeleting,
    bootstrap: () => bootstrap({ database, passwords, hooks, settings }),
    async maintain() {
      const at = new Date(now());
      await keys.purge();
      await throttle.maintain();
      await deleteExpiredSessions(database.db, at);
      await deleteExpiredRefreshTokens(database.db, at);
      await resumeAccountDeletions(database, jobs);
    },
  };
}

import { createHash } from 'node:crypto';
import { AppError, accountNotEnabled, forbidden } from '#shared/errors.ts';
import type { Database } from '../database/types.ts';
import type { Actor, AuthenticationRequest } from '../http/types.ts';
import { API_KEY_USERNAME, apiKeyMatches, parseApiKey } from './api-key.ts';
import { parseAuthorization } from './authorization-header.ts';
import type { Grants } from './grants.ts';
import { findByApiKey, findByUsername, findByUuid, type StoredIdentity } from './identity-store.ts';
import type { LoginThrottle } from './login-throttle.ts';
import type { PasswordVerifier } from './password-verifier.ts';
import { isOwnOrigin, readSessionCookie, type Sessions } from './sessions.ts';
import { sharedLookups } from './shared-lookups.ts';
import { SlotsBusy } from './slots.ts';
import type { TokenClaims, Tokens } from './tokens.ts';

/** An actor with the roles it holds at the time of the request. */
export interface Identity extends Actor {
  grants: Grants;
  /** Set when the request came with a browser session. */
  session?: true;
}

/** Rules that the operator sets. */
export interface AuthSettings {
  /** Native users, the user `admin` apart, may not sign in. */
  disallow_native_users: boolean;
  /** Users of an identity provider may use API keys. */
  allow_api_keys_for_saml_users: boolean;
}

/** Finds out who is calling. */
export interface Authenticator {
  /** Reads the credentials of a request. Undefined: none, or wrong ones. Throws 403 for a disabled account, 429 when blocked. */
  authenticate(request: AuthenticationRequest): Promise<Identity | undefined>;
  /** Checks a name and password, as a login form or the token endpoint gets them. Same errors. */
  checkPassword(username: string, password: string, address: string): Promise<Identity | undefined>;
  /** Whether the user of a refresh token may still have tokens. */
  mayRefresh(claims: TokenClaims): Promise<boolean>;
}

export interface AuthenticatorOptions {
  database: Database;
  passwords: PasswordVerifier;
  throttle: LoginThrottle;
  tokens: Tokens;
  sessions: Sessions;
  settings: AuthSettings;
  now?: () => number;
}

/** The user made at the first start, who can always sign in. */
export const ADMIN_USERNAME = 'admin';

/** Creates the authenticator. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { database, passwords, throttle, tokens, sessions, settings } = options;
  const now = options.now ?? Date.now;

  function admit(
    stored: StoredIdentity,
    credential: Actor['credential'],
    extra: Pick<Identity, 'session' | 'apiKeyName'> = {},
  ): Identity | undefined {
    const { username, account } = stored;
    if (settings.disallow_native_users && stored.user_type === 'native' && username !== ADMIN_USERNAME)
      return undefined;
    if (stored.account_state !== 'enabled' && stored.account_type !== 'admin') throw accountNotEnabled(account);
    return {
      username,
      userUuid: stored.uuid,
      account,
      accountType: stored.account_type,
      userType: stored.user_type,
      credential,
      grants: stored.grants,
      ...extra,
    };
  }

  const lookUp = sharedLookups((username) => findByUsername(database.db, username));
  const known = new Map<string, { generation: number; stored: StoredIdentity | undefined }>();

  /** The user as stored now. Where nothing was written since it was last read, it is not read again. */
  async function findUser(username: string): Promise<StoredIdentity | undefined> {
    const generation = database.generation?.();
    if (generation === undefined) return lookUp(username);
    const entry = known.get(username);
    if (entry?.generation === generation) return entry.stored;
    const stored = await lookUp(username);
    if (known.size >= KNOWN_USERS) known.clear();
    known.set(username, { generation, stored });
    return stored;
  }

  async function attempt(
    username: string,
    password: string,
    hash: string | undefined,
    address: string,
  ): Promise<boolean> {
    const started = await throttle.begin(username, address);
    if ('blockedMs' in started) throw tooManyAttempts(Math.ceil(started.blockedMs / 1000));
    let matches: boolean;
    try {
      matches = await passwords.verify(username, password, hash);
    } catch (error) {
      started.withdrawn();
      if (error instanceof SlotsBusy) throw tooManyAttempts(1);
      throw error;
    }
    await (matches ? started.succeeded() : started.failed());
    return matches;
  }

  const attempts = new Map<string, Promise<boolean>>();

  /** Many requests of one client at once are one attempt. */
  function sharedAttempt(...given: Parameters<typeof attempt>): Promise<boolean> {
    const [username, password, hash] = given;
    const mark = createHash('sha256')
      .update(JSON.stringify([username, password, hash]))
      .digest('base64');
    const running = attempts.get(mark);
    if (running) return running;
    const started = attempt(...given).finally(() => attempts.delete(mark));
    attempts.set(mark, started);
    return started;
  }

  async function checkPassword(username: string, password: string, address: string): Promise<Identity | undefined> {
    // PostgreSQL text cannot hold U+0000, so no user has it in the name.
    const stored = username.includes('\0') ? undefined : await findUser(username);
    const hash = stored?.user_type === 'native' ? (stored.password_hash ?? undefined) : undefined;
    if (stored && passwords.remembered(username, password, hash)) return admit(stored, 'password');
    const matches = await sharedAttempt(username, password, hash, address);
    if (!matches || !stored) return undefined;
    return admit(stored, 'password');
  }

  async function checkApiKey(value: string): Promise<Identity | undefined> {
    const key = parseApiKey(value);
    const stored = key && (await findByApiKey(database.db, key.id));
    if (!key || !stored || !apiKeyMatches(key.secret, stored.secret_hash)) return undefined;
    if (stored.key_status !== 'active' || stored.key_expires_at.getTime() <= now()) return undefined;
    if (stored.user_type === 'saml' && !settings.allow_api_keys_for_saml_users) return undefined;
    return admit(stored, 'api_key', { apiKeyName: stored.key_name });
  }

  async function userOf(claims: TokenClaims): Promise<StoredIdentity | undefined> {
    const stored = UUID.test(claims.subject) ? await findByUuid(database.db, claims.subject) : undefined;
    const changedAt = stored?.credentials_changed_at?.getTime() ?? 0;
    // "iat" has whole seconds: a token of the same second as the change counts as newer.
    return claims.issuedAt < Math.floor(changedAt / 1000) ? undefined : stored;
  }

  async function checkToken(token: string): Promise<Identity | undefined> {
    const claims = await tokens.verifyAccess(token);
    const stored = claims && (await userOf(claims));
    return stored && admit(stored, 'token');
  }

  async function checkSession(request: AuthenticationRequest): Promise<Identity | undefined> {
    const id = readSessionCookie(request.headers.cookie);
    const stored = id === undefined ? undefined : await sessions.find(id);
    if (!stored) return undefined;
    if (!isOwnOrigin(request.method, request.headers)) {
      throw forbidden('Not authorized. A request with a session must come from the pages of this server.');
    }
    return admit(stored, 'token', { session: true });
  }

  return {
    async authenticate(request) {
      if (request.headers.authorization === undefined) return checkSession(request);
      const presented = parseAuthorization(request.headers.authorization);
      if (!presented) return undefined;
      if (presented.kind === 'bearer') return checkToken(presented.token);
      if (presented.username === API_KEY_USERNAME) return checkApiKey(presented.password);
      return checkPassword(presented.username, presented.password, request.remoteAddress);
    },
    checkPassword,
    async mayRefresh(claims) {
      const stored = await userOf(claims);
      return stored !== undefined && admit(stored, 'token') !== undefined;
    },
  };
}

/** Most users that are kept in memory between requests. */
const KNOWN_USERS = 1_000;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function tooManyAttempts(seconds: number): AppError {
  return new AppError(429, `Too many failed logins. Try again in ${seconds} s.`, {
    type: 'too_many_requests',
    headers: { 'retry-after': String(seconds) },
  });
}

import { randomUUID } from 'node:crypto';
import { appendEvent } from '#features/events/index.ts';
import type { PasswordVerifier } from '#platform/auth/password-verifier.ts';
import { revokeRefreshTokensOf } from '#platform/auth/refresh-token-store.ts';
import type { Sessions } from '#platform/auth/sessions.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { accountNotFound, badRequest, notFound } from '#shared/errors.ts';
import { checkPasswordForm, isReservedName } from './account-rules.ts';
import { lockAccount } from './account-store.ts';
import { revokeApiKeysOf } from './api-key-store.ts';
import {
  deleteUser,
  findUser,
  findUserAnywhere,
  insertUser,
  listAllUsers,
  listUsers,
  listUsersWithRoles,
  type UserRow,
  updatePassword,
  voidTokensBefore,
} from './user-store.ts';

/** What a client says about a new user. */
export interface UserCreation {
  username: string;
  password?: string | undefined;
  user_type?: 'native' | 'saml' | undefined;
  idp_name?: string | undefined;
}

/** An identity provider, as far as users need it. */
export interface IdentityProvider {
  /** Its entity id: the `source` of its users. */
  entityId: string;
}

/** Who changes a password, and the session that is to stay. */
export interface PasswordChange {
  by: string;
  keepSession?: string | undefined;
}

/** Users and their passwords. */
export interface UserService {
  list(account: string): Promise<UserRow[]>;
  listWithRoles(account: string): Promise<UserRow[]>;
  listAll(): Promise<UserRow[]>;
  /** Throws 404. */
  get(account: string, username: string): Promise<UserRow>;
  create(account: string, request: UserCreation, by: string): Promise<UserRow>;
  /** `caller` cannot delete the own user. */
  remove(account: string, username: string, caller: string): Promise<void>;
  /** Ends all tokens, and all sessions but the kept one. */
  setPassword(account: string, username: string, password: string, change: PasswordChange): Promise<void>;
  removePassword(account: string, username: string, caller: string): Promise<void>;
  /** Revokes all API keys, tokens and sessions of a user at once; the password stays. Returns how many keys were active. */
  revokeAccess(account: string, username: string, by: string): Promise<number>;
}

export interface UserServiceOptions {
  database: Database;
  passwords: PasswordVerifier;
  sessions: Sessions;
  settings: { disallow_native_users: boolean };
  /** Finds an identity provider by name. */
  findIdentityProvider?: (db: Db, name: string) => Promise<IdentityProvider | undefined>;
  now?: () => number;
}

/** Creates the service. */
export function createUserService(options: UserServiceOptions): UserService {
  const { database, passwords, sessions, settings } = options;
  const { db } = database;
  const now = options.now ?? Date.now;

  async function get(account: string, username: string): Promise<UserRow> {
    const user = await findUser(db, account, username);
    if (!user) throw notFound(`User not found. Name=${username}`);
    return user;
  }

  async function prepareNative(request: UserCreation): Promise<{ passwordHash: string }> {
    if (settings.disallow_native_users) throw badRequest('Native users are not allowed here');
    if (request.idp_name !== undefined) throw badRequest('idp_name is for users of type saml only');
    if (request.username.includes(':')) throw badRequest("Invalid username: a native user's name may not contain ':'");
    if (request.password === undefined) throw badRequest("'password' is a required property of a native user");
    checkPasswordForm(request.password);
    return { passwordHash: await passwords.hash(request.password) };
  }

  async function prepareSaml(request: UserCreation): Promise<{ source: string; idpName: string }> {
    if (request.password !== undefined) throw badRequest('A user of type saml has no password');
    if (request.idp_name === undefined) throw badRequest("'idp_name' is a required property of a saml user");
    const provider = await options.findIdentityProvider?.(db, request.idp_name);
    if (!provider) throw badRequest(`Identity provider not found. Name=${request.idp_name}`);
    return { source: provider.entityId, idpName: request.idp_name };
  }

  async function changePassword(
    user: UserRow,
    hash: string | null,
    { by, keepSession }: PasswordChange,
  ): Promise<void> {
    const at = new Date(now());
    await database.transaction(async (tx) => {
      await updatePassword(tx, user.account, user.username, hash, at);
      await revokeRefreshTokensOf(tx, user.uuid, at);
      await sessions.endOthers(tx, user.uuid, keepSession);
      const { account, username } = user;
      const details = { by, username, change: hash === null ? 'removed' : 'set' };
      await appendEvent(tx, { name: 'credential_changed', account, resource_id: username, details });
    });
    passwords.forget(user.username);
  }

  return {
    list: (account) => listUsers(db, account),
    listWithRoles: (account) => listUsersWithRoles(db, account),
    listAll: () => listAllUsers(db),
    get,
    async create(account, request, by) {
      const type = request.user_type ?? 'native';
      if (isReservedName(request.username)) throw badRequest(`Invalid username: ${request.username} is reserved`);
      const prepared = type === 'native' ? await prepareNative(request) : await prepareSaml(request);
      await database.transaction(async (tx) => {
        const home = await lockAccount(tx, account);
        if (!home) throw accountNotFound(account);
        if (home.state === 'deleting') throw badRequest(`Account ${account} is being deleted`);
        const created = await insertUser(tx, {
          username: request.username,
          uuid: randomUUID(),
          account,
          type,
          ...prepared,
        });
        const { username, idp_name } = request;
        if (!created) throw badRequest(`User already exists. Name=${username}`);
        const details = { by, username, type, ...(idp_name === undefined ? {} : { identity_provider: idp_name }) };
        await appendEvent(tx, { name: 'user_created', account, resource_id: username, details });
      });
      return get(account, request.username);
    },
    async remove(account, username, caller) {
      const user = await get(account, username);
      if (isReservedName(username)) throw badRequest(`User ${username} cannot be deleted`);
      if (user.username === caller) throw badRequest('Users cannot delete themselves');
      await database.transaction(async (tx) => {
        if (!(await deleteUser(tx, account, username))) throw notFound(`User not found. Name=${username}`);
        const details = { by: caller, username };
        await appendEvent(tx, { name: 'user_deleted', account, resource_id: username, details });
      });
      passwords.forget(username);
    },
    async setPassword(account, username, password, change) {
      const user = await get(account, username);
      if (user.type !== 'native') throw badRequest('Only native users have a password');
      checkPasswordForm(password);
      await changePassword(user, await passwords.hash(password), change);
    },
    async removePassword(account, username, caller) {
      const user = await get(account, username);
      if (user.type !== 'native') throw badRequest('Only native users have a password');
      if (user.username === caller) throw badRequest('Users cannot delete their own credential');
      await changePassword(user, null, { by: caller });
    },
    async revokeAccess(account, username, by) {
      const user = await get(account, username);
      // Tokens carry whole seconds: none of this second may survive, so the new ones begin with the next.
      const moment = new Date((Math.floor(now() / 1000) + 1) * 1000);
      return database.transaction(async (tx) => {
        await voidTokensBefore(tx, account, username, moment);
        await revokeRefreshTokensOf(tx, user.uuid, new Date(now()));
        await sessions.endOthers(tx, user.uuid, undefined);
        const keys = await revokeApiKeysOf(tx, username);
        const details = { by, username, api_keys: keys };
        await appendEvent(tx, { name: 'user_access_revoked', account, resource_id: username, details });
        return keys;
      });
    },
  };
}

/** A user wherever the home is. Throws 404. */
export async function requireUserAnywhere(db: Db, username: string): Promise<UserRow> {
  const user = await findUserAnywhere(db, username);
  if (!user) throw notFound(`User not found. Name=${username}`);
  return user;
}

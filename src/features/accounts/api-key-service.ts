import type { UserApiKey } from '#contract/identity.ts';
import { appendEvent } from '#features/events/index.ts';
import { createApiKey } from '#platform/auth/api-key.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { badRequest, notFound } from '#shared/errors.ts';
import {
  type ApiKeyRow,
  deleteApiKey,
  findApiKey,
  insertApiKey,
  listApiKeys,
  lockAndCountApiKeys,
  purgeApiKeys,
  updateApiKey,
} from './api-key-store.ts';
import { presentApiKey } from './presentation.ts';
import type { UserRow } from './user-store.ts';

/** Limits set by the operator. */
export interface ApiKeySettings {
  max_api_key_age_days: number;
  max_api_keys_per_user: number;
  remove_deleted_api_keys_after_days: number;
  allow_api_keys_for_saml_users: boolean;
}

/** What a client may change of a key. */
export interface ApiKeyChange {
  name?: string | undefined;
  description?: string | undefined;
  status?: 'revoked' | undefined;
}

/** Whose keys they are. */
export type KeyOwner = Pick<UserRow, 'username' | 'account' | 'type'>;

/** API keys of one user. `by` is who changes them. */
export interface ApiKeyService {
  list(username: string): Promise<UserApiKey[]>;
  /** Throws 404. */
  get(username: string, name: string): Promise<UserApiKey>;
  /** The answer holds the key's value: it is shown this once. */
  create(user: KeyOwner, request: UserApiKey, by: string): Promise<UserApiKey>;
  change(user: KeyOwner, name: string, change: ApiKeyChange, by: string): Promise<UserApiKey>;
  /** The name may be used again at once. */
  remove(user: KeyOwner, name: string, by: string): Promise<void>;
  /** Removes the records of keys that ended long ago. */
  purge(): Promise<number>;
}

const DAY_MS = 86_400_000;
const MAX_NAME = 255;
const MAX_DESCRIPTION = 4096;
const EXPIRES_AT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Creates the service. */
export function createApiKeyService(options: {
  database: Database;
  settings: ApiKeySettings;
  now?: () => number;
}): ApiKeyService {
  const { database, settings } = options;
  const { db } = database;
  const now = options.now ?? Date.now;

  function readExpiry(text: string): Date {
    const expiresAt = new Date(text);
    if (!EXPIRES_AT.test(text) || Number.isNaN(expiresAt.getTime())) {
      throw badRequest('Invalid expires_at: expected the form YYYY-MM-DDTHH:MM:SSZ');
    }
    if (expiresAt.getTime() <= now()) throw badRequest('Invalid expires_at: it lies in the past');
    if (expiresAt.getTime() > now() + settings.max_api_key_age_days * DAY_MS) {
      throw badRequest(`Invalid expires_at: an API key lives at most ${settings.max_api_key_age_days} days`);
    }
    return expiresAt;
  }

  return {
    async list(username) {
      return (await listApiKeys(db, username)).map((row) => presentApiKey(row, new Date(now())));
    },
    async get(username, name) {
      const key = await findApiKey(db, username, name);
      if (!key) throw unknownKey(name);
      return presentApiKey(key, new Date(now()));
    },
    async create(user, request, by) {
      if (user.type === 'saml' && !settings.allow_api_keys_for_saml_users) {
        throw badRequest('Users of an identity provider may not have API keys here');
      }
      checkTexts(request);
      const expiresAt = readExpiry(request.expires_at);
      const { id, secretHash, value } = createApiKey();
      const row = await database.transaction(async (tx) => {
        if ((await lockAndCountApiKeys(tx, user.username)) >= settings.max_api_keys_per_user) {
          throw badRequest(`Too many API keys: a user may have ${settings.max_api_keys_per_user}, delete one first`);
        }
        const { name, description } = request;
        const made = await insertApiKey(tx, {
          id,
          username: user.username,
          name,
          description,
          secretHash,
          expiresAt,
        });
        if (made) await tell(tx, 'api_key_created', user, made, by);
        return made;
      });
      if (!row) throw nameTaken(request.name);
      return presentApiKey(row, new Date(now()), value);
    },
    async change(user, name, change, by) {
      const { username } = user;
      checkTexts(change);
      const row = await database.transaction(async (tx) => {
        await lockAndCountApiKeys(tx, username);
        const key = await findApiKey(tx, username, name);
        if (!key) throw unknownKey(name);
        if (change.name !== undefined && change.name !== name && (await findApiKey(tx, username, change.name))) {
          throw nameTaken(change.name);
        }
        const updated = await updateApiKey(tx, username, key.id, {
          name: change.name,
          description: change.description,
          revoke: change.status === 'revoked',
        });
        if (updated) await tell(tx, 'api_key_changed', user, updated, by);
        return updated ?? key;
      });
      return presentApiKey(row, new Date(now()));
    },
    async remove(user, name, by) {
      await database.transaction(async (tx) => {
        const key = await findApiKey(tx, user.username, name);
        if (!key || !(await deleteApiKey(tx, user.username, name))) throw unknownKey(name);
        await tell(tx, 'api_key_deleted', user, { ...key, status: 'deleted' }, by);
      });
    },
    async purge() {
      const days = settings.remove_deleted_api_keys_after_days;
      return days < 0 ? 0 : purgeApiKeys(db, new Date(now() - days * DAY_MS));
    },
  };
}

/** Records a change of a key. */
async function tell(
  tx: Db,
  event: 'api_key_created' | 'api_key_changed' | 'api_key_deleted',
  { username, account }: KeyOwner,
  key: Pick<ApiKeyRow, 'name' | 'expires_at'> & { status: string },
  by: string,
): Promise<void> {
  const details = { by, username, name: key.name, expires_at: key.expires_at.toISOString(), status: key.status };
  await appendEvent(tx, { name: event, account, resource_id: `${username}/${key.name}`, details });
}

function checkTexts(texts: { name?: string | undefined; description?: string | undefined }): void {
  const { name, description } = texts;
  if (name !== undefined && (name.trim() === '' || name.length > MAX_NAME || name.includes('\0'))) {
    throw badRequest(`Invalid name: an API key needs a name of 1 to ${MAX_NAME} characters`);
  }
  if (description !== undefined && (description.length > MAX_DESCRIPTION || description.includes('\0'))) {
    throw badRequest(`Invalid description: it may have ${MAX_DESCRIPTION} characters`);
  }
}

function nameTaken(name: string): Error {
  return badRequest(`API key already exists. Name=${name}`);
}

function unknownKey(name: string): Error {
  return notFound(`API key not found. Name=${name}`);
}

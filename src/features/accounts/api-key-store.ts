import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

/** An API key as stored; the secret itself is not. */
export interface ApiKeyRow {
  id: string;
  name: string;
  description: string | null;
  status: 'active' | 'revoked';
  expires_at: Date;
  created_at: Date;
  last_updated: Date;
}

const COLUMNS = sql`id, name, description, status, expires_at, created_at, last_updated`;

/** Keys of a user, deleted ones left out, oldest first. */
export async function listApiKeys(db: Db, username: string): Promise<ApiKeyRow[]> {
  const { rows } = await sql<ApiKeyRow>`
    select ${COLUMNS} from api_key
    where username = ${username} and status <> 'deleted' order by created_at, name`.execute(db);
  return rows;
}

/** A key of a user by name. */
export async function findApiKey(db: Db, username: string, name: string): Promise<ApiKeyRow | undefined> {
  const { rows } = await sql<ApiKeyRow>`
    select ${COLUMNS} from api_key
    where username = ${username} and name = ${name} and status <> 'deleted'`.execute(db);
  return rows[0];
}

/** Locks the user's row, wherever the home is, so that the number of keys cannot change meanwhile; counts the keys. */
export async function lockAndCountApiKeys(db: Db, username: string): Promise<number> {
  await sql`select 1 from app_user where username = ${username} for update`.execute(db);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from api_key where username = ${username} and status <> 'deleted'`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Creates a key; undefined when the user has one of that name. */
export async function insertApiKey(
  db: Db,
  key: {
    id: string;
    username: string;
    name: string;
    description: string | undefined;
    secretHash: string;
    expiresAt: Date;
  },
): Promise<ApiKeyRow | undefined> {
  const { rows } = await sql<ApiKeyRow>`
    insert into api_key (id, username, name, description, secret_hash, expires_at)
    values (${key.id}, ${key.username}, ${key.name}, ${key.description ?? null}, ${key.secretHash}, ${key.expiresAt})
    on conflict (username, name) where status <> 'deleted' do nothing
    returning ${COLUMNS}`.execute(db);
  return rows[0];
}

/** Changes a key; absent members stay as they are. */
export async function updateApiKey(
  db: Db,
  username: string,
  id: string,
  change: { name: string | undefined; description: string | undefined; revoke: boolean },
): Promise<ApiKeyRow | undefined> {
  const { rows } = await sql<ApiKeyRow>`
    update api_key
    set name = coalesce(${change.name ?? null}, name),
      description = coalesce(${change.description ?? null}, description),
      status = case when ${change.revoke}::boolean then 'revoked' else status end,
      last_updated = now()
    where username = ${username} and id = ${id} and status <> 'deleted'
    returning ${COLUMNS}`.execute(db);
  return rows[0];
}

/** Marks a key as deleted: it is void and unlisted, and its name is free. */
export async function deleteApiKey(db: Db, username: string, name: string): Promise<boolean> {
  const result = await sql`
    update api_key set status = 'deleted', deleted_at = now(), last_updated = now()
    where username = ${username} and name = ${name} and status <> 'deleted'`.execute(db);
  return result.numAffectedRows === 1n;
}

/** Revokes all keys of a user, wherever the home is; returns how many were active. */
export async function revokeApiKeysOf(db: Db, username: string): Promise<number> {
  const result = await sql`
    update api_key set status = 'revoked', last_updated = now()
    where username = ${username} and status = 'active'`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}

/** Removes keys that were deleted, or expired, before a moment. */
export async function purgeApiKeys(db: Db, before: Date): Promise<number> {
  const result = await sql`
    delete from api_key
    where (status = 'deleted' and deleted_at < ${before}) or expires_at < ${before}`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}

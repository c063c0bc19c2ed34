import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../database/types.ts';
import type { Grants } from './grants.ts';

/** What authentication needs to know of a user. */
export interface StoredIdentity {
  username: string;
  uuid: string;
  account: string;
  user_type: 'native' | 'saml';
  password_hash: string | null;
  credentials_changed_at: Date | null;
  account_type: 'admin' | 'user' | 'service';
  account_state: 'enabled' | 'disabled' | 'deleting';
  /** Direct roles and those of the user's groups, by domain. */
  grants: Grants;
}

/** An API key with its owner. */
export interface StoredKeyIdentity extends StoredIdentity {
  key_name: string;
  secret_hash: string;
  key_status: 'active' | 'revoked' | 'deleted';
  key_expires_at: Date;
}

/** A browser session with its user. */
export interface StoredSessionIdentity extends StoredIdentity {
  session_expires_at: Date;
  session_last_seen_at: Date;
}

const IDENTITY = sql`
  u.username, u.uuid::text as uuid, u.account, u.type as user_type, u.password_hash, u.credentials_changed_at,
  a.type as account_type, a.state as account_state,
  coalesce((
    select jsonb_object_agg(d.domain, d.roles)
    from (
      select g.domain, jsonb_agg(g.role order by g.role) as roles
      from (
        select m.domain, m.role from role_member m where m.username = u.username
        union
        select r.domain, r.role
        from user_group_member gm join user_group_role r on r.group_uuid = gm.group_uuid
        where gm.username = u.username
      ) g
      group by g.domain
    ) d
  ), '{}'::jsonb) as grants`;

const USERS = sql`app_user u join account a on a.name = u.account`;

/** The user of a name. */
export function findByUsername(db: Db, username: string): Promise<StoredIdentity | undefined> {
  return first(db, sql<StoredIdentity>`select ${IDENTITY} from ${USERS} where u.username = ${username}`);
}

/** The user of a uuid: the subject of a token. */
export function findByUuid(db: Db, uuid: string): Promise<StoredIdentity | undefined> {
  return first(db, sql<StoredIdentity>`select ${IDENTITY} from ${USERS} where u.uuid = ${uuid}::uuid`);
}

/** The owner of an API key, with what is needed to check the key. */
export function findByApiKey(db: Db, keyId: string): Promise<StoredKeyIdentity | undefined> {
  return first(
    db,
    sql<StoredKeyIdentity>`
      select ${IDENTITY}, k.name as key_name, k.secret_hash, k.status as key_status, k.expires_at as key_expires_at
      from ${USERS} join api_key k on k.username = u.username
      where k.id = ${keyId}`,
  );
}

/** The user of a browser session. */
export function findBySession(db: Db, idHash: string): Promise<StoredSessionIdentity | undefined> {
  return first(
    db,
    sql<StoredSessionIdentity>`
      select ${IDENTITY}, s.expires_at as session_expires_at, s.last_seen_at as session_last_seen_at
      from ${USERS} join web_session s on s.user_uuid = u.uuid
      where s.id_hash = ${idHash}`,
  );
}

/** State of an account; undefined when there is none of that name. */
export async function accountState(db: Db, name: string): Promise<StoredIdentity['account_state'] | undefined> {
  const row = await first(
    db,
    sql<{ state: StoredIdentity['account_state'] }>`select state from account where name = ${name}`,
  );
  return row?.state;
}

async function first<T>(db: Db, query: RawBuilder<T>): Promise<T | undefined> {
  const result = await query.execute(db);
  return result.rows[0];
}

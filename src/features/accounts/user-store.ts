import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

/** A role that a user holds, and how. */
export interface HeldRole {
  role: string;
  domain: string;
  granter: string | null;
  grant_type: 'direct' | 'group_membership' | 'sso_group_membership';
  /** RFC 3339. */
  granted_at: string;
}

/** A user as stored, with all roles held. */
export interface UserRow {
  username: string;
  uuid: string;
  account: string;
  type: 'native' | 'saml';
  source: string | null;
  idp_name: string | null;
  has_password: boolean;
  password_last_updated: Date | null;
  created_at: Date;
  last_updated: Date;
  roles: HeldRole[];
}

const ROLES = sql`
  select m.role, m.domain, m.created_by as granter, 'direct' as grant_type, m.created_at as granted_at
  from role_member m where m.username = u.username
  union all
  select r.role, r.domain, r.created_by,
    case gm.source when 'sso' then 'sso_group_membership' else 'group_membership' end,
    greatest(r.created_at, gm.added_on)
  from user_group_member gm join user_group_role r on r.group_uuid = gm.group_uuid
  where gm.username = u.username`;

const SELECT = sql`
  select u.username, u.uuid::text as uuid, u.account, u.type, u.source, u.idp_name,
    u.password_hash is not null as has_password, u.password_last_updated, u.created_at, u.last_updated,
    coalesce((
      select jsonb_agg(jsonb_build_object(
        'role', h.role, 'domain', h.domain, 'granter', h.granter, 'grant_type', h.grant_type,
        'granted_at', to_char(h.granted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      ) order by h.domain, h.role, h.grant_type)
      from (${ROLES}) h
    ), '[]'::jsonb) as roles
  from app_user u`;

/** Users whose home is the account, by name. */
export function listUsers(db: Db, account: string): Promise<UserRow[]> {
  return all(db, sql<UserRow>`${SELECT} where u.account = ${account} order by u.username`);
}

/** Users who hold a role in the account, wherever their home is. */
export function listUsersWithRoles(db: Db, account: string): Promise<UserRow[]> {
  return all(
    db,
    sql<UserRow>`${SELECT}
      where exists (select 1 from role_member m where m.username = u.username and m.domain = ${account})
        or exists (
          select 1 from user_group_member gm join user_group_role r on r.group_uuid = gm.group_uuid
          where gm.username = u.username and r.domain = ${account})
      order by u.username`,
  );
}

/** Users of every account: for administrators. */
export function listAllUsers(db: Db): Promise<UserRow[]> {
  return all(db, sql<UserRow>`${SELECT} order by u.username`);
}

/** A user of the account. */
export async function findUser(db: Db, account: string, username: string): Promise<UserRow | undefined> {
  return (await all(db, sql<UserRow>`${SELECT} where u.account = ${account} and u.username = ${username}`))[0];
}

/** A user wherever the home is: user names are unique in the installation. */
export async function findUserAnywhere(db: Db, username: string): Promise<UserRow | undefined> {
  return (await all(db, sql<UserRow>`${SELECT} where u.username = ${username}`))[0];
}

/** A new user. */
export interface NewUser {
  username: string;
  uuid: string;
  account: string;
  type: 'native' | 'saml';
  source?: string;
  idpName?: string;
  passwordHash?: string;
}

/** Creates a user; false when the name is taken. */
export async function insertUser(db: Db, user: NewUser): Promise<boolean> {
  const result = await sql`
    insert into app_user (username, uuid, account, type, source, idp_name, password_hash, password_last_updated)
    values (${user.username}, ${user.uuid}::uuid, ${user.account}, ${user.type}, ${user.source ?? null},
      ${user.idpName ?? null}, ${user.passwordHash ?? null}, case when ${user.passwordHash ?? null}::text is null then null else now() end)
    on conflict (username) do nothing`.execute(db);
  return result.numAffectedRows === 1n;
}

/** Sets or removes the password. Tokens issued before `now` become void. */
export async function updatePassword(
  db: Db,
  account: string,
  username: string,
  passwordHash: string | null,
  now: Date,
): Promise<void> {
  await sql`
    update app_user
    set password_hash = ${passwordHash}, credentials_changed_at = ${now}, last_updated = ${now},
      password_last_updated = ${passwordHash === null ? null : now}
    where account = ${account} and username = ${username}`.execute(db);
}

/** Makes tokens issued before a moment void. */
export async function voidTokensBefore(db: Db, account: string, username: string, moment: Date): Promise<void> {
  await sql`
    update app_user set credentials_changed_at = ${moment}
    where account = ${account} and username = ${username}`.execute(db);
}

/** Removes a user with all that belongs to it. */
export async function deleteUser(db: Db, account: string, username: string): Promise<boolean> {
  const result = await sql`
    delete from app_user where account = ${account} and username = ${username}`.execute(db);
  return result.numAffectedRows === 1n;
}

async function all(db: Db, query: RawBuilder<UserRow>): Promise<UserRow[]> {
  return (await query.execute(db)).rows;
}

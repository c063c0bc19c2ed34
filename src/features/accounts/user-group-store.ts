import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

/** A role that a group gives to its members. */
export interface GroupRole {
  membership_id: string;
  domain: string;
  role: string;
  /** RFC 3339. */
  created_at: string;
}

/** A group with its roles. */
export interface UserGroupRow {
  group_uuid: string;
  name: string;
  description: string | null;
  created_at: Date;
  last_updated: Date;
  roles: GroupRole[];
}

/** A member of a group. */
export interface GroupMemberRow {
  username: string;
  added_on: Date;
}

const SELECT = sql`
  select g.group_uuid::text as group_uuid, g.name, g.description, g.created_at, g.last_updated,
    coalesce((
      select jsonb_agg(jsonb_build_object(
        'membership_id', r.membership_id, 'domain', r.domain, 'role', r.role,
        'created_at', to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      ) order by r.domain, r.role)
      from user_group_role r where r.group_uuid = g.group_uuid
    ), '[]'::jsonb) as roles
  from user_group g`;

/** Groups by name; each filter given must hold. */
export async function listUserGroups(
  db: Db,
  filter: { name?: string | undefined; username?: string | undefined; domain?: string | undefined } = {},
): Promise<UserGroupRow[]> {
  const { name = null, username = null, domain = null } = filter;
  const { rows } = await sql<UserGroupRow>`${SELECT}
    where (${name}::text is null or g.name = ${name})
      and (${username}::text is null or exists (
        select 1 from user_group_member m where m.group_uuid = g.group_uuid and m.username = ${username}))
      and (${domain}::text is null or exists (
        select 1 from user_group_role r where r.group_uuid = g.group_uuid and r.domain = ${domain}))
    order by g.name`.execute(db);
  return rows;
}

/** One group. */
export async function findUserGroup(db: Db, uuid: string): Promise<UserGroupRow | undefined> {
  const { rows } = await sql<UserGroupRow>`${SELECT} where g.group_uuid::text = ${uuid}`.execute(db);
  return rows[0];
}

/** Creates a group; false when the name is taken. */
export async function insertUserGroup(
  db: Db,
  group: { uuid: string; name: string; description: string | undefined },
): Promise<boolean> {
  const result = await sql`
    insert into user_group (group_uuid, name, description)
    values (${group.uuid}::uuid, ${group.name}, ${group.description ?? null})
    on conflict (name) do nothing`.execute(db);
  return result.numAffectedRows === 1n;
}

/** Changes the description of a group. */
export async function updateUserGroup(db: Db, uuid: string, description: string): Promise<void> {
  await sql`
    update user_group set description = ${description}, last_updated = now() where group_uuid = ${uuid}::uuid`.execute(
    db,
  );
}

/** Removes a group; its members lose the roles it gave. */
export async function deleteUserGroup(db: Db, uuid: string): Promise<void> {
  await sql`delete from user_group where group_uuid = ${uuid}::uuid`.execute(db);
}

/** Members of a group, by name. */
export async function listGroupMembers(db: Db, uuid: string): Promise<GroupMemberRow[]> {
  const { rows } = await sql<GroupMemberRow>`
    select username, added_on from user_group_member where group_uuid = ${uuid}::uuid order by username`.execute(db);
  return rows;
}

/** Adds members; those who belong to it already stay as they are. Returns the new ones. */
export async function insertGroupMembers(db: Db, uuid: string, usernames: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ username: string }>`
    insert into user_group_member (group_uuid, username)
    select ${uuid}::uuid, name from unnest(${usernames}::text[]) as name
    on conflict do nothing
    returning username`.execute(db);
  return rows.map((row) => row.username);
}

/** Removes members; returns those who belonged to it. */
export async function deleteGroupMembers(db: Db, uuid: string, usernames: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ username: string }>`
    delete from user_group_member
    where group_uuid = ${uuid}::uuid and username = any (${usernames}::text[])
    returning username`.execute(db);
  return rows.map((row) => row.username);
}

/** Lets a group give roles in a domain; those it gives already stay as they are. Returns the new ones. */
export async function insertGroupRoles(
  db: Db,
  uuid: string,
  domain: string,
  roles: readonly string[],
  grantedBy: string,
): Promise<string[]> {
  const { rows } = await sql<{ role: string }>`
    insert into user_group_role (membership_id, group_uuid, domain, role, created_by)
    select gen_random_uuid(), ${uuid}::uuid, ${domain}, role, ${grantedBy} from unnest(${roles}::text[]) as role
    on conflict (group_uuid, domain, role) do nothing
    returning role`.execute(db);
  return rows.map((row) => row.role);
}

/** Takes roles from a group, by membership and by domain; returns them. */
export async function deleteGroupRoles(
  db: Db,
  uuid: string,
  selection: { memberships: readonly string[]; domains: readonly string[] },
): Promise<{ role: string; domain: string }[]> {
  const { rows } = await sql<{ role: string; domain: string }>`
    delete from user_group_role
    where group_uuid = ${uuid}::uuid
      and (membership_id::text = any (${selection.memberships}::text[]) or domain = any (${selection.domains}::text[]))
    returning role, domain`.execute(db);
  return rows;
}

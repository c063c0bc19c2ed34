import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

/** A user as far as a sign-in through a provider needs it. */
export interface ExternalUserRow {
  username: string;
  uuid: string;
  account: string;
  account_state: 'enabled' | 'disabled' | 'deleting';
  type: 'native' | 'saml';
  source: string | null;
  idp_name: string | null;
  external_subject: string | null;
}

/** A user wherever the home is, locked until the end of the transaction. */
export async function lockExternalUser(db: Db, username: string): Promise<ExternalUserRow | undefined> {
  const { rows } = await sql<ExternalUserRow>`
    select u.username, u.uuid::text as uuid, u.account, a.state as account_state, u.type, u.source, u.idp_name,
      u.external_subject
    from app_user u join account a on a.name = u.account
    where u.username = ${username}
    for update of u`.execute(db);
  return rows[0];
}

/** Binds a user, wherever the home is, to the subject by which the provider knows it. */
export async function bindSubject(db: Db, username: string, subject: string): Promise<void> {
  await sql`update app_user set external_subject = ${subject} where username = ${username}`.execute(db);
}

/** A group that a user joined or left. */
export interface SsoGroupChange {
  uuid: string;
  name: string;
  change: 'members_added' | 'members_removed';
}

/** Makes the groups given by the provider exactly these; memberships that an administrator gave stay. Returns what changed. */
export async function replaceSsoGroups(db: Db, username: string, groups: readonly string[]): Promise<SsoGroupChange[]> {
  const { rows: left } = await sql<SsoGroupChange>`
    delete from user_group_member m using user_group g
    where g.group_uuid = m.group_uuid and m.username = ${username} and m.source = 'sso'
      and m.group_uuid::text <> all (${groups}::text[])
    returning g.group_uuid::text as uuid, g.name, 'members_removed' as change`.execute(db);
  const { rows: joined } = await sql<SsoGroupChange>`
    with joined as (
      insert into user_group_member (group_uuid, username, source)
      select g.group_uuid, ${username}, 'sso' from user_group g where g.group_uuid::text = any (${groups}::text[])
      on conflict do nothing
      returning group_uuid
    )
    select g.group_uuid::text as uuid, g.name, 'members_added' as change
    from joined j join user_group g on g.group_uuid = j.group_uuid`.execute(db);
  return [...left, ...joined];
}

/** Takes a group from all users of a provider, wherever their home is. */
export async function removeSsoGroup(db: Db, provider: string, group: string): Promise<void> {
  await sql`
    delete from user_group_member m using app_user u
    where u.username = m.username and u.idp_name = ${provider} and m.source = 'sso' and m.group_uuid::text = ${group}`.execute(
    db,
  );
}

/** Removes all users of a provider with their keys, tokens and sessions, wherever their home is; returns them. */
export async function deleteUsersOfProvider(
  db: Db,
  provider: string,
): Promise<{ username: string; account: string }[]> {
  const { rows } = await sql<{ username: string; account: string }>`
    delete from app_user where type = 'saml' and idp_name = ${provider} returning username, account`.execute(db);
  return rows;
}

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

/** Makes the groups given by the provider exactly these; memberships that an administrator gave stay. */
export async function replaceSsoGroups(db: Db, username: string, groups: readonly string[]): Promise<void> {
  await sql`
    delete from user_group_member
    where username = ${username} and source = 'sso' and group_uuid::text <> all (${groups}::text[])`.execute(db);
  await sql`
    insert into user_group_member (group_uuid, username, source)
    select g.group_uuid, ${username}, 'sso' from user_group g where g.group_uuid::text = any (${groups}::text[])
    on conflict do nothing`.execute(db);
}

/** Takes a group from all users of a provider, wherever their home is. */
export async function removeSsoGroup(db: Db, provider: string, group: string): Promise<void> {
  await sql`
    delete from user_group_member m using app_user u
    where u.username = m.username and u.idp_name = ${provider} and m.source = 'sso' and m.group_uuid::text = ${group}`.execute(
    db,
  );
}

/** Removes all users of a provider with their keys, tokens and sessions, wherever their home is; returns how many. */
export async function deleteUsersOfProvider(db: Db, provider: string): Promise<number> {
  const result = await sql`delete from app_user where type = 'saml' and idp_name = ${provider}`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}

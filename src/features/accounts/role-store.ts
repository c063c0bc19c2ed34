import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

/** A direct membership in a role. */
export interface RoleMemberRow {
  username: string;
  role: string;
  domain: string;
  created_at: Date;
}

const COLUMNS = sql`username, role, domain, created_at`;

/** Members of a role in the given domains. */
export async function listRoleMembers(
  db: Db,
  role: string,
  domains: 'all' | readonly string[],
): Promise<RoleMemberRow[]> {
  const { rows } = await sql<RoleMemberRow>`
    select ${COLUMNS} from role_member
    where role = ${role} and (${domains === 'all'}::boolean or domain = any (${domains === 'all' ? [] : domains}::text[]))
    order by domain, username`.execute(db);
  return rows;
}

/** Direct memberships of a user in the given domains. */
export async function listMemberships(
  db: Db,
  username: string,
  domains: 'all' | readonly string[],
): Promise<RoleMemberRow[]> {
  const { rows } = await sql<RoleMemberRow>`
    select ${COLUMNS} from role_member
    where username = ${username} and (${domains === 'all'}::boolean or domain = any (${domains === 'all' ? [] : domains}::text[]))
    order by domain, role`.execute(db);
  return rows;
}

/** Gives a role; returns the membership, also when it existed before, and whether it is new. */
export async function insertRoleMember(
  db: Db,
  member: { username: string; role: string; domain: string; grantedBy: string },
): Promise<RoleMemberRow & { added: boolean }> {
  const { rows } = await sql<RoleMemberRow & { added: boolean }>`
    insert into role_member (username, role, domain, created_by)
    values (${member.username}, ${member.role}, ${member.domain}, ${member.grantedBy})
    on conflict (username, role, domain) do update set role = excluded.role
    returning ${COLUMNS}, xmax = 0 as added`.execute(db);
  return rows[0] as RoleMemberRow & { added: boolean };
}

/** Takes a role away; false when the user did not hold it directly. */
export async function deleteRoleMember(db: Db, username: string, role: string, domain: string): Promise<boolean> {
  const result = await sql`
    delete from role_member where username = ${username} and role = ${role} and domain = ${domain}`.execute(db);
  return result.numAffectedRows === 1n;
}

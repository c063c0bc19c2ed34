import type { Account, User, UserApiKey, UserGroup, UserGroupRole } from '#contract/identity.ts';
import type { RbacManagerRole } from '#contract/rbac.ts';
import { API_KEY_VERSION } from '#platform/auth/api-key.ts';
import type { Role } from '#platform/auth/roles.ts';
import type { AccountRow } from './account-store.ts';
import type { ApiKeyRow } from './api-key-store.ts';
import type { GroupRole, UserGroupRow } from './user-group-store.ts';
import type { UserRow } from './user-store.ts';

/** Roles are part of the program and have no date of their own: that of the role table of the compatible API. */
const ROLES_SINCE = '2018-01-01T00:00:00Z';

/** An account as the API shows it. */
export function presentAccount(row: AccountRow): Account {
  return {
    name: row.name,
    type: row.type,
    state: row.state,
    ...(row.email === null ? {} : { email: row.email }),
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
  };
}

/** A user as the API shows it, with the roles of those domains that the caller may see. */
export function presentUser(row: UserRow, domains: 'all' | readonly string[]): User {
  const visible = row.roles.filter((held) => domains === 'all' || domains.includes(held.domain));
  return {
    username: row.username,
    account_name: row.account,
    type: row.type,
    source: row.source,
    idp_name: row.idp_name,
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
    password_last_updated: row.password_last_updated?.toISOString() ?? null,
    unified_roles: visible.map((held) => ({
      role_name: held.role,
      domain_name: held.domain,
      ...(held.granter === null ? {} : { granter: held.granter }),
      grant_type: held.grant_type,
      granted_at: held.granted_at,
    })),
  };
}

/** An API key as the API shows it. `value` is given at creation only. */
export function presentApiKey(row: ApiKeyRow, now: Date, value?: string): UserApiKey {
  return {
    name: row.name,
    ...(row.description === null ? {} : { description: row.description }),
    expires_at: wholeSeconds(row.expires_at),
    created_at: row.created_at.toISOString(),
    updated_at: row.last_updated.toISOString(),
    version: API_KEY_VERSION,
    status: row.status === 'active' && row.expires_at <= now ? 'expired' : row.status,
    ...(value === undefined ? {} : { value }),
  };
}

/** `YYYY-MM-DDTHH:MM:SSZ`: the one form that the dates of API keys have. */
export function wholeSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A user group as the API shows it. */
export function presentUserGroup(row: UserGroupRow): UserGroup {
  return {
    group_uuid: row.group_uuid,
    name: row.name,
    ...(row.description === null ? {} : { description: row.description }),
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
    account_roles: { items: presentGroupRoles(row.roles) },
  };
}

/** Roles of a group, one entry a domain. */
export function presentGroupRoles(roles: readonly GroupRole[]): UserGroupRole[] {
  return [...Map.groupBy(roles, (held) => held.domain)].map(([domain, held]) => ({
    for_account: domain,
    domain_name: domain,
    roles: held.map(({ role, created_at, membership_id }) => ({ role, created_at, membership_id })),
  }));
}

/** A role with its permissions. */
export function presentRole(role: Role): Required<RbacManagerRole> {
  return {
    name: role.name,
    description: role.description,
    permissions: [...role.actions].map((action) => ({ action, target: '*' })),
    immutable: true,
    created_at: ROLES_SINCE,
    last_updated: ROLES_SINCE,
  };
}

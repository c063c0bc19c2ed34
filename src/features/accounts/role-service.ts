import type { RbacManagerAccountRole, RbacManagerRoleMember, RbacManagerRoleMembership } from '#contract/rbac.ts';
import { appendEvent } from '#features/events/index.ts';
import type { Authorizer } from '#platform/auth/authorize.ts';
import { findRole, grantable, type Role, SYSTEM_DOMAIN } from '#platform/auth/roles.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { Actor } from '#platform/http/index.ts';
import { accountNotFound, badRequest, notFound, permissionDenied } from '#shared/errors.ts';
import { ADMIN_ACCOUNT } from './account-rules.ts';
import { findAccount, findAccounts } from './account-store.ts';
import { checkHomeDomain } from './admin-guard.ts';
import { presentAccount, presentRole } from './presentation.ts';
import { deleteRoleMember, insertRoleMember, listMemberships, listRoleMembers } from './role-store.ts';
import { requireUserAnywhere } from './user-service.ts';

/** A domain as requests name it: one of two fields. */
export interface DomainChoice {
  domain_name?: string | undefined;
  for_account?: string | undefined;
}

/** Who holds which role where. */
export interface RoleService {
  /** Members of a role, in the named domain or in all where the caller may list them. */
  members(actor: Actor, role: string, choice: DomainChoice): Promise<RbacManagerRoleMember[]>;
  add(actor: Actor, role: string, username: string, choice: DomainChoice): Promise<RbacManagerRoleMember>;
  remove(actor: Actor, role: string, username: string, choice: DomainChoice): Promise<void>;
  /** Direct roles of a user, as far as the caller may see them. */
  ofUser(
    actor: Actor,
    username: string,
    filter: DomainChoice & { role?: string | undefined },
  ): Promise<RbacManagerRoleMembership[]>;
  /** All roles of the caller, those of groups too: one entry for each role in a domain. */
  mine(actor: Actor): Promise<RbacManagerAccountRole[]>;
}

/** Creates the service. */
export function createRoleService(options: { database: Database; authorizer: Authorizer }): RoleService {
  const { database, authorizer } = options;
  const { db } = database;

  /** What the caller may look at: the named domain, or every readable one. */
  async function readable(actor: Actor, domain: string | undefined): Promise<'all' | string[]> {
    if (domain !== undefined) {
      await authorizer.require(actor, domain, 'listRoleMembers');
      return [domain];
    }
    const domains = await authorizer.domains(actor, 'listRoleMembers');
    if (domains.length === 0) throw permissionDenied(actor.account, 'listRoleMembers');
    return domains;
  }

  /** The domain in which the caller wants to change members. Who may do so nowhere is told that, not what the request lacks. */
  async function changeable(actor: Actor, choice: DomainChoice, action: string): Promise<string> {
    const named = chosenDomain(choice);
    if (named === undefined && (await authorizer.domains(actor, action)).length === 0)
      throw permissionDenied(actor.account, action);
    const domain = requireDomain(choice);
    await authorizer.require(actor, domain, action);
    return domain;
  }

  return {
    async members(actor, roleName, choice) {
      const domains = await readable(actor, chosenDomain(choice));
      const role = requireRole(roleName);
      return (await listRoleMembers(db, role.name, domains)).map((row) => ({
        username: row.username,
        domain_name: row.domain,
        created_at: row.created_at.toISOString(),
      }));
    },
    async add(actor, roleName, username, choice) {
      const domain = await changeable(actor, choice, 'createRoleMember');
      const role = requireRole(roleName);
      await checkGrant(db, actor, role, domain);
      const user = await requireUserAnywhere(db, username);
      const member = { username: user.username, role: role.name, domain };
      const row = await database.transaction(async (tx) => {
        const inserted = await insertRoleMember(tx, { ...member, grantedBy: actor.username });
        if (inserted.added) await tellMembership(tx, 'role_member_added', member, actor.username);
        return inserted;
      });
      return { username: row.username, domain_name: row.domain, created_at: row.created_at.toISOString() };
    },
    async remove(actor, roleName, username, choice) {
      const domain = await changeable(actor, choice, 'deleteRoleMember');
      const role = requireRole(roleName);
      await database.transaction(async (tx) => {
        if (!(await deleteRoleMember(tx, username, role.name, domain))) {
          throw notFound(`User ${username} is not a member of role ${role.name} in ${domain}`);
        }
        await tellMembership(tx, 'role_member_removed', { username, role: role.name, domain }, actor.username);
      });
    },
    async ofUser(actor, username, filter) {
      const domain = chosenDomain(filter);
      const own = username === actor.username;
      const domains = own ? 'all' : await authorizer.domains(actor, 'listRoleMembers');
      const user = await requireUserAnywhere(db, username);
      const rows = await listMemberships(db, username, domains);
      // A stranger's existence is nobody's business.
      const known = domains === 'all' || rows.length > 0 || domains.includes(user.account);
      if (!known) throw notFound(`User not found. Name=${username}`);
      return rows
        .filter((row) => (domain === undefined || row.domain === domain) && matches(filter.role, row.role))
        .map((row) => ({
          role: row.role,
          for_account: row.domain,
          domain_name: row.domain,
          created_at: row.created_at.toISOString(),
        }));
    },
    async mine(actor) {
      const user = await requireUserAnywhere(db, actor.username);
      const held = new Map(user.roles.map((entry) => [`${entry.domain}\n${entry.role}`, entry]));
      const accounts = await findAccounts(db, [...new Set(user.roles.map((entry) => entry.domain))]);
      return [...held.values()].flatMap(({ domain, role: name }) => {
        const role = findRole(name);
        const account = accounts.find((candidate) => candidate.name === domain);
        if (!role) return [];
        return {
          for_account: domain,
          domain_name: domain,
          roles: presentRole(role),
          ...(account ? { account: presentAccount(account) } : {}),
        };
      });
    },
  };
}

/** Records that somebody got or lost a role: in the account, or for the whole installation. */
export async function tellMembership(
  tx: Db,
  event: 'role_member_added' | 'role_member_removed',
  { username, role, domain }: { username: string; role: string; domain: string },
  by: string,
): Promise<void> {
  const account = domain === SYSTEM_DOMAIN ? ADMIN_ACCOUNT : domain;
  const details = { by, username, role, domain_name: domain };
  await appendEvent(tx, { name: event, account, resource_id: username, details });
}

/** A role by name. Throws 404. */
export function requireRole(name: string): Role {
  const role = findRole(name);
  if (!role) throw notFound(`Role not found. Name=${name}`);
  return role;
}

/** The domain that a request names, if any. Throws 400 when its two fields differ. */
export function chosenDomain(choice: DomainChoice): string | undefined {
  const { domain_name, for_account } = choice;
  if (domain_name !== undefined && for_account !== undefined && domain_name !== for_account) {
    throw badRequest('domain_name and for_account name different domains: give one of them');
  }
  return domain_name ?? for_account;
}

/** The domain that a request must name. Throws 400. */
export function requireDomain(choice: DomainChoice): string {
  const domain = chosenDomain(choice);
  if (domain === undefined) throw badRequest("one of 'domain_name', 'for_account' is a required property");
  return domain;
}

/** Throws unless a role may be given in a domain by this caller: 404 unknown domain, 400 misfit, 403 beyond the caller. */
export async function checkGrant(db: Db, actor: Actor, role: Role, domain: string): Promise<void> {
  if (domain !== SYSTEM_DOMAIN) {
    const account = await findAccount(db, domain);
    if (!account) throw accountNotFound(domain);
    if (account.state === 'deleting') throw badRequest(`Account ${domain} is being deleted`);
    checkHomeDomain(actor, account);
  }
  if (!grantable(role, domain)) throw badRequest(`Role ${role.name} cannot be given in domain ${domain}`);
}

function matches(wanted: string | undefined, actual: string): boolean {
  return wanted === undefined || wanted === actual;
}

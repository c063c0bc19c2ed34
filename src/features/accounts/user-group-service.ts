import { randomUUID } from 'node:crypto';
import type { UserGroup, UserGroupRole } from '#contract/identity.ts';
import type { UserGroupUser } from '#contract/user-groups.ts';
import type { Database } from '#platform/database/types.ts';
import type { Actor } from '#platform/http/index.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import { presentGroupRoles, presentUserGroup } from './presentation.ts';
import { checkGrant, type DomainChoice, requireDomain, requireRole } from './role-service.ts';
import {
  deleteGroupMembers,
  deleteGroupRoles,
  deleteUserGroup,
  findUserGroup,
  insertGroupMembers,
  insertGroupRoles,
  insertUserGroup,
  listGroupMembers,
  listUserGroups,
  type UserGroupRow,
  updateUserGroup,
} from './user-group-store.ts';
import { requireUserAnywhere } from './user-service.ts';

/** Groups of users; what a group may do, its members may do. All methods with a uuid throw 404 for an unknown one. */
export interface UserGroupService {
  list(filter: {
    name?: string | undefined;
    username?: string | undefined;
    domain?: string | undefined;
  }): Promise<UserGroup[]>;
  get(uuid: string): Promise<UserGroup>;
  create(name: string, description: string | undefined): Promise<UserGroup>;
  describe(uuid: string, description: string): Promise<UserGroup>;
  remove(uuid: string): Promise<void>;
  members(uuid: string): Promise<UserGroupUser[]>;
  addMembers(uuid: string, usernames: readonly string[]): Promise<UserGroupUser[]>;
  removeMembers(uuid: string, usernames: readonly string[]): Promise<void>;
  roles(uuid: string): Promise<UserGroupRole[]>;
  addRoles(actor: Actor, uuid: string, choice: DomainChoice, roles: readonly string[]): Promise<UserGroupRole[]>;
  /** By membership, by domain, or both. */
  removeRoles(uuid: string, memberships: readonly string[], domains: readonly string[]): Promise<void>;
}

/** Creates the service. */
export function createUserGroupService(options: { database: Database }): UserGroupService {
  const { database } = options;
  const { db } = database;

  async function find(uuid: string): Promise<UserGroupRow> {
    const group = await findUserGroup(db, uuid);
    if (!group) throw notFound(`User group not found. UUID=${uuid}`);
    return group;
  }

  async function members(uuid: string): Promise<UserGroupUser[]> {
    const rows = await listGroupMembers(db, uuid);
    return rows.map(({ username, added_on }) => ({ username, added_on: added_on.toISOString() }));
  }

  return {
    async list(filter) {
      return (await listUserGroups(db, filter)).map(presentUserGroup);
    },
    async get(uuid) {
      return presentUserGroup(await find(uuid));
    },
    async create(name, description) {
      const uuid = randomUUID();
      if (!(await insertUserGroup(db, { uuid, name, description }))) {
        throw conflict(`User group already exists. Name=${name}`);
      }
      return presentUserGroup(await find(uuid));
    },
    async describe(uuid, description) {
      await find(uuid);
      await updateUserGroup(db, uuid, description);
      return presentUserGroup(await find(uuid));
    },
    async remove(uuid) {
      await find(uuid);
      await deleteUserGroup(db, uuid);
    },
    async members(uuid) {
      await find(uuid);
      return members(uuid);
    },
    async addMembers(uuid, usernames) {
      await find(uuid);
      for (const username of usernames) {
        const user = await requireUserAnywhere(db, username);
        if (user.type !== 'native') {
          throw badRequest(`User ${username} gets its groups from the identity provider and cannot be added`);
        }
      }
      await insertGroupMembers(db, uuid, usernames);
      return members(uuid);
    },
    async removeMembers(uuid, usernames) {
      await find(uuid);
      if ((await deleteGroupMembers(db, uuid, usernames)) === 0) {
        throw notFound(`None of the users belongs to the group: ${usernames.join(', ')}`);
      }
    },
    async roles(uuid) {
      return presentGroupRoles((await find(uuid)).roles);
    },
    async addRoles(actor, uuid, choice, names) {
      await find(uuid);
      const domain = requireDomain(choice);
      const roles = names.map(requireRole);
      for (const role of roles) await checkGrant(db, actor, role, domain);
      await insertGroupRoles(
        db,
        uuid,
        domain,
        roles.map((role) => role.name),
        actor.username,
      );
      return presentGroupRoles((await find(uuid)).roles);
    },
    async removeRoles(uuid, memberships, domains) {
      await find(uuid);
      if (memberships.length === 0 && domains.length === 0) {
        throw badRequest("one of 'membership_id', 'all_roles_for_account' is a required property");
      }
      if ((await deleteGroupRoles(db, uuid, { memberships, domains })) === 0) {
        throw notFound('The group has no such role');
      }
    },
  };
}

import { randomUUID } from 'node:crypto';
import type { UserGroup, UserGroupRole } from '#contract/identity.ts';
import type { UserGroupUser } from '#contract/user-groups.ts';
import { appendEvent } from '#features/events/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { Actor } from '#platform/http/index.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import { ADMIN_ACCOUNT } from './account-rules.ts';
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
  create(name: string, description: string | undefined, by: string): Promise<UserGroup>;
  describe(uuid: string, description: string, by: string): Promise<UserGroup>;
  remove(uuid: string, by: string): Promise<void>;
  members(uuid: string): Promise<UserGroupUser[]>;
  addMembers(uuid: string, usernames: readonly string[], by: string): Promise<UserGroupUser[]>;
  removeMembers(uuid: string, usernames: readonly string[], by: string): Promise<void>;
  roles(uuid: string): Promise<UserGroupRole[]>;
  addRoles(actor: Actor, uuid: string, choice: DomainChoice, roles: readonly string[]): Promise<UserGroupRole[]>;
  /** By membership, by domain, or both. */
  removeRoles(uuid: string, memberships: readonly string[], domains: readonly string[], by: string): Promise<void>;
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
    async create(name, description, by) {
      const uuid = randomUUID();
      await database.transaction(async (tx) => {
        if (!(await insertUserGroup(tx, { uuid, name, description }))) {
          throw conflict(`User group already exists. Name=${name}`);
        }
        await tell(tx, 'user_group_created', uuid, { by, name });
      });
      return presentUserGroup(await find(uuid));
    },
    async describe(uuid, description, by) {
      const { name } = await find(uuid);
      await database.transaction(async (tx) => {
        await updateUserGroup(tx, uuid, description);
        await tell(tx, 'user_group_changed', uuid, { by, name, change: 'description' });
      });
      return presentUserGroup(await find(uuid));
    },
    async remove(uuid, by) {
      const { name } = await find(uuid);
      await database.transaction(async (tx) => {
        await deleteUserGroup(tx, uuid);
        await tell(tx, 'user_group_deleted', uuid, { by, name });
      });
    },
    async members(uuid) {
      await find(uuid);
      return members(uuid);
    },
    async addMembers(uuid, usernames, by) {
      const { name } = await find(uuid);
      for (const username of usernames) {
        const user = await requireUserAnywhere(db, username);
        if (user.type !== 'native') {
          throw badRequest(`User ${username} gets its groups from the identity provider and cannot be added`);
        }
      }
      await database.transaction(async (tx) => {
        const added = await insertGroupMembers(tx, uuid, usernames);
        if (added.length === 0) return;
        await tell(tx, 'user_group_changed', uuid, { by, name, change: 'members_added', members: added });
      });
      return members(uuid);
    },
    async removeMembers(uuid, usernames, by) {
      const { name } = await find(uuid);
      await database.transaction(async (tx) => {
        const removed = await deleteGroupMembers(tx, uuid, usernames);
        if (removed.length === 0) {
          throw notFound(`None of the users belongs to the group: ${usernames.join(', ')}`);
        }
        await tell(tx, 'user_group_changed', uuid, { by, name, change: 'members_removed', members: removed });
      });
    },
    async roles(uuid) {
      return presentGroupRoles((await find(uuid)).roles);
    },
    async addRoles(actor, uuid, choice, names) {
      const { name } = await find(uuid);
      const domain = requireDomain(choice);
      const roles = names.map(requireRole);
      for (const role of roles) await checkGrant(db, actor, role, domain);
      const by = actor.username;
      await database.transaction(async (tx) => {
        const wanted = roles.map((role) => role.name);
        const added = await insertGroupRoles(tx, uuid, domain, wanted, by);
        if (added.length === 0) return;
        const change = { change: 'roles_added', roles: added, domains: [domain] } as const;
        await tell(tx, 'user_group_changed', uuid, { by, name, ...change });
      });
      return presentGroupRoles((await find(uuid)).roles);
    },
    async removeRoles(uuid, memberships, domains, by) {
      const { name } = await find(uuid);
      if (memberships.length === 0 && domains.length === 0) {
        throw badRequest("one of 'membership_id', 'all_roles_for_account' is a required property");
      }
      await database.transaction(async (tx) => {
        const removed = await deleteGroupRoles(tx, uuid, { memberships, domains });
        if (removed.length === 0) throw notFound('The group has no such role');
        const roles = [...new Set(removed.map((row) => row.role))].sort();
        const from = [...new Set(removed.map((row) => row.domain))].sort();
        await tell(tx, 'user_group_changed', uuid, { by, name, change: 'roles_removed', roles, domains: from });
      });
    },
  };
}

/** Records a change of a group; groups belong to the installation. */
async function tell(
  tx: Db,
  event: 'user_group_created' | 'user_group_changed' | 'user_group_deleted',
  uuid: string,
  details: Record<string, unknown>,
): Promise<void> {
  await appendEvent(tx, { name: event, account: ADMIN_ACCOUNT, resource_id: uuid, details });
}

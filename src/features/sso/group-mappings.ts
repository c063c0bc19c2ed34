import type { RbacManagerIdpUserGroup } from '#contract/saml.ts';
import type { ExternalUsers } from '#features/accounts/index.ts';
import type { Database } from '#platform/database/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import { deleteMappedGroup, existingGroups, insertMappedGroups, listMappedGroups } from './provider-store.ts';

/** User groups that a provider may put its users into. */
export interface GroupMappings {
  list(provider: string): Promise<RbacManagerIdpUserGroup[]>;
  /** Throws 400 for an unknown group, 409 when all of them are mapped already. */
  add(provider: string, uuids: readonly string[]): Promise<RbacManagerIdpUserGroup[]>;
  /** The provider's users leave the groups at once. Throws 404 when none of them is mapped. */
  remove(provider: string, uuids: readonly string[]): Promise<void>;
}

/** Creates the service; the caller has checked that the provider exists. */
export function createGroupMappings(options: { database: Database; users: ExternalUsers }): GroupMappings {
  const { database, users } = options;
  const { db } = database;

  async function list(provider: string): Promise<RbacManagerIdpUserGroup[]> {
    return (await listMappedGroups(db, provider)).map((row) => ({
      user_group_uuid: row.group_uuid,
      user_group_name: row.name,
      mapped_on: row.mapped_on.toISOString(),
    }));
  }

  return {
    list,
    async add(provider, given) {
      const uuids = [...new Set(given.map((uuid) => uuid.toLowerCase()))];
      if (uuids.length === 0) throw badRequest("'user_group_uuids' is a required property");
      const known = await existingGroups(db, uuids);
      const unknown = uuids.filter((uuid) => !known.includes(uuid));
      if (unknown.length > 0) throw badRequest(`User group not found. UUID=${unknown.join(', ')}`);
      if ((await insertMappedGroups(db, provider, uuids)) === 0) throw conflict('The user groups are mapped already');
      return list(provider);
    },
    async remove(provider, uuids) {
      await database.transaction(async (tx) => {
        let removed = 0;
        for (const uuid of uuids.map((one) => one.toLowerCase())) {
          if (!(await deleteMappedGroup(tx, provider, uuid))) continue;
          removed += 1;
          await users.leaveGroup(tx, provider, uuid);
        }
        if (removed === 0) throw notFound('None of the user groups is mapped to the identity provider');
      });
    },
  };
}

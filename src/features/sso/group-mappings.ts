import type { RbacManagerIdpUserGroup } from '#contract/saml.ts';
import type { ExternalUsers } from '#features/accounts/index.ts';
import type { Database } from '#platform/database/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import { tellProvider } from './provider-events.ts';
import {
  deleteMappedGroup,
  existingGroups,
  insertMappedGroups,
  listMappedGroups,
  type ProviderRow,
} from './provider-store.ts';

/** The provider that a mapping is of. */
export type MappedProvider = Pick<ProviderRow, 'name' | 'kind'>;

/** User groups that a provider may put its users into. */
export interface GroupMappings {
  list(provider: string): Promise<RbacManagerIdpUserGroup[]>;
  /** Throws 400 for an unknown group, 409 when all of them are mapped already. */
  add(provider: MappedProvider, uuids: readonly string[], by: string): Promise<RbacManagerIdpUserGroup[]>;
  /** The provider's users leave the groups at once. Throws 404 when none of them is mapped. */
  remove(provider: MappedProvider, uuids: readonly string[], by: string): Promise<void>;
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
    async add(provider, given, by) {
      const uuids = [...new Set(given.map((uuid) => uuid.toLowerCase()))];
      if (uuids.length === 0) throw badRequest("'user_group_uuids' is a required property");
      const known = await existingGroups(db, uuids);
      const unknown = uuids.filter((uuid) => !known.includes(uuid));
      if (unknown.length > 0) throw badRequest(`User group not found. UUID=${unknown.join(', ')}`);
      await database.transaction(async (tx) => {
        if ((await insertMappedGroups(tx, provider.name, uuids)) === 0)
          throw conflict('The user groups are mapped already');
        await tellProvider(tx, provider, { event: 'changed', change: 'groups_mapped', user_groups: uuids }, by);
      });
      return list(provider.name);
    },
    async remove(provider, uuids, by) {
      await database.transaction(async (tx) => {
        const removed: string[] = [];
        for (const uuid of uuids.map((one) => one.toLowerCase())) {
          if (!(await deleteMappedGroup(tx, provider.name, uuid))) continue;
          removed.push(uuid);
          await users.leaveGroup(tx, provider.name, uuid);
        }
        if (removed.length === 0) throw notFound('None of the user groups is mapped to the identity provider');
        await tellProvider(tx, provider, { event: 'changed', change: 'groups_unmapped', user_groups: removed }, by);
      });
    },
  };
}

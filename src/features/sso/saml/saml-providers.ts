import type { RbacManagerSamlConfiguration, RbacManagerSamlConfigurationGet } from '#contract/saml.ts';
import type { ExternalUsers } from '#features/accounts/index.ts';
import type { Database } from '#platform/database/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import { checkMapping, withoutEmpty } from '../claim-mapping.ts';
import { tellProvider } from '../provider-events.ts';
import {
  deleteProvider,
  findProvider,
  insertProvider,
  listMappedGroups,
  listProviders,
  type ProviderRow,
  type ProviderValues,
  updateProvider,
} from '../provider-store.ts';
import { readIdpMetadata } from './metadata.ts';
import type { ProviderMetadata } from './provider-metadata.ts';
import { checkAddresses, type SamlSettings } from './settings.ts';

/** SAML identity providers as administrators see them. */
export interface SamlProviders {
  list(): Promise<string[]>;
  /** Throws 404. */
  get(name: string): Promise<RbacManagerSamlConfigurationGet>;
  /** Throws 400, 409. */
  create(request: RbacManagerSamlConfiguration, by: string): Promise<RbacManagerSamlConfiguration>;
  /** Throws 400, 404. */
  update(name: string, request: RbacManagerSamlConfiguration, by: string): Promise<RbacManagerSamlConfiguration>;
  /** Removes the provider and all its users. Throws 404. */
  remove(name: string, by: string): Promise<void>;
  /** The stored record. Throws 404. */
  find(name: string): Promise<ProviderRow<SamlSettings>>;
}

/** Creates the service. */
export function createSamlProviders(options: {
  database: Database;
  users: ExternalUsers;
  metadata: ProviderMetadata;
  settings: { sso_require_existing_users: boolean };
  now: () => number;
}): SamlProviders {
  const { database, users, metadata, settings, now } = options;
  const { db } = database;

  async function find(name: string): Promise<ProviderRow<SamlSettings>> {
    const row = await findProvider(db, name);
    if (row?.kind !== 'saml') throw notFound(`Identity provider not found. Name=${name}`);
    return row as ProviderRow<SamlSettings>;
  }

  async function prepare(request: RbacManagerSamlConfiguration): Promise<ProviderValues> {
    const { name, enabled, created_at, last_updated, require_existing_users, ...rest } = withoutEmpty(request);
    const stored: SamlSettings = { ...rest, sp_entity_id: request.sp_entity_id, acs_url: request.acs_url };
    checkAddresses(stored);
    checkMapping(stored);
    const given = stored.idp_metadata_xml;
    const { xml, metadata: read } =
      given === undefined
        ? await metadata.fetch(stored.idp_metadata_url as string)
        : { xml: given, metadata: readIdpMetadata(given) };
    const values = { name, kind: 'saml', enabled, settings: stored, entityId: read.entityId } as const;
    return { ...values, metadataXml: xml, metadataFetchedAt: new Date(now()) };
  }

  function present(row: ProviderRow<SamlSettings>): RbacManagerSamlConfiguration {
    return {
      name: row.name,
      enabled: row.enabled,
      ...row.settings,
      require_existing_users: settings.sso_require_existing_users,
      created_at: row.created_at.toISOString(),
      last_updated: row.last_updated.toISOString(),
    };
  }

  return {
    find,
    list: async () => (await listProviders(db, 'saml')).map((row) => row.name),
    async get(name) {
      const row = await find(name);
      const groups = await listMappedGroups(db, name);
      return {
        ...present(row),
        user_groups: groups.map((group) => ({ user_group: group.group_uuid, added_on: group.mapped_on.toISOString() })),
      };
    },
    async create(request, by) {
      if (await findProvider(db, request.name)) throw taken(request.name);
      const values = await prepare(request);
      const row = await database.transaction(async (tx) => {
        const made = await insertProvider(tx, values);
        if (!made) throw taken(request.name);
        await tellProvider(tx, made, { event: 'created' }, by);
        return made;
      });
      return present(row as ProviderRow<SamlSettings>);
    },
    async update(name, request, by) {
      await find(name);
      if (request.name !== name) throw badRequest('Invalid name: an identity provider cannot be renamed');
      const values = await prepare(request);
      const row = await database.transaction(async (tx) => {
        const changed = await updateProvider(tx, values);
        if (!changed) throw notFound(`Identity provider not found. Name=${name}`);
        await tellProvider(tx, changed, { event: 'changed', change: 'settings' }, by);
        return changed;
      });
      return present(row as ProviderRow<SamlSettings>);
    },
    async remove(name, by) {
      await database.transaction(async (tx) => {
        if (!(await deleteProvider(tx, name, 'saml'))) throw notFound(`Identity provider not found. Name=${name}`);
        const removed = await users.removeAll(tx, name, by);
        await tellProvider(tx, { name, kind: 'saml' }, { event: 'deleted', users: removed }, by);
      });
    },
  };
}

function taken(name: string): Error {
  return conflict(`Identity provider already exists. Name=${name}`);
}

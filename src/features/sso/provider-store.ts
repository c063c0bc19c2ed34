import { sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

export type ProviderKind = 'saml' | 'oidc';

/** An identity provider as stored. Providers belong to the installation. */
export interface ProviderRow<S = unknown> {
  name: string;
  kind: ProviderKind;
  enabled: boolean;
  entity_id: string;
  settings: S;
  metadata_xml: string | null;
  metadata_fetched_at: Date | null;
  client_secret: string | null;
  created_at: Date;
  last_updated: Date;
}

/** A user group that a provider may put users into. */
export interface MappedGroupRow {
  group_uuid: string;
  name: string;
  mapped_on: Date;
}

/** What is written of a provider. */
export interface ProviderValues {
  name: string;
  kind: ProviderKind;
  enabled: boolean;
  entityId: string;
  settings: object;
  metadataXml?: string | undefined;
  metadataFetchedAt?: Date | undefined;
  clientSecret?: string | undefined;
}

const COLUMNS = sql`name, kind, enabled, entity_id, settings, metadata_xml, metadata_fetched_at, client_secret,
  created_at, last_updated`;

/** Providers by name; of one kind when given. */
export async function listProviders(db: Db, kind?: ProviderKind): Promise<ProviderRow[]> {
  const { rows } = await sql<ProviderRow>`
    select ${COLUMNS} from identity_provider
    where ${kind ?? null}::text is null or kind = ${kind ?? null} order by name`.execute(db);
  return rows;
}

/** A provider by name. */
export async function findProvider(db: Db, name: string): Promise<ProviderRow | undefined> {
  if (name.includes('\0')) return undefined;
  const { rows } = await sql<ProviderRow>`select ${COLUMNS} from identity_provider where name = ${name}`.execute(db);
  return rows[0];
}

/** Enabled providers of an entity id. */
export async function findProvidersOfEntity(db: Db, kind: ProviderKind, entityId: string): Promise<ProviderRow[]> {
  const { rows } = await sql<ProviderRow>`
    select ${COLUMNS} from identity_provider
    where kind = ${kind} and entity_id = ${entityId} and enabled order by name`.execute(db);
  return rows;
}

/** Adds a provider; undefined when the name is taken. */
export async function insertProvider(db: Db, values: ProviderValues): Promise<ProviderRow | undefined> {
  const { rows } = await sql<ProviderRow>`
    insert into identity_provider
      (name, kind, enabled, entity_id, settings, metadata_xml, metadata_fetched_at, client_secret)
    values (${values.name}, ${values.kind}, ${values.enabled}, ${values.entityId}, ${json(values.settings)}::jsonb,
      ${values.metadataXml ?? null}, ${values.metadataFetchedAt ?? null}, ${values.clientSecret ?? null})
    on conflict (name) do nothing
    returning ${COLUMNS}`.execute(db);
  return rows[0];
}

/** Replaces a provider; the stored client secret stays unless another one is given. */
export async function updateProvider(db: Db, values: ProviderValues): Promise<ProviderRow | undefined> {
  const { rows } = await sql<ProviderRow>`
    update identity_provider
    set enabled = ${values.enabled}, entity_id = ${values.entityId}, settings = ${json(values.settings)}::jsonb,
      metadata_xml = ${values.metadataXml ?? null}, metadata_fetched_at = ${values.metadataFetchedAt ?? null},
      client_secret = coalesce(${values.clientSecret ?? null}, client_secret), last_updated = now()
    where name = ${values.name} and kind = ${values.kind}
    returning ${COLUMNS}`.execute(db);
  return rows[0];
}

/** Stores metadata that was fetched again. */
export async function updateMetadata(db: Db, name: string, xml: string, fetchedAt: Date): Promise<void> {
  await sql`
    update identity_provider set metadata_xml = ${xml}, metadata_fetched_at = ${fetchedAt} where name = ${name}`.execute(
    db,
  );
}

/** Removes a provider. */
export async function deleteProvider(db: Db, name: string, kind: ProviderKind): Promise<boolean> {
  const result = await sql`delete from identity_provider where name = ${name} and kind = ${kind}`.execute(db);
  return result.numAffectedRows === 1n;
}

/** Groups mapped to a provider, by name. */
export async function listMappedGroups(db: Db, provider: string): Promise<MappedGroupRow[]> {
  const { rows } = await sql<MappedGroupRow>`
    select g.group_uuid::text as group_uuid, g.name, m.mapped_on
    from identity_provider_group m join user_group g on g.group_uuid = m.group_uuid
    where m.provider = ${provider} order by g.name`.execute(db);
  return rows;
}

/** uuids of those groups that exist. */
export async function existingGroups(db: Db, uuids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ uuid: string }>`
    select group_uuid::text as uuid from user_group where group_uuid::text = any (${uuids}::text[])`.execute(db);
  return rows.map((row) => row.uuid);
}

/** Maps groups; returns how many were not mapped before. */
export async function insertMappedGroups(db: Db, provider: string, uuids: readonly string[]): Promise<number> {
  const result = await sql`
    insert into identity_provider_group (provider, group_uuid)
    select ${provider}, uuid::uuid from unnest(${uuids}::text[]) as uuid
    on conflict do nothing`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}

/** Ends the mapping of a group. */
export async function deleteMappedGroup(db: Db, provider: string, uuid: string): Promise<boolean> {
  const result = await sql`
    delete from identity_provider_group where provider = ${provider} and group_uuid::text = ${uuid}`.execute(db);
  return result.numAffectedRows === 1n;
}

/** Marks a message as used; false when it was before. Those that nobody can use any more are forgotten on the way. */
export async function consumeMessage(db: Db, id: string, until: Date, now: Date): Promise<boolean> {
  await sql`delete from identity_message where expires_at < ${now}`.execute(db);
  const result = await sql`
    insert into identity_message (id, expires_at) values (${id}, ${until}) on conflict do nothing`.execute(db);
  return result.numAffectedRows === 1n;
}

import { type Selectable, sql } from 'kysely';
import type { EndpointName } from '#notifiers/index.ts';
import { json } from '#platform/database/json.ts';
import { escapeLike } from '#platform/database/like.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';
import { LEGACY_ENDPOINT } from './legacy-store.ts';

export type ConfigurationRow = Selectable<Schema['notification_configuration']>;
export type SelectorRow = Selectable<Schema['notification_selector']>;

/** States of the endpoints (of the installation) that were ever set. */
export function endpointStates(db: Db) {
  return db.selectFrom('notification_endpoint').selectAll().execute();
}

/** Switches an endpoint on or off for the installation. */
export async function setEndpoint(db: Db, name: EndpointName, enabled: boolean): Promise<void> {
  await db
    .insertInto('notification_endpoint')
    .values({ name, enabled })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ enabled, last_updated: sql`now()` }))
    .execute();
}

export function listConfigurations(db: Db, account: string, endpoint?: EndpointName): Promise<ConfigurationRow[]> {
  return db
    .selectFrom('notification_configuration')
    .selectAll()
    .where('account', '=', account)
    .where('endpoint', '!=', LEGACY_ENDPOINT)
    .$if(endpoint !== undefined, (query) => query.where('endpoint', '=', endpoint!))
    .orderBy('created_at')
    .orderBy('uuid')
    .execute();
}

export function findConfiguration(db: Db, account: string, uuid: string): Promise<ConfigurationRow | undefined> {
  return db
    .selectFrom('notification_configuration')
    .selectAll()
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .where('endpoint', '!=', LEGACY_ENDPOINT)
    .executeTakeFirst();
}

/** What of a configuration is stored. */
export interface StoredConfiguration {
  description: string | null;
  settings: Record<string, unknown>;
  secrets: string | null;
}

export function insertConfiguration(
  db: Db,
  account: string,
  uuid: string,
  endpoint: EndpointName,
  { settings, ...rest }: StoredConfiguration,
): Promise<ConfigurationRow> {
  return db
    .insertInto('notification_configuration')
    .values({ uuid, account, endpoint, settings: json(settings), ...rest })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Changes a configuration; what it is known to do is forgotten with its settings. */
export function updateConfiguration(
  db: Db,
  account: string,
  uuid: string,
  { settings, ...rest }: StoredConfiguration,
): Promise<ConfigurationRow> {
  return db
    .updateTable('notification_configuration')
    .set({
      ...rest,
      settings: json(settings),
      status: 'unknown',
      last_error: null,
      paused_until: null,
      failures: 0,
      last_updated: sql`now()`,
    })
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function setOptions(db: Db, account: string, uuid: string, options: unknown, secrets: string | null) {
  await db
    .updateTable('notification_configuration')
    .set({ options: json(options), secrets, paused_until: null, last_updated: sql`now()` })
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .execute();
}

export async function deleteConfiguration(db: Db, account: string, uuid: string): Promise<boolean> {
  const result = await db
    .deleteFrom('notification_configuration')
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Selectors of an account, of one configuration or of all. */
export function listSelectors(db: Db, account: string, configuration?: string): Promise<SelectorRow[]> {
  return db
    .selectFrom('notification_selector')
    .selectAll()
    .where('account', '=', account)
    .where('configuration', 'not in', (query) =>
      query.selectFrom('notification_configuration').select('uuid').where('endpoint', '=', LEGACY_ENDPOINT),
    )
    .$if(configuration !== undefined, (query) => query.where('configuration', '=', configuration!))
    .orderBy('created_at')
    .orderBy('uuid')
    .execute();
}

export function findSelector(db: Db, account: string, configuration: string, uuid: string) {
  return db
    .selectFrom('notification_selector')
    .selectAll()
    .where('account', '=', account)
    .where('configuration', '=', configuration)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
}

/** What a selector picks. */
export interface SelectorValues {
  scope: 'account' | 'global';
  level: string;
  resource_type: string;
  /** With `*` for any run of characters. */
  type: string;
}

const patternOf = (type: string) => escapeLike(type).replaceAll('*', '%');

export function insertSelector(
  db: Db,
  account: string,
  configuration: string,
  uuid: string,
  values: SelectorValues,
): Promise<SelectorRow> {
  return db
    .insertInto('notification_selector')
    .values({ uuid, account, configuration, ...values, type_pattern: patternOf(values.type) })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function updateSelector(
  db: Db,
  account: string,
  configuration: string,
  uuid: string,
  values: SelectorValues,
): Promise<SelectorRow | undefined> {
  return db
    .updateTable('notification_selector')
    .set({ ...values, type_pattern: patternOf(values.type), last_updated: sql`now()` })
    .where('account', '=', account)
    .where('configuration', '=', configuration)
    .where('uuid', '=', uuid)
    .returningAll()
    .executeTakeFirst();
}

export async function deleteSelector(db: Db, account: string, configuration: string, uuid: string): Promise<boolean> {
  const result = await db
    .deleteFrom('notification_selector')
    .where('account', '=', account)
    .where('configuration', '=', configuration)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

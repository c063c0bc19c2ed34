import { sql } from 'kysely';
import type { SystemConfigurationValue } from '#contract/configurations.ts';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** A setting changed through the API. */
export interface ConfigurationRow {
  key: string;
  /** Wrapped, so that null is told from nothing. */
  value: { value: SystemConfigurationValue };
  updated_by: string | null;
  last_updated: Date;
}

/** All settings changed through the API. */
export async function listConfigurationRows(db: Db): Promise<ConfigurationRow[]> {
  const { rows } = await sql<ConfigurationRow>`
    select key, value, updated_by, last_updated from configuration`.execute(db);
  return rows;
}

/** Stores a value. */
export async function upsertConfiguration(
  db: Db,
  key: string,
  value: SystemConfigurationValue,
  updatedBy: string,
): Promise<void> {
  await sql`
    insert into configuration (key, value, updated_by, last_updated)
    values (${key}, ${json({ value })}::jsonb, ${updatedBy}, now())
    on conflict (key) do update
      set value = excluded.value, updated_by = excluded.updated_by, last_updated = now()`.execute(db);
}

/** Removes a value: the default holds again. */
export async function deleteConfiguration(db: Db, key: string): Promise<void> {
  await sql`delete from configuration where key = ${key}`.execute(db);
}

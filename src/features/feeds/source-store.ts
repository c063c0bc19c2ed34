import type { Db } from '#platform/database/types.ts';
import type { BuildSource } from './store.ts';

/** Name of the source that the database of the configured address is. */
export const DATABASE_SOURCE = 'vulnerability_db';

/** A source with content. */
export interface SourceCopy extends BuildSource {
  origin: 'configured' | 'imported';
  etag: string | null;
  last_modified: string | null;
}

/** Sources with their last good copies, by name. */
export function listSources(db: Db) {
  return db.selectFrom('feed_source').selectAll().orderBy('name').execute();
}

/** Notes a good copy, with the time at which it came. */
export async function keepSource(db: Db, copy: SourceCopy): Promise<void> {
  const now = new Date();
  const row = { ...copy, fetched_at: now, checked_at: now, error: null };
  await db
    .insertInto('feed_source')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
}

/** Notes how a look at a source went that brought nothing new: `error` null when it is simply unchanged. */
export async function checkedSource(
  db: Db,
  { name, kind, location }: { name: string; kind: BuildSource['kind']; location: string },
  error: string | null,
): Promise<void> {
  // Nothing else of the source: what was looked at may be broken, and must not pass for a good copy.
  const checked = { checked_at: new Date(), error };
  await db
    .insertInto('feed_source')
    .values({ name, kind, location, ...checked, origin: 'configured' })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(checked))
    .execute();
}

/** Forgets configured sources other than these. */
export async function forgetSources(db: Db, configured: string[]): Promise<void> {
  await db
    .deleteFrom('feed_source')
    .where('origin', '=', 'configured')
    .where('kind', '=', 'records')
    .$if(configured.length > 0, (query) => query.where('name', 'not in', configured))
    .execute();
}

/** Forgets a source by name; false when there is none. */
export async function deleteSource(db: Db, name: string): Promise<boolean> {
  const rows = await db.deleteFrom('feed_source').where('name', '=', name).returning('name').execute();
  return rows.length > 0;
}

/** Alarms that are on, by provider. */
export function listAlarms(db: Db) {
  return db.selectFrom('feed_provider_alarm').selectAll().execute();
}

export async function raiseAlarm(db: Db, provider: string, capturedAt: Date): Promise<boolean> {
  const rows = await db
    .insertInto('feed_provider_alarm')
    .values({ provider, captured_at: capturedAt })
    .onConflict((conflict) => conflict.column('provider').doNothing())
    .returning('provider')
    .execute();
  return rows.length > 0;
}

export async function clearAlarm(db: Db, provider: string): Promise<boolean> {
  const rows = await db
    .deleteFrom('feed_provider_alarm')
    .where('provider', '=', provider)
    .returning('provider')
    .execute();
  return rows.length > 0;
}

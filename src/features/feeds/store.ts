import { sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** One provider of records inside a build. */
export interface ProviderCount {
  id: string;
  capturedAt?: string;
  records: number;
}

/** A database build that this installation knows. */
export interface FeedBuild {
  checksum: string;
  schema_version: string;
  built_at: Date;
  source: string;
  archive_key: string | null;
  archive_size: number | null;
  providers: ProviderCount[];
}

export function currentBuild(db: Db) {
  return db.selectFrom('feed_build').selectAll().where('state', '=', 'current').executeTakeFirst();
}

export function findBuild(db: Db, checksum: string) {
  return db.selectFrom('feed_build').selectAll().where('checksum', '=', checksum).executeTakeFirst();
}

export function listBuilds(db: Db) {
  return db.selectFrom('feed_build').selectAll().orderBy('received_at', 'desc').limit(100).execute();
}

/** Notes that a build is on its way in. A known one keeps its state, so that a repeated sync changes nothing. */
export async function beginBuild(db: Db, build: Omit<FeedBuild, 'providers'>): Promise<void> {
  await db
    .insertInto('feed_build')
    .values({ ...build, state: 'building' })
    .onConflict((conflict) =>
      conflict.column('checksum').doUpdateSet({
        archive_key: build.archive_key,
        archive_size: build.archive_size,
        state: sql`case when feed_build.state in ('failed', 'building') then 'building' else feed_build.state end`,
        error: null,
      }),
    )
    .execute();
}

export async function failBuild(db: Db, checksum: string, error: string): Promise<void> {
  await db
    .updateTable('feed_build')
    .set({ state: 'failed', error })
    .where('checksum', '=', checksum)
    .where('state', '=', 'building')
    .execute();
}

/** Makes a build the current one; the one before becomes `previous`, older ones go. Returns keys of archives to delete. */
export async function switchBuild(db: Db, checksum: string, providers: ProviderCount[]): Promise<string[]> {
  const dropped = await db
    .deleteFrom('feed_build')
    .where('state', 'in', ['previous', 'ready'])
    .where('checksum', '<>', checksum)
    .returning('archive_key')
    .execute();
  await db
    .updateTable('feed_build')
    .set({ state: 'previous' })
    .where('state', '=', 'current')
    .where('checksum', '<>', checksum)
    .execute();
  await db
    .updateTable('feed_build')
    .set({ state: 'current', providers: json(providers), switched_at: new Date(), error: null })
    .where('checksum', '=', checksum)
    .execute();
  return dropped.flatMap((row) => row.archive_key ?? []);
}

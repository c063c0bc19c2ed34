import { sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** One provider of records inside a build. */
export interface ProviderCount {
  id: string;
  capturedAt?: string;
  records: number;
}

/** A source as it went into a build. */
export interface BuildSource {
  name: string;
  kind: 'grype-v6' | 'records';
  /** `sha256:…` of the one file that it is. */
  checksum: string;
  object_key: string;
  size: number;
  schema_version: string | null;
  /** RFC 3339. */
  captured_at: string | null;
  location: string;
}

/** A database build that this installation knows. */
export interface FeedBuild {
  checksum: string;
  schema_version: string;
  built_at: Date;
  source: string;
  archive_key: string | null;
  archive_size: number | null;
  sources: BuildSource[];
}

/** States of builds whose archives and indices are kept. */
const KEPT = ['building', 'ready', 'held', 'current', 'previous'];

export function currentBuild(db: Db) {
  return db.selectFrom('feed_build').selectAll().where('state', '=', 'current').executeTakeFirst();
}

export function previousBuild(db: Db) {
  return db
    .selectFrom('feed_build')
    .selectAll()
    .where('state', '=', 'previous')
    .orderBy('switched_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export function findBuild(db: Db, checksum: string) {
  return db.selectFrom('feed_build').selectAll().where('checksum', '=', checksum).executeTakeFirst();
}

export function listBuilds(db: Db) {
  return db.selectFrom('feed_build').selectAll().orderBy('received_at', 'desc').limit(100).execute();
}

/** Builds whose archives and indices are still needed. */
export function keptBuilds(db: Db) {
  return db.selectFrom('feed_build').selectAll().where('state', 'in', KEPT).execute();
}

/** Notes that a build is on its way in. A known one keeps its state, so that a repeated sync changes nothing. */
export async function beginBuild(db: Db, { sources, ...build }: FeedBuild): Promise<void> {
  await db
    .insertInto('feed_build')
    .values({ ...build, sources: json(sources), state: 'building' })
    .onConflict((conflict) =>
      conflict.column('checksum').doUpdateSet({
        archive_key: build.archive_key,
        archive_size: build.archive_size,
        sources: json(sources),
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

/** Keeps what a finished index says of itself. */
export async function describeBuild(
  db: Db,
  checksum: string,
  { providers, report }: { providers: ProviderCount[]; report: unknown },
): Promise<void> {
  await db
    .updateTable('feed_build')
    .set({ providers: json(providers), report: json(report) })
    .where('checksum', '=', checksum)
    .execute();
}

/** Sets a build aside until a person decides. */
export async function holdBuild(db: Db, checksum: string, reasons: string[]): Promise<void> {
  await db
    .updateTable('feed_build')
    .set({ state: 'held', reasons: json(reasons) })
    .where('checksum', '=', checksum)
    .execute();
}

/** Refuses a build that is held; its sources are not taken again. False when it is not held. */
export async function rejectBuild(db: Db, checksum: string, by: string): Promise<boolean> {
  const rows = await db
    .updateTable('feed_build')
    .set({ state: 'rejected', decided_by: by, decided_at: new Date() })
    .where('checksum', '=', checksum)
    .where('state', '=', 'held')
    .returning('checksum')
    .execute();
  return rows.length > 0;
}

/** Makes a build the current one; the one before becomes `previous`, older and superseded ones go. */
export async function switchBuild(db: Db, checksum: string, by?: string): Promise<void> {
  await db
    .deleteFrom('feed_build')
    .where('state', 'in', ['previous', 'ready', 'held'])
    .where('checksum', '<>', checksum)
    .execute();
  await db
    .updateTable('feed_build')
    .set({ state: 'previous' })
    .where('state', '=', 'current')
    .where('checksum', '<>', checksum)
    .execute();
  await makeCurrent(db, checksum, by);
}

/** Goes back to the previous build; the current one is held, so that no synchronisation takes it again by itself. */
export async function rollbackBuild(db: Db, from: string, to: string, by: string): Promise<void> {
  await holdBuild(db, from, [`rolled back by ${by}`]);
  await makeCurrent(db, to, by);
}

async function makeCurrent(db: Db, checksum: string, by: string | undefined): Promise<void> {
  await db
    .updateTable('feed_build')
    .set({
      state: 'current',
      switched_at: new Date(),
      error: null,
      reasons: json([]),
      ...(by === undefined ? {} : { decided_by: by, decided_at: new Date() }),
    })
    .where('checksum', '=', checksum)
    .execute();
}

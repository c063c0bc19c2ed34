import { type Selectable, sql } from 'kysely';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type SourceImportRow = Selectable<Schema['source_import']>;
export type SourceImportStatus = 'pending' | 'queued' | 'processing' | 'complete' | 'failed' | 'expired';
export type SourceContentRow = Selectable<Schema['source_import_content']>;

/** Newest first. */
export function listSourceImports(db: Db, account: string): Promise<SourceImportRow[]> {
  return db
    .selectFrom('source_import')
    .selectAll()
    .where('account', '=', account)
    .orderBy('created_at', 'desc')
    .orderBy('uuid')
    .execute();
}

export function findSourceImport(db: Db, account: string, uuid: string): Promise<SourceImportRow | undefined> {
  return db
    .selectFrom('source_import')
    .selectAll()
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
}

export function insertSourceImport(db: Db, account: string, uuid: string, expiresAt: Date): Promise<SourceImportRow> {
  return db
    .insertInto('source_import')
    .values({ uuid, account, status: 'pending', expires_at: expiresAt })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Moves an operation on if it is in one of the states `from`; false when it is not. */
export async function moveSourceImport(
  db: Db,
  account: string,
  uuid: string,
  from: SourceImportStatus[],
  to: SourceImportStatus,
): Promise<boolean> {
  const result = await db
    .updateTable('source_import')
    .set({ status: to, last_updated: sql`now()` })
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .where('status', 'in', from)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** SBOMs that were sent to an operation of the account, newest first. */
export function sbomsOf(db: Db, account: string, uuid: string): Promise<SourceContentRow[]> {
  return db
    .selectFrom('source_import_content as c')
    .innerJoin('source_import as i', 'i.uuid', 'c.import')
    .selectAll('c')
    .where('i.account', '=', account)
    .where('c.import', '=', uuid)
    .orderBy('c.created_at', 'desc')
    .orderBy('c.digest')
    .execute();
}

/** Records an SBOM; the same bytes again change nothing. Returns the record. */
export async function saveSbom(
  db: Db,
  content: { import: string; digest: string; object_key: string; size: number },
): Promise<SourceContentRow> {
  await db
    .insertInto('source_import_content')
    .values(content)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return db
    .selectFrom('source_import_content')
    .selectAll()
    .where('import', '=', content.import)
    .where('digest', '=', content.digest)
    .executeTakeFirstOrThrow();
}

/** Operations of every account whose contents are not needed any more: used, cancelled, or past their time. */
export function spentSourceImports(db: Db, limit: number): Promise<{ uuid: string; account: string }[]> {
  return db
    .selectFrom('source_import')
    .select(['uuid', 'account'])
    .where((eb) =>
      eb.or([
        eb('expires_at', '<', sql<Date>`now()`),
        eb.and([
          eb('status', 'in', ['complete', 'failed', 'expired']),
          eb('last_updated', '<', sql<Date>`now() - interval '1 day'`),
        ]),
      ]),
    )
    .limit(limit)
    .execute();
}

/** Forgets an operation (of the account that owns it) with the records of its contents. */
export async function deleteSourceImport(db: Db, account: string, uuid: string): Promise<void> {
  await db.deleteFrom('source_import').where('account', '=', account).where('uuid', '=', uuid).execute();
}

/** Keys of all objects of source imports of an account. */
export async function sourceImportObjects(db: Db, account: string): Promise<string[]> {
  const rows = await db
    .selectFrom('source_import_content as c')
    .innerJoin('source_import as i', 'i.uuid', 'c.import')
    .select('c.object_key')
    .where('i.account', '=', account)
    .execute();
  return rows.map((row) => row.object_key);
}

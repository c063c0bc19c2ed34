import { type Selectable, sql } from 'kysely';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type ImportRow = Selectable<Schema['image_import']>;
export type ImportStatus = 'pending' | 'queued' | 'processing' | 'complete' | 'failed' | 'expired';
export type ContentRow = Selectable<Schema['image_import_content']>;

/** Newest first. */
export function listImports(db: Db, account: string): Promise<ImportRow[]> {
  return db
    .selectFrom('image_import')
    .selectAll()
    .where('account', '=', account)
    .orderBy('created_at', 'desc')
    .orderBy('uuid')
    .execute();
}

export function findImport(db: Db, account: string, uuid: string): Promise<ImportRow | undefined> {
  return db
    .selectFrom('image_import')
    .selectAll()
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
}

export function insertImport(db: Db, account: string, uuid: string, expiresAt: Date): Promise<ImportRow> {
  return db
    .insertInto('image_import')
    .values({ uuid, account, status: 'pending', expires_at: expiresAt })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Moves an operation on if it is in one of the states `from`; false when it is not. */
export async function moveImport(
  db: Db,
  account: string,
  uuid: string,
  from: ImportStatus[],
  to: ImportStatus,
): Promise<boolean> {
  const result = await db
    .updateTable('image_import')
    .set({ status: to, last_updated: sql`now()` })
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .where('status', 'in', from)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Contents of an operation (of the account that owns it), of one kind or of all. */
export function contentsOf(db: Db, account: string, uuid: string, kind?: string): Promise<ContentRow[]> {
  return db
    .selectFrom('image_import_content as c')
    .innerJoin('image_import as i', 'i.uuid', 'c.import')
    .selectAll('c')
    .where('i.account', '=', account)
    .where('c.import', '=', uuid)
    .$if(kind !== undefined, (query) => query.where('c.kind', '=', kind!))
    .orderBy('c.created_at')
    .orderBy('c.digest')
    .execute();
}

/** Records a content; the same bytes again change nothing. Returns the record. */
export async function saveContent(
  db: Db,
  content: { import: string; kind: string; digest: string; object_key: string; size: number },
): Promise<ContentRow> {
  await db
    .insertInto('image_import_content')
    .values(content)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return db
    .selectFrom('image_import_content')
    .selectAll()
    .where('import', '=', content.import)
    .where('kind', '=', content.kind)
    .where('digest', '=', content.digest)
    .executeTakeFirstOrThrow();
}

/** Operations of every account whose contents are not needed any more: used, cancelled, or past their time. */
export function spentImports(db: Db, limit: number): Promise<{ uuid: string; account: string; status: string }[]> {
  return db
    .selectFrom('image_import')
    .select(['uuid', 'account', 'status'])
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
export async function deleteImport(db: Db, account: string, uuid: string): Promise<void> {
  await db.deleteFrom('image_import').where('account', '=', account).where('uuid', '=', uuid).execute();
}

/** Keys of all objects of imports of an account. */
export async function importObjects(db: Db, account: string): Promise<string[]> {
  const rows = await db
    .selectFrom('image_import_content as c')
    .innerJoin('image_import as i', 'i.uuid', 'c.import')
    .select('c.object_key')
    .where('i.account', '=', account)
    .execute();
  return rows.map((row) => row.object_key);
}

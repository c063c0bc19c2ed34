import { type Selectable, sql } from 'kysely';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type ImportRow = Selectable<Schema['import_operation']>;
export type ImportStatus = 'pending' | 'queued' | 'processing' | 'complete' | 'failed' | 'expired';
export type ContentRow = Selectable<Schema['import_content']>;
/** What the parts of an operation become. */
export type ImportSubject = 'image' | 'source';

/** Newest first. */
export function listImports(db: Db, account: string, subject: ImportSubject): Promise<ImportRow[]> {
  return db
    .selectFrom('import_operation')
    .selectAll()
    .where('account', '=', account)
    .where('subject', '=', subject)
    .orderBy('created_at', 'desc')
    .orderBy('uuid')
    .execute();
}

export function findImport(
  db: Db,
  account: string,
  subject: ImportSubject,
  uuid: string,
): Promise<ImportRow | undefined> {
  return db
    .selectFrom('import_operation')
    .selectAll()
    .where('account', '=', account)
    .where('subject', '=', subject)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
}

export function insertImport(
  db: Db,
  account: string,
  subject: ImportSubject,
  uuid: string,
  expiresAt: Date,
): Promise<ImportRow> {
  return db
    .insertInto('import_operation')
    .values({ uuid, account, subject, status: 'pending', expires_at: expiresAt })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Moves an operation on if it is in the state `from`; false when it is not. */
export async function moveImport(
  db: Db,
  account: string,
  uuid: string,
  from: ImportStatus,
  to: ImportStatus,
): Promise<boolean> {
  const result = await db
    .updateTable('import_operation')
    .set({ status: to, last_updated: sql`now()` })
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .where('status', '=', from)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Contents of an operation (of the account that owns it), of one kind or of all, oldest first. */
export function contentsOf(db: Db, account: string, uuid: string, kind?: string): Promise<ContentRow[]> {
  return db
    .selectFrom('import_content as c')
    .innerJoin('import_operation as i', 'i.uuid', 'c.import')
    .selectAll('c')
    .where('i.account', '=', account)
    .where('c.import', '=', uuid)
    .$if(kind !== undefined, (query) => query.where('c.kind', '=', kind!))
    .orderBy('c.created_at')
    .orderBy('c.digest')
    .execute();
}

/**
 * Records a content of a pending operation of the account; the same bytes again change nothing. Returns the record,
 * undefined when the operation takes no more. The lock keeps the operation as it is until the record stands.
 */
export async function saveContent(
  db: Db,
  account: string,
  content: { import: string; kind: string; digest: string; object_key: string; size: number },
): Promise<ContentRow | undefined> {
  const { rows } = await sql<ContentRow>`
    insert into import_content (import, kind, digest, object_key, size)
    select i.uuid, ${content.kind}, ${content.digest}, ${content.object_key}, ${content.size}::bigint
    from import_operation i
    where i.account = ${account} and i.uuid = ${content.import} and i.status = 'pending'
    for share of i
    on conflict (import, kind, digest) do update set digest = excluded.digest
    returning *`.execute(db);
  return rows[0];
}

/** Operations of every account whose contents are not needed any more: used, cancelled, or past their time. */
export function spentImports(db: Db, limit: number): Promise<{ uuid: string; account: string }[]> {
  return db
    .selectFrom('import_operation')
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
export async function deleteImport(db: Db, account: string, uuid: string): Promise<void> {
  await db.deleteFrom('import_operation').where('account', '=', account).where('uuid', '=', uuid).execute();
}

/** Keys of all objects of imports of an account. */
export async function importObjects(db: Db, account: string): Promise<string[]> {
  const rows = await db
    .selectFrom('import_content as c')
    .innerJoin('import_operation as i', 'i.uuid', 'c.import')
    .select('c.object_key')
    .where('i.account', '=', account)
    .execute();
  return rows.map((row) => row.object_key);
}

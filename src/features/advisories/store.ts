import { json, storableText } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** A page of an account's advisories, by id. */
export function listAdvisories(db: Db, account: string, page: { limit: number; offset: number }) {
  return db
    .selectFrom('private_advisory')
    .selectAll()
    .where('account', '=', account)
    .orderBy('id')
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

/** How many advisories an account has, and when the newest change was: both change with every change. */
export async function advisoryStamp(db: Db, account: string): Promise<{ count: number; changed: string }> {
  const row = await db
    .selectFrom('private_advisory')
    .select(({ fn }) => [fn.countAll<string>().as('count'), fn.max('last_updated').as('changed')])
    .where('account', '=', account)
    .executeTakeFirst();
  return { count: Number(row?.count ?? 0), changed: row?.changed ? new Date(row.changed).toISOString() : '' };
}

/** All documents of an account, by id. */
export async function advisoryDocuments(db: Db, account: string): Promise<Record<string, unknown>[]> {
  const rows = await db
    .selectFrom('private_advisory')
    .select('document')
    .where('account', '=', account)
    .orderBy('id')
    .execute();
  return rows.map(({ document }) => document as Record<string, unknown>);
}

export function findAdvisory(db: Db, account: string, id: string) {
  return db
    .selectFrom('private_advisory')
    .selectAll()
    .where('account', '=', account)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Adds an advisory; undefined when the account has one of this id. */
export function insertAdvisory(db: Db, account: string, id: string, document: unknown, createdBy: string) {
  return db
    .insertInto('private_advisory')
    .values({ account, id, document: json(document), created_by: storableText(createdBy) })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Replaces the document of an advisory; undefined when the account has none of this id. */
export function replaceAdvisory(db: Db, account: string, id: string, document: unknown) {
  return db
    .updateTable('private_advisory')
    .set({ document: json(document), last_updated: new Date() })
    .where('account', '=', account)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}

/** Deletes an advisory; false when the account has none of this id. */
export async function deleteAdvisory(db: Db, account: string, id: string): Promise<boolean> {
  const rows = await db
    .deleteFrom('private_advisory')
    .where('account', '=', account)
    .where('id', '=', id)
    .returning('id')
    .execute();
  return rows.length > 0;
}

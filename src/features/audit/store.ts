import { type Selectable, sql } from 'kysely';
import { json, storableText } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type AuditRow = Selectable<Schema['audit_entry']>;

/** One change, or an attempt at one. */
export interface NewEntry {
  account: string;
  username: string | null;
  user_account: string | null;
  credential: string | null;
  operation: string;
  method: string;
  params: Record<string, unknown>;
  outcome: 'success' | 'failure';
  status: number;
  reason: string | null;
  address: string;
  request_id: string;
}

export async function insertEntry(db: Db, { params, reason, ...entry }: NewEntry): Promise<void> {
  await db
    .insertInto('audit_entry')
    .values({ ...entry, params: json(params), reason: reason === null ? null : storableText(reason) })
    .execute();
}

/** Filters of a listing; times are inclusive below and exclusive above. */
export interface AuditFilter {
  account?: string;
  username?: string;
  operation?: string;
  outcome?: 'success' | 'failure';
  since?: Date;
  before?: Date;
  /** Entries older than this one. */
  beforeId?: number;
}

/** Newest first. Without `account`, of every account. */
export function listEntries(db: Db, filter: AuditFilter, limit: number): Promise<AuditRow[]> {
  let query = db.selectFrom('audit_entry').selectAll();
  if (filter.account !== undefined) query = query.where('account', '=', filter.account);
  if (filter.username !== undefined) query = query.where('username', '=', filter.username);
  if (filter.operation !== undefined) query = query.where('operation', '=', filter.operation);
  if (filter.outcome !== undefined) query = query.where('outcome', '=', filter.outcome);
  if (filter.since) query = query.where('at', '>=', filter.since);
  if (filter.before) query = query.where('at', '<', filter.before);
  if (filter.beforeId !== undefined) query = query.where('id', '<', filter.beforeId);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

/** Entries (of every account) that have no seal yet, oldest first. */
export function unsealedEntries(db: Db, limit: number): Promise<AuditRow[]> {
  return db.selectFrom('audit_entry').selectAll().where('seal_number', 'is', null).orderBy('id').limit(limit).execute();
}

/** The end of the chain (over every account). */
export function lastSeal(db: Db) {
  return db
    .selectFrom('audit_entry')
    .select(['seal_number', 'seal'])
    .where('seal_number', 'is not', null)
    .orderBy('seal_number', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export interface Seal {
  id: number;
  seal_number: number;
  previous_seal: string;
  seal: string;
}

/** Writes seals of entries of every account. */
export async function saveSeals(db: Db, seals: Seal[]): Promise<void> {
  await sql`
    update audit_entry e set seal_number = x.seal_number, previous_seal = x.previous_seal, seal = x.seal
    from jsonb_to_recordset(${json(seals)}::jsonb) as x(id bigint, seal_number bigint, previous_seal text, seal text)
    where e.id = x.id`.execute(db);
}

/** Sealed entries of every account in the order of their seals, after a number. */
export function sealedEntries(db: Db, after: number, limit: number): Promise<AuditRow[]> {
  return db
    .selectFrom('audit_entry')
    .selectAll()
    .where('seal_number', '>', after)
    .orderBy('seal_number')
    .limit(limit)
    .execute();
}

/** Removes sealed entries of every account that are older than so many days; the chain then begins later. */
export async function expireEntries(db: Db, days: number): Promise<void> {
  await sql`
    delete from audit_entry where seal_number is not null and at < now() - make_interval(days => ${days})`.execute(db);
}

/** The encrypted key of the chain; undefined before the first use. */
export async function findChainKey(db: Db, name: string): Promise<string | undefined> {
  const row = await db.selectFrom('system_secret').select('ciphertext').where('name', '=', name).executeTakeFirst();
  return row?.ciphertext;
}

/** Keeps the key of the chain unless another process was faster. */
export async function insertChainKey(db: Db, name: string, ciphertext: string): Promise<void> {
  await db
    .insertInto('system_secret')
    .values({ name, ciphertext })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

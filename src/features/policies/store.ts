import { type Selectable, sql } from 'kysely';
import type { PolicyDocument } from '#engine/policy/index.ts';
import { json } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type PolicyRow = Selectable<Schema['policy']>;

/** What is written of a policy. */
export interface PolicyContent {
  policyId: string;
  name: string;
  description: string | null;
  document: PolicyDocument;
  digest: string;
}

/** All policies of the account, the active one first, then by age. */
export function listPolicies(db: Db, account: string): Promise<PolicyRow[]> {
  return db
    .selectFrom('policy')
    .selectAll()
    .where('account', '=', account)
    .orderBy('active', 'desc')
    .orderBy('created_at')
    .orderBy('policy_id')
    .execute();
}

/** One policy; with `lock`, held until the transaction ends. */
export function findPolicy(db: Db, account: string, policyId: string, lock = false): Promise<PolicyRow | undefined> {
  const query = db.selectFrom('policy').selectAll().where('account', '=', account).where('policy_id', '=', policyId);
  return (lock ? query.forUpdate() : query).executeTakeFirst();
}

/** The policy that judges images unless a request names another. */
export function findActivePolicy(db: Db, account: string): Promise<PolicyRow | undefined> {
  return db
    .selectFrom('policy')
    .selectAll()
    .where('account', '=', account)
    .where('active', '=', true)
    .executeTakeFirst();
}

/** Adds a policy. Undefined when the account has one of this id. */
export async function insertPolicy(
  db: Db,
  account: string,
  content: PolicyContent,
  active: boolean,
): Promise<PolicyRow | undefined> {
  await keepDocument(db, content);
  return db
    .insertInto('policy')
    .values({ account, policy_id: content.policyId, active, ...columns(content) })
    .onConflict((conflict) => conflict.columns(['account', 'policy_id']).doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Replaces name, description and document. */
export async function updatePolicy(db: Db, account: string, content: PolicyContent): Promise<PolicyRow> {
  await keepDocument(db, content);
  return db
    .updateTable('policy')
    .set({ ...columns(content), last_updated: sql`now()` })
    .where('account', '=', account)
    .where('policy_id', '=', content.policyId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Makes the policy the only active one of the account. Returns the id of the one that was active before. */
export async function activatePolicy(db: Db, account: string, policyId: string): Promise<string | undefined> {
  const previous = await db
    .updateTable('policy')
    .set({ active: false })
    .where('account', '=', account)
    .where('active', '=', true)
    .returning('policy_id')
    .executeTakeFirst();
  await db
    .updateTable('policy')
    .set({ active: true, last_updated: sql`now()` })
    .where('account', '=', account)
    .where('policy_id', '=', policyId)
    .execute();
  return previous?.policy_id;
}

/** Removes the policy; its evaluations stay. */
export async function deletePolicy(db: Db, account: string, policyId: string): Promise<void> {
  await db.deleteFrom('policy').where('account', '=', account).where('policy_id', '=', policyId).execute();
}

/** Serialises changes of an account's policies: activation touches two rows. */
export async function lockPolicies(db: Db, account: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('policy'), hashtext(${account}))`.execute(db);
}

async function keepDocument(db: Db, { digest, document }: PolicyContent): Promise<void> {
  await db
    .insertInto('policy_document')
    .values({ digest, document: json(document) })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .execute();
}

function columns({ name, description, document, digest }: PolicyContent) {
  return { name, description, document: json(document), digest };
}

import type { Selectable } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type SourceEvaluationRow = Selectable<Schema['source_evaluation']>;

/** The newest verdict of a policy about a source of the account. */
export function findSourceEvaluation(
  db: Db,
  account: string,
  source: string,
  policyId: string,
): Promise<SourceEvaluationRow | undefined> {
  return db
    .selectFrom('source_evaluation')
    .selectAll()
    .where('account', '=', account)
    .where('source', '=', source)
    .where('policy_id', '=', policyId)
    .executeTakeFirst();
}

/** Keeps a verdict in place of the one before. Nothing happens when the source is gone meanwhile. */
export async function saveSourceEvaluation(
  db: Db,
  row: Omit<SourceEvaluationRow, 'result'> & { result: object },
): Promise<void> {
  const { uuid, policy_digest, input_digest, valid_until, evaluated_at } = row;
  const values = { uuid, policy_digest, input_digest, valid_until, evaluated_at, result: json(row.result) };
  const known = await db
    .selectFrom('source')
    .select('uuid')
    .where('account', '=', row.account)
    .where('uuid', '=', row.source)
    .forShare()
    .executeTakeFirst();
  if (!known) return;
  await db
    .insertInto('source_evaluation')
    .values({ account: row.account, source: row.source, policy_id: row.policy_id, ...values })
    .onConflict((conflict) => conflict.columns(['source', 'policy_id']).doUpdateSet(values))
    .execute();
}

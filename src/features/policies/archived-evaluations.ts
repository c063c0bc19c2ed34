import { sql } from 'kysely';
import { z } from 'zod';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** The verdicts of an image with the policies that made them, in a form that outlives both. */
export const ArchivedEvaluations = z.object({
  evaluations: z.array(
    z.object({
      tag: z.string(),
      policy_id: z.string(),
      policy_digest: z.string(),
      input_digest: z.string(),
      status: z.enum(['pass', 'fail']),
      final_action: z.enum(['go', 'warn', 'stop']),
      final_action_reason: z.string(),
      by_active_policy: z.boolean(),
      result: z.unknown(),
      valid_until: z.string().nullable(),
      evaluated_at: z.string(),
    }),
  ),
  /** Policy documents by digest. */
  policies: z.record(z.string(), z.unknown()),
});
export type ArchivedEvaluations = z.output<typeof ArchivedEvaluations>;

/** Verdicts of an image, oldest first. */
export async function archiveEvaluations(db: Db, account: string, digest: string): Promise<ArchivedEvaluations> {
  const rows = await db
    .selectFrom('evaluation')
    .selectAll()
    .where('account', '=', account)
    .where('digest', '=', digest)
    .orderBy('evaluated_at')
    .orderBy('id')
    .execute();
  const digests = [...new Set(rows.map((row) => row.policy_digest))];
  const documents =
    digests.length === 0
      ? []
      : await db.selectFrom('policy_document').select(['digest', 'document']).where('digest', 'in', digests).execute();
  return {
    evaluations: rows.map(({ id: _id, account: _account, digest: _digest, valid_until, evaluated_at, ...row }) => ({
      ...row,
      status: row.status as 'pass' | 'fail',
      final_action: row.final_action as 'go' | 'warn' | 'stop',
      valid_until: valid_until?.toISOString() ?? null,
      evaluated_at: evaluated_at.toISOString(),
    })),
    policies: Object.fromEntries(documents.map(({ digest: key, document }) => [key, document])),
  };
}

/** Gives a restored image its former verdicts back; one that has verdicts keeps those. */
export async function restoreEvaluations(
  db: Db,
  account: string,
  digest: string,
  archived: ArchivedEvaluations,
): Promise<void> {
  const { rows } =
    await sql`select 1 from evaluation where account = ${account} and digest = ${digest} limit 1`.execute(db);
  if (rows.length > 0) return;
  for (const [key, document] of Object.entries(archived.policies)) {
    await db
      .insertInto('policy_document')
      .values({ digest: key, document: json(document) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  for (const { valid_until, evaluated_at, result, ...row } of archived.evaluations) {
    await db
      .insertInto('evaluation')
      .values({
        ...row,
        account,
        digest,
        result: json(result),
        valid_until: valid_until ? new Date(valid_until) : null,
        evaluated_at: new Date(evaluated_at),
      })
      .execute();
  }
}

import { type Selectable, sql } from 'kysely';
import type { PolicyDocument, PolicyEvaluationResult } from '#engine/policy/index.ts';
import { json } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

/** What an evaluation was made of. */
export interface EvaluationKey {
  account: string;
  digest: string;
  /** Full tag. */
  tag: string;
  policyId: string;
}

/** Fingerprint and evidence of a finding, by position: what the wire form leaves out. */
export interface StoredExplanation {
  fingerprint: string;
  evidence: Record<string, unknown>;
}

/** `evaluation.result`: the wire form without the policy document, which is kept once by its digest. */
export interface StoredResult {
  result: PolicyEvaluationResult;
  explanations: StoredExplanation[];
}

export type EvaluationRow = Selectable<Schema['evaluation']>;

/** An evaluation about to be stored. */
export interface NewEvaluation extends EvaluationKey {
  policyDigest: string;
  inputDigest: string;
  byActivePolicy: boolean;
  validUntil: Date | undefined;
  stored: StoredResult;
  evaluatedAt: Date;
}

/** The newest evaluation of the key. */
export function latestEvaluation(db: Db, key: EvaluationKey): Promise<EvaluationRow | undefined> {
  return selectEvaluations(db, key).limit(1).executeTakeFirst();
}

/** All evaluations of the key, newest first, at most `limit`. */
export function evaluationHistory(db: Db, key: EvaluationKey, limit: number): Promise<EvaluationRow[]> {
  return selectEvaluations(db, key).limit(limit).execute();
}

function selectEvaluations(db: Db, key: EvaluationKey) {
  return db
    .selectFrom('evaluation')
    .selectAll()
    .where('account', '=', key.account)
    .where('digest', '=', key.digest)
    .where('tag', '=', key.tag)
    .where('policy_id', '=', key.policyId)
    .orderBy('evaluated_at', 'desc')
    .orderBy('id', 'desc');
}

/** The newest verdict that an active policy gave to digest and tag, whichever policy that was. */
export function latestActiveVerdict(db: Db, { account, digest, tag }: EvaluationKey) {
  return db
    .selectFrom('evaluation')
    .select(['policy_id', 'status', 'final_action', 'final_action_reason', 'evaluated_at'])
    .where('account', '=', account)
    .where('digest', '=', digest)
    .where('tag', '=', tag)
    .where('by_active_policy', '=', true)
    .orderBy('evaluated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Annotations of the evaluated image; empty when the account has no such image. */
export async function annotationsOf(db: Db, { account, digest }: EvaluationKey): Promise<unknown> {
  const row = await db
    .selectFrom('image')
    .select('annotations')
    .where('account', '=', account)
    .where('digest', '=', digest)
    .executeTakeFirst();
  return row?.annotations ?? {};
}

/** Appends an evaluation. */
export async function insertEvaluation(db: Db, evaluation: NewEvaluation): Promise<void> {
  const { result } = evaluation.stored;
  await db
    .insertInto('evaluation')
    .values({
      account: evaluation.account,
      digest: evaluation.digest,
      tag: evaluation.tag,
      policy_id: evaluation.policyId,
      policy_digest: evaluation.policyDigest,
      input_digest: evaluation.inputDigest,
      status: result.status,
      final_action: result.final_action,
      final_action_reason: result.final_action_reason,
      by_active_policy: evaluation.byActivePolicy,
      result: json(evaluation.stored),
      valid_until: evaluation.validUntil ?? null,
      evaluated_at: evaluation.evaluatedAt,
    })
    .execute();
}

/** Held until the transaction ends: two processes that judge the same thing store and announce it once. */
export async function lockEvaluation(db: Db, { account, digest, tag }: EvaluationKey): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('evaluation'), hashtext(${`${account} ${digest} ${tag}`}))`.execute(
    db,
  );
}

/** Documents by digest; a missing one was never stored. */
export async function policyDocuments(db: Db, digests: string[]): Promise<Map<string, PolicyDocument>> {
  if (digests.length === 0) return new Map();
  const rows = await db
    .selectFrom('policy_document')
    .select(['digest', 'document'])
    .where('digest', 'in', digests)
    .execute();
  return new Map(rows.map((row) => [row.digest, row.document as unknown as PolicyDocument]));
}

/** Removes evaluations older than `before`, except the newest of each key. Returns how many. */
export async function expireEvaluations(db: Db, before: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from evaluation e using evaluation newer
    where e.evaluated_at < ${before}
      and newer.account = e.account and newer.digest = e.digest and newer.tag = e.tag and newer.policy_id = e.policy_id
      and (newer.evaluated_at, newer.id) > (e.evaluated_at, e.id)`.execute(db);
  return Number(numAffectedRows ?? 0);
}

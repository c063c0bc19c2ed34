import { createHash } from 'node:crypto';
import {
  canonicalJson,
  type EvaluateOptions,
  type Evaluation,
  type PolicyDocument,
  type PolicyEvaluationResult,
} from '#engine/policy/index.ts';
import type { EvaluationRow, StoredResult } from './evaluation-store.ts';
import type { PolicyRow } from './store.ts';

/** Raise when gates or messages change, so that stored evaluations are made again. */
const EVALUATOR_VERSION = 1;

/** Is the stored evaluation what a new one would give? */
export function isCurrent(row: EvaluationRow, policy: PolicyRow, inputDigest: string, at: Date): boolean {
  const expired = row.valid_until !== null && row.valid_until.getTime() <= at.getTime();
  const sameRole = row.by_active_policy === policy.active;
  return !expired && sameRole && row.policy_digest === policy.digest && row.input_digest === inputDigest;
}

/** The document of a policy row: it was validated when it was saved. */
export function documentOf(policy: PolicyRow): PolicyDocument {
  return policy.document as unknown as PolicyDocument;
}

/** What is stored of an evaluation: the wire form without the document, and evidence beside it. */
export function storedResult(result: PolicyEvaluationResult, evaluation: Evaluation): StoredResult {
  const { details, ...rest } = result;
  // The document is kept once, by digest.
  const slim = details ? { ...details, policy: undefined } : null;
  return {
    result: { ...rest, details: slim } as unknown as PolicyEvaluationResult,
    explanations: evaluation.findings.map(({ fingerprint, evidence }) => ({ fingerprint, evidence })),
  };
}

/** The wire form of a stored evaluation, its document put back. */
export function resultOf(row: EvaluationRow, document: PolicyDocument): PolicyEvaluationResult {
  const { result } = row.result as unknown as StoredResult;
  return { ...result, details: result.details ? { ...result.details, policy: document } : null };
}

/** Digest of everything but the policy and the time that an evaluation depends on. */
export function inputDigestOf(factsDigest: string, options: EvaluateOptions): string {
  const { unmappedAction = 'go', errorAction = 'stop' } = options;
  return digestOf([EVALUATOR_VERSION, factsDigest, unmappedAction, errorAction]);
}

/** `sha256:…` of a JSON value in canonical form. */
export function digestOf(value: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}

/** A verdict as events show it. */
export function verdictView(verdict: {
  policy_id: string;
  status: string;
  final_action: string;
  final_action_reason: string;
  evaluated_at: Date;
}) {
  return {
    policy_id: verdict.policy_id,
    status: verdict.status,
    final_action: verdict.final_action,
    final_action_reason: verdict.final_action_reason,
    evaluation_time: verdict.evaluated_at.toISOString(),
  };
}

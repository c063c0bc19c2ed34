import { randomUUID } from 'node:crypto';
import {
  evaluate,
  evaluateBroken,
  type PolicyDocument,
  type PolicyFacts,
  type SourceEvaluationResult,
  toSourceEvaluationResult,
} from '#engine/policy/index.ts';
import { SCHEMES } from '#engine/versions/registry.ts';
import type { Database } from '#platform/database/types.ts';
import { createCompiledPolicies } from './compiled-policies.ts';
import { documentOf, inputDigestOf } from './evaluation-record.ts';
import { policyOf } from './evaluation-service.ts';
import { findSourceEvaluation, type SourceEvaluationRow, saveSourceEvaluation } from './source-evaluation-store.ts';
import type { PolicyRow } from './store.ts';

/** A source that is judged. */
export interface JudgedSource {
  uuid: string;
  host: string;
  repository_name: string;
}

/** A verdict about a source, with the policy that gave it. */
export interface SourceVerdict extends SourceEvaluationResult {
  evaluation_id: string;
  policy: PolicyDocument;
}

export type SourceEvaluations = ReturnType<typeof createSourceEvaluations>;

/** Judges sources by the source mappings of policies. A verdict is kept until something it was made of changes. */
export function createSourceEvaluations(deps: { database: Database; now?(): Date }) {
  const { database } = deps;
  const compiled = createCompiledPolicies();
  const now = deps.now ?? (() => new Date());

  return {
    /**
     * The present verdict. `inputs` tells what the facts are made of, cheaply. 404 for an unknown policy, or without an
     * active one.
     */
    async check(
      account: string,
      source: JudgedSource,
      options: { policyId?: string | undefined; inputs: string; facts(): Promise<PolicyFacts> },
    ): Promise<SourceVerdict> {
      const policy = await policyOf(database.db, { account, policyId: options.policyId });
      const document = documentOf(policy);
      const input = inputDigestOf(options.inputs, {});
      const at = now();
      const known = await findSourceEvaluation(database.db, account, source.uuid, policy.policy_id);
      if (known && isCurrent(known, policy, input, at)) {
        return { ...(known.result as unknown as SourceEvaluationResult), evaluation_id: known.uuid, policy: document };
      }
      const { policy: plan, problems } = compiled(policy.digest, document);
      const { host, repository_name: repository } = source;
      const target = { imageDigest: '', imageId: '', source: { host, repository } };
      const evaluation = plan
        ? evaluate(plan, target, await options.facts(), at, { versions: (name) => SCHEMES[name] })
        : evaluateBroken(problems, at);
      const result = toSourceEvaluationResult(evaluation);
      const uuid = randomUUID();
      await database.transaction((tx) =>
        saveSourceEvaluation(tx, {
          uuid,
          account,
          source: source.uuid,
          policy_id: policy.policy_id,
          policy_digest: policy.digest,
          input_digest: input,
          result,
          valid_until: evaluation.validUntil === undefined ? null : new Date(evaluation.validUntil),
          evaluated_at: at,
        }),
      );
      return { ...result, evaluation_id: uuid, policy: document };
    },
  };
}

function isCurrent(row: SourceEvaluationRow, policy: PolicyRow, input: string, at: Date): boolean {
  const expired = row.valid_until !== null && row.valid_until.getTime() <= at.getTime();
  return !expired && row.policy_digest === policy.digest && row.input_digest === input;
}

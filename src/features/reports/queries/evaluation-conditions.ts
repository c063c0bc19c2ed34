import { type RawBuilder, sql } from 'kysely';
import type { ReportContext } from '../execution/context.ts';
import { type Condition, textIs, timeIn } from './conditions.ts';
import type { EvaluationFilter, PolicyFilter } from './filters.ts';

/**
 * How the verdict of `evaluation e` arose, in the words of this API. An error is a failure without findings whose problems
 * say that the policy could not be applied.
 */
export const EVALUATION_REASON: RawBuilder<string> = sql`case e.final_action_reason
  when 'allowlisted' then 'whitelisted'
  when 'denylisted' then 'blacklisted'
  else case when e.status = 'fail' and coalesce(e.result #>> '{result,number_of_findings}', '0') = '0'
      and e.result #> '{result,evaluation_problems}' @> '[{"severity": "error"}]'
    then 'error' else 'policy_evaluation' end end`;

const WORDS: Record<string, string> = { allowlisted: 'whitelisted', denylisted: 'blacklisted' };

/** It is the newest of its account, image, tag and policy. */
export const IS_LATEST = sql`not exists (
  select 1 from evaluation n
  where n.account = e.account and n.digest = e.digest and n.tag = e.tag and n.policy_id = e.policy_id
    and (n.evaluated_at, n.id) > (e.evaluated_at, e.id))`;

/** The policy of `evaluation e` is the one that judges now. */
export const IS_ACTIVE = sql`exists (
  select 1 from policy q where q.account = e.account and q.policy_id = e.policy_id and q.active)`;

/** Conditions over `evaluation e`. */
export function evaluationConditions(
  context: ReportContext,
  evaluation: EvaluationFilter | null | undefined,
  policy: PolicyFilter | null | undefined,
): Condition[] {
  const { result, reason, latestOnly, after, before, evaluatedInLast } = evaluation ?? {};
  const named = [textIs('e.policy_id', policy?.id), textIs('e.policy_digest', policy?.digest)];
  const active = policy?.active === false ? sql`e.by_active_policy` : IS_ACTIVE;
  return [
    result ? sql`e.status = ${result.toLowerCase()}` : undefined,
    reason ? sql`${EVALUATION_REASON} = ${WORDS[reason] ?? reason}` : undefined,
    latestOnly === false ? undefined : IS_LATEST,
    timeIn(sql`e.evaluated_at`, { after, before, days: evaluatedInLast }, context.now),
    ...(named.some(Boolean) ? named : [active]),
  ];
}

import { type RawBuilder, sql } from 'kysely';
import type { ReportContext } from '../execution/context.ts';
import { all, type Condition, textIs, timeIn } from './conditions.ts';
import type { EvaluationFilter, PolicyEvaluationsFilter, PolicyFilter } from './filters.ts';

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
export const IS_LATEST = sql`e.id = (
  select n.id from evaluation n
  where n.account = e.account and n.digest = e.digest and n.tag = e.tag and n.policy_id = e.policy_id
  order by n.evaluated_at desc, n.id desc limit 1)`;

/** The policy of `evaluation e` is the one that judges now. */
export const IS_ACTIVE = sql`exists (
  select 1 from policy q where q.account = e.account and q.policy_id = e.policy_id and q.active)`;

/** Conditions over `evaluation e`, those on policy and newest one apart. */
function ownConditions(context: ReportContext, evaluation: EvaluationFilter | null | undefined): Condition[] {
  const { result, reason, after, before, evaluatedInLast } = evaluation ?? {};
  return [
    result ? sql`e.status = ${result.toLowerCase()}` : undefined,
    reason ? sql`${EVALUATION_REASON} = ${WORDS[reason] ?? reason}` : undefined,
    timeIn(sql`e.evaluated_at`, { after, before, days: evaluatedInLast }, context.now),
  ];
}

/** Conditions over `evaluation e`. */
export function evaluationConditions(
  context: ReportContext,
  evaluation: EvaluationFilter | null | undefined,
  policy: PolicyFilter | null | undefined,
): Condition[] {
  const named = [textIs('e.policy_id', policy?.id), textIs('e.policy_digest', policy?.digest)];
  const active = policy?.active === false ? sql`(e.by_active_policy or ${IS_ACTIVE})` : IS_ACTIVE;
  return [
    ...ownConditions(context, evaluation),
    evaluation?.latestOnly === false ? undefined : IS_LATEST,
    ...(named.some(Boolean) ? named : [active]),
  ];
}

/** Does it ask the usual: what the policy that judges now said last? */
export function asksUsual({
  policyEvaluation,
  policyBundle,
}: Pick<PolicyEvaluationsFilter, 'policyEvaluation' | 'policyBundle'>): boolean {
  const { active, id = null, digest = null } = policyBundle ?? {};
  return policyEvaluation?.latestOnly !== false && active !== false && id === null && digest === null;
}

/** An image under a tag. */
export interface EvaluatedTag {
  account: RawBuilder<unknown>;
  digest: RawBuilder<unknown>;
  tag: RawBuilder<unknown>;
}

/**
 * `from … where …` of the evaluations `e` of an image under a tag. The usual is one look-up.
 */
export function evaluationsOfTag(
  context: ReportContext,
  filter: Pick<PolicyEvaluationsFilter, 'policyEvaluation' | 'policyBundle'>,
  { account, digest, tag }: EvaluatedTag,
): RawBuilder<unknown> {
  const ofTag = sql`e.account = ${account} and e.digest = ${digest} and e.tag = ${tag}`;
  const { policyEvaluation, policyBundle } = filter;
  if (!asksUsual(filter))
    return sql`from evaluation e where ${all([ofTag, ...evaluationConditions(context, policyEvaluation, policyBundle)])}`;
  return sql`
    from policy q cross join lateral (
      select e.* from evaluation e where ${ofTag} and e.policy_id = q.policy_id
      order by e.evaluated_at desc, e.id desc limit 1) e
    where ${all([sql`q.account = ${account} and q.active`, ...ownConditions(context, policyEvaluation)])}`;
}

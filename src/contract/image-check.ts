import { z } from 'zod';
import { queryBoolean, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';
import { ImageSelectionRule, MappingRule, Policy } from './policies.ts';

/** Part of `PolicyEvaluationFinding`, `SourcePolicyEvaluationFinding`. */
export const PolicyFindingAllowlistMatch = z
  .object({
    id: z.string().optional(),
    name: z.string().optional(),
    matched_rule_id: z.string().optional(),
  })
  .meta({ id: 'PolicyFindingAllowlistMatch' });
export type PolicyFindingAllowlistMatch = z.output<typeof PolicyFindingAllowlistMatch>;

/** Part of `PolicyEvaluationResult`. */
export const PolicyEvaluationFinding = z
  .object({
    trigger_id: z.string(),
    gate: z.string(),
    trigger: z.string(),
    message: z.string(),
    action: z.enum(['go', 'stop', 'warn']),
    policy_id: z.string(),
    recommendation: z.string(),
    rule_id: z.string(),
    allowlisted: z.boolean(),
    allowlist_match: PolicyFindingAllowlistMatch.nullish(),
    inherited_from_base: z.boolean().nullish(),
  })
  .meta({ id: 'PolicyEvaluationFinding' });
export type PolicyEvaluationFinding = z.output<typeof PolicyEvaluationFinding>;

/** Part of `PolicyEvaluationRemediation`. */
export const PolicyEvaluationRemediationSuggestion = z
  .object({
    message: z.string(),
    preferred: z.boolean(),
  })
  .meta({ id: 'PolicyEvaluationRemediationSuggestion' });
export type PolicyEvaluationRemediationSuggestion = z.output<typeof PolicyEvaluationRemediationSuggestion>;

/** Part of `PolicyEvaluationResult`. */
export const PolicyEvaluationRemediation = z
  .object({
    suggestions: z.array(PolicyEvaluationRemediationSuggestion),
    trigger_ids: z.array(z.string()),
  })
  .meta({ id: 'PolicyEvaluationRemediation' });
export type PolicyEvaluationRemediation = z.output<typeof PolicyEvaluationRemediation>;

/** Part of `PolicyEvaluationResult`, `SourcePolicyEvaluation`. */
export const PolicyEvaluationProblem = z
  .object({
    severity: z.enum(['error', 'warn']),
    problem_type: z.string(),
    details: z.string(),
  })
  .meta({ id: 'PolicyEvaluationProblem' });
export type PolicyEvaluationProblem = z.output<typeof PolicyEvaluationProblem>;

/** One evaluation: verdict, reason and, on request, every finding. */
export const PolicyEvaluationResult = z
  .object({
    details: z
      .object({
        policy: Policy,
        findings: z.array(PolicyEvaluationFinding),
        policy_action: z.enum(['stop', 'go', 'warn']),
        remediations: z.array(PolicyEvaluationRemediation).nullish(),
      })
      .nullish(),
    comparison_image_digest: z.string().nullish(),
    evaluation_time: timestamp,
    evaluation_problems: z.array(PolicyEvaluationProblem),
    status: z.enum(['fail', 'pass']),
    final_action: z.enum(['stop', 'go', 'warn']),
    final_action_reason: z.enum(['policy_evaluation', 'allowlisted', 'denylisted']),
    image_allowlisted: z.boolean(),
    matched_allowlisted_images_rule: ImageSelectionRule.nullish(),
    image_denylisted: z.boolean(),
    matched_denylisted_images_rule: ImageSelectionRule.nullish(),
    image_mapped_to_rule: z.boolean(),
    matched_mapping_rule: MappingRule.nullish(),
    number_of_findings: z.int(),
  })
  .meta({ id: 'PolicyEvaluationResult' });
export type PolicyEvaluationResult = z.output<typeof PolicyEvaluationResult>;

/** The evaluations of one image and tag, newest first. */
export const PolicyEvaluation = z
  .object({
    policy_id: z.string().optional(),
    image_digest: z.string().optional(),
    evaluated_tag: z.string().optional(),
    evaluations: z.array(PolicyEvaluationResult).optional(),
  })
  .meta({ id: 'PolicyEvaluation' });
export type PolicyEvaluation = z.output<typeof PolicyEvaluation>;

/** Operations of image check. */
export const imageCheckOperations = {
  /** Evaluate an image against a policy. */
  get_image_policy_check_by_digest: defineOperation({
    id: 'get_image_policy_check_by_digest',
    method: 'GET',
    path: '/images/{image_digest}/check',
    tag: 'Images',
    summary: 'Evaluate an image against a policy',
    permission: { action: 'getImageEvaluation', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    query: z.object({
      policy_id: z.string().optional(),
      tag: z.string(),
      detail: queryBoolean().default(true),
      history: queryBoolean().default(false),
      interactive: queryBoolean().default(false),
      base_digest: z.string().optional(),
    }),
    success: { status: 200, schema: PolicyEvaluation },
    errors: [400, 403, 404, 500],
  }),
};

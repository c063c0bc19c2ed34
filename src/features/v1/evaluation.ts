import type { PolicyEvaluation, PolicyEvaluationFinding, PolicyEvaluationResult } from '#contract/image-check.ts';
import { exportV1Policy } from './policy-document.ts';

const COLUMNS = [
  'Image_Id',
  'Repo_Tag',
  'Trigger_Id',
  'Gate',
  'Trigger',
  'Check_Output',
  'Gate_Action',
  'Whitelisted',
  'Policy_Id',
];
const REASONS: Record<string, string> = { allowlisted: 'whitelisted', denylisted: 'blacklisted' };

/** Who asked, about what. */
export interface EvaluationSubject {
  account: string;
  imageId: string;
}

/** Evaluations of an image and tag as the first generation nests them: by digest, then by tag. */
export function v1Evaluations(evaluation: PolicyEvaluation, subject: EvaluationSubject): unknown[] {
  const { image_digest: digest = '', evaluated_tag: tag = '', policy_id: policyId, evaluations = [] } = evaluation;
  const entries = evaluations.map((result) => ({
    policyId,
    status: result.status,
    last_evaluation: result.evaluation_time,
    detail: result.details ? detailOf(result, tag, subject) : {},
  }));
  return [{ [digest]: { [tag]: entries } }];
}

function detailOf(
  result: PolicyEvaluationResult,
  tag: string,
  { account, imageId }: EvaluationSubject,
): Record<string, unknown> {
  const { policy, policy_action, findings } = result.details!;
  const rows = findings.map((finding) => [...rowOf(finding, tag, imageId)]);
  return {
    policy: exportV1Policy(policy),
    result: {
      image_id: imageId,
      user_id: account,
      tag,
      created_at: seconds(result.evaluation_time),
      last_modified: seconds(result.evaluation_time),
      evaluation_problems: result.evaluation_problems,
      final_action: result.final_action,
      final_action_reason: REASONS[result.final_action_reason] ?? result.final_action_reason,
      matched_mapping_rule: mappingRule(result.matched_mapping_rule),
      matched_whitelisted_images_rule: result.matched_allowlisted_images_rule ?? false,
      matched_blacklisted_images_rule: result.matched_denylisted_images_rule ?? false,
      // The table's own action is that of the rules alone, before the lists of images.
      result: { [imageId]: { result: { header: COLUMNS, final_action: policy_action, row_count: rows.length, rows } } },
    },
  };
}

function rowOf(finding: PolicyEvaluationFinding, tag: string, imageId: string): unknown[] {
  const match = finding.allowlist_match;
  const listed = match
    ? { whitelist_id: match.id, whitelist_name: match.name, matched_rule_id: match.matched_rule_id }
    : false;
  const { trigger_id, gate, trigger, message, action, policy_id } = finding;
  return [imageId, tag, trigger_id, gate, trigger, message, action, listed, policy_id];
}

function mappingRule(rule: PolicyEvaluationResult['matched_mapping_rule']): unknown {
  if (!rule) return false;
  const { rule_set_ids, allowlist_ids, ...rest } = rule;
  return { ...rest, policy_ids: rule_set_ids, whitelist_ids: allowlist_ids };
}

function seconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

import type { ImageSelectionRule, MappingRule, PolicyDocument, SourceMappingRule } from './document.ts';
import type { Evaluation } from './evaluate.ts';
import type { Action, Finding } from './finding.ts';

/** `PolicyEvaluationFinding` of the V2 API. */
export interface WireFinding {
  trigger_id: string;
  gate: string;
  trigger: string;
  message: string;
  action: Action;
  /** Id of the rule set that holds the rule. */
  policy_id: string;
  recommendation: string;
  rule_id: string;
  allowlisted: boolean;
  allowlist_match: { id: string; name: string; matched_rule_id: string } | null;
  inherited_from_base: boolean | null;
}

/** `PolicyEvaluationRemediation` of the V2 API. */
export interface WireRemediation {
  suggestions: { message: string; preferred: boolean }[];
  trigger_ids: string[];
}

/** `PolicyEvaluationResult` of the V2 API: one element of `evaluations`. */
export interface PolicyEvaluationResult {
  evaluation_time: string;
  evaluation_problems: { severity: 'error' | 'warn'; problem_type: string; details: string }[];
  status: 'pass' | 'fail';
  final_action: Action;
  final_action_reason: 'policy_evaluation' | 'allowlisted' | 'denylisted';
  image_allowlisted: boolean;
  matched_allowlisted_images_rule: ImageSelectionRule | null;
  image_denylisted: boolean;
  matched_denylisted_images_rule: ImageSelectionRule | null;
  image_mapped_to_rule: boolean;
  matched_mapping_rule: MappingRule | null;
  number_of_findings: number;
  comparison_image_digest: string | null;
  details: {
    policy: PolicyDocument;
    policy_action: Action;
    findings: WireFinding[];
    remediations: WireRemediation[] | null;
  } | null;
}

/** Turns an evaluation into the wire form with its details. */
export function toEvaluationResult(
  evaluation: Evaluation,
  policy: PolicyDocument,
  comparisonImageDigest: string | null = null,
): PolicyEvaluationResult {
  const { mapping } = evaluation;
  return {
    evaluation_time: evaluation.evaluatedAt,
    evaluation_problems: evaluation.problems,
    status: evaluation.status,
    final_action: evaluation.finalAction,
    final_action_reason: evaluation.finalActionReason,
    image_allowlisted: evaluation.allowlistedBy !== undefined,
    matched_allowlisted_images_rule: evaluation.allowlistedBy ?? null,
    image_denylisted: evaluation.denylistedBy !== undefined,
    matched_denylisted_images_rule: evaluation.denylistedBy ?? null,
    image_mapped_to_rule: mapping !== undefined,
    matched_mapping_rule: mapping && 'registry' in mapping ? mapping : null,
    number_of_findings: evaluation.findings.length,
    comparison_image_digest: comparisonImageDigest,
    details: {
      policy,
      policy_action: evaluation.policyAction,
      findings: evaluation.findings.map(toWireFinding),
      remediations: remediationsOf(evaluation.findings),
    },
  };
}

/** `SourcePolicyEvaluation` of the V2 API without what is known of the source and of the policy. */
export interface SourceEvaluationResult {
  evaluation_time: string;
  evaluation_problems: PolicyEvaluationResult['evaluation_problems'];
  status: 'pass' | 'fail';
  final_action: Action;
  final_action_reason: PolicyEvaluationResult['final_action_reason'];
  source_mapped_to_rule: boolean;
  matched_mapping_rule?: SourceMappingRule;
  number_of_findings: number;
  findings: Omit<WireFinding, 'inherited_from_base'>[];
}

/** Turns an evaluation of a source into the wire form. */
export function toSourceEvaluationResult(evaluation: Evaluation): SourceEvaluationResult {
  const { mapping } = evaluation;
  return {
    evaluation_time: evaluation.evaluatedAt,
    evaluation_problems: evaluation.problems,
    status: evaluation.status,
    final_action: evaluation.finalAction,
    final_action_reason: evaluation.finalActionReason,
    source_mapped_to_rule: mapping !== undefined,
    ...(mapping && 'host' in mapping ? { matched_mapping_rule: mapping } : {}),
    number_of_findings: evaluation.findings.length,
    findings: evaluation.findings.map(toWireFinding).map(({ inherited_from_base: _, ...finding }) => finding),
  };
}

function toWireFinding(finding: Finding): WireFinding {
  const match = finding.allowlistMatch;
  return {
    trigger_id: finding.triggerId,
    gate: finding.gate,
    trigger: finding.trigger,
    message: finding.message,
    action: finding.action,
    policy_id: finding.ruleSetId,
    recommendation: finding.recommendation,
    rule_id: finding.ruleId,
    allowlisted: match !== undefined,
    allowlist_match: match
      ? { id: match.allowlist.id, name: match.allowlist.name, matched_rule_id: match.item.id }
      : null,
    inherited_from_base: finding.inheritedFromBase ?? null,
  };
}

/** One suggestion per package that has a fixed version: the upgrade answers all its findings at once. */
function remediationsOf(findings: readonly Finding[]): WireRemediation[] | null {
  const byMessage = new Map<string, Set<string>>();
  for (const { evidence, triggerId, allowlistMatch } of findings) {
    const { package: name, installed, fixedIn } = evidence;
    if (allowlistMatch || typeof name !== 'string' || typeof fixedIn !== 'string' || fixedIn === '') continue;
    const message = `Upgrade ${name} from ${String(installed)} to ${fixedIn}`;
    const ids = byMessage.get(message);
    if (ids) ids.add(triggerId);
    else byMessage.set(message, new Set([triggerId]));
  }
  if (byMessage.size === 0) return null;
  return [...byMessage].map(([message, ids]) => ({
    suggestions: [{ message, preferred: true }],
    trigger_ids: [...ids],
  }));
}

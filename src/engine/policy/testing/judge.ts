import { SCHEMES } from '../../versions/registry.ts';
import type { PolicyDocument } from '../document.ts';
import { type EvaluateOptions, type Evaluation, evaluate } from '../evaluate.ts';
import type { PolicyFacts, PolicyTarget } from '../types.ts';
import { validatePolicy } from '../validate.ts';
import { factsOf, NOW, policyOf, ruleOf, TARGET } from './facts.ts';

/** Validates and evaluates a document; fails the spec when it is not valid. */
export function judge(
  document: PolicyDocument,
  facts: PolicyFacts = factsOf(),
  options: EvaluateOptions & { target?: PolicyTarget; now?: Date } = {},
): Evaluation {
  const { policy, validation_details: details } = validatePolicy(document);
  if (!policy) throw new Error(`invalid policy: ${JSON.stringify(details)}`);
  const { target = TARGET, now = NOW, ...rest } = options;
  return evaluate(policy, target, facts, now, { versions: (name) => SCHEMES[name], ...rest });
}

/** Evaluates one STOP rule. */
export function fire(gate: string, trigger: string, params: Record<string, string>, facts: PolicyFacts): Evaluation {
  return judge(policyOf([ruleOf(gate, trigger, 'STOP', params)]), facts);
}

/** Trigger ids of one STOP rule's findings. */
export function firedIds(gate: string, trigger: string, params: Record<string, string>, facts: PolicyFacts): string[] {
  return fire(gate, trigger, params, facts).findings.map((finding) => finding.triggerId);
}

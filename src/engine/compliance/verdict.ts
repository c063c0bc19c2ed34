import type { ComplianceVerdict, OutcomeCounts, RuleOutcome } from './types.ts';

/** Outcomes that speak against the target: it failed, or nobody knows whether it did. */
export const FAILING: readonly RuleOutcome[] = ['fail', 'error', 'unknown'];
/** Outcomes that speak for it. */
export const PASSING: readonly RuleOutcome[] = ['pass', 'fixed'];

/** Fail on any failing outcome, pass on at least one passing and none failing, else inconclusive. */
export function verdictOf(counts: OutcomeCounts): ComplianceVerdict {
  const some = (outcomes: readonly RuleOutcome[]) => outcomes.some((outcome) => (counts[outcome] ?? 0) > 0);
  if (some(FAILING)) return 'fail';
  return some(PASSING) ? 'pass' : 'inconclusive';
}

const PASS_WORDS = new Set(['pass', 'passed', 'success', 'succeeded', 'ok', 'compliant', 'true', '0']);
const FAIL_WORDS = new Set(['fail', 'failed', 'failure', 'error', 'noncompliant', 'non-compliant', 'false', '1', '2']);

/**
 * Whether what an uploader claims contradicts the evidence. Exit codes of oscap are understood as well. Undefined when
 * the claim is in words that are not known.
 */
export function contradicts(claim: string, verdict: ComplianceVerdict): boolean | undefined {
  const word = claim.trim().toLowerCase();
  if (PASS_WORDS.has(word)) return verdict !== 'pass';
  if (FAIL_WORDS.has(word)) return verdict !== 'fail';
  return undefined;
}

import type { RuleOutcome, RuleSeverity } from './types.ts';
import { FAILING, PASSING } from './verdict.ts';

/** A rule of a run, as far as a comparison needs it. */
export interface ComparedRule {
  id: string;
  title: string;
  severity: RuleSeverity;
  result: RuleOutcome;
}

/** How a rule fares in a run, compared with an earlier one. */
export type RuleChange = 'regressed' | 'improved' | 'changed' | 'added' | 'removed' | 'same';

/** One rule in two runs. */
export interface RuleDifference {
  id: string;
  title: string;
  severity: RuleSeverity;
  before?: RuleOutcome;
  after?: RuleOutcome;
  change: RuleChange;
}

/** Of several results of one rule the first in this order counts: the worst. */
const WORST_FIRST: readonly RuleOutcome[] = [
  'fail',
  'error',
  'unknown',
  'notchecked',
  'pass',
  'fixed',
  'informational',
  'notapplicable',
  'notselected',
];
const ORDER: readonly RuleChange[] = ['regressed', 'improved', 'changed', 'added', 'removed', 'same'];

/**
 * Compares two runs rule by rule. A rule regresses when it fails and did not fail before, also when it is new; it
 * improves when it failed and passes. The order: what changed first, then by rule id.
 */
export function compareRuns(before: Iterable<ComparedRule>, after: Iterable<ComparedRule>): RuleDifference[] {
  const [old, now] = [byRule(before), byRule(after)];
  const differences = [...new Set([...old.keys(), ...now.keys()])].map((id): RuleDifference => {
    const [was, is] = [old.get(id), now.get(id)];
    const { title, severity } = (is ?? was)!;
    return {
      id,
      title,
      severity,
      ...(was ? { before: was.result } : {}),
      ...(is ? { after: is.result } : {}),
      change: changeOf(was?.result, is?.result),
    };
  });
  return differences.sort((a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change) || (a.id < b.id ? -1 : 1));
}

function byRule(rules: Iterable<ComparedRule>): Map<string, ComparedRule> {
  const found = new Map<string, ComparedRule>();
  for (const rule of rules) {
    const known = found.get(rule.id);
    if (!known || WORST_FIRST.indexOf(rule.result) < WORST_FIRST.indexOf(known.result)) found.set(rule.id, rule);
  }
  return found;
}

function changeOf(before: RuleOutcome | undefined, after: RuleOutcome | undefined): RuleChange {
  const [failed, fails] = [before && FAILING.includes(before), after && FAILING.includes(after)];
  if (fails && !failed) return 'regressed';
  if (failed && after && PASSING.includes(after)) return 'improved';
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  return before === after ? 'same' : 'changed';
}

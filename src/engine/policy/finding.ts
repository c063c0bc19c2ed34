import type { AllowlistHit } from './allowlist.ts';
import type { CompiledRule } from './compile-rule.ts';
import type { TriggerMatch } from './gate.ts';
import { hashedTriggerId } from './trigger-id.ts';

/** What rules ask for, most severe first. */
export type Action = 'stop' | 'warn' | 'go';

/** One firing of one rule, with its excuse if an allowlist holds one. */
export interface Finding {
  /** `gate/trigger:key` with today's trigger name; stable across wording and renames. */
  fingerprint: string;
  triggerId: string;
  gate: string;
  trigger: string;
  ruleId: string;
  ruleSetId: string;
  /** Action that counts: `go` when allowlisted. */
  action: Action;
  /** Action of the rule. */
  baseAction: Action;
  message: string;
  evidence: Record<string, unknown>;
  recommendation: string;
  allowlistMatch?: AllowlistHit;
  /** Set by `markInherited`: does the base image have this finding too? */
  inheritedFromBase?: boolean;
}

const SEVERITY: Record<Action, number> = { stop: 0, warn: 1, go: 2 };

/** The most severe of the actions; `go` when there are none. */
export function worstAction(actions: Iterable<Action>): Action {
  let worst: Action = 'go';
  for (const action of actions) if (SEVERITY[action] < SEVERITY[worst]) worst = action;
  return worst;
}

/** Makes the finding of a match, not yet compared with allowlists. */
export function createFinding(compiled: CompiledRule, ruleSetId: string, match: TriggerMatch): Finding {
  const { rule, gate, trigger } = compiled;
  const action = rule.action.toLowerCase() as Action;
  const currentName = trigger.state === 'deprecated' ? (trigger.supersededBy ?? trigger.name) : trigger.name;
  return {
    fingerprint: `${gate.name}/${currentName}:${match.key}`,
    triggerId: match.triggerId ?? hashedTriggerId(gate.name, trigger.name, match.idText ?? match.key),
    gate: gate.name,
    trigger: trigger.name,
    ruleId: rule.id,
    ruleSetId,
    action,
    baseAction: action,
    message: match.message,
    evidence: match.evidence ?? {},
    recommendation: rule.recommendation ?? '',
  };
}

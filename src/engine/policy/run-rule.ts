import type { VersionScheme } from '../versions/types.ts';
import type { RegexRunner } from './bounded-regex.ts';
import type { Clock } from './clock.ts';
import type { CompiledRule } from './compile-rule.ts';
import type { FactGroup, FactValue, RuleProblem, TriggerContext, TriggerMatch } from './gate.ts';
import type { Fact, PolicyFacts, PolicyTarget } from './types.ts';

/** Finds a version comparator by scheme name; given by the caller so that evaluation has no fixed set of schemes. */
export type VersionSchemes = (name: VersionScheme['name']) => VersionScheme;

/** What all rules of one evaluation share. */
export interface RuleEnvironment {
  target: PolicyTarget;
  facts: PolicyFacts;
  clock: Clock;
  regex: RegexRunner;
  versions: VersionSchemes | undefined;
  /** Groups that were read. */
  used: Set<FactGroup>;
}

/** Matches of one rule in memory at once; more are counted as a problem. */
export const MAX_MATCHES_PER_RULE = 200_000;

/** Groups that every complete analysis has: without them a rule has not judged the image at all. */
const ESSENTIAL: ReadonlySet<FactGroup> = new Set(['packages', 'vulnerabilities']);

/**
 * Runs one rule. A trigger that throws, a missing fact group or too many matches becomes a problem of this rule;
 * other rules are not affected.
 */
export function runRule(
  compiled: CompiledRule,
  environment: RuleEnvironment,
): { matches: TriggerMatch[]; problems: RuleProblem[] } {
  const { rule, gate, trigger } = compiled;
  const name = `rule ${rule.id} (${gate.name}.${trigger.name})`;
  const problems: RuleProblem[] = [...compiled.notices];
  const matches: TriggerMatch[] = [];
  const context: TriggerContext<Record<string, unknown>> = {
    gate: gate.name,
    trigger: trigger.name,
    ruleId: rule.id,
    params: compiled.params,
    facts: environment.facts,
    target: environment.target,
    clock: environment.clock,
    regex: environment.regex,
    versions(scheme) {
      if (!environment.versions) throw new Error('no version comparators were given to the evaluation');
      return environment.versions(scheme);
    },
    read: (group) => readFacts(group, environment, name, problems),
    problem: (problem) => problems.push({ ...problem, details: `${name}: ${problem.details}` }),
  };
  try {
    for (const match of trigger.evaluate(context)) {
      if (matches.length >= MAX_MATCHES_PER_RULE) {
        const details = `${name}: more than ${MAX_MATCHES_PER_RULE} matches; the rest was not judged`;
        problems.push({ severity: 'error', problem_type: 'truncated', details });
        break;
      }
      matches.push(match);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push({ severity: 'error', problem_type: 'rule_failed', details: `${name}: ${reason}` });
  }
  return { matches, problems };
}

function readFacts<Group extends FactGroup>(
  group: Group,
  environment: RuleEnvironment,
  name: string,
  problems: RuleProblem[],
): FactValue<Group> | undefined {
  environment.used.add(group);
  const fact = factOf(group, environment.facts);
  if (fact.state === 'present') return fact.value as FactValue<Group>;
  if (fact.state === 'failed') {
    const details = `${name}: ${group} could not be read: ${fact.reason}`;
    problems.push({ severity: 'error', problem_type: 'facts_failed', details });
  } else {
    const severity = ESSENTIAL.has(group) ? 'error' : 'warn';
    problems.push({
      severity,
      problem_type: 'not_collected',
      details: `${name}: ${group} were not collected for this image`,
    });
  }
  return undefined;
}

const NOT_COLLECTED = { state: 'not-collected' } as const;

function factOf(group: FactGroup, facts: PolicyFacts): Fact<unknown> {
  if (group === 'npmFeed') return facts.registryFeeds?.npm ?? NOT_COLLECTED;
  if (group === 'gemFeed') return facts.registryFeeds?.gem ?? NOT_COLLECTED;
  return facts[group] ?? NOT_COLLECTED;
}

import { type AllowlistIndex, findAllowlistItems } from './allowlist.ts';
import { createRegexRunner, RegexTimeout } from './bounded-regex.ts';
import { createClock } from './clock.ts';
import type { CompiledPolicy } from './compile.ts';
import type { ImageSelectionRule, MappingRule, SourceMappingRule } from './document.ts';
import { type Action, createFinding, type Finding, worstAction } from './finding.ts';
import type { FactGroup, RuleProblem } from './gate.ts';
import { firstSelected, firstSourceSelected } from './mapping.ts';
import { type RuleEnvironment, runRule, type VersionSchemes } from './run-rule.ts';
import type { PolicyFacts, PolicyTarget } from './types.ts';
import type { ValidationProblem } from './validation-problem.ts';

/** Choices of an account, and what the pure function needs from outside. */
export interface EvaluateOptions {
  versions?: VersionSchemes;
  /** Outcome for an image that no mapping selects. Default `go`, as clients expect. */
  unmappedAction?: Action;
  /** Outcome when a rule could not be evaluated. Default `stop`. */
  errorAction?: Action;
}

/** Outcome of one evaluation. `result.ts` turns it into the wire form. */
export interface Evaluation {
  evaluatedAt: string;
  status: 'pass' | 'fail';
  finalAction: Action;
  finalActionReason: 'policy_evaluation' | 'allowlisted' | 'denylisted';
  /** What the rules alone say. */
  policyAction: Action;
  findings: Finding[];
  problems: RuleProblem[];
  allowlistedBy?: ImageSelectionRule;
  denylistedBy?: ImageSelectionRule;
  mapping?: MappingRule | SourceMappingRule;
  /** RFC 3339 time until which the same inputs give the same answer; absent = for ever. */
  validUntil?: string;
  /** Fact groups that were read. */
  factsRead: FactGroup[];
}

/** Findings of one rule that are kept; all matches count for the action. */
export const MAX_FINDINGS_PER_RULE = 10_000;

/** Milliseconds after which no further rule starts. */
const DEADLINE_MS = 60_000;

/**
 * Judges a target by a policy: no input or output, no clock but `now`, no randomness. Never throws: whatever a rule
 * meets becomes a problem, and a problem of severity error makes the rules' outcome `errorAction`.
 * Precedence: denylisted image, allowlisted image, rules; the rules always run, so that their findings are seen.
 */
export function evaluate(
  policy: CompiledPolicy,
  target: PolicyTarget,
  facts: PolicyFacts,
  now: Date,
  options: EvaluateOptions = {},
): Evaluation {
  const clock = createClock(now);
  const regex = createRegexRunner();
  const environment: RuleEnvironment = { target, facts, clock, regex, versions: options.versions, used: new Set() };
  const problems: RuleProblem[] = [];
  const errorAction = options.errorAction ?? 'stop';
  function select<T>(what: string, find: () => T | undefined): T | undefined | 'failed' {
    try {
      return find();
    } catch (error) {
      problems.push({
        severity: 'error',
        problem_type: 'selection_failed',
        details: `${what}: ${(error as Error).message}`,
      });
      return 'failed';
    }
  }
  const isImage = target.source === undefined;
  const denied = isImage
    ? select('denylisted_images', () => firstSelected(policy.denylistedImages, target, regex))
    : undefined;
  const allowed = isImage
    ? select('allowlisted_images', () => firstSelected(policy.allowlistedImages, target, regex))
    : undefined;
  const mapping = select<MappingRule | SourceMappingRule>('mappings', () =>
    target.source
      ? firstSourceSelected(policy.sourceMappings, target.source, regex)
      : firstSelected(policy.mappings, target, regex),
  );

  let ruleAction: Action = 'go';
  let findings: Finding[] = [];
  if (mapping === undefined) {
    ruleAction = options.unmappedAction ?? 'go';
    problems.push({
      severity: 'warn',
      problem_type: 'no_mapping',
      details: `no mapping of the policy selects this ${isImage ? 'image' : 'source'}; no rule was run`,
    });
  } else if (mapping !== 'failed') {
    const run = runMapping(policy, mapping, environment);
    ({ findings } = run);
    problems.push(...run.problems);
    ruleAction = run.action;
  }
  const failed = problems.some((problem) => problem.severity === 'error' && !problem.problem_type.startsWith('eol_'));
  const policyAction = failed ? worstAction([ruleAction, errorAction]) : ruleAction;
  const validUntil = clock.validUntil();
  return {
    evaluatedAt: now.toISOString(),
    ...decide(denied, allowed, policyAction, errorAction),
    policyAction,
    findings,
    problems,
    ...(typeof allowed === 'object' ? { allowlistedBy: allowed } : {}),
    ...(typeof denied === 'object' ? { denylistedBy: denied } : {}),
    ...(typeof mapping === 'object' ? { mapping } : {}),
    ...(validUntil === undefined ? {} : { validUntil: new Date(validUntil).toISOString() }),
    factsRead: [...environment.used].sort(),
  };
}

/** An image list that could not be searched may hide a denial: the error outcome counts then. */
function decide(
  denied: ImageSelectionRule | 'failed' | undefined,
  allowed: ImageSelectionRule | 'failed' | undefined,
  policyAction: Action,
  errorAction: Action,
): Pick<Evaluation, 'status' | 'finalAction' | 'finalActionReason'> {
  let finalAction = policyAction;
  let finalActionReason: Evaluation['finalActionReason'] = 'policy_evaluation';
  if (typeof denied === 'object') {
    finalAction = 'stop';
    finalActionReason = 'denylisted';
  } else if (denied === 'failed') finalAction = worstAction([policyAction, errorAction]);
  else if (typeof allowed === 'object') {
    finalAction = 'go';
    finalActionReason = 'allowlisted';
  }
  return { status: finalAction === 'stop' ? 'fail' : 'pass', finalAction, finalActionReason };
}

/** Runs all rule sets of the mapping, in order and without short circuit. */
function runMapping(
  policy: CompiledPolicy,
  mapping: MappingRule | SourceMappingRule,
  environment: RuleEnvironment,
): { action: Action; findings: Finding[]; problems: RuleProblem[] } {
  const artifactType = environment.target.source ? 'source' : 'image';
  const allowlists = policy.allowlistIndex(mapping.allowlist_ids);
  const actions: Action[] = [];
  const findings: Finding[] = [];
  const problems: RuleProblem[] = [];
  const deadline = performance.now() + DEADLINE_MS;
  for (const id of mapping.rule_set_ids) {
    const compiled = policy.ruleSets.get(id);
    if (!compiled) continue;
    const type = compiled.ruleSet.artifact_type ?? 'image';
    if (type !== artifactType) {
      const details = `rule set ${id} judges artifact type "${type}" and was not run for this ${artifactType}`;
      problems.push({ severity: 'warn', problem_type: 'artifact_type_mismatch', details });
      continue;
    }
    for (const rule of compiled.rules) {
      if (!('trigger' in rule)) {
        problems.push(...rule.notices);
        continue;
      }
      if (performance.now() > deadline) {
        problems.push({
          severity: 'error',
          problem_type: 'deadline_exceeded',
          details: `rule ${rule.rule.id} was not run: the evaluation took too long`,
        });
        break;
      }
      const run = runRule(rule, environment);
      problems.push(...run.problems);
      const made = run.matches.map((match) => createFinding(rule, id, match));
      problems.push(...excuse(made, allowlists, environment));
      for (const finding of made) actions.push(finding.action);
      findings.push(...keepWorst(made, rule.rule.id, problems));
    }
  }
  return { action: worstAction(actions), findings, problems };
}

/** Applies the allowlists in place. An allowlist pattern that runs out of time excuses nothing. */
function excuse(findings: Finding[], allowlists: AllowlistIndex, environment: RuleEnvironment): RuleProblem[] {
  try {
    const hits = findAllowlistItems(allowlists, findings, environment.clock, environment.regex);
    for (const [at, finding] of findings.entries()) {
      const hit = hits[at];
      if (!hit) continue;
      finding.allowlistMatch = hit;
      finding.action = 'go';
    }
    return [];
  } catch (error) {
    if (!(error instanceof RegexTimeout)) throw error;
    return [{ severity: 'error', problem_type: 'allowlist_failed', details: error.message }];
  }
}

/** Findings that count come first when there are too many to keep. */
function keepWorst(findings: Finding[], ruleId: string, problems: RuleProblem[]): Finding[] {
  if (findings.length <= MAX_FINDINGS_PER_RULE) return findings;
  const details = `rule ${ruleId}: ${findings.length} findings, the first ${MAX_FINDINGS_PER_RULE} are listed`;
  problems.push({ severity: 'warn', problem_type: 'truncated', details });
  const counting = findings.filter((finding) => !finding.allowlistMatch);
  const excused = findings.filter((finding) => finding.allowlistMatch);
  return [...counting, ...excused].slice(0, MAX_FINDINGS_PER_RULE);
}

/** Outcome when the stored document cannot be compiled: stop, with the reasons as problems. */
export function evaluateBroken(problems: readonly ValidationProblem[], now: Date): Evaluation {
  return {
    evaluatedAt: now.toISOString(),
    status: 'fail',
    finalAction: 'stop',
    finalActionReason: 'policy_evaluation',
    policyAction: 'stop',
    findings: [],
    problems: problems.map(({ severity, problem_type, details }) => ({ severity, problem_type, details })),
    factsRead: [],
  };
}

/** Marks each finding by whether the base image, judged by the same policy, has a finding of equal gate, trigger and key. */
export function markInherited(evaluation: Evaluation, base: Evaluation): Evaluation {
  const known = new Set(base.findings.map((finding) => finding.fingerprint));
  const findings = evaluation.findings.map((finding) => ({
    ...finding,
    inheritedFromBase: known.has(finding.fingerprint),
  }));
  return { ...evaluation, findings };
}

import type { PolicyRule, RuleSet } from './document.ts';
import type { ArtifactType, Gate, RuleProblem, Trigger } from './gate.ts';
import { findGate, GATE_NAMES } from './gates/registry.ts';
import { didYouMean } from './nearest-name.ts';
import type { Parameter } from './parameter.ts';
import { jsonPointer, type ValidationLog } from './validation-problem.ts';

/** A rule that can run. */
export interface CompiledRule {
  rule: PolicyRule;
  gate: Gate;
  trigger: Trigger;
  params: Record<string, unknown>;
  /** Raised at each evaluation: deprecation, inert parameters. */
  notices: RuleProblem[];
}

/** A rule of an end-of-life gate or trigger: never runs. */
export interface RetiredRule {
  rule: PolicyRule;
  notices: RuleProblem[];
}

/** Whether rules of end-of-life gates are errors (on save) or kept as retired (stored documents). */
export type EolHandling = 'refuse' | 'tolerate';

/** Resolves gate, trigger and parameters of one rule; problems go to the log. Undefined when the rule cannot run. */
export function compileRule(
  rule: PolicyRule,
  ruleSet: RuleSet,
  pointer: string,
  log: ValidationLog,
  eol: EolHandling,
): CompiledRule | RetiredRule | undefined {
  const gate = findGate(rule.gate);
  if (!gate) {
    log.error(
      'unknown_gate',
      `${pointer}/gate`,
      `there is no gate "${rule.gate}".${didYouMean(rule.gate, GATE_NAMES)}`,
    );
    return undefined;
  }
  if (gate.state === 'eol') {
    return retire(rule, `gate ${gate.name}`, gate.supersededBy, 'eol_gate', `${pointer}/gate`, log, eol);
  }
  const trigger = findTrigger(gate, rule.trigger);
  if (!trigger) {
    const names = gate.triggers.map((item) => item.name);
    const hint = didYouMean(rule.trigger, names) || ` Triggers: ${names.join(', ')}.`;
    log.error('unknown_trigger', `${pointer}/trigger`, `gate ${gate.name} has no trigger "${rule.trigger}".${hint}`);
    return undefined;
  }
  if (trigger.state === 'eol') {
    const name = `trigger ${gate.name}.${trigger.name}`;
    return retire(rule, name, trigger.supersededBy, 'eol_trigger', `${pointer}/trigger`, log, eol);
  }
  checkArtifactType(trigger, gate, ruleSet.artifact_type ?? 'image', pointer, log);
  const notices: RuleProblem[] = [];
  if (gate.state === 'deprecated') noteDeprecated('gate', gate.name, gate.supersededBy);
  else if (trigger.state === 'deprecated')
    noteDeprecated('trigger', `${gate.name}.${trigger.name}`, trigger.supersededBy);
  const params = compileParameters(rule, gate, trigger, pointer, log);
  if (!params) return undefined;
  for (const issue of trigger.check?.(params) ?? []) {
    const where = `${pointer}/params`;
    const details = `${gate.name}.${trigger.name}: parameter "${issue.parameter}" ${issue.text}`;
    if (issue.severity === 'error') log.error('invalid_parameter', where, details);
    else {
      log.warn('inert_rule', where, details);
      notices.push({ severity: 'warn', problem_type: 'inert_rule', details: `rule ${rule.id}: ${details}` });
    }
  }
  return { rule, gate, trigger, params, notices };

  function noteDeprecated(kind: 'gate' | 'trigger', name: string, successor: string | undefined): void {
    const text = `${kind} ${name} is deprecated${successor ? `; use ${successor}` : ''}`;
    log.warn(kind === 'gate' ? 'deprecated_gate' : 'deprecated_trigger', `${pointer}/${kind}`, text);
    notices.push({ severity: 'warn', problem_type: `deprecated_${kind}`, details: `rule ${rule.id}: ${text}` });
  }
}

function findTrigger(gate: Gate, name: string): Trigger | undefined {
  const wanted = name.trim().toLowerCase();
  return (
    gate.triggers.find((trigger) => trigger.name === wanted) ??
    gate.triggers.find((trigger) => trigger.aliases?.includes(wanted))
  );
}

function retire(
  rule: PolicyRule,
  name: string,
  successor: string | undefined,
  type: 'eol_gate' | 'eol_trigger',
  pointer: string,
  log: ValidationLog,
  eol: EolHandling,
): RetiredRule | undefined {
  const text = `${name} is retired and does not run${successor ? `; use gate ${successor}` : ''}`;
  if (eol === 'refuse') {
    log.error(type, pointer, text);
    return undefined;
  }
  log.warn(type, pointer, text);
  return { rule, notices: [{ severity: 'error', problem_type: type, details: `rule ${rule.id}: ${text}` }] };
}

function checkArtifactType(
  trigger: Trigger,
  gate: Gate,
  type: ArtifactType,
  pointer: string,
  log: ValidationLog,
): void {
  if (trigger.artifactTypes.includes(type)) return;
  const text = `${gate.name}.${trigger.name} cannot judge artifact type "${type}" (only ${trigger.artifactTypes.join(', ')})`;
  log.error('unsupported_artifact_type', `${pointer}/trigger`, text);
}

/** Reads all parameters; undefined when one of them is wrong. Names compare without case; values are text. */
function compileParameters(
  rule: PolicyRule,
  gate: Gate,
  trigger: Trigger,
  pointer: string,
  log: ValidationLog,
): Record<string, unknown> | undefined {
  const owner = `${gate.name}.${trigger.name}`;
  const texts = new Map<string, { text: string; index: number }>();
  let sound = true;
  function reject(type: Parameters<ValidationLog['error']>[0], where: string, text: string): void {
    sound = false;
    log.error(type, where, text);
  }
  for (const [index, param] of rule.params.entries()) {
    const where = pointer + jsonPointer('params', index);
    const name = parameterName(trigger, param.name);
    if (name === undefined) {
      const known = Object.keys(trigger.parameters);
      const hint = didYouMean(param.name, known) || ` Parameters: ${known.join(', ') || 'none'}.`;
      reject('unknown_parameter', `${where}/name`, `${owner} has no parameter "${param.name}".${hint}`);
    } else if (texts.has(name)) reject('duplicate_parameter', where, `parameter "${name}" is given twice`);
    else texts.set(name, { text: param.value, index });
  }
  const values: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(trigger.parameters)) {
    const given = texts.get(name);
    const text = given?.text ?? parameter.default;
    if (text === undefined) {
      if (parameter.required) reject('missing_parameter', `${pointer}/params`, `${owner} needs parameter "${name}"`);
      continue;
    }
    const parsed = parameter.parse(text);
    if (parsed.ok) values[name] = parsed.value;
    else {
      const where = pointer + jsonPointer('params', given?.index ?? 0, 'value');
      const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
      reject('invalid_parameter', where, `${owner}: parameter "${name}" ${parsed.reason}, not "${shown}"`);
    }
  }
  return sound ? values : undefined;
}

function parameterName(trigger: Trigger, given: string): string | undefined {
  const wanted = given.trim().toLowerCase();
  if (Object.hasOwn(trigger.parameters, wanted)) return wanted;
  return Object.entries(trigger.parameters).find(([, parameter]: [string, Parameter<unknown>]) =>
    parameter.aliases.includes(wanted),
  )?.[0];
}

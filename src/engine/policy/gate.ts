import type { VersionScheme } from '../versions/types.ts';
import type { RegexRunner } from './bounded-regex.ts';
import type { Clock } from './clock.ts';
import type { Parameter, ParameterValues } from './parameter.ts';
import type { PolicyFacts, PolicyTarget } from './types.ts';

/** Lifecycle of a gate, trigger or parameter: `deprecated` runs with a warning, `eol` is refused on save and never runs. */
export type SpecState = 'active' | 'deprecated' | 'eol';

/** Kind of thing that a rule set judges. */
export type ArtifactType = 'image' | 'source';

/** Names of fact groups, for "not collected" problems. */
export type FactGroup =
  | 'packages'
  | 'files'
  | 'secrets'
  | 'contentSearch'
  | 'retrievedFiles'
  | 'dockerfile'
  | 'vulnerabilities'
  | 'malware'
  | 'ancestors'
  | 'previousPackages'
  | 'relatedSources'
  | 'stigEvaluations'
  | 'npmFeed'
  | 'gemFeed';

/** One firing of a trigger. */
export interface TriggerMatch {
  /** One sentence for people. Wording may change; nothing is derived from it. */
  message: string;
  /** Stable name of the subject within gate and trigger: makes the fingerprint. */
  key: string;
  /** The id itself, for triggers with ids of their own form. */
  triggerId?: string;
  /** Text that is hashed to the id; `key` when absent. */
  idText?: string;
  /** What was found, for people and machines: package, path, instruction, attribute … */
  evidence?: Record<string, unknown>;
}

/** A condition that made a rule incomplete; it becomes a problem of the evaluation. */
export interface RuleProblem {
  severity: 'error' | 'warn';
  problem_type: string;
  details: string;
}

/** What a trigger may read. */
export interface TriggerContext<Values> {
  /** Name of the gate and of the trigger as registered (the old name for a renamed trigger). */
  gate: string;
  trigger: string;
  ruleId: string;
  params: Values;
  facts: PolicyFacts;
  target: PolicyTarget;
  clock: Clock;
  regex: RegexRunner;
  /** Version comparator by scheme name. Throws when the caller of `evaluate` gave none. */
  versions(scheme: VersionScheme['name']): VersionScheme;
  /**
   * The value of a fact group, or undefined after noting why it is missing: `failed` groups and the groups that
   * every analysis has are errors, groups that an installation may leave out are warnings.
   */
  read<Group extends FactGroup>(group: Group): FactValue<Group> | undefined;
  /** Notes that the rule could not be evaluated in full. */
  problem(problem: RuleProblem): void;
}

/** Value of a fact group when it is present. */
export type FactValue<Group extends FactGroup> = Group extends 'npmFeed' | 'gemFeed'
  ? PresentValue<NonNullable<PolicyFacts['registryFeeds']>['npm']>
  : Group extends keyof PolicyFacts
    ? PresentValue<NonNullable<PolicyFacts[Group]>>
    : never;

type PresentValue<F> = F extends { state: 'present'; value: infer V } ? V : never;

/** A trigger: parameters, documentation and the check itself. One file per trigger. */
export interface Trigger {
  name: string;
  description: string;
  state: SpecState;
  supersededBy?: string;
  /** Former names that are accepted without a warning. */
  aliases?: readonly string[];
  artifactTypes: readonly ArtifactType[];
  parameters: Readonly<Record<string, Parameter<unknown>>>;
  /** Checks that need several parameters: returns what is wrong, with severity. */
  check?(params: Record<string, unknown>): { severity: 'error' | 'warn'; parameter: string; text: string }[];
  evaluate(context: TriggerContext<Record<string, unknown>>): Iterable<TriggerMatch>;
}

/** A gate: triggers that read the same facts. */
export interface Gate {
  name: string;
  description: string;
  state: SpecState;
  supersededBy?: string;
  triggers: readonly Trigger[];
}

/** What `defineTrigger` takes: the trigger with parameter values typed from its parameter table. */
export interface TriggerDefinition<P extends Readonly<Record<string, Parameter<unknown>>>> {
  name: string;
  description: string;
  state?: SpecState;
  aliases?: readonly string[];
  artifactTypes?: readonly ArtifactType[];
  parameters: P;
  check?(params: ParameterValues<P>): { severity: 'error' | 'warn'; parameter: string; text: string }[];
  evaluate(context: TriggerContext<ParameterValues<P>>): Iterable<TriggerMatch>;
}

/** Declares a trigger; parameter values are typed from the table. */
export function defineTrigger<const P extends Readonly<Record<string, Parameter<unknown>>>>(
  definition: TriggerDefinition<P>,
): Trigger {
  // Values are parsed by the same table that types them, so the widening is sound.
  return { state: 'active', artifactTypes: ['image'], ...definition } as unknown as Trigger;
}

/** The same trigger under its former name: it runs with a warning, and its hashed ids keep the former name. */
export function formerName(trigger: Trigger, name: string, aliases?: readonly string[]): Trigger {
  return {
    ...trigger,
    name,
    state: 'deprecated',
    supersededBy: trigger.name,
    description: `Former name of ${trigger.name}.`,
    aliases: aliases ?? [],
  };
}

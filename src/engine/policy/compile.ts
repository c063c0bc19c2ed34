import { type AllowlistIndex, indexAllowlists } from './allowlist.ts';
import { parseInstant } from './clock.ts';
import { type CompiledRule, compileRule, type EolHandling, type RetiredRule } from './compile-rule.ts';
import {
  type Allowlist,
  type ImageSelectionRule,
  type MappingRule,
  POLICY_LIMITS,
  POLICY_VERSIONS,
  type PolicyDocument,
  type RuleSet,
} from './document.ts';
import { compileImageSelector, compileSourceSelector, type ImageSelector, type SourceSelector } from './mapping.ts';
import { didYouMean } from './nearest-name.ts';
import { compileSelector } from './selector.ts';
import { createValidationLog, jsonPointer, type ValidationLog, type ValidationProblem } from './validation-problem.ts';

/** A rule set whose rules can run, in document order. */
export interface CompiledRuleSet {
  ruleSet: RuleSet;
  rules: (CompiledRule | RetiredRule)[];
}

/** A policy ready to be evaluated any number of times. Immutable; make it once per document digest. */
export interface CompiledPolicy {
  document: PolicyDocument;
  ruleSets: ReadonlyMap<string, CompiledRuleSet>;
  mappings: readonly ImageSelector<MappingRule>[];
  sourceMappings: readonly SourceSelector[];
  allowlistedImages: readonly ImageSelector<ImageSelectionRule>[];
  denylistedImages: readonly ImageSelector<ImageSelectionRule>[];
  /** Allowlists in the order in which a mapping names them. */
  allowlistIndex(allowlistIds: readonly string[]): AllowlistIndex;
}

/** Result of compiling: without errors there is a policy, warnings or not. */
export interface Compilation {
  policy?: CompiledPolicy;
  problems: ValidationProblem[];
}

/**
 * Turns a well-formed document into a plan and collects every error: limits, references, gates, triggers,
 * parameters, patterns, expiries. Unreferenced rule sets are checked too. With `tolerate`, rules of end-of-life
 * gates are kept as retired: documents stored long ago stay usable.
 */
export function compilePolicy(document: PolicyDocument, options: { eol: EolHandling }): Compilation {
  const log = createValidationLog(POLICY_LIMITS.reportedProblems);
  if (!POLICY_VERSIONS.includes(document.version)) {
    log.error('unsupported_version', '/version', `version "${document.version}" is not known; write "2"`);
    return { problems: log.problems };
  }
  if (!checkLimits(document, log)) return { problems: log.problems };
  const allowlists = document.allowlists ?? [];
  const sourceMappings = document.source_mappings ?? [];
  checkUnique(document.rule_sets, ['rule_sets'], 'error', log);
  checkUnique(allowlists, ['allowlists'], 'error', log);
  checkUnique(document.mappings, ['mappings'], 'warn', log);
  const known = { rule_set_ids: idsOf(document.rule_sets), allowlist_ids: idsOf(allowlists) };
  for (const [index, mapping] of document.mappings.entries()) checkReferences(known, mapping, ['mappings', index], log);
  for (const [index, mapping] of sourceMappings.entries())
    checkReferences(known, mapping, ['source_mappings', index], log);
  for (const [index, allowlist] of allowlists.entries()) checkAllowlist(allowlist, index, log);
  const ruleSets = new Map(
    document.rule_sets.map((ruleSet, index) => [ruleSet.id, compileRuleSet(ruleSet, index, log, options.eol)]),
  );
  const selectors = {
    mappings: compileEach(document.mappings, 'mappings', compileImageSelector<MappingRule>, log),
    sourceMappings: compileEach(sourceMappings, 'source_mappings', compileSourceSelector, log),
    allowlistedImages: compileEach(
      document.allowlisted_images ?? [],
      'allowlisted_images',
      compileImageSelector<ImageSelectionRule>,
      log,
    ),
    denylistedImages: compileEach(
      document.denylisted_images ?? [],
      'denylisted_images',
      compileImageSelector<ImageSelectionRule>,
      log,
    ),
  };
  if (log.hasErrors) return { problems: log.problems };
  return {
    policy: { document, ruleSets, ...selectors, allowlistIndex: allowlistIndexes(allowlists) },
    problems: log.problems,
  };
}

function checkLimits(document: PolicyDocument, log: ValidationLog): boolean {
  const counts: [string, number, number][] = [
    ['rules', document.rule_sets.reduce((sum, ruleSet) => sum + ruleSet.rules.length, 0), POLICY_LIMITS.rules],
    [
      'allowlist items',
      (document.allowlists ?? []).reduce((sum, item) => sum + item.items.length, 0),
      POLICY_LIMITS.allowlistItems,
    ],
    [
      'mappings and image list entries',
      document.mappings.length +
        (document.source_mappings?.length ?? 0) +
        (document.allowlisted_images?.length ?? 0) +
        (document.denylisted_images?.length ?? 0),
      POLICY_LIMITS.selectors,
    ],
  ];
  for (const [what, count, limit] of counts) {
    if (count > limit) log.error('limit_exceeded', '', `${count} ${what}; at most ${limit} are allowed`);
  }
  return !log.hasErrors;
}

function checkUnique(
  items: readonly { id: string }[],
  place: (string | number)[],
  severity: 'error' | 'warn',
  log: ValidationLog,
): void {
  const seen = new Set<string>();
  for (const [index, { id }] of items.entries()) {
    if (seen.has(id))
      log[severity]('duplicate_id', jsonPointer(...place, index, 'id'), `id "${id}" is used more than once`);
    seen.add(id);
  }
}

function idsOf(items: readonly { id: string }[]): ReadonlySet<string> {
  return new Set(items.map((item) => item.id));
}

function checkReferences(
  known: { rule_set_ids: ReadonlySet<string>; allowlist_ids: ReadonlySet<string> },
  mapping: { rule_set_ids: string[]; allowlist_ids: string[] },
  place: (string | number)[],
  log: ValidationLog,
): void {
  for (const key of ['rule_set_ids', 'allowlist_ids'] as const) {
    const noun = key === 'rule_set_ids' ? 'rule set' : 'allowlist';
    for (const [index, id] of mapping[key].entries()) {
      if (known[key].has(id)) continue;
      const text = `there is no ${noun} "${id}".${didYouMean(id, known[key])}`;
      log.error('reference_not_found', jsonPointer(...place, key, index), text);
    }
  }
}

function checkAllowlist(allowlist: Allowlist, index: number, log: ValidationLog): void {
  for (const [at, item] of allowlist.items.entries()) {
    const place = jsonPointer('allowlists', index, 'items', at);
    if (item.expires_on && parseInstant(item.expires_on) === undefined) {
      log.error(
        'invalid_expiry',
        `${place}/expires_on`,
        `"${item.expires_on.slice(0, 80)}" is not an RFC 3339 time such as 2030-01-31T00:00:00Z`,
      );
    }
    try {
      compileSelector(item.trigger_id);
    } catch (error) {
      log.error('invalid_pattern', `${place}/trigger_id`, (error as Error).message);
    }
  }
}

function compileRuleSet(ruleSet: RuleSet, index: number, log: ValidationLog, eol: EolHandling): CompiledRuleSet {
  checkUnique(ruleSet.rules, ['rule_sets', index, 'rules'], 'warn', log);
  const rules = ruleSet.rules.map((rule, at) =>
    compileRule(rule, ruleSet, jsonPointer('rule_sets', index, 'rules', at), log, eol),
  );
  return { ruleSet, rules: rules.filter((rule) => rule !== undefined) };
}

function compileEach<Rule, Compiled>(
  rules: readonly Rule[],
  key: string,
  compile: (rule: Rule) => Compiled,
  log: ValidationLog,
): Compiled[] {
  return rules.flatMap((rule, index) => {
    try {
      return [compile(rule)];
    } catch (error) {
      log.error('invalid_pattern', jsonPointer(key, index), (error as Error).message);
      return [];
    }
  });
}

/** Indexes are made once per list of ids, at first use. */
function allowlistIndexes(allowlists: readonly Allowlist[]): CompiledPolicy['allowlistIndex'] {
  const byId = new Map(allowlists.map((allowlist) => [allowlist.id, allowlist]));
  const made = new Map<string, AllowlistIndex>();
  return (ids) => {
    const key = JSON.stringify(ids);
    let index = made.get(key);
    if (!index) {
      index = indexAllowlists(ids.flatMap((id) => byId.get(id) ?? []));
      made.set(key, index);
    }
    return index;
  };
}

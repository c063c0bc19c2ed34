import type { Allowlist, MappingRule, Policy, PolicyRecord, PolicyRule, RuleSet } from '#contract/policies.ts';

/** A new policy: one set without rules, for all images. */
export function newPolicy(): Policy {
  const set: RuleSet = { id: freshId(), name: 'Rules', version: '2', rules: [] };
  return {
    id: freshId(),
    name: 'New policy',
    version: '2',
    description: '',
    rule_sets: [set],
    allowlists: [],
    mappings: [newMapping([set.id])],
    allowlisted_images: [],
    denylisted_images: [],
  };
}

/** An id that no other part has. */
export function freshId(): string {
  return crypto.randomUUID();
}

/** A mapping of all images to rule sets. */
export function newMapping(ruleSets: string[]): MappingRule {
  return {
    id: freshId(),
    name: 'All images',
    registry: '*',
    repository: '*',
    image: { type: 'tag', value: '*' },
    rule_set_ids: ruleSets,
    allowlist_ids: [],
  };
}

/** An empty set of rules. */
export function newRuleSet(count: number): RuleSet {
  return { id: freshId(), name: `Rules ${count + 1}`, version: '2', rules: [] };
}

/** An empty allowlist. */
export function newAllowlist(count: number): Allowlist {
  return { id: freshId(), name: `Allowlist ${count + 1}`, version: '2', items: [] };
}

/** A rule that still needs a gate. */
export function newRule(): PolicyRule {
  return { id: freshId(), gate: '', trigger: '', action: 'STOP', params: [] };
}

/** The list with the part of the same id replaced, or with the part at its end. */
export function withPart<T extends { id: string }>(list: readonly T[], part: T): T[] {
  return list.some(({ id }) => id === part.id) ? list.map((one) => (one.id === part.id ? part : one)) : [...list, part];
}

/** The list without the part of an id. */
export function withoutPart<T extends { id: string }>(list: readonly T[], id: string): T[] {
  return list.filter((one) => one.id !== id);
}

/** The list with a part one place up or down; order decides which mapping counts. */
export function movedPart<T extends { id: string }>(list: readonly T[], id: string, by: -1 | 1): T[] {
  const from = list.findIndex((one) => one.id === id);
  const to = from + by;
  const moved = [...list];
  const [part] = moved.splice(from, 1);
  if (!part || to < 0 || to >= list.length) return [...list];
  moved.splice(to, 0, part);
  return moved;
}

/** The body that stores a changed document of a known policy. */
export function recordWith(record: PolicyRecord, policy: Policy, active: boolean): PolicyRecord {
  return { ...record, active, name: policy.name, policy };
}

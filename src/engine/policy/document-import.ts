import { createHash } from 'node:crypto';
import { isObject, type Json } from '#shared/json-object.ts';

/** A V1 document in V2 form, and what was changed on the way. */
export interface ImportedPolicy {
  /** Not validated yet: hand it to `validatePolicy`. */
  document: unknown;
  /** One sentence per kind of change. */
  changes: string[];
}

/** New names of top-level members. */
const MEMBERS: Readonly<Record<string, string>> = {
  policies: 'rule_sets',
  whitelists: 'allowlists',
  whitelisted_images: 'allowlisted_images',
  blacklisted_images: 'denylisted_images',
  comment: 'description',
};

/** Is this a document of the first generation? Its own member names tell. */
export function isV1Document(input: unknown): boolean {
  return (
    isObject(input) &&
    !('rule_sets' in input) &&
    ['policies', 'whitelists', 'whitelisted_images', 'blacklisted_images'].some((name) => name in input)
  );
}

/**
 * Turns a V1 policy bundle into the V2 form. Ids, order and meaning are kept; members are renamed, versions set to
 * "2", `policy_id` and `whitelist_ids` become arrays, texts of allowlist items that have no V2 member are dropped
 * and reported. Names of triggers are kept as they are: hashed ids contain them.
 */
export function importV1Policy(input: unknown): ImportedPolicy {
  const changes = new Set<string>();
  if (!isObject(input)) return { document: input, changes: [] };
  const source = renameMembers(input, MEMBERS, changes);
  const id = typeof source.id === 'string' && source.id !== '' ? source.id : stableId(input, changes);
  const document: Json = {
    ...source,
    id,
    name: typeof source.name === 'string' && source.name !== '' ? source.name : id,
    version: '2',
    rule_sets: each(source.rule_sets ?? [], (ruleSet) => importRuleSet(ruleSet, changes)),
    mappings: each(source.mappings ?? [], (mapping) => importMapping(mapping, changes)),
  };
  for (const key of ['allowlists', 'allowlisted_images', 'denylisted_images'] as const) {
    if (!(key in source)) continue;
    document[key] = each(source[key], (item) =>
      key === 'allowlists' ? importAllowlist(item, changes) : importSelection(item, changes),
    );
  }
  changes.add('versions were set to "2"');
  return { document, changes: [...changes] };
}

function importRuleSet(ruleSet: Json, changes: Set<string>): Json {
  const renamed = renameMembers(ruleSet, { comment: 'description' }, changes);
  const rules = each(renamed.rules ?? [], (rule) => {
    const item = renameMembers(rule, { comment: 'description' }, changes);
    return {
      ...item,
      action: typeof item.action === 'string' ? item.action.toUpperCase() : item.action,
      params: item.params ?? [],
    };
  });
  return { ...renamed, name: named(renamed), version: '2', rules };
}

function importAllowlist(allowlist: Json, changes: Set<string>): Json {
  const renamed = renameMembers(allowlist, { comment: 'description' }, changes);
  const items = each(renamed.items ?? [], (item, index) => {
    const { trigger, ...rest } = renameMembers(item, { comment: 'description' }, changes);
    if (trigger !== undefined) changes.add('member "trigger" of allowlist items was dropped: it was never compared');
    return { ...rest, id: rest.id ?? `${String(renamed.id)}-${index}` };
  });
  return { ...renamed, name: named(renamed), version: '2', items };
}

function importMapping(mapping: Json, changes: Set<string>): Json {
  const {
    policy_id: policyId,
    policy_ids: policyIds,
    whitelist_ids: whitelistIds,
    ...rest
  } = renameMembers(mapping, { comment: 'description' }, changes);
  if (policyId !== undefined || policyIds !== undefined)
    changes.add('"policy_id" and "policy_ids" of mappings became "rule_set_ids"');
  if (whitelistIds !== undefined) changes.add('"whitelist_ids" of mappings became "allowlist_ids"');
  const ruleSetIds =
    rest.rule_set_ids ??
    (Array.isArray(policyIds) && policyIds.length > 0 ? policyIds : policyId === undefined ? policyIds : [policyId]);
  const members = { ...rest, rule_set_ids: ruleSetIds, allowlist_ids: rest.allowlist_ids ?? whitelistIds ?? [] };
  return { ...members, ...identity(rest) };
}

function importSelection(selection: Json, changes: Set<string>): Json {
  const renamed = renameMembers(selection, { comment: 'description' }, changes);
  return { ...renamed, ...identity(renamed) };
}

/** Mappings and image list entries could lack an id or a name. */
function identity(item: Json): { id: unknown; name: unknown } {
  const id = item.id ?? createHash('sha256').update(JSON.stringify(item)).digest('hex').slice(0, 32);
  return { id, name: typeof item.name === 'string' && item.name !== '' ? item.name : 'unnamed' };
}

function named(item: Json): unknown {
  return typeof item.name === 'string' ? item.name : (item.id ?? 'unnamed');
}

function stableId(input: Json, changes: Set<string>): string {
  changes.add('the document had no id; one was derived from its content');
  return createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 32);
}

function renameMembers(object: Json, names: Readonly<Record<string, string>>, changes: Set<string>): Json {
  const renamed: Json = {};
  for (const [key, value] of Object.entries(object)) {
    const target = Object.hasOwn(names, key) ? names[key]! : key;
    if (target !== key) changes.add(`"${key}" became "${target}"`);
    if (target === key || !(target in object)) renamed[target] = value;
  }
  return renamed;
}

/** Items that are not objects stay, so that validation can name them. */
function each(value: unknown, change: (item: Json, index: number) => Json): unknown {
  return Array.isArray(value) ? value.map((item, index) => (isObject(item) ? change(item, index) : item)) : value;
}

type Json = Record<string, unknown>;

/** V1 names of the members of a document. */
const MEMBERS: Readonly<Record<string, string>> = {
  rule_sets: 'policies',
  allowlists: 'whitelists',
  allowlisted_images: 'whitelisted_images',
  denylisted_images: 'blacklisted_images',
};

/** Version that all parts of a V1 document carry. */
const VERSION = '1_0';

/**
 * A V2 policy document in its V1 form: the exact inverse of the importer's renames. Members that the first generation
 * lacks (recommendations, artifact types, source mappings) are kept, so that a client which reads a document and writes
 * it back loses nothing.
 */
export function exportV1Policy(document: object): Json {
  const result: Json = {};
  for (const [name, value] of Object.entries(commented(document))) {
    switch (name) {
      case 'rule_sets':
        result.policies = each(value, (ruleSet) => ({
          ...commented(ruleSet),
          version: VERSION,
          rules: each(ruleSet.rules, commented),
        }));
        break;
      case 'allowlists':
        result.whitelists = each(value, (list) => ({
          ...commented(list),
          version: VERSION,
          items: each(list.items, commented),
        }));
        break;
      case 'mappings':
        result.mappings = each(value, exportMapping);
        break;
      case 'source_mappings':
        result.source_mappings = value;
        break;
      default:
        result[MEMBERS[name] ?? name] = Array.isArray(value) ? each(value, commented) : value;
    }
  }
  return { ...result, version: VERSION };
}

function exportMapping(mapping: Json): Json {
  const { rule_set_ids: ruleSets, allowlist_ids: allowlists, ...rest } = commented(mapping);
  return { ...rest, policy_ids: ruleSets, whitelist_ids: allowlists };
}

function commented(item: object): Json {
  const { description, ...rest } = item as Json;
  return description === undefined ? rest : { ...rest, comment: description };
}

function each(value: unknown, change: (item: Json) => Json): unknown {
  return Array.isArray(value) ? value.map((item: Json) => change(item)) : value;
}

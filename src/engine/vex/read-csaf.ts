import { type Json, objectOf } from '#shared/json-object.ts';
import { digestOf, identify, isIdentified, list, MAX_DEPTH, nobody, objects, text, texts, time } from './fields.ts';
import {
  type VexDocument,
  VexError,
  type VexIdentity,
  type VexJustification,
  type VexProduct,
  type VexStatement,
  type VexStatus,
} from './types.ts';

/** Groups of product status (CSAF 2.0, 3.2.3.9) by what they mean; `recommended` is advice alone. */
const STATUS: Record<string, VexStatus> = {
  known_not_affected: 'not_affected',
  fixed: 'fixed',
  first_fixed: 'fixed',
  known_affected: 'affected',
  first_affected: 'affected',
  last_affected: 'affected',
  under_investigation: 'under_investigation',
};

/** Reads CSAF 2.0 documents (profile VEX, and advisories with a product status). */
export function readCsaf(document: Json): Omit<VexDocument, 'format'> {
  const head = objectOf(document.document) ?? {};
  const tracking = objectOf(head.tracking) ?? {};
  if (!text(head.csaf_version)?.startsWith('2.'))
    throw new VexError('the CSAF document states no version 2 ("csaf_version")');
  const issuedAt = time(tracking.current_release_date) ?? time(tracking.initial_release_date);
  const tree = readProducts(objectOf(document.product_tree) ?? {});
  const problems: string[] = [];
  const statements = objects(document.vulnerabilities).flatMap((item) =>
    readVulnerability(item, tree, issuedAt, problems),
  );
  const author = text(objectOf(head.publisher)?.name);
  const version = text(tracking.version);
  return {
    id: text(tracking.id) ?? '',
    statements,
    problems,
    ...(author ? { author } : {}),
    ...(version ? { version } : {}),
    ...(issuedAt ? { issuedAt } : {}),
  };
}

interface Products {
  byId: Map<string, VexProduct>;
  groups: Map<string, string[]>;
}

/** Products of the tree: single ones, those of branches, and parts within another product. */
function readProducts(tree: Json): Products {
  const identities = new Map<string, VexIdentity>();
  const note = (item: Json | undefined): void => {
    const id = text(item?.product_id);
    if (item && id) identities.set(id, identityOf(objectOf(item.product_identification_helper) ?? {}));
  };
  const walk = (branches: unknown, depth: number): void => {
    if (depth > MAX_DEPTH) return;
    for (const branch of objects(branches)) {
      note(objectOf(branch.product));
      walk(branch.branches, depth + 1);
    }
  };
  for (const item of objects(tree.full_product_names)) note(item);
  walk(tree.branches, 0);
  const byId = new Map<string, VexProduct>();
  for (const [id, identity] of identities) byId.set(id, { ...identity, subcomponents: [] });
  for (const relation of objects(tree.relationships)) {
    const id = text(objectOf(relation.full_product_name)?.product_id);
    const part = byId.get(text(relation.product_reference) ?? '');
    const whole = byId.get(text(relation.relates_to_product_reference) ?? '');
    if (!id || !part) continue;
    const own = identityOf(objectOf(objectOf(relation.full_product_name)?.product_identification_helper) ?? {});
    const inner = isIdentified(own) ? own : part;
    const { subcomponents: _, ...outer } = whole ?? { ...nobody(), subcomponents: [] };
    byId.set(id, { ...outer, subcomponents: [inner] });
  }
  const groups = new Map(
    objects(tree.product_groups).flatMap((group): [string, string[]][] => {
      const id = text(group.group_id);
      return id ? [[id, texts(group.product_ids)]] : [];
    }),
  );
  return { byId, groups };
}

function identityOf(helper: Json): VexIdentity {
  const identity = nobody();
  for (const purl of [helper.purl, ...list(helper.purls)]) identify(identity, text(purl));
  identify(identity, text(helper.cpe));
  for (const hashes of objects(helper.hashes))
    for (const hash of objects(hashes.file_hashes)) identify(identity, digestOf(text(hash.algorithm), hash.value));
  return identity;
}

function readVulnerability(
  item: Json,
  tree: Products,
  issuedAt: string | undefined,
  problems: string[],
): VexStatement[] {
  const ids = [text(item.cve), ...objects(item.ids).map((id) => text(id.text))];
  const vulnerabilities = [...new Set(ids.filter((id) => id !== undefined))];
  if (vulnerabilities.length === 0) {
    problems.push('a vulnerability without "cve" and "ids" was left out');
    return [];
  }
  const statements: VexStatement[] = [];
  for (const [group, status] of Object.entries(STATUS)) {
    for (const id of texts(objectOf(item.product_status)?.[group])) {
      const product = tree.byId.get(id);
      if (!product || !(isIdentified(product) || product.subcomponents.some(isIdentified))) {
        problems.push(`${vulnerabilities[0]}: product ${id} has neither package URL, CPE nor digest`);
        continue;
      }
      statements.push({ vulnerabilities, products: [product], status, ...details(item, id, tree, status, issuedAt) });
    }
  }
  return joined(statements);
}

/** What flags, threats, remediations and notes say of a product. */
function details(item: Json, product: string, tree: Products, status: VexStatus, issuedAt: string | undefined) {
  const concerns = (part: Json): boolean => {
    const [products, groups] = [texts(part.product_ids), texts(part.group_ids)];
    if (products.length === 0 && groups.length === 0) return true;
    return products.includes(product) || groups.some((group) => tree.groups.get(group)?.includes(product));
  };
  const flag = objects(item.flags).find(concerns);
  const impact = objects(item.threats).find((threat) => threat.category === 'impact' && concerns(threat));
  const remedies = objects(item.remediations).filter(concerns);
  const remedy = remedies[0];
  const declined = remedies.some((one) => one.category === 'no_fix_planned');
  const justification = status === 'affected' && declined ? 'fix_not_planned' : JUSTIFICATION[text(flag?.label) ?? ''];
  const timestamp = time(flag?.date) ?? time(impact?.date) ?? issuedAt;
  const [impactStatement, actionStatement] = [text(impact?.details), text(remedy?.details)];
  return {
    ...(justification ? { justification } : {}),
    ...(impactStatement ? { impactStatement } : {}),
    ...(actionStatement ? { actionStatement } : {}),
    ...(timestamp ? { timestamp: later(timestamp, issuedAt) } : {}),
  };
}

/** The labels of flags are those of OpenVEX. */
const JUSTIFICATION: Record<string, VexJustification> = {
  component_not_present: 'component_not_present',
  vulnerable_code_not_present: 'vulnerable_code_not_present',
  vulnerable_code_not_in_execute_path: 'vulnerable_code_not_in_execute_path',
  vulnerable_code_cannot_be_controlled_by_adversary: 'vulnerable_code_cannot_be_controlled_by_adversary',
  inline_mitigations_already_exist: 'inline_mitigations_already_exist',
};

/** A revision restates all that it keeps: its time counts. */
function later(a: string, b: string | undefined): string {
  return b !== undefined && b > a ? b : a;
}

/** Joins statements that differ in their products alone: vendors list thousands. */
function joined(statements: VexStatement[]): VexStatement[] {
  const groups = new Map<string, VexStatement>();
  for (const statement of statements) {
    const key = JSON.stringify({ ...statement, products: [] });
    const known = groups.get(key);
    if (known) known.products.push(...statement.products);
    else groups.set(key, { ...statement, products: [...statement.products] });
  }
  return [...groups.values()];
}

import { type Json, objectOf } from '#shared/json-object.ts';
import { CDX_JUSTIFICATION, JUSTIFICATION_OF_CDX, PROPERTY, STATUS_OF_STATE } from './cyclonedx-words.ts';
import { digestOf, identify, isIdentified, MAX_DEPTH, nobody, objects, text, texts, time } from './fields.ts';
import { VEX_JUSTIFICATIONS, type VexDocument, type VexIdentity, type VexProduct, type VexStatement } from './types.ts';

/** Reads CycloneDX 1.4 to 1.7 documents whose vulnerabilities carry an analysis (cyclonedx.org/capabilities/vex). */
export function readCyclonedxVex(document: Json): Omit<VexDocument, 'format'> {
  const metadata = objectOf(document.metadata) ?? {};
  const issuedAt = time(metadata.timestamp);
  const root = objectOf(metadata.component);
  const index = componentIndex(root, document.components);
  const problems: string[] = [];
  const statements = objects(document.vulnerabilities).flatMap((item, position) => {
    const read = statement(item, { root, index, issuedAt, problems });
    if (typeof read !== 'string') return [read];
    problems.push(`vulnerability ${position + 1}: ${read}`);
    return [];
  });
  const author = objects(metadata.authors).map((one) => text(one.name))[0] ?? text(objectOf(metadata.supplier)?.name);
  const version = text(document.version);
  return {
    id: text(document.serialNumber) ?? '',
    statements,
    problems,
    ...(author ? { author } : {}),
    ...(version ? { version } : {}),
    ...(issuedAt ? { issuedAt } : {}),
  };
}

interface Context {
  root: Json | undefined;
  index: Map<string, VexIdentity>;
  issuedAt: string | undefined;
  problems: string[];
}

/** Components by `bom-ref`, nested ones too. */
function componentIndex(root: Json | undefined, components: unknown): Map<string, VexIdentity> {
  const index = new Map<string, VexIdentity>();
  const walk = (items: Json[], depth: number): void => {
    if (depth > MAX_DEPTH) return;
    for (const item of items) {
      const ref = text(item['bom-ref']);
      if (ref !== undefined) index.set(ref, identityOf(item));
      walk(objects(item.components), depth + 1);
    }
  };
  walk(root ? [root] : [], 0);
  walk(objects(components), 0);
  return index;
}

function identityOf(component: Json): VexIdentity {
  const identity = nobody();
  identify(identity, text(component.purl));
  identify(identity, text(component.cpe));
  for (const hash of objects(component.hashes)) identify(identity, digestOf(text(hash.alg), hash.content));
  if (component.type === 'container') {
    const [name, version] = [text(component.name), text(component.version)];
    if (version?.startsWith('sha256:')) identify(identity, version);
    else if (name) identify(identity, version ? `${name}:${version}` : name);
  }
  return identity;
}

function statement(item: Json, context: Context): VexStatement | string {
  const analysis = objectOf(item.analysis);
  const state = text(analysis?.state);
  // A disclosure report lists vulnerabilities without a judgement.
  if (!analysis || !state) return 'it carries no analysis state';
  const status = STATUS_OF_STATE[state];
  if (!status) return `analysis state ${JSON.stringify(state)} is not known`;
  const ids = [text(item.id), ...objects(item.references).map((reference) => text(reference.id))];
  const vulnerabilities = [...new Set(ids.filter((id) => id !== undefined))];
  if (vulnerabilities.length === 0) return 'it has no id';
  const products = objects(item.affects).flatMap((target) => affected(target, context));
  if (products.length === 0) return 'it affects nothing that could be identified';
  const properties = new Map(objects(item.properties).map((one) => [text(one.name), text(one.value)]));
  const justification = justificationOf(analysis, properties.get(PROPERTY.justification));
  const timestamp = time(analysis.lastUpdated) ?? time(analysis.firstIssued) ?? context.issuedAt;
  const detail = text(analysis.detail);
  const kept = [PROPERTY.statusNotes, PROPERTY.impactStatement, PROPERTY.actionStatement].some((one) =>
    properties.has(one),
  );
  const statusNotes = properties.get(PROPERTY.statusNotes) ?? (kept ? undefined : detail);
  const impactStatement = properties.get(PROPERTY.impactStatement);
  const actionStatement =
    properties.get(PROPERTY.actionStatement) ?? text(item.recommendation) ?? text(item.workaround);
  return {
    vulnerabilities,
    products,
    status,
    ...(justification ? { justification } : {}),
    ...(statusNotes ? { statusNotes } : {}),
    ...(impactStatement ? { impactStatement } : {}),
    ...(actionStatement ? { actionStatement } : {}),
    ...(timestamp ? { timestamp } : {}),
  };
}

function justificationOf(analysis: Json, kept: string | undefined): VexStatement['justification'] {
  const written = text(analysis.justification);
  const exact = VEX_JUSTIFICATIONS.find((one) => one === kept);
  // The property is ours; it counts as long as the field beside it was not edited.
  if (exact && (CDX_JUSTIFICATION[exact] ?? undefined) === written) return exact;
  if (written) return JUSTIFICATION_OF_CDX[written];
  return texts(analysis.response).includes('will_not_fix') ? 'fix_not_planned' : undefined;
}

/** Products that a target stands for: the root itself, or a part of it; a purl or BOM link stands for itself. */
function affected(target: Json, { root, index, problems }: Context): VexProduct[] {
  const ref = text(target.ref);
  if (ref === undefined) return [];
  const versions = objects(target.versions).filter((one) => text(one.status) !== 'unaffected');
  if (versions.some((one) => text(one.version) === undefined)) {
    problems.push(`${ref}: version ranges are not used; name versions instead`);
    if (versions.every((one) => text(one.version) === undefined)) return [];
  }
  const names = versions.flatMap((one) => text(one.version) ?? []);
  const whole = root ? (index.get(text(root['bom-ref']) ?? '') ?? identityOf(root)) : undefined;
  const known = index.get(ref) ?? linked(ref);
  if (!known || !isIdentified(known)) return [];
  const product: VexProduct =
    whole && isIdentified(whole) && known !== whole
      ? { ...whole, subcomponents: [known] }
      : { ...known, subcomponents: [] };
  return names.length === 0 ? [product] : names.map((version) => ({ ...product, version }));
}

/** A reference that is no component of the document: a purl, or a BOM link `urn:cdx:serial/version#ref`. */
function linked(ref: string): VexIdentity | undefined {
  const identity = nobody();
  const target = ref.startsWith('urn:cdx:') ? decoded(ref.slice(ref.indexOf('#') + 1)) : ref;
  if (/^(pkg|cpe|sha256):/i.test(target)) identify(identity, target);
  return isIdentified(identity) ? identity : undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

import { type Json, objectOf } from '#shared/json-object.ts';
import { digestOf, identify, isIdentified, list, nobody, objects, text, texts, time } from './fields.ts';
import {
  VEX_JUSTIFICATIONS,
  VEX_STATUSES,
  type VexDocument,
  VexError,
  type VexIdentity,
  type VexProduct,
  type VexStatement,
} from './types.ts';

/** Reads OpenVEX (openvex.dev, 0.0.1 to 0.2.0). Statements inherit the time of the document. */
export function readOpenvex(document: Json): Omit<VexDocument, 'format'> {
  if (!Array.isArray(document.statements)) throw new VexError('the OpenVEX document has no list "statements"');
  const issuedAt = time(document.last_updated) ?? time(document.timestamp);
  const problems: string[] = [];
  const statements = document.statements.flatMap((item, index): VexStatement[] => {
    const read = statement(objectOf(item) ?? {}, time(document.timestamp));
    if (typeof read !== 'string') return [read];
    problems.push(`statement ${index + 1}: ${read}`);
    return [];
  });
  const author = text(document.author);
  const version = text(document.version);
  return {
    id: text(document['@id']) ?? text(document.id) ?? '',
    statements,
    problems,
    ...(author ? { author } : {}),
    ...(version ? { version } : {}),
    ...(issuedAt ? { issuedAt } : {}),
  };
}

/** The statement, or why it cannot be used. */
function statement(item: Json, inherited: string | undefined): VexStatement | string {
  const status = VEX_STATUSES.find((known) => known === item.status);
  if (!status) return `status ${JSON.stringify(item.status)} is not one of ${VEX_STATUSES.join(', ')}`;
  const vulnerabilities = vulnerabilityIds(item.vulnerability);
  if (vulnerabilities.length === 0) return 'it names no vulnerability';
  const shared = list(item.subcomponents).flatMap((part) => identityOf(part) ?? []);
  const products = list(item.products).flatMap((part) => product(part, shared) ?? []);
  if (products.length === 0) return 'it names no product';
  const timestamp = time(item.last_updated) ?? time(item.timestamp) ?? inherited;
  const justification = VEX_JUSTIFICATIONS.find((known) => known === item.justification);
  const [statusNotes, impactStatement, actionStatement] = [
    text(item.status_notes),
    text(item.impact_statement),
    text(item.action_statement),
  ];
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

/** 0.0.x wrote a text, 0.2 an object with name and aliases. The `@id` is an address, which may end in the id. */
function vulnerabilityIds(value: unknown): string[] {
  if (typeof value === 'string') return texts([value]);
  const item = objectOf(value);
  if (!item) return [];
  const last = text(item['@id'])?.split('/').at(-1);
  const name = text(item.name) ?? (last && /^[A-Z][A-Za-z]*-[\w-]+$/.test(last) ? last : undefined);
  return [...new Set([...(name ? [name] : []), ...texts(item.aliases)])];
}

function product(value: unknown, shared: VexIdentity[]): VexProduct | undefined {
  const identity = identityOf(value);
  if (!identity) return undefined;
  const own = list(objectOf(value)?.subcomponents).flatMap((part) => identityOf(part) ?? []);
  return { ...identity, subcomponents: own.length > 0 ? own : shared };
}

function identityOf(value: unknown): VexIdentity | undefined {
  const identity = nobody();
  if (typeof value === 'string') identify(identity, text(value));
  for (const item of objects(value)) {
    identify(identity, text(item['@id']));
    const identifiers = objectOf(item.identifiers) ?? {};
    for (const name of ['purl', 'cpe23', 'cpe22']) identify(identity, text(identifiers[name]));
    for (const [algorithm, hex] of Object.entries(objectOf(item.hashes) ?? {}))
      identify(identity, digestOf(algorithm, hex));
  }
  return isIdentified(identity) ? identity : undefined;
}

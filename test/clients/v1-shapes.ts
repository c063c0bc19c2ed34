import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const REFERENCES = join(import.meta.dirname, '..', '..', '..', 'shared', 'contract');
const REFERENCE = join(REFERENCES, 'v1-engine.swagger.json');
/** What the first generation serves below `/enterprise` has a document of its own. */
const ENTERPRISE = join(REFERENCES, 'v1.swagger.json');

interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  allOf?: Schema[];
  format?: string;
}
interface Document {
  definitions: Record<string, Schema>;
  paths: Record<string, Record<string, { responses?: Record<string, { schema?: Schema }> }>>;
}

/** Names that the servers of the first generation wrote in place of the document's; clients read those. */
const AS_WRITTEN = new Set(['category', 'affected_packages', 'last_upated']);

/** The published document of the first generation, when it lies beside the repository. */
export function referenceDocument(): Document | undefined {
  if (!existsSync(REFERENCE)) return undefined;
  const engine = JSON.parse(readFileSync(REFERENCE, 'utf8')) as Document;
  if (!existsSync(ENTERPRISE)) return engine;
  const enterprise = JSON.parse(readFileSync(ENTERPRISE, 'utf8')) as Document;
  const paths = Object.entries(enterprise.paths).map(([path, item]) => [`/enterprise${path}`, item] as const);
  return {
    definitions: { ...enterprise.definitions, ...engine.definitions },
    paths: { ...Object.fromEntries(paths), ...engine.paths },
  };
}

/** Differences between a body and what the document says about the answer of an operation; null stands for absence. */
export function shapeProblems(
  document: Document,
  method: string,
  path: string,
  status: number,
  body: unknown,
): string[] {
  // Documents of an image are text here; clients take a list of texts as well.
  if (/\/content\/(manifest|dockerfile|docker_history)$/.test(path)) return [];
  const found = Object.entries(document.paths)
    .filter(([template, item]) => item[method.toLowerCase()] && pattern(template).test(path))
    .sort(([a], [b]) => a.split('{').length - b.split('{').length)[0];
  if (!found) return [`${method} ${path} is not in the document`];
  const schema = found[1][method.toLowerCase()]?.responses?.[status]?.schema;
  return schema ? problems(document, schema, body, '$') : [];
}

function pattern(template: string): RegExp {
  return new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`);
}

function problems(document: Document, schema: Schema, value: unknown, at: string): string[] {
  if (value === null || value === undefined) return [];
  if (schema.$ref) return problems(document, document.definitions[schema.$ref.split('/').at(-1)!]!, value, at);
  const parts = (schema.allOf ?? []).flatMap((part) => problems(document, part, value, at));
  if (schema.enum && !schema.enum.includes(value))
    return [...parts, `${at}: ${JSON.stringify(value)} is not one of ${schema.enum.join(', ')}`];
  const kind = schema.type ?? (schema.properties ? 'object' : undefined);
  const actual = Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
  if (kind && kind !== actual && !(kind === 'number' && actual === 'integer'))
    return [...parts, `${at}: ${actual} instead of ${kind}`];
  if (schema.format === 'date-time' && !/(Z|[+-]\d\d:\d\d)$/.test(String(value)))
    parts.push(`${at}: time without zone`);
  if (Array.isArray(value))
    return [
      ...parts,
      ...value.flatMap((item, index) => problems(document, schema.items ?? {}, item, `${at}[${index}]`)),
    ];
  if (actual !== 'object') return parts;
  const record = value as Record<string, unknown>;
  for (const name of schema.required ?? []) if (!(name in record)) parts.push(`${at}.${name} is missing`);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!AS_WRITTEN.has(name)) parts.push(...problems(document, property, record[name], `${at}.${name}`));
  }
  return parts;
}

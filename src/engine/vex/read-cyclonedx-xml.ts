import { XMLParser } from 'fast-xml-parser';
import { type Json, objectOf } from '#shared/json-object.ts';
import { MAX_DEPTH } from './fields.ts';
import { VexError } from './types.ts';

/** Elements that hold a list, by the name of what they hold. */
const LISTS: Record<string, string> = {
  components: 'component',
  vulnerabilities: 'vulnerability',
  references: 'reference',
  properties: 'property',
  hashes: 'hash',
  affects: 'target',
  versions: 'version',
  responses: 'response',
  authors: 'author',
};

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
  textNodeName: '#text',
});

/** A CycloneDX XML document in the shape of the JSON one, as far as VEX goes. Entities of its own are refused. */
export function cyclonedxFromXml(xml: string): Json {
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) throw new VexError('the XML declares a document type, which is not read');
  let parsed: unknown;
  try {
    parsed = parser.parse(xml, true);
  } catch (error) {
    throw new VexError(`the document is not well-formed XML: ${(error as Error).message}`);
  }
  const bom = objectOf(objectOf(parsed)?.bom);
  if (!bom) throw new VexError('the XML document is no CycloneDX bom');
  const { '@serialNumber': serialNumber, '@version': version } = bom;
  return { ...(shape(bom, 0) as Json), bomFormat: 'CycloneDX', serialNumber, version };
}

function shape(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new VexError('the XML document is nested too deeply');
  if (Array.isArray(value)) return value.map((item) => shape(item, depth + 1));
  const item = objectOf(value);
  if (!item) return value;
  const result: Json = {};
  for (const [key, content] of Object.entries(item)) {
    if (key.startsWith('@')) result[key === '@bom-ref' ? 'bom-ref' : key.slice(1)] = content;
    else if (key === '#text') result[key] = content;
    else result[key] = LISTS[key] ? elements(content, LISTS[key], depth + 1) : shape(content, depth + 1);
  }
  return renamed(result);
}

function elements(content: unknown, name: string, depth: number): unknown[] {
  const inner = objectOf(content)?.[name];
  const items = Array.isArray(inner) ? inner : inner === undefined ? [] : [inner];
  if (name === 'version')
    return items.map((item) => objectOf(item) ?? { version: item }).map((item) => shape(item, depth));
  return items.map((item) => shape(item, depth));
}

/** Text that stands beside attributes has a name of its own in JSON; `responses` is `response` there. */
function renamed(item: Json): Json {
  const { '#text': content, responses, ...rest } = item;
  if (responses !== undefined) rest.response = responses;
  if (content === undefined) return rest;
  if ('alg' in rest) return { ...rest, content };
  return { ...rest, value: content };
}

/** Does the text look like XML? */
export function isXml(input: string): boolean {
  return /^\s*</.test(input);
}

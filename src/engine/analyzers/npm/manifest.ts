import { isObject } from '#shared/json-object.ts';
import { parseJsonDocuments } from './json-documents.ts';

/** What is kept of a `package.json` (npm docs, "package.json"). */
export interface NpmManifest {
  name: string;
  version: string;
  /** Declared licences, as text, in any of the shapes seen in the wild. */
  licenses: string[];
  /** `Name <mail> (url)` of author or authors, joined by `, `. */
  author?: string;
  homepage?: string;
  description?: string;
  /** Repository address. */
  url?: string;
  private?: true;
  /** Ranges of run-time dependencies, optional ones included. */
  dependencies?: Record<string, string>;
  peerDependencies?: string[];
  integrity?: string;
  resolved?: string;
}

/** Fact of one `package.json`. */
export interface NpmManifestFact {
  kind: 'manifest';
  manifests: NpmManifest[];
  /** Set when the file is not JSON. */
  error?: string;
}

const MOST_DEPENDENCIES = 5000;
const LONGEST_FIELD = 2048;

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, LONGEST_FIELD) : undefined;
}

/** Author as text: a string, `{name, email, url}`, or a list of either. */
function person(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const people = value.map(person).filter((one) => one !== undefined);
    return people.length === 0 ? undefined : people.join(', ').slice(0, LONGEST_FIELD);
  }
  if (!isObject(value)) return text(value);
  const parts = [text(value.name)];
  const email = text(value.email);
  const url = text(value.url);
  if (email !== undefined) parts.push(`<${email}>`);
  if (url !== undefined) parts.push(`(${url})`);
  const joined = parts.filter((part) => part !== undefined).join(' ');
  return joined === '' ? undefined : joined;
}

/** Licences: a string, `{type, url}`, or a list of either, under `license` or the older `licenses`. */
function licenses(value: unknown): string[] {
  if (Array.isArray(value)) return value.slice(0, 50).flatMap(licenses);
  if (isObject(value)) return licenses(value.type ?? value.name ?? value.url);
  const found = text(value);
  return found === undefined ? [] : [found];
}

function ranges(...maps: unknown[]): Record<string, string> | undefined {
  const out: Record<string, string> = {};
  let count = 0;
  for (const map of maps) {
    if (!isObject(map)) continue;
    for (const [name, range] of Object.entries(map)) {
      if (count++ >= MOST_DEPENDENCIES) break;
      if (name !== '__proto__') out[name] = typeof range === 'string' ? range.slice(0, 256) : '';
    }
  }
  return count === 0 ? undefined : out;
}

function manifest(document: unknown): NpmManifest | undefined {
  if (!isObject(document)) return undefined;
  const name = text(document.name);
  const version = text(document.version);
  if (name === undefined || version === undefined) return undefined;
  const out: NpmManifest = { name, version, licenses: licenses(document.license ?? document.licenses) };
  const author = person(document.author ?? document.authors);
  if (author !== undefined) out.author = author;
  const homepage = text(Array.isArray(document.homepage) ? document.homepage[0] : document.homepage);
  if (homepage !== undefined) out.homepage = homepage;
  const description = text(document.description);
  if (description !== undefined) out.description = description;
  const repository = document.repository;
  const url = text(isObject(repository) ? repository.url : repository);
  if (url !== undefined) out.url = url;
  if (document.private === true) out.private = true;
  const dependencies = ranges(document.dependencies, document.optionalDependencies);
  if (dependencies !== undefined) out.dependencies = dependencies;
  const peers = ranges(document.peerDependencies);
  if (peers !== undefined) out.peerDependencies = Object.keys(peers);
  const integrity = text(document._integrity);
  if (integrity !== undefined) out.integrity = integrity;
  const resolved = text(document._resolved);
  if (resolved !== undefined) out.resolved = resolved;
  return out;
}

/**
 * Reads a `package.json`. Documents without name or version are not packages and are left out; text that is
 * not JSON yields a fact with `error`. Undefined when there is nothing to tell.
 */
export function readManifest(bytes: Uint8Array): NpmManifestFact | undefined {
  let documents: unknown[];
  try {
    documents = parseJsonDocuments(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  } catch (error) {
    return {
      kind: 'manifest',
      manifests: [],
      error: error instanceof Error ? error.message.slice(0, 200) : 'not JSON',
    };
  }
  const manifests = documents.map(manifest).filter((one) => one !== undefined);
  return manifests.length === 0 ? undefined : { kind: 'manifest', manifests };
}

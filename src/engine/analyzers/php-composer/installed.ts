import { isObject } from '#shared/json-object.ts';

/** One package of `vendor/composer/installed.json`. */
export interface ComposerPackage {
  /** `vendor/name`. */
  name: string;
  /** As written: `v5.4.1`, `dev-main`. */
  version: string;
  licenses: string[];
  authors: string[];
  homepage?: string;
  description?: string;
  kind?: string;
  /** Commit or tag of the source or archive. */
  reference?: string;
  url?: string;
  /** Packages it requires, platform requirements left out. */
  requires: string[];
  dev?: true;
}

const MOST_PACKAGES = 50_000;
const LONGEST = 1024;

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST) : undefined;
}

function texts(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list
    .map(text)
    .filter((one) => one !== undefined)
    .slice(0, 50);
}

function readPackage(value: unknown, devNames: ReadonlySet<string>): ComposerPackage | undefined {
  if (!isObject(value)) return undefined;
  const name = text(value.name);
  const version = text(value.version);
  if (name === undefined || version === undefined) return undefined;
  const authors = Array.isArray(value.authors) ? value.authors : [];
  const out: ComposerPackage = {
    name,
    version,
    licenses: texts(value.license),
    authors: authors
      .map((author) => (isObject(author) ? text(author.name) : text(author)))
      .filter((one) => one !== undefined)
      .slice(0, 50),
    requires: Object.keys(isObject(value.require) ? value.require : {})
      .filter((key) => key.includes('/'))
      .slice(0, 1000),
  };
  const origin = [value.source, value.dist].find(isObject);
  const fields = {
    homepage: text(value.homepage),
    description: text(value.description),
    kind: text(value.type),
    reference: text(origin?.reference),
    url: text(origin?.url),
  };
  for (const [key, found] of Object.entries(fields)) if (found !== undefined) out[key as keyof typeof fields] = found;
  if (devNames.has(name)) out.dev = true;
  return out;
}

/**
 * Reads `installed.json` of Composer 1 (a list) or 2 (an object with `packages` and `dev-package-names`).
 * Throws SyntaxError when it is not JSON; rows without name or version are left out.
 */
export function readInstalled(bytes: Uint8Array): ComposerPackage[] {
  const document: unknown = JSON.parse(new TextDecoder().decode(bytes));
  const rows = Array.isArray(document) ? document : isObject(document) ? document.packages : undefined;
  if (!Array.isArray(rows)) return [];
  const devNames = new Set(isObject(document) ? texts(document['dev-package-names']) : []);
  if (isObject(document) && Array.isArray(document['dev-package-names'])) {
    for (const name of document['dev-package-names'].slice(0, MOST_PACKAGES))
      if (typeof name === 'string') devNames.add(name);
  }
  return rows
    .slice(0, MOST_PACKAGES)
    .map((row) => readPackage(row, devNames))
    .filter((one) => one !== undefined);
}

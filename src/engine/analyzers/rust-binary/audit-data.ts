import { inflateSync } from 'node:zlib';

/** A crate recorded by cargo-auditable. */
export interface AuditedCrate {
  name: string;
  version: string;
  /** `crates.io`, `git`, `local`, `registry`. */
  source: string;
  /** `build`: used while building only, not linked in. */
  kind: 'runtime' | 'build';
  /** Indices into the list. */
  dependencies: number[];
  root: boolean;
}

const LARGEST = 16 << 20;
const MOST_CRATES = 20_000;

/**
 * Reads the `.dep-v0` section: zlib-compressed JSON (cargo-auditable, "Parsing"). Throws Error when it does not
 * inflate or is not the JSON that the format promises. Rows without name or version stay, as indices count them.
 */
export function readAuditData(section: Uint8Array): AuditedCrate[] {
  const document: unknown = JSON.parse(inflateSync(section, { maxOutputLength: LARGEST }).toString('utf8'));
  const packages = (document as { packages?: unknown } | null)?.packages;
  if (!Array.isArray(packages)) throw new Error('no list of packages');
  return packages.slice(0, MOST_CRATES).map((value: unknown): AuditedCrate => {
    const row = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
    const text = (key: string) => (typeof row[key] === 'string' ? row[key].slice(0, 256) : '');
    const { dependencies } = row;
    return {
      name: text('name'),
      version: text('version'),
      source: text('source'),
      kind: row.kind === 'build' ? 'build' : 'runtime',
      dependencies: Array.isArray(dependencies)
        ? dependencies.filter((index) => Number.isSafeInteger(index)).slice(0, 1000)
        : [],
      root: row.root === true,
    };
  });
}

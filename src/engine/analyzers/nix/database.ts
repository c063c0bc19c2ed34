import {
  decodeRecord,
  openPages,
  type PageErrors,
  readSchema,
  type SqlitePages,
  type SqliteValue,
  walkTable,
} from '../../formats/sqlite/index.ts';
import type { FileContent } from '../../image/types.ts';

/** A store path that the database calls valid. */
export interface ValidPath {
  /** `/nix/store/<hash>-<name>`. */
  path: string;
  /** Hash of its contents, `sha256:…`. */
  hash: string;
  /** Bytes of its contents in Nix's archive format. */
  size?: number;
  /** The derivation that it was built by. */
  deriver?: string;
  /** Name of the output of the derivation, when the derivation is known. */
  output?: string;
  /** Places in the list of the paths that it refers to. */
  references: number[];
}

/** Fact of one database. */
export interface NixDatabase {
  paths: ValidPath[];
  errors: string[];
}

const MOST_PATHS = 500_000;
const MOST_REFERENCES = 5_000_000;

/**
 * Reads `db.sqlite` of Nix (schema 10): tables `ValidPaths`, `Refs`, `DerivationOutputs`. Derivations themselves are left out.
 * Rows that cannot be read are told in `errors`.
 */
export function readNixDatabase(content: FileContent): NixDatabase {
  const pages = openPages(content);
  if (!pages) return { paths: [], errors: ['the header is no SQLite header'] };
  const errors: PageErrors = [];
  const roots = new Map(
    readSchema(pages, errors)
      .filter(({ type }) => type === 'table')
      .map(({ name, rootPage }) => [name, rootPage]),
  );
  const places = new Map<number, number>();
  const paths: ValidPath[] = [];
  for (const [id, row] of rowsOf(pages, roots.get('ValidPaths'), errors)) {
    const [, path, hash, , deriver, size] = row;
    if (typeof path !== 'string' || path.endsWith('.drv') || paths.length >= MOST_PATHS) continue;
    places.set(id, paths.length);
    paths.push({
      path,
      hash: typeof hash === 'string' ? hash : '',
      ...(typeof size === 'number' ? { size } : {}),
      ...(typeof deriver === 'string' && deriver !== '' ? { deriver } : {}),
      references: [],
    });
  }
  let left = MOST_REFERENCES;
  for (const [, [from, to]] of rowsOf(pages, roots.get('Refs'), errors)) {
    const [referrer, reference] = [places.get(Number(from)), places.get(Number(to))];
    if (referrer === undefined || reference === undefined || referrer === reference) continue;
    if (--left < 0) break;
    paths[referrer]?.references.push(reference);
  }
  const byPath = new Map(paths.map((one) => [one.path, one]));
  for (const [, [, output, path]] of rowsOf(pages, roots.get('DerivationOutputs'), errors)) {
    const known = typeof path === 'string' ? byPath.get(path) : undefined;
    if (known && typeof output === 'string') known.output = output.slice(0, 100);
  }
  if (!roots.has('ValidPaths')) errors.push({ page: 1, reason: 'there is no table named ValidPaths' });
  return { paths, errors: errors.slice(0, 20).map(({ page, reason }) => `page ${page}: ${reason}`) };
}

/** Rows of a table, with their ids; those that cannot be decoded are noted. */
function* rowsOf(pages: SqlitePages, root: number | undefined, errors: PageErrors): Generator<[number, SqliteValue[]]> {
  if (root === undefined) return;
  for (const { rowid, payload, leaf } of walkTable(pages, root, errors)) {
    try {
      yield [rowid, decodeRecord(payload)];
    } catch (error) {
      errors.push({ page: leaf, reason: error instanceof Error ? error.message : 'a row is damaged' });
    }
  }
}

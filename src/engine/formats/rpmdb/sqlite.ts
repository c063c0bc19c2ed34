import type { FileContent } from '../../image/types.ts';
import {
  decodeRecord,
  interiorChildren,
  leafRows,
  openPages,
  type PageErrors,
  readSchema,
  type SqlitePages,
  walkTable,
} from '../sqlite/index.ts';
import { parseRpmPackage, type RpmPackage } from './package.ts';
import type { RowLayout, RpmDatabase } from './types.ts';

/** Reads the SQLite form of the rpm database: table `Packages(hnum INTEGER PRIMARY KEY, blob BLOB)`. */
export function readSqliteDatabase(content: FileContent): RpmDatabase {
  const database: RpmDatabase = { backend: 'sqlite', packages: [], errors: [] };
  const pages = openPages(content);
  if (!pages) return { ...database, errors: ['the header is no SQLite header'] };
  const errors: PageErrors = [];
  const visited = new Set<number>();
  const root = packagesRoot(pages, errors);
  if (root === undefined) errors.push({ page: 1, reason: 'there is no table named Packages' });
  else database.layout = readRows(pages, root, database, visited, errors);
  if (errors.length > 0) salvage(pages, visited, database);
  database.errors.push(...errors.slice(0, 20).map(({ page, reason }) => `page ${page}: ${reason}`));
  return database;
}

/** Root page of the table of packages. */
export function packagesRoot(pages: SqlitePages, errors: PageErrors): number | undefined {
  return readSchema(pages, errors).find((entry) => entry.type === 'table' && entry.name === 'Packages')?.rootPage;
}

/** The package of a row: its second column is the header. */
export function packageOfRow(payload: Uint8Array): RpmPackage | undefined {
  try {
    const blob = decodeRecord(payload)[1];
    return blob instanceof Uint8Array ? parseRpmPackage(blob) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readRows(
  pages: SqlitePages,
  root: number,
  database: RpmDatabase,
  visited: Set<number>,
  errors: PageErrors,
): RowLayout {
  const { pageSize, usableSize } = pages;
  const layout: RowLayout = { pageSize, usableSize, root, interior: new Map(), leaves: new Map() };
  for (const row of walkTable(pages, root, errors, visited)) {
    const parsed = packageOfRow(row.payload);
    if (!parsed) {
      errors.push({ page: row.leaf, reason: 'row holds no package header' });
      continue;
    }
    const placed = {
      rowid: row.rowid,
      size: row.payload.length,
      overflow: row.overflow,
      package: database.packages.length,
    };
    database.packages.push(parsed);
    const rows = layout.leaves.get(row.leaf);
    if (rows) rows.push(placed);
    else layout.leaves.set(row.leaf, [placed]);
  }
  for (const number of visited) {
    const page = layout.leaves.has(number) ? undefined : pages.page(number);
    if (page?.[0] === 0x05) layout.interior.set(number, interiorChildren(number, page, []));
    else if (page) layout.leaves.set(number, []);
  }
  return layout;
}

/** Looks for rows in leaf pages that the damaged tree does not lead to any more. */
function salvage(pages: SqlitePages, visited: ReadonlySet<number>, database: RpmDatabase): void {
  const keyOf = ({ name, version, release, arch }: RpmPackage): string => `${name} ${version} ${release} ${arch}`;
  const known = new Set(database.packages.map(keyOf));
  for (let number = 2; number <= pages.pageCount; number++) {
    const page = visited.has(number) ? undefined : pages.page(number);
    if (page?.[0] !== 0x0d) continue;
    for (const row of leafRows(pages, number, page, [])) {
      const parsed = packageOfRow(row.payload);
      if (!parsed || known.has(keyOf(parsed))) continue;
      known.add(keyOf(parsed));
      database.packages.push(parsed);
    }
  }
}

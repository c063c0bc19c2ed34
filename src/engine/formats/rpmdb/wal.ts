import {
  interiorChildren,
  type LeafCell,
  leafCells,
  type PageErrors,
  type SqlitePages,
  type WalPages,
} from '../sqlite/index.ts';
import type { RpmPackage } from './package.ts';
import { packageOfRow, packagesRoot } from './sqlite.ts';
import type { PlacedRow, RowLayout, RpmDatabase } from './types.ts';

export { isWal, readWal, type WalPages } from '../sqlite/index.ts';

const INTERIOR = 0x05;
const LEAF = 0x0d;

/**
 * The database as SQLite would see it with a write-ahead log beside it. The log may come from a later layer than the main
 * file, whose bytes are gone by then: rows that the log left alone are taken from the pages already read.
 */
export function applyWal(database: RpmDatabase, wal: WalPages): RpmDatabase {
  const errors: PageErrors = [];
  const logged = loggedPages(wal, database.layout);
  const root = wal.pages.has(1) ? (packagesRoot(logged, []) ?? database.layout?.root) : database.layout?.root;
  const packages: RpmPackage[] = [];
  if (root === undefined) errors.push({ page: 1, reason: 'there is no table named Packages' });
  else for (const row of mergedRows(root, database, logged, wal, errors)) packages.push(row);
  const notes = errors.slice(0, 20).map(({ page, reason }) => `write-ahead log, page ${page}: ${reason}`);
  return { backend: 'sqlite', packages, errors: [...database.errors, ...notes] };
}

/** Pages of the log as a database of their own. */
function loggedPages(wal: WalPages, layout: RowLayout | undefined): SqlitePages {
  const reserved = layout ? layout.pageSize - layout.usableSize : (wal.pages.get(1)?.[20] ?? 0);
  return {
    pageSize: wal.pageSize,
    usableSize: wal.pageSize - reserved,
    pageCount: wal.pageCount,
    page: (number) => (number <= wal.pageCount ? wal.pages.get(number) : undefined),
  };
}

function* mergedRows(
  root: number,
  database: RpmDatabase,
  logged: SqlitePages,
  wal: WalPages,
  errors: PageErrors,
): Generator<RpmPackage> {
  const { layout } = database;
  const byOverflow = new Map([...(layout?.leaves.values() ?? [])].flat().map((row) => [row.overflow[0] ?? 0, row]));
  const visited = new Set<number>();
  const stack = [root];
  while (stack.length > 0) {
    const number = stack.pop() as number;
    if (visited.has(number)) {
      errors.push({ page: number, reason: 'page occurs twice in the tree' });
      continue;
    }
    visited.add(number);
    const page = logged.page(number);
    const kind = page?.[0];
    const children = page
      ? kind === INTERIOR
        ? interiorChildren(number, page, errors)
        : undefined
      : layout?.interior.get(number);
    if (children) {
      for (const child of children.toReversed()) stack.push(child);
    } else if (page && kind === LEAF) {
      for (const cell of leafCells(number, page, logged.usableSize, errors)) {
        const found = rowOfCell(cell, byOverflow, database, logged, wal);
        if (found) yield found;
        else errors.push({ page: number, reason: `row ${cell.rowid} is incomplete` });
      }
    } else if (!page && layout?.leaves.has(number)) {
      for (const row of layout.leaves.get(number) as PlacedRow[]) {
        if (row.overflow.some((part) => wal.pages.has(part)))
          errors.push({ page: number, reason: `row ${row.rowid} was overwritten` });
        else yield database.packages[row.package] as RpmPackage;
      }
    } else errors.push({ page: number, reason: 'page is missing' });
  }
}

/** A row of a logged leaf: its payload lies in the log, or is one that the main file already had. */
function rowOfCell(
  cell: LeafCell,
  byOverflow: ReadonlyMap<number, PlacedRow>,
  database: RpmDatabase,
  logged: SqlitePages,
  wal: WalPages,
): RpmPackage | undefined {
  if (cell.overflow === 0) return packageOfRow(cell.local);
  const known = byOverflow.get(cell.overflow);
  if (known?.size === cell.size && !known.overflow.some((part) => wal.pages.has(part)))
    return database.packages[known.package];
  if (cell.size > wal.pageCount * wal.pageSize) return undefined;
  const payload = new Uint8Array(cell.size);
  payload.set(cell.local);
  let at = cell.local.length;
  for (let number = cell.overflow; at < cell.size; ) {
    const page = number === 0 ? undefined : logged.page(number);
    if (!page) return undefined;
    const part = page.subarray(4, Math.min(logged.usableSize, 4 + cell.size - at));
    payload.set(part, at);
    at += part.length;
    number = new DataView(page.buffer, page.byteOffset, 4).getUint32(0);
  }
  return packageOfRow(payload);
}

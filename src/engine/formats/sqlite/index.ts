import type { SqlitePages } from './pages.ts';
import { decodeRecord } from './record.ts';
import { type PageErrors, walkTable } from './table.ts';

export { isSqlite, openPages, type SqlitePages } from './pages.ts';
export { decodeRecord, type SqliteValue } from './record.ts';
export {
  interiorChildren,
  type LeafCell,
  leafCells,
  leafRows,
  type PageErrors,
  type TableRow,
  walkTable,
} from './table.ts';
export { isWal, readWal, type WalPages } from './wal.ts';

/** A table or index of the schema. */
export interface SchemaEntry {
  type: string;
  name: string;
  rootPage: number;
  sql: string;
}

/** Reads the schema table, which starts at page 1. Unreadable rows are listed in `errors`. */
export function readSchema(pages: SqlitePages, errors: PageErrors): SchemaEntry[] {
  const entries: SchemaEntry[] = [];
  for (const row of walkTable(pages, 1, errors)) {
    try {
      const [type, name, , rootPage, sql] = decodeRecord(row.payload);
      if (typeof type !== 'string' || typeof name !== 'string' || typeof rootPage !== 'number') continue;
      entries.push({ type, name, rootPage, sql: typeof sql === 'string' ? sql : '' });
    } catch (error) {
      errors.push({ page: row.leaf, reason: (error as RangeError).message });
    }
  }
  return entries;
}

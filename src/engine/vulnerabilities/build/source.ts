import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { FeedError } from '../feed-error.ts';

/** A row as node:sqlite returns it. */
export type Row = Record<string, unknown>;

/** The SQLite file of a Grype database of model 6, opened read-only. Columns are read by name, absent ones as empty. */
export interface Source {
  schemaVersion: string;
  builtAt: string;
  /** Rows of a query in order, streamed. */
  rows(sql: string): Iterable<Row>;
  /** Rows of a query as arrays, for streams of millions. */
  arrays(sql: string): Iterable<unknown[]>;
  /** A query by one number, prepared once. */
  lookup(sql: string): (id: number) => Row | undefined;
  /** Rows of a table, or a little more: told without reading them. */
  count(table: string): number;
  hasTable(table: string): boolean;
  hasColumn(table: string, column: string): boolean;
  /** JSON value of a blob, or undefined when it is absent or no JSON object. */
  blob(id: unknown): Record<string, unknown> | undefined;
  close(): void;
}

const REQUIRED = ['blobs', 'vulnerability_handles', 'packages', 'affected_package_handles', 'operating_systems'];
const SQLITE_MAGIC = 'SQLite format 3\u0000';

/** Opens a database file. Throws `FeedError`: corrupt, unsupported-schema, missing-table. */
export function openSource(path: string): Source {
  if (!existsSync(path)) throw new FeedError('unreachable', `there is no vulnerability database at ${path}`);
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    // Sorts spill to files that SQLite removes by itself; the cache bounds what stays in memory.
    database.exec('PRAGMA temp_store = FILE; PRAGMA cache_size = -24576; PRAGMA query_only = ON; PRAGMA mmap_size = 0');
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch (cause) {
    throw new FeedError(
      'corrupt',
      `the vulnerability database is no readable SQLite file (expected "${SQLITE_MAGIC.slice(0, 15)}")`,
      cause,
    );
  }
  try {
    return describe(database);
  } catch (error) {
    database.close();
    throw asFeedError(error);
  }
}

/** Turns what SQLite reports while reading into a `FeedError`. */
export function asFeedError(error: unknown): unknown {
  if (error instanceof FeedError || !(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  if (code === 'ERR_SQLITE_ERROR')
    return new FeedError('corrupt', `the vulnerability database cannot be read: ${error.message}`, error);
  if (code === 'ENOSPC' || /No space left|MDB_MAP_FULL|ENOSPC/.test(error.message)) {
    return new FeedError('no-space', 'there is no space left to build the vulnerability index', error);
  }
  return error;
}

function describe(database: DatabaseSync): Source {
  const columns = new Map<string, Set<string>>();
  for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as {
    name: string;
  }[]) {
    const listed = database.prepare(`SELECT name FROM pragma_table_info(${quote(name)})`).all() as { name: string }[];
    columns.set(name, new Set(listed.map((column) => column.name)));
  }
  if (!columns.has('db_metadata')) {
    throw new FeedError('missing-table', 'the file is no Grype vulnerability database: it has no table db_metadata');
  }
  const metadata = database.prepare('SELECT * FROM db_metadata LIMIT 1').get() as Row | undefined;
  if (metadata?.model === undefined) {
    throw new FeedError('unsupported-schema', 'the vulnerability database does not tell its schema version');
  }
  const model = Number(metadata.model);
  if (model !== 6) {
    throw new FeedError(
      'unsupported-schema',
      `vulnerability database of schema ${model}: only schema 6 can be read; get one from a v6 listing`,
    );
  }
  for (const table of REQUIRED) {
    if (!columns.has(table)) throw new FeedError('missing-table', `the vulnerability database has no table ${table}`);
  }
  const blobStatement = database.prepare('SELECT value FROM blobs WHERE id = ?');
  return {
    schemaVersion: `${model}.${Number(metadata.revision ?? 0)}.${Number(metadata.addition ?? 0)}`,
    builtAt: timestamp(metadata.build_timestamp) ?? '',
    rows: (sql) => database.prepare(sql).iterate() as Iterable<Row>,
    arrays: (sql) => {
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      return statement.iterate() as unknown as Iterable<unknown[]>;
    },
    lookup: (sql) => {
      const statement = database.prepare(sql);
      return (id) => statement.get(id) as Row | undefined;
    },
    count: (table) =>
      columns.has(table) ? Number((database.prepare(`SELECT max(rowid) AS n FROM ${table}`).get() as Row).n) : 0,
    hasTable: (table) => columns.has(table),
    hasColumn: (table, column) => columns.get(table)?.has(column) ?? false,
    blob: (id) => (typeof id === 'number' ? jsonObject((blobStatement.get(id) as Row | undefined)?.value) : undefined),
    close: () => database.close(),
  };
}

function quote(name: string): string {
  return `'${name.replaceAll("'", "''")}'`;
}

function jsonObject(text: unknown): Record<string, unknown> | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Text of a column; null, absent and other types as ''. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

const PLAIN_TIME = /^(?:19[7-9]|2\d\d)\d-\d\d-\d\d \d\d:\d\d:\d\d\+00:00$/;

/** `2026-08-23 01:30:00+00:00` and its relatives as RFC 3339 in UTC, or undefined. Year 1 stands for "not known". */
export function timestamp(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  // The form of nearly all rows, told without parsing.
  if (PLAIN_TIME.test(value)) return `${value.slice(0, 10)}T${value.slice(11, 19)}Z`;
  const date = new Date(
    value
      .replace(/ (\+|-)/, '$1')
      .replace(' ', 'T')
      .replace(/\s.*$/, ''),
  );
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1970) return undefined;
  return date.toISOString().replace('.000Z', 'Z');
}

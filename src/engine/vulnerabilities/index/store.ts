import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { open } from 'lmdb';
import type { IndexMeta } from './format.ts';
import { INDEX_FORMAT } from './format.ts';

/** The raw entries of an index, memory-mapped and read-only. */
export interface IndexStore {
  meta: IndexMeta;
  get(key: string): unknown;
  /** Entries whose key begins with the prefix, in key order. */
  range(prefix: string): Iterable<{ key: string; value: unknown }>;
  close(): Promise<void>;
}

function openDatabase(directory: string): RootDatabase<unknown, string> | undefined {
  const path = join(directory, 'index.mdb');
  if (!existsSync(path)) return undefined;
  return open({ path, noSubdir: true, readOnly: true, encoding: 'msgpack', keyEncoding: 'ordered-binary' });
}

/** Opens an index folder. Throws when it is absent, broken or of another format. */
export function openStore(directory: string): IndexStore {
  const database = openDatabase(directory);
  if (!database) throw new Error(`there is no vulnerability index in ${directory}`);
  const meta = database.get('meta') as IndexMeta | undefined;
  if (meta?.format !== INDEX_FORMAT) {
    void database.close();
    throw new Error(
      `the vulnerability index in ${directory} has format ${String(meta?.format)} instead of ${INDEX_FORMAT}: build it again`,
    );
  }
  return {
    meta,
    get: (key) => database.get(key),
    range: (prefix) =>
      database.getRange({ start: prefix, end: `${prefix}\uffff` }) as Iterable<{ key: string; value: unknown }>,
    close: () => database.close(),
  };
}

/** What an index folder says about itself; undefined when there is none of this format. */
export function readIndexMeta(directory: string): IndexMeta | undefined {
  try {
    const store = openStore(directory);
    void store.close();
    return store.meta;
  } catch {
    return undefined;
  }
}

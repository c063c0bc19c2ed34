import type { RootDatabase } from 'lmdb';
import { open } from 'lmdb';

/** Writes the index in large synchronous transactions. */
export interface IndexWriter {
  put(key: string, value: unknown): void;
  /** A value as it was at the last `flush`. */
  get(key: string): unknown;
  /** Keys that begin with the prefix, as of the last `flush`. */
  keys(prefix: string): Iterable<string>;
  remove(key: string): void;
  /** Makes what was put so far readable. */
  flush(): void;
  /** The same, and gives back the memory in which written pages are mapped. */
  reopen(): Promise<void>;
  /** Number of entries written so far. */
  readonly entries: number;
  /** Writes what is left and closes the file. */
  finish(): Promise<void>;
  abandon(): Promise<void>;
}

const BATCH = 4000;

function openDatabase(directory: string): RootDatabase<unknown, string> {
  return open({
    path: `${directory}/index.mdb`,
    noSubdir: true,
    encoding: 'msgpack',
    keyEncoding: 'ordered-binary',
    // Nothing is read before the end: one sync then makes it durable.
    noSync: true,
    overlappingSync: false,
    // One kilobyte of slack: pages are filled in key order within a batch.
    pageSize: 4096,
  });
}

/** Opens a new index file in the directory, which must exist. */
export function openWriter(directory: string): IndexWriter {
  let database = openDatabase(directory);
  let batch: [string, unknown][] = [];
  let entries = 0;
  const flush = (): void => {
    const writing = batch;
    batch = [];
    database.transactionSync(() => {
      for (const [key, value] of writing) database.putSync(key, value);
    });
  };
  return {
    put: (key, value) => {
      batch.push([key, value]);
      entries++;
      if (batch.length >= BATCH) flush();
    },
    get: (key) => database.get(key),
    keys: (prefix) => database.getKeys({ start: prefix, end: `${prefix}\uffff` }) as Iterable<string>,
    remove: (key) => void database.removeSync(key),
    flush,
    get entries() {
      return entries;
    },
    reopen: async () => {
      flush();
      await database.flushed;
      await database.close();
      database = openDatabase(directory);
    },
    finish: async () => {
      flush();
      await database.flushed;
      await database.close();
    },
    abandon: async () => {
      batch = [];
      await database.close();
    },
  };
}

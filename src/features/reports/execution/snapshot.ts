import { sql } from 'kysely';
import type { Database, Db } from '#platform/database/types.ts';

/** One moment of the database, held by a connection of its own. */
export interface Snapshot {
  db: Db;
  /** Lets the connection go. To be called once, also after a statement failed. */
  end(): Promise<void>;
}

export interface SnapshotOptions {
  /** Ends the statement that is under way, in the database. */
  signal: AbortSignal;
  /** Longest time of a statement. */
  seconds: number;
}

/** Opens a snapshot on PostgreSQL: all statements see the same state, none can write. */
export async function openSnapshot(database: Database, { signal, seconds }: SnapshotOptions): Promise<Snapshot> {
  signal.throwIfAborted();
  const transaction = await database.db
    .startTransaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute();
  let backend: number | undefined;
  let cancelling: Promise<unknown> | undefined;
  const cancel = () => {
    if (backend === undefined) return;
    // Another connection: the one of the snapshot is at work.
    cancelling = sql`select pg_cancel_backend(${backend}::int)`.execute(database.db).catch(() => undefined);
  };
  const end = async () => {
    backend = undefined;
    signal.removeEventListener('abort', cancel);
    // It must not hit a statement of whoever gets the connection next.
    await cancelling;
    // Nothing was written. When this fails, the connection is gone, and the snapshot with it.
    await transaction
      .rollback()
      .execute()
      .catch(() => undefined);
  };
  try {
    const { rows } = await sql<{ pid: number }>`
      select pg_backend_pid() as pid, set_config('jit', 'off', true), set_config('work_mem', '64MB', true),
        set_config('random_page_cost', '1.1', true),
        set_config('statement_timeout', ${`${seconds * 1000 + 2_000}`}, true)`.execute(transaction);
    backend = rows[0]?.pid;
    signal.addEventListener('abort', cancel, { once: true });
    signal.throwIfAborted();
  } catch (error) {
    await end();
    throw error;
  }
  return { db: transaction, end };
}

/** Runs statements in a snapshot of their own. On the embedded database, which has one connection, each sees its moment. */
export async function inSnapshot<T>(
  database: Database,
  options: SnapshotOptions,
  run: (db: Db) => Promise<T>,
): Promise<T> {
  if (database.kind !== 'postgres') return run(database.db);
  const snapshot = await openSnapshot(database, options);
  try {
    return await run(snapshot.db);
  } finally {
    await snapshot.end();
  }
}

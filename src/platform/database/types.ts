import type { Kysely, Transaction } from 'kysely';
import type { Schema } from './schema.generated.ts';

/**
 * A pool or an open transaction. Store functions take it as their first argument, so that they can be part of a
 * caller's transaction. Never open a second connection while holding one: the embedded engine has a single backend.
 */
export type Db = Kysely<Schema> | Transaction<Schema>;

/** The database of this process. */
export interface Database {
  readonly db: Kysely<Schema>;
  readonly kind: 'embedded' | 'postgres';
  /** One transaction; retried on serialization failure and deadlock (SQLSTATE 40001, 40P01). */
  transaction<T>(work: (tx: Transaction<Schema>) => Promise<T>): Promise<T>;
  /** Publishes a small message to all processes (LISTEN/NOTIFY; in memory when embedded), after commit. */
  notify(db: Db, channel: string, payload: string): Promise<void>;
  /** Subscribes to messages of all processes, this one included. Returns the unsubscribe function. */
  listen(channel: string, handler: (payload: string) => void): Promise<() => Promise<void>>;
  /**
   * Embedded only, where nobody else writes: a number that rises with whatever may change a row. What was read while it
   * stayed the same is still true.
   */
  generation?(): number;
  /** Connections right now, for metrics. */
  pool?(): { open: number; idle: number; waiting: number };
  close(): Promise<void>;
}

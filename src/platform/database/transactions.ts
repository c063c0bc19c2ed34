import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';

/** serialization_failure and deadlock_detected: the same transaction may succeed when run again. */
const RETRIED = new Set(['40001', '40P01']);
const TRIES = 6;

/** SQLSTATE of a database error, e.g. `23505`; undefined for other errors. */
export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** Runs a transaction, again when it failed because of others that ran at the same time. */
export async function runTransaction<S, T>(db: Kysely<S>, work: (tx: Transaction<S>) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt === TRIES || !RETRIED.has(sqlState(error) ?? '')) throw error;
      await pause(2 ** attempt * 5 * (0.5 + Math.random()));
    }
  }
}

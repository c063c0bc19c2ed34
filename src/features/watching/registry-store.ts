import { sql } from 'kysely';
import { storableText } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** Leaves a registry alone, for one account, for a while. Returns how often it failed in a row, and when an event told of it. */
export async function blockRegistry(
  db: Db,
  account: string,
  registry: string,
  block: { pauses: (failures: number) => number; message: string },
): Promise<{ failures: number; last_event_at: Date | null }> {
  const former = await findRegistryState(db, account, registry);
  const failures = (former?.failures ?? 0) + 1;
  const values = {
    failures,
    failed_at: sql<Date>`now()`,
    last_error: storableText(block.message),
    blocked_until: sql<Date>`now() + make_interval(secs => ${block.pauses(failures)}::float8)`,
  };
  await db
    .insertInto('watch_registry')
    .values({ account, registry, ...values })
    .onConflict((conflict) => conflict.columns(['account', 'registry']).doUpdateSet(values))
    .execute();
  return { failures, last_event_at: former?.last_event_at ?? null };
}

export function findRegistryState(db: Db, account: string, registry: string) {
  return db
    .selectFrom('watch_registry')
    .selectAll()
    .where('account', '=', account)
    .where('registry', '=', registry)
    .executeTakeFirst();
}

/** Notes that an event told of a registry's failure. */
export async function noteRegistryEvent(db: Db, account: string, registry: string): Promise<void> {
  await db
    .updateTable('watch_registry')
    .set({ last_event_at: sql<Date>`now()` })
    .where('account', '=', account)
    .where('registry', '=', registry)
    .execute();
}

/** A registry answered an account again. When an event told of its failure stays known: it may fail again soon. */
export async function unblockRegistry(db: Db, account: string, registry: string): Promise<void> {
  await db
    .updateTable('watch_registry')
    .set({ failures: 0, blocked_until: sql<Date>`now()` })
    .where('account', '=', account)
    .where('registry', '=', registry)
    .execute();
}

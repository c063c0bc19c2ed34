import { sql } from 'kysely';
import type { Database, Db } from '#platform/database/types.ts';

const CHANNEL = 'account_revision';

/**
 * Revision of what lists show for an account: rises with every change. Readers keep rendered lists under it.
 * Embedded, all writes pass through this process, so that the number is known here; on PostgreSQL it is read.
 */
export interface AccountRevisions {
  /** Marks the account as changed, in the caller's transaction. */
  touch(tx: Db, account: string): Promise<void>;
  current(account: string): Promise<string>;
}

export async function createAccountRevisions(database: Database): Promise<AccountRevisions> {
  const known = new Map<string, number>();
  const embedded = database.kind === 'embedded';
  let start = Date.now();
  if (embedded) {
    await database.listen(CHANNEL, (account) => {
      known.set(account, (known.get(account) ?? 0) + 1);
      // Bounds the map; a new start value keeps old revisions from coming back.
      if (known.size > 10_000) {
        known.clear();
        start += 1;
      }
    });
  }
  return {
    async touch(tx, account) {
      await sql`
        insert into account_revision (account, revision) values (${account}, 1)
        on conflict (account) do update set revision = account_revision.revision + 1`.execute(tx);
      await database.notify(tx, CHANNEL, account);
    },
    async current(account) {
      if (embedded) return `${start}.${known.get(account) ?? 0}`;
      const row = await database.db
        .selectFrom('account_revision')
        .select('revision')
        .where('account', '=', account)
        .executeTakeFirst();
      return String(row?.revision ?? 0);
    },
  };
}

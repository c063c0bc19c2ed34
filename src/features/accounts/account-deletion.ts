import { z } from 'zod';
import type { Database } from '#platform/database/types.ts';
import type { JobDefinition, Jobs } from '#platform/jobs/types.ts';
import {
  accountOwnedTables,
  deleteAccountRecord,
  deleteOwnedRows,
  deleteRolesIn,
  deleteUsersOf,
  findAccount,
  listDeletingAccounts,
} from './account-store.ts';
import type { AccountHooks } from './hooks.ts';

/** Kind of the job that removes what an account owned. */
export const ACCOUNT_DELETE = 'account-delete';

const Payload = z.object({ account: z.string() });
/** Rows removed in one statement: short enough for the embedded database, where a statement stops all others. */
const CHUNK = 4096;

/**
 * The job: empties every table that has a column `account`, then frees the name. Nothing of the account may be left
 * when the name is used again. It can be stopped at any point and run again.
 */
export function accountDeletionJob(options: {
  database: Database;
  hooks: AccountHooks;
}): JobDefinition<z.output<typeof Payload>> {
  const { database, hooks } = options;
  const { db } = database;

  /** Removes all rows of one table. False when rows of another table still refer to them. */
  async function empty(table: string, account: string, progress: (rows: number) => Promise<void>): Promise<boolean> {
    try {
      for (;;) {
        const rows = await deleteOwnedRows(db, table, account, CHUNK);
        if (rows === 0) return true;
        await progress(rows);
      }
    } catch (error) {
      if (isForeignKeyViolation(error)) return false;
      throw error;
    }
  }

  return {
    kind: ACCOUNT_DELETE,
    payload: Payload,
    concurrency: 1,
    leaseSeconds: 300,
    retries: 10,
    async run({ account }, job) {
      if ((await findAccount(db, account))?.state !== 'deleting') return;
      await hooks.runDeleting(account);
      await deleteUsersOf(db, account);
      let removed = 0;
      let tables = (await accountOwnedTables(db)).filter((table) => table !== 'app_user');
      while (tables.length > 0) {
        const left: string[] = [];
        for (const table of tables) {
          job.signal.throwIfAborted();
          const emptied = await empty(table, account, async (rows) => {
            removed += rows;
            await job.progress({ table, removed });
          });
          if (!emptied) left.push(table);
        }
        if (left.length === tables.length)
          throw new Error(`rows of ${account} are still referred to: ${left.join(', ')}`);
        tables = left;
      }
      await database.transaction(async (tx) => {
        await deleteRolesIn(tx, account);
        await deleteAccountRecord(tx, account);
      });
    },
  };
}

/** Sends the job again for accounts whose removal was cut short; jobs under way are not doubled. */
export async function resumeAccountDeletions(database: Database, jobs: Pick<Jobs, 'send'>): Promise<void> {
  for (const account of await listDeletingAccounts(database.db)) {
    await jobs.send(database.db, ACCOUNT_DELETE, { account }, { key: account });
  }
}

function isForeignKeyViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23503';
}

import type { Db } from '#platform/database/types.ts';

/** What other features do when an account comes or goes. */
export interface AccountHooks {
  /** Adds work for a new account, done in the transaction that creates it: a failure undoes the creation. */
  onCreated(hook: (tx: Db, account: string) => Promise<void>): void;
  /**
   * Adds work for an account that is going, done before its rows are removed: what is kept outside the database.
   * May run more than once.
   */
  onDeleting(hook: (account: string) => Promise<void>): void;
  runCreated(tx: Db, account: string): Promise<void>;
  runDeleting(account: string): Promise<void>;
}

/** Creates an empty list of hooks. */
export function createAccountHooks(): AccountHooks {
  const created: ((tx: Db, account: string) => Promise<void>)[] = [];
  const deleting: ((account: string) => Promise<void>)[] = [];
  return {
    onCreated: (hook) => void created.push(hook),
    onDeleting: (hook) => void deleting.push(hook),
    async runCreated(tx, account) {
      for (const hook of created) await hook(tx, account);
    },
    async runDeleting(account) {
      for (const hook of deleting) await hook(account);
    },
  };
}

import { appendEvent } from '#features/events/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import { accountNotFound, badRequest, conflict } from '#shared/errors.ts';
import { ACCOUNT_DELETE } from './account-deletion.ts';
import { ADMIN_ACCOUNT, checkMove, isReservedName } from './account-rules.ts';
import {
  type AccountRow,
  type AccountState,
  deleteUsersOf,
  findAccount,
  insertAccount,
  listAccounts,
  lockAccount,
  updateAccountEmail,
  updateAccountState,
} from './account-store.ts';
import type { AccountHooks } from './hooks.ts';

/** Accounts: their life from creation to deletion. */
export interface AccountService {
  list(state?: AccountState): Promise<AccountRow[]>;
  /** Throws 404. */
  get(name: string): Promise<AccountRow>;
  /** Creates an account with what other features put into a new one. 400 reserved name, 409 taken name. */
  create(name: string, email: string | undefined, by: string): Promise<AccountRow>;
  setEmail(name: string, email: string | undefined, by: string): Promise<AccountRow>;
  /** 400 when the account cannot go to that state. */
  setState(name: string, state: 'enabled' | 'disabled', by: string): Promise<AccountState>;
  /**
   * Deletes a disabled account: its users at once, all else in the background; the name stays taken until that is
   * done. Repeating it is no error.
   */
  remove(name: string, by: string): Promise<void>;
}

/** Creates the service. */
export function createAccountService(options: {
  database: Database;
  jobs: Pick<Jobs, 'send'>;
  hooks: AccountHooks;
}): AccountService {
  const { database, jobs, hooks } = options;
  const { db } = database;

  async function get(name: string): Promise<AccountRow> {
    const account = await findAccount(db, name);
    if (!account) throw accountNotFound(name);
    return account;
  }

  /** Checks a move and does it, with the account locked against others. */
  function move(name: string, to: AccountState, by: string): Promise<AccountRow> {
    return database.transaction(async (tx) => {
      const account = await lockAccount(tx, name);
      if (!account) throw accountNotFound(name);
      checkMove(account, to);
      if (account.state === to) return account;
      await updateAccountState(tx, name, to);
      await appendEvent(
        tx,
        to === 'deleting'
          ? { name: 'account_deleted', account: ADMIN_ACCOUNT, resource_id: name, details: { by } }
          : { name: 'account_changed', account: ADMIN_ACCOUNT, resource_id: name, details: { by, state: to } },
      );
      if (to === 'deleting') {
        await deleteUsersOf(tx, name);
        await jobs.send(tx, ACCOUNT_DELETE, { account: name }, { key: name });
      }
      return { ...account, state: to };
    });
  }

  return {
    list: (state) => listAccounts(db, state),
    get,
    async create(name, email, by) {
      if (isReservedName(name)) throw badRequest(`Invalid account name: ${name} is reserved`);
      return database.transaction(async (tx) => {
        const account = await insertAccount(tx, { name, type: 'user', email });
        if (!account) throw conflict(`Account already exists. Name=${name}`);
        await hooks.runCreated(tx, name);
        await appendEvent(tx, { name: 'account_created', account: ADMIN_ACCOUNT, resource_id: name, details: { by } });
        return account;
      });
    },
    async setEmail(name, email, by) {
      const current = await get(name);
      if (email === undefined || email === current.email) return current;
      return database.transaction(async (tx) => {
        const details = { by, email };
        await appendEvent(tx, { name: 'account_changed', account: ADMIN_ACCOUNT, resource_id: name, details });
        return (await updateAccountEmail(tx, name, email)) ?? current;
      });
    },
    async setState(name, state, by) {
      return (await move(name, state, by)).state;
    },
    async remove(name, by) {
      await move(name, 'deleting', by);
    },
  };
}

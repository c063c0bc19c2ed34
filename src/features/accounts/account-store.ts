import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

export type AccountState = 'enabled' | 'disabled' | 'deleting';

/** An account as stored. */
export interface AccountRow {
  name: string;
  type: 'admin' | 'user' | 'service';
  state: AccountState;
  email: string | null;
  created_at: Date;
  last_updated: Date;
}

const COLUMNS = sql`name, type, state, email, created_at, last_updated`;

/** All accounts but service ones, by name. */
export async function listAccounts(db: Db, state?: AccountState): Promise<AccountRow[]> {
  const { rows } = await sql<AccountRow>`
    select ${COLUMNS} from account
    where type <> 'service' and (${state ?? null}::text is null or state = ${state ?? null})
    order by name`.execute(db);
  return rows;
}

/** One account. */
export async function findAccount(db: Db, name: string): Promise<AccountRow | undefined> {
  const { rows } = await sql<AccountRow>`select ${COLUMNS} from account where name = ${name}`.execute(db);
  return rows[0];
}

/** One account, locked until the end of the transaction. */
export async function lockAccount(db: Db, name: string): Promise<AccountRow | undefined> {
  const { rows } = await sql<AccountRow>`select ${COLUMNS} from account where name = ${name} for update`.execute(db);
  return rows[0];
}

/** Several accounts by name. */
export async function findAccounts(db: Db, names: readonly string[]): Promise<AccountRow[]> {
  const { rows } = await sql<AccountRow>`
    select ${COLUMNS} from account where name = any (${names}::text[]) order by name`.execute(db);
  return rows;
}

/** Creates an account; undefined when the name is taken. */
export async function insertAccount(
  db: Db,
  account: { name: string; type: AccountRow['type']; email: string | undefined },
): Promise<AccountRow | undefined> {
  const { rows } = await sql<AccountRow>`
    insert into account (name, type, email) values (${account.name}, ${account.type}, ${account.email ?? null})
    on conflict (name) do nothing
    returning ${COLUMNS}`.execute(db);
  return rows[0];
}

/** Changes the email of an account. */
export async function updateAccountEmail(db: Db, name: string, email: string | null): Promise<AccountRow | undefined> {
  const { rows } = await sql<AccountRow>`
    update account set email = ${email}, last_updated = now() where name = ${name} returning ${COLUMNS}`.execute(db);
  return rows[0];
}

/** Moves an account to another state. */
export async function updateAccountState(db: Db, name: string, state: AccountState): Promise<void> {
  await sql`update account set state = ${state}, last_updated = now() where name = ${name}`.execute(db);
}

/** Accounts whose removal has begun. */
export async function listDeletingAccounts(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from account where state = 'deleting'`.execute(db);
  return rows.map((row) => row.name);
}

/** Removes the record of an account in state `deleting`: its name is free from then on. */
export async function deleteAccountRecord(db: Db, name: string): Promise<void> {
  await sql`delete from account where name = ${name} and state = 'deleting'`.execute(db);
}

/** Removes all users of an account with their credentials, keys, tokens and sessions. */
export async function deleteUsersOf(db: Db, account: string): Promise<void> {
  await sql`delete from app_user where account = ${account}`.execute(db);
}

/** Removes all roles given in an account, direct and through groups. */
export async function deleteRolesIn(db: Db, account: string): Promise<void> {
  await sql`delete from role_member where domain = ${account}`.execute(db);
  await sql`delete from user_group_role where domain = ${account}`.execute(db);
}

/**
 * Tables that hold things of accounts: every table with a column `account`. Read from the catalogue, so that a table
 * added later is emptied too.
 */
export async function accountOwnedTables(db: Db): Promise<string[]> {
  const { rows } = await sql<{ table_name: string }>`
    select c.table_name
    from information_schema.columns c
    join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
    where c.table_schema = current_schema() and c.column_name = 'account' and t.table_type = 'BASE TABLE'
    order by c.table_name`.execute(db);
  return rows.map((row) => row.table_name);
}

/** Removes up to `limit` rows of an account from a table; returns how many there were. */
export async function deleteOwnedRows(db: Db, table: string, account: string, limit: number): Promise<number> {
  const result = await sql`
    delete from ${sql.table(table)}
    where ctid in (select ctid from ${sql.table(table)} where account = ${account} limit ${limit})`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}

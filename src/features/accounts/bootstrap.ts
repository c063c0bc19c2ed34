import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { ADMIN_USERNAME } from '#platform/auth/authenticate.ts';
import type { PasswordVerifier } from '#platform/auth/password-verifier.ts';
import type { Database } from '#platform/database/types.ts';
import { ADMIN_ACCOUNT, checkPasswordForm } from './account-rules.ts';
import { findAccount, insertAccount } from './account-store.ts';
import type { AccountHooks } from './hooks.ts';
import { insertUser } from './user-store.ts';

/** What the first start did. */
export interface BootstrapResult {
  /** False when the admin account existed already. */
  created: boolean;
  /** The random password of `admin`, to be printed once; absent when the operator set one. */
  password?: string;
}

/**
 * Creates the admin account and its user `admin` unless they exist. Processes that start together do it once. Throws
 * 400 when the configured password has a bad form.
 */
export async function bootstrap(options: {
  database: Database;
  passwords: PasswordVerifier;
  hooks: AccountHooks;
  settings: { admin_password?: string | undefined; admin_email: string };
}): Promise<BootstrapResult> {
  const { database, passwords, hooks, settings } = options;
  if (await findAccount(database.db, ADMIN_ACCOUNT)) return { created: false };
  const random = settings.admin_password === undefined ? randomBytes(18).toString('base64url') : undefined;
  const password = settings.admin_password ?? (random as string);
  checkPasswordForm(password);
  const passwordHash = await passwords.hash(password);
  const created = await database.transaction(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('bootstrap'))`.execute(tx);
    const account = await insertAccount(tx, { name: ADMIN_ACCOUNT, type: 'admin', email: settings.admin_email });
    if (!account) return false;
    await insertUser(tx, {
      username: ADMIN_USERNAME,
      uuid: randomUUID(),
      account: ADMIN_ACCOUNT,
      type: 'native',
      passwordHash,
    });
    await hooks.runCreated(tx, ADMIN_ACCOUNT);
    return true;
  });
  return created && random !== undefined ? { created, password: random } : { created };
}

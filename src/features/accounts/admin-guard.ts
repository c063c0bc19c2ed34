import { isAdmin } from '#platform/auth/authorize.ts';
import type { Actor } from '#platform/http/index.ts';
import { permissionDenied } from '#shared/errors.ts';
import type { AccountRow } from './account-store.ts';

/**
 * Users of the admin account may do everything, so only they may make, change or empower such users: a role held in
 * that account, even `full-control`, does not suffice. Throws 403.
 */
export function checkHomeDomain(actor: Actor, account: Pick<AccountRow, 'name' | 'type'>): void {
  if (account.type === 'admin' && !isAdmin(actor)) throw permissionDenied(account.name, '*');
}

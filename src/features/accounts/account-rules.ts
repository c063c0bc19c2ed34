import { badRequest } from '#shared/errors.ts';
import type { AccountRow, AccountState } from './account-store.ts';

/** Name of the account made at the first start. */
export const ADMIN_ACCOUNT = 'admin';

/** Names that no new account or user may have: they mean something to clients, or name the system domain. */
const RESERVED: ReadonlySet<string> = new Set(['admin', 'anchore-system', 'system']);

/** Whether a name is reserved, in any spelling. */
export function isReservedName(name: string): boolean {
  return RESERVED.has(name.toLowerCase());
}

/** Moves that a client may ask for; `deleting` is final. */
const MOVES: Record<AccountState, readonly AccountState[]> = {
  enabled: ['enabled', 'disabled'],
  disabled: ['disabled', 'enabled', 'deleting'],
  deleting: ['deleting'],
};

/** Throws 400 unless the account may go to that state. The admin account can be neither disabled nor deleted. */
export function checkMove(account: AccountRow, to: AccountState): void {
  const fixed = account.type !== 'user' && to !== account.state;
  if (fixed || !MOVES[account.state].includes(to)) {
    throw badRequest(
      `Invalid account state change requested. Account ${account.name} cannot go from ${account.state} to ${to}`,
    );
  }
}

/** Throws 400 unless a password has 6 to 128 characters on one line. */
export function checkPasswordForm(password: string): void {
  const length = [...password].length;
  if (length < 6 || length > 128 || /[\r\n\0]/.test(password)) {
    throw badRequest('Invalid password: it must have 6 to 128 characters, without line breaks');
  }
}

import { createContext, useContext } from 'react';

const KEY = 'windlass.account';

/** The account that an administrator looks at in this tab; undefined: the own one. */
export function readAccountScope(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

/** Keeps the account for this tab. Undefined goes back to the own one. */
export function storeAccountScope(account: string | undefined): void {
  if (account === undefined) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, account);
}

/** Account that scopes the calls of a page, and how to change it. */
export interface AccountScope {
  account: string | undefined;
  setAccount(account: string | undefined): void;
}

export const AccountScopeContext = createContext<AccountScope>({ account: undefined, setAccount: () => undefined });

/** The account that scopes the calls of this page. */
export function useAccountScope(): AccountScope {
  return useContext(AccountScopeContext);
}

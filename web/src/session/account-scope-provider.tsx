import { type ReactNode, useMemo, useState } from 'react';
import { type AccountScope, AccountScopeContext, readAccountScope, storeAccountScope } from '../api/account-scope.ts';

/** Holds the account of this tab. */
export function AccountScopeProvider({ children }: { children: ReactNode }) {
  const [account, setAccount] = useState(readAccountScope);
  const scope = useMemo<AccountScope>(
    () => ({
      account,
      setAccount: (next) => {
        storeAccountScope(next);
        setAccount(next);
      },
    }),
    [account],
  );
  return <AccountScopeContext value={scope}>{children}</AccountScopeContext>;
}

import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { createContext, useContext } from 'react';
import type { SessionUser } from '#contract/session.ts';
import { windlassSsoOperations } from '#contract/windlass-sso.ts';
import { useAccountScope } from '../api/account-scope.ts';
import { client } from '../api/client.ts';

export const SessionContext = createContext<SessionUser | undefined>(undefined);

/** Who is signed in. Only below the shell. */
export function useSession(): SessionUser {
  const session = useContext(SessionContext);
  if (!session) throw new Error('this part of the page needs a session');
  return session;
}

/** Whether the user may do an action in the account of the page, or in the whole system. */
export function useMay(action: string, domain: 'account' | 'system' = 'account'): boolean {
  const session = useSession();
  return session.is_admin || (domain === 'account' ? session.actions : session.system_actions).includes(action);
}

/** Ends the session, also at the identity provider that began it, and forgets everything that this page knows. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { setAccount } = useAccountScope();
  return async () => {
    const { redirect_url: provider } = await client.call(windlassSsoOperations.sign_out);
    if (provider === null) await navigate({ to: '/sign-in' });
    else window.location.assign(provider);
    setAccount(undefined);
    queries.clear();
  };
}

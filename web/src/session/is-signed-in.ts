import type { QueryClient } from '@tanstack/react-query';
import { ApiError } from '#client/index.ts';
import { sessionOperations } from '#contract/session.ts';
import { readAccountScope, storeAccountScope } from '../api/account-scope.ts';
import { readOperation } from '../api/operation-query.ts';

/** Whether the browser has a session that the server knows. Other failures are thrown. */
export async function isSignedIn(queries: QueryClient): Promise<boolean> {
  const account = readAccountScope();
  try {
    await queries.ensureQueryData(readOperation(sessionOperations.get_session, {}, account, { staleMs: 60_000 }));
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) return false;
    if (account === undefined || ![403, 404].includes(error.status)) throw error;
    // the account of this tab is gone or no longer ours
    storeAccountScope(undefined);
    location.reload();
    return true;
  }
}

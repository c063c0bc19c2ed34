import { insertEntry } from '#features/audit/index.ts';
import { createSso, type SignInRecord } from '#features/sso/index.ts';
import type { Part, Wiring } from './part.ts';

/** Sign-in through identity providers: SAML 2.0 and OpenID Connect. */
export function wireSso({ platform, live, accounts }: Wiring): Part {
  const { database, secrets, outbound, log } = platform;

  /** The routes know no user before the sign-in, so the entry is written here. */
  async function record({ operation, provider, kind, created, requestId, ...entry }: SignInRecord): Promise<void> {
    const { username, account, outcome, status, reason, address } = entry;
    const row = {
      account: account ?? '',
      username,
      user_account: account,
      credential: kind,
      operation,
      method: 'POST',
      params: { provider, created },
      outcome,
      status,
      reason,
      address,
      request_id: requestId,
    };
    log.info({ audit: true, ...row }, 'audit');
    await insertEntry(database.db, row).catch((error: unknown) => log.error({ err: error }, 'audit entry lost'));
  }

  const sso = createSso({
    database,
    accounts,
    secrets,
    fetcher: outbound,
    settings: live.settings.auth,
    record,
    onError: (error, provider) => log.warn({ err: error, provider }, 'metadata could not be renewed'),
  });
  return { routes: sso.routes };
}

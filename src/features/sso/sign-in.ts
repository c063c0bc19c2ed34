import { createHash } from 'node:crypto';
import type { ExternalUsers, SignedIn } from '#features/accounts/index.ts';
import type { Database } from '#platform/database/types.ts';
import { AppError, forbidden } from '#shared/errors.ts';
import { mapClaims } from './claim-mapping.ts';
import { consumeMessage, listMappedGroups, type ProviderRow } from './provider-store.ts';
import type { ClaimMapping, Claims } from './types.ts';

/** Who asked, for the audit log. */
export interface Caller {
  address: string;
  requestId: string;
}

/** A sign-in, or a logout that a provider asks for, as the audit log records it. */
export interface SignInRecord extends Caller {
  operation: 'sign_in' | 'provider_logout';
  provider: string;
  kind: 'saml' | 'oidc';
  username: string | null;
  account: string | null;
  created: boolean;
  outcome: 'success' | 'failure';
  status: number;
  reason: string | null;
}

/** The last step of every way to sign in: uses the message up, finds or makes the user, records it. */
export interface SignIns {
  /**
   * Does a sign-in whose proof `read` gives. Throws what `read` throws, 403 for a message that was used before, and what
   * ExternalUsers throws. Success and refusal are recorded.
   */
  run(provider: ProviderRow<ClaimMapping>, caller: Caller, read: () => Promise<ProvenClaims>): Promise<SignedIn>;
  /** Does work that a provider asks for; success and refusal are recorded. */
  record<T>(
    provider: ProviderRow,
    caller: Caller,
    operation: SignInRecord['operation'],
    work: () => Promise<T>,
  ): Promise<T>;
  /** Uses a message up; false when it was before. */
  use(source: string, id: string, until: Date): Promise<boolean>;
}

/** Claims with the subject that the provider never gives to another person, where there is one. */
export type ProvenClaims = Claims & { lastingSubject?: string | undefined };

export interface SignInOptions {
  database: Database;
  users: ExternalUsers;
  settings: { sso_require_existing_users: boolean };
  record(entry: SignInRecord): Promise<void>;
  now: () => number;
}

/** Attribute that lists groups when none is configured. */
const GROUPS = { saml: 'memberOf', oidc: 'groups' } as const;

const NOBODY = { username: null, account: null, created: false };

/** Creates the service. */
export function createSignIns(options: SignInOptions): SignIns {
  const { database, users, settings, now } = options;

  async function signIn(provider: ProviderRow<ClaimMapping>, claims: ProvenClaims): Promise<SignedIn> {
    return database.transaction(async (tx) => {
      for (const { id, until } of claims.used) {
        if (!(await consumeMessage(tx, messageId(claims.source, id), until, new Date(now()))))
          throw forbidden('Not authorized. The sign-in was used before');
      }
      const mapped = await listMappedGroups(tx, provider.name);
      const request = mapClaims(provider.name, provider.settings, GROUPS[provider.kind], mapped, claims);
      const requireExisting = settings.sso_require_existing_users;
      return users.signIn(tx, { ...request, subject: claims.lastingSubject }, { requireExisting });
    });
  }

  async function recorded<T>(
    provider: ProviderRow,
    caller: Caller,
    operation: SignInRecord['operation'],
    work: () => Promise<T>,
    who: (result: T) => Pick<SignInRecord, 'username' | 'account' | 'created'>,
  ): Promise<T> {
    const entry = { ...caller, provider: provider.name, kind: provider.kind, operation };
    let result: T;
    try {
      result = await work();
    } catch (error) {
      const status = error instanceof AppError ? error.httpStatus : 500;
      const reason = error instanceof Error ? error.message : String(error);
      await options.record({ ...entry, ...NOBODY, outcome: 'failure', status, reason });
      throw error;
    }
    await options.record({ ...entry, ...who(result), outcome: 'success', status: 200, reason: null });
    return result;
  }

  return {
    run: (provider, caller, read) =>
      recorded(
        provider,
        caller,
        'sign_in',
        async () => {
          if (!provider.enabled) throw forbidden(`Not authorized. The identity provider ${provider.name} is disabled`);
          return signIn(provider, await read());
        },
        ({ username, account, created }) => ({ username, account, created }),
      ),
    record: (provider, caller, operation, work) => recorded(provider, caller, operation, work, () => NOBODY),
    use: (source, id, until) => consumeMessage(database.db, messageId(source, id), until, new Date(now())),
  };
}

/** Ids come from outside and may be long. */
function messageId(source: string, id: string): string {
  return createHash('sha256').update(`${source}\n${id}`).digest('base64url');
}

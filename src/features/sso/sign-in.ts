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

/** A sign-in as the audit log records it. */
export interface SignInRecord extends Caller {
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

  return {
    async run(provider, caller, read) {
      const entry = { ...caller, provider: provider.name, kind: provider.kind };
      let user: SignedIn;
      try {
        if (!provider.enabled) throw forbidden(`Not authorized. The identity provider ${provider.name} is disabled`);
        user = await signIn(provider, await read());
      } catch (error) {
        const status = error instanceof AppError ? error.httpStatus : 500;
        const reason = error instanceof Error ? error.message : String(error);
        const failure = { username: null, account: null, created: false, outcome: 'failure', status, reason } as const;
        await options.record({ ...entry, ...failure });
        throw error;
      }
      const { username, account, created } = user;
      await options.record({ ...entry, username, account, created, outcome: 'success', status: 200, reason: null });
      return user;
    },
    use: (source, id, until) => consumeMessage(database.db, messageId(source, id), until, new Date(now())),
  };
}

/** Ids come from outside and may be long. */
function messageId(source: string, id: string): string {
  return createHash('sha256').update(`${source}\n${id}`).digest('base64url');
}

import { createHash } from 'node:crypto';
import type { SessionOrigin, Sessions } from '#platform/auth/sessions.ts';
import type { SamlPrincipal } from './saml/assertion.ts';
import type { TicketSecrets } from './tickets.ts';

/** What a logout at the provider has to say. */
export type LogoutDetails = { principal: SamlPrincipal } | { idToken: string };

/** Sessions here as providers know them. */
export interface ProviderSessions {
  /** What is kept with a new session. */
  origin(provider: string, subject: string, session: string | undefined, details: LogoutDetails): SessionOrigin;
  /** Opens what was kept; undefined when it was sealed with a key that is gone. */
  details(origin: Pick<SessionOrigin, 'provider' | 'logout'>): LogoutDetails | undefined;
  /** Ends the named sessions of a user, or all; a user may be left out where a session is named. Returns how many. */
  end(provider: string, subject: string | undefined, sessions: readonly string[]): Promise<number>;
}

/** Creates the service. */
export function createProviderSessions(options: {
  sessions: Pick<Sessions, 'endOfProvider'>;
  secrets: TicketSecrets;
}): ProviderSessions {
  const { sessions, secrets } = options;
  const subjectHash = (provider: string, subject: string) => hash('subject', provider, subject);
  const sessionHash = (provider: string, session: string) => hash('session', provider, session);

  return {
    origin: (provider, subject, session, details) => ({
      provider,
      subject: subjectHash(provider, subject),
      session: session === undefined ? undefined : sessionHash(provider, session),
      logout: secrets.encryptSecret(JSON.stringify(details), purposeOf(provider)),
    }),
    details({ provider, logout }) {
      try {
        return JSON.parse(secrets.decryptSecret(logout, purposeOf(provider))) as LogoutDetails;
      } catch {
        // The session here has ended all the same.
        return undefined;
      }
    },
    async end(provider, name, named) {
      const subject = name === undefined ? {} : { subject: subjectHash(provider, name) };
      if (named.length === 0) return sessions.endOfProvider(provider, subject);
      let ended = 0;
      for (const one of new Set(named))
        ended += await sessions.endOfProvider(provider, { ...subject, session: sessionHash(provider, one) });
      return ended;
    },
  };
}

/** Ids come from outside, may be long, and say who somebody is. */
function hash(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

function purposeOf(provider: string): string {
  return `sso-session/${provider}`;
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SecretBox } from '#platform/secrets/index.ts';
import type { SamlPrincipal } from './saml/assertion.ts';

/** The part of platform/secrets that is needed here. */
export type TicketSecrets = Pick<SecretBox, 'encryptSecret' | 'decryptSecret'>;

/** What the browser that began a sign-in keeps, encrypted, until it is back. */
export interface LoginTicket {
  provider: string;
  /** SAML: id of the request. OIDC: `state`. */
  id: string;
  returnTo: string;
  /** OIDC only. */
  nonce?: string;
  verifier?: string;
}

/** That a user signed in, in answer to a request. */
export interface SignInProof {
  userUuid: string;
  requestId: string;
  /** As whom the provider knows the user. */
  principal?: SamlPrincipal | undefined;
}

/** Short-lived sealed notes: nothing is stored for a sign-in that nobody finishes. */
export interface Tickets {
  /** An id for a SAML request (an xs:NCName) by which the request is known again. */
  requestId(provider: string): string;
  /** Whether a request id was made here for this provider, not too long ago; returns its end. */
  readRequestId(provider: string, id: string): Date | undefined;
  sealTicket(ticket: LoginTicket): string;
  openTicket(text: string): LoginTicket | undefined;
  /** A proof for the browser that the user signed in, to be exchanged for a session at once. */
  sealProof(proof: SignInProof): string;
  openProof(text: string): (SignInProof & { until: Date }) | undefined;
  /** Whom the provider is to sign out, for the browser to take along. */
  sealLogout(logout: { provider: string; principal: object }): string;
  openLogout<P>(text: string): { provider: string; principal: P } | undefined;
}

/** A sign-in must be finished within this time, in milliseconds. */
export const LOGIN_MS = 10 * 60_000;
const PROOF_MS = 60_000;

/** Creates the service. */
export function createTickets(options: { secrets: TicketSecrets; now: () => number }): Tickets {
  const { secrets, now } = options;

  function seal(content: object, purpose: string, lifetime: number): string {
    return secrets.encryptSecret(JSON.stringify({ ...content, until: now() + lifetime }), purpose);
  }

  function open<T>(text: string, purpose: string): (T & { until: number }) | undefined {
    if (text.length > 8192 || !isCanonical(text)) return undefined;
    try {
      const content = JSON.parse(secrets.decryptSecret(text, purpose)) as T & { until: number };
      return content.until > now() ? content : undefined;
    } catch {
      // Forged, of another purpose, or sealed with a key that is gone: there is no ticket.
      return undefined;
    }
  }

  return {
    requestId: (provider) => `_${seal({}, `sso-request/${provider}`, LOGIN_MS)}`,
    readRequestId(provider, id) {
      const content = id.startsWith('_') ? open(id.slice(1), `sso-request/${provider}`) : undefined;
      return content && new Date(content.until);
    },
    sealTicket: (ticket) => seal(ticket, 'sso-ticket', LOGIN_MS),
    openTicket: (text) => open<LoginTicket>(text, 'sso-ticket'),
    sealProof: (proof) => seal(proof, 'sso-proof', PROOF_MS),
    openProof(text) {
      const content = open<SignInProof>(text, 'sso-proof');
      return content && { ...content, until: new Date(content.until) };
    },
    sealLogout: (logout) => seal(logout, 'sso-logout', PROOF_MS),
    openLogout: (text) => open(text, 'sso-logout'),
  };
}

/** Readers of base64 pass over what is too much at the end: one note must not have two forms. */
function isCanonical(text: string): boolean {
  const sealed = text.split('.').slice(2);
  return sealed.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

/** Random text of 256 bits, for `state`, `nonce` and the PKCE verifier. */
export function randomText(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether two texts are equal, in constant time. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(left, right);
}

const COOKIE = { secure: '__Host-windlass_sign_in', plain: 'windlass_sign_in' } as const;

/** A Set-Cookie header for the ticket; without one the cookie is removed. */
export function ticketCookie(ticket: string | undefined, secure: boolean): string {
  const age = ticket === undefined ? 0 : LOGIN_MS / 1000;
  const name = secure ? COOKIE.secure : COOKIE.plain;
  return `${name}=${ticket ?? ''}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure ? '; Secure' : ''}`;
}

/** The ticket in a Cookie header. */
export function readTicketCookie(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join('; ') : (header ?? '');
  for (const name of Object.values(COOKIE)) {
    for (const part of text.split(';')) {
      const [key, value] = part.trim().split('=', 2);
      if (key === name && value) return value;
    }
  }
  return undefined;
}

/** A place on our own pages to go to after the sign-in: a foreign address would be an open redirect. */
export function ownPlace(text: string | undefined): string {
  return text !== undefined && text.length <= 2000 && /^\/(?![/\\])[\x21-\x7e]*$/.test(text) ? text : '/images';
}

import { createHash, randomBytes } from 'node:crypto';
import { forbidden } from '#shared/errors.ts';
import type { Database, Db } from '../database/types.ts';
import { findBySession, type StoredSessionIdentity } from './identity-store.ts';
import {
  deleteSession,
  deleteSessionsOf,
  deleteSessionsOfProvider,
  insertSession,
  touchSession,
} from './session-store.ts';

/** How an identity provider knows a session that it began: hashes, and what a logout there has to say, sealed. */
export interface SessionOrigin {
  provider: string;
  subject: string;
  session: string | undefined;
  logout: string;
}

/** Browser sessions: an opaque random id in a cookie, everything else in the database. */
export interface Sessions {
  /** Starts a session; returns the id for the cookie. */
  start(userUuid: string, origin?: SessionOrigin): Promise<{ id: string; maxAgeSeconds: number }>;
  /** The user of a running session; moves its end. */
  find(id: string): Promise<StoredSessionIdentity | undefined>;
  /** Ends a session; returns where it came from, if a provider began it. */
  end(id: string): Promise<Pick<SessionOrigin, 'provider' | 'logout'> | undefined>;
  /** Ends sessions that a provider began: one of them, or all of a subject. Returns how many. */
  endOfProvider(provider: string, which: { subject?: string; session?: string }): Promise<number>;
  /** Ends all sessions of a user, except the given one: after a change of password. */
  endOthers(db: Db, userUuid: string, keepId: string | undefined): Promise<void>;
}

export interface SessionsOptions {
  database: Database;
  /** A session ends after this long without a request, in seconds. */
  idleSeconds?: number;
  now?: () => number;
}

/** Names of the cookie. The `__Host-` one is used over TLS: browsers keep it to this host and to secure connections. */
export const SESSION_COOKIES = { secure: '__Host-windlass_session', plain: 'windlass_session' } as const;

const ID = /^[A-Za-z0-9_-]{43}$/;
/** The end of a session is moved this often at most: not every request shall write. */
const TOUCH_MS = 60_000;

/** Creates the session service. */
export function createSessions(options: SessionsOptions): Sessions {
  const { database } = options;
  const idleSeconds = options.idleSeconds ?? 8 * 3600;
  const now = options.now ?? Date.now;
  const end = (): Date => new Date(now() + idleSeconds * 1000);
  return {
    async start(userUuid, origin) {
      const id = randomBytes(32).toString('base64url');
      await insertSession(database.db, { idHash: hashId(id), userUuid, expiresAt: end(), origin });
      return { id, maxAgeSeconds: idleSeconds };
    },
    async find(id) {
      if (!ID.test(id)) return undefined;
      const session = await findBySession(database.db, hashId(id));
      if (!session || session.session_expires_at.getTime() <= now()) return undefined;
      if (now() - session.session_last_seen_at.getTime() > TOUCH_MS) {
        await touchSession(database.db, hashId(id), new Date(now()), end());
      }
      return session;
    },
    end: (id) => deleteSession(database.db, hashId(id)),
    endOfProvider: (provider, which) => deleteSessionsOfProvider(database.db, provider, which),
    endOthers: (db, userUuid, keepId) => deleteSessionsOf(db, userUuid, keepId === undefined ? '' : hashId(keepId)),
  };
}

/** The session id in a Cookie header. */
export function readSessionCookie(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join('; ') : (header ?? '');
  for (const name of [SESSION_COOKIES.secure, SESSION_COOKIES.plain]) {
    for (const part of text.split(';')) {
      const [key, value] = part.trim().split('=', 2);
      if (key === name && value) return value;
    }
  }
  return undefined;
}

/** A Set-Cookie header that stores the session id, or removes it when `id` is undefined. */
export function sessionCookie(id: string | undefined, options: { secure: boolean; maxAgeSeconds: number }): string {
  const name = options.secure ? SESSION_COOKIES.secure : SESSION_COOKIES.plain;
  const age = id === undefined ? 0 : options.maxAgeSeconds;
  return `${name}=${id ?? ''}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${options.secure ? '; Secure' : ''}`;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Whether a request with a session cookie comes from our own pages. Reading methods may come from anywhere; for all
 * others the browser's word is needed: `Sec-Fetch-Site`, else an `Origin` whose host is the host of the request.
 */
export function isOwnOrigin(method: string, headers: Headers): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return true;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = headers;
  if (typeof origin !== 'string' || !URL.canParse(origin)) return false;
  const { protocol, host } = new URL(origin);
  return [headers.host, headers['x-forwarded-host']].some((name) => {
    // Parsed with the protocol of the origin, so that a default port makes no difference.
    const address = `${protocol}//${String(name)}`;
    return name !== undefined && URL.canParse(address) && new URL(address).host === host;
  });
}

function hashId(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}

/** Throws 403 when a browser sends a request from elsewhere than our own pages. Programs send no origin. */
export function requireOwnPage(method: string, headers: Headers): void {
  const fromBrowser = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  if (fromBrowser && !isOwnOrigin(method, headers)) {
    throw forbidden('Not authorized. Signing in and out is for the pages of this server.');
  }
}

/** Whether the browser talks TLS to us or to a proxy in front of us. */
export function isSecureRequest(headers: Headers): boolean {
  const { origin } = headers;
  return headers['x-forwarded-proto'] === 'https' || (typeof origin === 'string' && origin.startsWith('https://'));
}

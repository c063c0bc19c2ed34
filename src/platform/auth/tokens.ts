import { randomUUID } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import type { Database } from '../database/types.ts';
import { insertRefreshToken, lockRefreshToken, replaceRefreshToken, revokeFamily } from './refresh-token-store.ts';
import type { TokenKeys } from './token-keys.ts';

/** Claims of a valid token. */
export interface TokenClaims {
  /** uuid of the user. */
  subject: string;
  /** Seconds since 1970. */
  issuedAt: number;
  id: string;
}

/** What a client gets from the token endpoint. */
export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  /** Seconds until the access token expires. */
  expiresIn: number;
}

/** Issues and checks tokens: JWT (RFC 7519), RS256, with `iss`, `sub` = uuid of the user, `exp`, `iat`, `jti`. */
export interface Tokens {
  issue(userUuid: string): Promise<TokenPair>;
  /** An access token alone, for users whose issuer is asked again when it ends. */
  issueAccess(userUuid: string): Promise<Pick<TokenPair, 'accessToken' | 'expiresIn'>>;
  /** Claims of an access token; undefined when it is forged, expired, damaged or of another kind. */
  verifyAccess(token: string): Promise<TokenClaims | undefined>;
  /** Claims of a refresh token by signature and date alone; whether it was revoked is not looked at. */
  readRefresh(token: string): Promise<TokenClaims | undefined>;
  /**
   * Exchanges a refresh token for a new pair. Undefined when it is no good. `allowed` is asked with the claims whether
   * the user may still have tokens. A token used a second time is taken as stolen: its family is revoked.
   */
  refresh(token: string, allowed: (claims: TokenClaims) => Promise<boolean>): Promise<TokenPair | undefined>;
  /** Revokes a refresh token and those made from it (RFC 7009). No error for an unknown one. */
  revoke(token: string): Promise<void>;
}

export interface TokensOptions {
  database: Database;
  keys: TokenKeys;
  accessSeconds?: number;
  refreshSeconds?: number;
  now?: () => number;
}

const ISSUER = 'anchore-engine';
/** The header parameter `typ` keeps the kinds apart; `at+jwt` is that of RFC 9068. */
const KINDS = { access: 'at+jwt', refresh: 'rt+jwt' } as const;
/** A client that sends two refreshes at once is no thief. */
const REUSE_GRACE_MS = 30_000;

/** Creates the token service. */
export function createTokens(options: TokensOptions): Tokens {
  const { database, keys } = options;
  const accessSeconds = options.accessSeconds ?? 3600;
  const refreshSeconds = options.refreshSeconds ?? 86_400;
  const now = options.now ?? Date.now;

  async function sign(kind: keyof typeof KINDS, subject: string, jti: string, seconds: number): Promise<string> {
    const key = await keys.current();
    const issuedAt = Math.floor(now() / 1000);
    return new SignJWT()
      .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: KINDS[kind] })
      .setIssuer(ISSUER)
      .setSubject(subject)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + seconds)
      .setJti(jti)
      .sign(key.privateKey);
  }

  async function verify(kind: keyof typeof KINDS, token: string): Promise<TokenClaims | undefined> {
    try {
      const { kid } = decodeProtectedHeader(token);
      const key = typeof kid === 'string' ? await keys.find(kid) : undefined;
      if (!key) return undefined;
      const { payload } = await jwtVerify(token, key.publicKey, {
        algorithms: ['RS256'],
        issuer: ISSUER,
        typ: KINDS[kind],
        currentDate: new Date(now()),
        requiredClaims: ['sub', 'exp', 'iat', 'jti'],
      });
      return { subject: payload.sub as string, issuedAt: payload.iat as number, id: payload.jti as string };
    } catch (error) {
      // TypeError: not even the shape of a token.
      if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
      throw error;
    }
  }

  function newId(): string {
    return randomUUID().replaceAll('-', '');
  }

  async function pair(userUuid: string, refreshId: string): Promise<TokenPair> {
    return {
      accessToken: await sign('access', userUuid, newId(), accessSeconds),
      refreshToken: await sign('refresh', userUuid, refreshId, refreshSeconds),
      expiresIn: accessSeconds,
    };
  }

  function record(userUuid: string, jti: string, family: string): Parameters<typeof insertRefreshToken>[1] {
    const issuedAt = new Date(now());
    return { jti, userUuid, family, issuedAt, expiresAt: new Date(now() + refreshSeconds * 1000) };
  }

  return {
    async issue(userUuid) {
      const jti = newId();
      const tokens = await pair(userUuid, jti);
      await insertRefreshToken(database.db, record(userUuid, jti, randomUUID()));
      return tokens;
    },
    async issueAccess(userUuid) {
      return { accessToken: await sign('access', userUuid, newId(), accessSeconds), expiresIn: accessSeconds };
    },
    verifyAccess: (token) => verify('access', token),
    readRefresh: (token) => verify('refresh', token),
    async refresh(token, allowed) {
      const claims = await verify('refresh', token);
      if (!claims || !(await allowed(claims))) return undefined;
      const jti = newId();
      const tokens = await pair(claims.subject, jti);
      const accepted = await database.transaction(async (tx) => {
        const stored = await lockRefreshToken(tx, claims.id);
        if (!stored) return false;
        if (stored.revoked_at) {
          const reused = stored.replaced_by !== null && stored.revoked_at.getTime() + REUSE_GRACE_MS < now();
          if (reused) await revokeFamily(tx, stored.family, new Date(now()));
          return false;
        }
        await insertRefreshToken(tx, record(claims.subject, jti, stored.family));
        await replaceRefreshToken(tx, claims.id, jti, new Date(now()));
        return true;
      });
      return accepted ? tokens : undefined;
    },
    async revoke(token) {
      const claims = await verify('refresh', token);
      if (!claims) return;
      await database.transaction(async (tx) => {
        const stored = await lockRefreshToken(tx, claims.id);
        if (stored) await revokeFamily(tx, stored.family, new Date(now()));
      });
    },
  };
}

import { sql } from 'kysely';
import type { Db } from '../database/types.ts';

/** A refresh token that was issued. */
export interface StoredRefreshToken {
  jti: string;
  user_uuid: string;
  family: string;
  expires_at: Date;
  revoked_at: Date | null;
  replaced_by: string | null;
}

/** Records a new refresh token. */
export async function insertRefreshToken(
  db: Db,
  token: { jti: string; userUuid: string; family: string; issuedAt: Date; expiresAt: Date },
): Promise<void> {
  await sql`
    insert into refresh_token (jti, user_uuid, family, issued_at, expires_at)
    values (${token.jti}, ${token.userUuid}::uuid, ${token.family}::uuid, ${token.issuedAt}, ${token.expiresAt})
  `.execute(db);
}

/** A token by id, locked until the end of the transaction: two refreshes of one token run one after the other. */
export async function lockRefreshToken(db: Db, jti: string): Promise<StoredRefreshToken | undefined> {
  const result = await sql<StoredRefreshToken>`
    select jti, user_uuid::text as user_uuid, family::text as family, expires_at, revoked_at, replaced_by
    from refresh_token where jti = ${jti} for update`.execute(db);
  return result.rows[0];
}

/** Marks a token as used up, in favour of its successor. */
export async function replaceRefreshToken(db: Db, jti: string, successor: string, now: Date): Promise<void> {
  await sql`
    update refresh_token set revoked_at = ${now}, replaced_by = ${successor} where jti = ${jti}`.execute(db);
}

/** Revokes a token and everything refreshed from it. */
export async function revokeFamily(db: Db, family: string, now: Date): Promise<void> {
  await sql`
    update refresh_token set revoked_at = ${now}
    where family = ${family}::uuid and revoked_at is null`.execute(db);
}

/** Revokes all refresh tokens of a user. */
export async function revokeRefreshTokensOf(db: Db, userUuid: string, now: Date): Promise<void> {
  await sql`
    update refresh_token set revoked_at = ${now}
    where user_uuid = ${userUuid}::uuid and revoked_at is null`.execute(db);
}

/** Removes tokens that expired before a moment: they are refused by their own date from then on. */
export async function deleteExpiredRefreshTokens(db: Db, now: Date): Promise<void> {
  await sql`delete from refresh_token where expires_at < ${now}`.execute(db);
}

import { sql } from 'kysely';
import type { Db } from '../database/types.ts';
import type { SessionOrigin } from './sessions.ts';

/** Stores a new session. */
export async function insertSession(
  db: Db,
  session: { idHash: string; userUuid: string; expiresAt: Date; origin?: SessionOrigin | undefined },
): Promise<void> {
  const { idHash, userUuid, expiresAt, origin } = session;
  await sql`
    insert into web_session (id_hash, user_uuid, expires_at, idp_name, idp_subject, idp_session, idp_logout)
    values (${idHash}, ${userUuid}::uuid, ${expiresAt}, ${origin?.provider ?? null}, ${origin?.subject ?? null},
      ${origin?.session ?? null}, ${origin?.logout ?? null})`.execute(db);
}

/** Moves the end of a session in use. */
export async function touchSession(db: Db, idHash: string, now: Date, expiresAt: Date): Promise<void> {
  await sql`
    update web_session set last_seen_at = ${now}, expires_at = ${expiresAt} where id_hash = ${idHash}`.execute(db);
}

/** Ends a session; returns where it came from, if a provider began it. */
export async function deleteSession(
  db: Db,
  idHash: string,
): Promise<Pick<SessionOrigin, 'provider' | 'logout'> | undefined> {
  const { rows } = await sql<{ provider: string | null; logout: string | null }>`
    delete from web_session where id_hash = ${idHash}
    returning idp_name as provider, idp_logout as logout`.execute(db);
  const { provider, logout } = rows[0] ?? {};
  return provider && logout ? { provider, logout } : undefined;
}

/** Ends sessions that a provider began, by its hashes; those that match all that is given. Returns how many. */
export async function deleteSessionsOfProvider(
  db: Db,
  provider: string,
  which: { subject?: string; session?: string },
): Promise<number> {
  const { subject, session } = which;
  if (subject === undefined && session === undefined) return 0;
  const result = await sql`
    delete from web_session
    where idp_name = ${provider}
      and (${subject ?? null}::text is null or idp_subject = ${subject ?? null})
      and (${session ?? null}::text is null or idp_session = ${session ?? null})`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}

/** Ends all sessions of a user, except the one with the given hash. */
export async function deleteSessionsOf(db: Db, userUuid: string, exceptIdHash = ''): Promise<void> {
  await sql`
    delete from web_session where user_uuid = ${userUuid}::uuid and id_hash <> ${exceptIdHash}`.execute(db);
}

/** Removes sessions that ended before a moment. */
export async function deleteExpiredSessions(db: Db, now: Date): Promise<void> {
  await sql`delete from web_session where expires_at < ${now}`.execute(db);
}

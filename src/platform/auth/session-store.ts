import { sql } from 'kysely';
import type { Db } from '../database/types.ts';

/** Stores a new session. */
export async function insertSession(
  db: Db,
  session: { idHash: string; userUuid: string; expiresAt: Date },
): Promise<void> {
  await sql`
    insert into web_session (id_hash, user_uuid, expires_at)
    values (${session.idHash}, ${session.userUuid}::uuid, ${session.expiresAt})`.execute(db);
}

/** Moves the end of a session in use. */
export async function touchSession(db: Db, idHash: string, now: Date, expiresAt: Date): Promise<void> {
  await sql`
    update web_session set last_seen_at = ${now}, expires_at = ${expiresAt} where id_hash = ${idHash}`.execute(db);
}

/** Ends a session. */
export async function deleteSession(db: Db, idHash: string): Promise<void> {
  await sql`delete from web_session where id_hash = ${idHash}`.execute(db);
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

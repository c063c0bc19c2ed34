import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

const PREFIX = 'saml-key/';

/** A key pair of the installation as stored: an AES-256-GCM envelope. */
export interface KeyPairRow {
  id: string;
  ciphertext: string;
  created_at: Date;
}

/** Key pairs, oldest first. */
export async function listKeyPairs(db: Db): Promise<KeyPairRow[]> {
  const { rows } = await sql<KeyPairRow>`
    select substr(name, ${PREFIX.length + 1}::int) as id, ciphertext, created_at
    from system_secret where starts_with(name, ${PREFIX}) order by created_at, name`.execute(db);
  return rows;
}

/** Keeps others from changing the set until the end of the transaction. */
export async function lockKeyPairs(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('saml-key'))`.execute(tx);
}

/** Stores a key pair. */
export async function insertKeyPair(tx: Db, row: KeyPairRow): Promise<void> {
  await sql`
    insert into system_secret (name, ciphertext, created_at)
    values (${PREFIX + row.id}, ${row.ciphertext}, ${row.created_at})`.execute(tx);
}

/** Removes a key pair. */
export async function deleteKeyPair(tx: Db, id: string): Promise<void> {
  await sql`delete from system_secret where name = ${PREFIX + id}`.execute(tx);
}

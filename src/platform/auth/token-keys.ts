import { randomBytes } from 'node:crypto';
import { type CryptoKey, exportPKCS8, exportSPKI, generateKeyPair, importPKCS8, importSPKI } from 'jose';
import { sql } from 'kysely';
import type { Database, Db } from '../database/types.ts';
import type { SecretBox } from '../secrets/index.ts';

/** Encrypts what is stored: the part of platform/secrets that this needs. */
export type KeySecrets = Pick<SecretBox, 'encryptSecret' | 'decryptSecret'>;

/** A key pair that signs tokens. */
export interface TokenKey {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  createdAt: Date;
}

/** The keys that sign tokens (RS256), shared by all processes of the installation. */
export interface TokenKeys {
  /** The key for new tokens; made at first use and when the last one is too old. */
  current(): Promise<TokenKey>;
  /** A key by its id, also one that another process made. */
  find(kid: string): Promise<TokenKey | undefined>;
}

export interface TokenKeysOptions {
  database: Database;
  secrets: KeySecrets;
  /** Age at which a successor is made, in days. */
  rotateAfterDays?: number;
  /** Age at which a key is dropped and its tokens are void, in days; longer than rotation and refresh lifetime. */
  keepDays?: number;
  now?: () => number;
}

const PREFIX = 'token-key/';
const DAY_MS = 86_400_000;
/** Unknown key ids come from strangers: they make us look into the database this often at most. */
const RELOAD_PAUSE_MS = 5_000;

interface StoredKey {
  name: string;
  ciphertext: string;
  created_at: Date;
}

/** Creates the key ring over the table `system_secret`. */
export function createTokenKeys(options: TokenKeysOptions): TokenKeys {
  const { database, secrets } = options;
  const rotateMs = (options.rotateAfterDays ?? 90) * DAY_MS;
  const keepMs = (options.keepDays ?? 180) * DAY_MS;
  const now = options.now ?? Date.now;
  const ring = new Map<string, TokenKey>();
  let loadedAt = Number.NEGATIVE_INFINITY;
  let making: Promise<TokenKey> | undefined;

  async function load(db: Db): Promise<void> {
    const { rows } = await sql<StoredKey>`
      select name, ciphertext, created_at from system_secret where starts_with(name, ${PREFIX})`.execute(db);
    const kept = rows.filter((row) => row.created_at.getTime() + keepMs > now());
    for (const kid of ring.keys()) if (!kept.some((row) => row.name === PREFIX + kid)) ring.delete(kid);
    for (const row of kept) {
      const kid = row.name.slice(PREFIX.length);
      if (!ring.has(kid))
        ring.set(kid, await importKey(kid, secrets.decryptSecret(row.ciphertext, row.name), row.created_at));
    }
    loadedAt = now();
  }

  function newest(): TokenKey | undefined {
    const usable = [...ring.values()].filter((key) => key.createdAt.getTime() + rotateMs > now());
    return usable.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0];
  }

  async function make(): Promise<TokenKey> {
    const fresh = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
    const pem = `${await exportPKCS8(fresh.privateKey)}${await exportSPKI(fresh.publicKey)}`;
    await database.transaction(async (tx) => {
      // One process makes the key, the others find it.
      await sql`select pg_advisory_xact_lock(hashtext('token-key'))`.execute(tx);
      await load(tx);
      if (newest()) return;
      const createdAt = new Date(now());
      const kid = randomBytes(8).toString('hex');
      await sql`
        insert into system_secret (name, ciphertext, created_at)
        values (${PREFIX + kid}, ${secrets.encryptSecret(pem, PREFIX + kid)}, ${createdAt})`.execute(tx);
      await sql`
        delete from system_secret
        where starts_with(name, ${PREFIX}) and created_at < ${new Date(now() - keepMs)}`.execute(tx);
      ring.set(kid, await importKey(kid, pem, createdAt));
    });
    const key = newest();
    if (!key) throw new Error('no signing key after making one');
    return key;
  }

  return {
    async current() {
      const key = newest();
      if (key) return key;
      await load(database.db);
      const loaded = newest();
      if (loaded) return loaded;
      making ??= make().finally(() => {
        making = undefined;
      });
      return making;
    },
    async find(kid) {
      const key = ring.get(kid);
      if (key) return key.createdAt.getTime() + keepMs > now() ? key : undefined;
      if (now() - loadedAt < RELOAD_PAUSE_MS) return undefined;
      await load(database.db);
      return ring.get(kid);
    },
  };
}

async function importKey(kid: string, pem: string, createdAt: Date): Promise<TokenKey> {
  return {
    kid,
    privateKey: await importPKCS8(section(pem, 'PRIVATE KEY'), 'RS256'),
    publicKey: await importSPKI(section(pem, 'PUBLIC KEY'), 'RS256'),
    createdAt,
  };
}

function section(pem: string, label: string): string {
  const match = new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`).exec(pem);
  if (!match) throw new Error(`stored signing key has no ${label}`);
  return match[0];
}

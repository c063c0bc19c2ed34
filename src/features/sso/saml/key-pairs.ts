import { createPrivateKey, generateKeyPair, type KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { appendEvent } from '#features/events/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { conflict, notFound } from '#shared/errors.ts';
import { deleteKeyPair, insertKeyPair, listKeyPairs, lockKeyPairs } from '../key-pair-store.ts';
import type { TicketSecrets } from '../tickets.ts';
import { selfSignedCertificate } from './self-signed-certificate.ts';

/** A key pair of this server as a service provider. */
export interface SamlKeyPair {
  id: string;
  privateKey: KeyObject;
  certificate: X509Certificate;
  createdAt: Date;
}

/**
 * The key pairs of this server as a service provider, shared by all processes. Identity providers know them from the
 * metadata, so none is replaced by itself: the oldest signs, the newest is what they are to encrypt for, and all decrypt.
 */
export interface SamlKeys {
  /** Oldest first; the first one is made when there is none. */
  list(): Promise<SamlKeyPair[]>;
  /** Those that there are: to decrypt with. */
  existing(): Promise<SamlKeyPair[]>;
  /** Makes another pair. Throws 409 when there are two already. */
  add(by: string): Promise<SamlKeyPair>;
  /** Throws 404, and 409 for the only one. */
  remove(id: string, by: string): Promise<void>;
}

const RSA_BITS = 3072;
const MOST_PAIRS = 2;
const DAY_MS = 86_400_000;
const LIFETIME_DAYS = 20 * 365;
const makePair = promisify(generateKeyPair);

/** Creates the service. */
export function createSamlKeys(options: { database: Database; secrets: TicketSecrets; now: () => number }): SamlKeys {
  const { database, secrets, now } = options;

  async function read(db: Db): Promise<SamlKeyPair[]> {
    return (await listKeyPairs(db)).map((row) => {
      const { key, certificate } = JSON.parse(secrets.decryptSecret(row.ciphertext, purposeOf(row.id))) as StoredPair;
      return {
        id: row.id,
        privateKey: createPrivateKey(key),
        certificate: new X509Certificate(Buffer.from(certificate, 'base64')),
        createdAt: row.created_at,
      };
    });
  }

  /** Makes a pair unless there are `most` already. One process makes it, the others find it. */
  async function make(most: number, by: string): Promise<SamlKeyPair[]> {
    const id = randomBytes(8).toString('hex');
    const { publicKey, privateKey } = await makePair('rsa', { modulusLength: RSA_BITS });
    const createdAt = new Date(now());
    const certificate = selfSignedCertificate({
      commonName: `Windlass service provider ${id}`,
      publicKey,
      privateKey,
      notBefore: new Date(now() - DAY_MS),
      notAfter: new Date(now() + LIFETIME_DAYS * DAY_MS),
    });
    const stored: StoredPair = {
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      certificate: certificate.toString('base64'),
    };
    const ciphertext = secrets.encryptSecret(JSON.stringify(stored), purposeOf(id));
    return database.transaction(async (tx) => {
      await lockKeyPairs(tx);
      if ((await listKeyPairs(tx)).length < most) {
        await insertKeyPair(tx, { id, ciphertext, created_at: createdAt });
        await tell(tx, id, 'added', by);
      }
      return read(tx);
    });
  }

  async function list(): Promise<SamlKeyPair[]> {
    const pairs = await read(database.db);
    return pairs.length > 0 ? pairs : make(1, 'system');
  }

  return {
    list,
    existing: () => read(database.db),
    async add(by) {
      const before = (await list()).length;
      const pairs = before < MOST_PAIRS ? await make(MOST_PAIRS, by) : [];
      const newest = pairs.at(-1);
      if (!newest || pairs.length === before)
        throw conflict(`There are ${MOST_PAIRS} key pairs already: remove the former one first`);
      return newest;
    },
    async remove(id, by) {
      await database.transaction(async (tx) => {
        await lockKeyPairs(tx);
        const rows = await listKeyPairs(tx);
        if (!rows.some((row) => row.id === id)) throw notFound(`Key pair not found. Id=${id}`);
        if (rows.length === 1) throw conflict('The only key pair cannot be removed: add another one first');
        await deleteKeyPair(tx, id);
        await tell(tx, id, 'removed', by);
      });
    },
  };
}

async function tell(tx: Db, id: string, change: 'added' | 'removed', by: string): Promise<void> {
  await appendEvent(tx, { name: 'saml_keys_changed', account: 'admin', resource_id: id, details: { by, change } });
}

interface StoredPair {
  /** PKCS #8, PEM. */
  key: string;
  /** DER, base64. */
  certificate: string;
}

function purposeOf(id: string): string {
  return `saml-key/${id}`;
}

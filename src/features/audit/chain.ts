import { createHmac, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '#platform/database/types.ts';
import type { SecretBox } from '#platform/secrets/index.ts';
import {
  type AuditRow,
  findChainKey,
  insertChainKey,
  lastSeal,
  type Seal,
  saveSeals,
  sealedEntries,
  unsealedEntries,
} from './store.ts';

const KEY = 'audit-chain';
const BATCH = 1_000;
/** What the first seal of all follows. */
const START = '0'.repeat(64);

/** Result of a check of the chain. */
export interface ChainReport {
  intact: boolean;
  /** Sealed entries that were looked at. */
  entries: number;
  /** Entries that wait for their seal. */
  unsealed: number;
  first_at?: Date;
  last_at?: Date;
  /** The last seal: written down elsewhere, it shows later that nothing was cut off. */
  last_seal?: string;
  /** The first entry that does not fit, with the reason. */
  broken_at?: { id: number; reason: string };
}

/** The seals of the audit log: HMAC-SHA-256 over each entry and the seal before it. */
export interface AuditChain {
  /** Seals what is new. Returns the number of entries. */
  seal(): Promise<number>;
  verify(signal?: AbortSignal): Promise<ChainReport>;
}

/** Creates the chain over the table of entries. Its key is made at first use and kept encrypted. */
export function createAuditChain({ database, secrets }: { database: Database; secrets: SecretBox }): AuditChain {
  const { db } = database;
  let key: Buffer | undefined;

  async function chainKey(): Promise<Buffer> {
    if (key) return key;
    let ciphertext = await findChainKey(db, KEY);
    if (!ciphertext) {
      await insertChainKey(db, KEY, secrets.encryptSecret(randomBytes(32).toString('base64'), KEY));
      ciphertext = (await findChainKey(db, KEY))!;
    }
    key = Buffer.from(secrets.decryptSecret(ciphertext, KEY), 'base64');
    return key;
  }

  return {
    async seal() {
      const secret = await chainKey();
      let sealed = 0;
      for (;;) {
        const count = await database.transaction(async (tx) => {
          // One chain: two processes must not both continue from the same seal.
          await sql`select pg_advisory_xact_lock(hashtext(${KEY}))`.execute(tx);
          const rows = await unsealedEntries(tx, BATCH);
          if (rows.length === 0) return 0;
          const last = await lastSeal(tx);
          let previous = last?.seal ?? START;
          let number = Number(last?.seal_number ?? 0);
          const seals = rows.map((row): Seal => {
            const seal = sealOf(secret, previous, row);
            const entry = { id: row.id, seal_number: ++number, previous_seal: previous, seal };
            previous = seal;
            return entry;
          });
          await saveSeals(tx, seals);
          return rows.length;
        });
        sealed += count;
        if (count < BATCH) return sealed;
      }
    },

    async verify(signal) {
      const secret = await chainKey();
      const report: ChainReport = { intact: true, entries: 0, unsealed: (await unsealedEntries(db, BATCH)).length };
      let after = -1;
      let expected: { seal: string; number: number } | undefined;
      for (;;) {
        signal?.throwIfAborted();
        const rows = await sealedEntries(db, after, BATCH);
        for (const row of rows) {
          const reason = faultOf(secret, row, expected);
          if (reason) return { ...report, intact: false, broken_at: { id: row.id, reason } };
          expected = { seal: row.seal!, number: Number(row.seal_number) };
          report.entries += 1;
          report.first_at ??= row.at;
          report.last_at = row.at;
          report.last_seal = row.seal!;
        }
        if (rows.length < BATCH) return report;
        after = Number(rows.at(-1)!.seal_number);
      }
    },
  };
}

function faultOf(secret: Buffer, row: AuditRow, expected: { seal: string; number: number } | undefined) {
  if (expected && Number(row.seal_number) !== expected.number + 1) return 'entries before it are missing';
  if (expected && row.previous_seal !== expected.seal) return 'it does not continue the seal before it';
  if (row.seal !== sealOf(secret, row.previous_seal ?? START, row)) return 'it was changed after it was sealed';
  return undefined;
}

function sealOf(secret: Buffer, previous: string, row: AuditRow): string {
  const content = [
    row.id,
    row.at.toISOString(),
    row.account,
    row.username,
    row.user_account,
    row.credential,
    row.operation,
    row.method,
    sorted(row.params),
    row.outcome,
    row.status,
    row.reason,
    row.address,
    row.request_id,
  ];
  return createHmac('sha256', secret).update(previous).update('\n').update(JSON.stringify(content)).digest('hex');
}

/** The database keeps members of an object in an order of its own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, sorted(item)]),
  );
}

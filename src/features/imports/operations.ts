import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Database, Db } from '#platform/database/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import { isUuid } from '#shared/uuid.ts';
import {
  type ContentRow,
  contentsOf,
  deleteImport,
  findImport,
  type ImportRow,
  type ImportStatus,
  type ImportSubject,
  importObjects,
  insertImport,
  listImports,
  moveImport,
  saveContent,
  spentImports,
} from './store.ts';

/** Most operations that are cleaned up in one go. */
const SWEEP = 100;

/** Where imports keep what they are sent. */
export interface ImportStorage {
  database: Database;
  objects: ObjectStore;
}

export interface ImportOperationDependencies extends ImportStorage {
  subject: ImportSubject;
  /** Largest content in MiB, and the setting that says so. */
  limit: { mebibytes: number; setting: string };
  /** Days after which an operation that was not used is forgotten. */
  days: number;
}

export type ImportOperations = ReturnType<typeof createImportOperations>;

/** Operations that collect what clients found elsewhere, part by part, until a request makes something of it. */
export function createImportOperations({ database, objects, subject, limit, days }: ImportOperationDependencies) {
  const { db } = database;

  async function get(account: string, uuid: string): Promise<ImportRow> {
    const row = isUuid(uuid) ? await findImport(db, account, subject, uuid) : undefined;
    if (!row) throw notFound(`import operation not found: ${uuid.slice(0, 100)}`);
    if (row.status === 'pending' && row.expires_at < new Date()) {
      await moveImport(db, account, uuid, 'pending', 'expired');
      return { ...row, status: 'expired' };
    }
    return row;
  }

  async function contents(account: string, uuid: string, kind?: string): Promise<ContentRow[]> {
    await get(account, uuid);
    return contentsOf(db, account, uuid, kind);
  }

  /** Throws 409 unless the operation still waits for content. */
  async function pending(account: string, uuid: string): Promise<void> {
    const { status } = await get(account, uuid);
    if (status !== 'pending') throw conflict(`import operation ${uuid} is not pending: its status is ${status}`);
  }

  return {
    get,
    contents,
    pending,
    list: (account: string): Promise<ImportRow[]> => listImports(db, account, subject),

    create: (account: string): Promise<ImportRow> =>
      insertImport(db, account, subject, randomUUID(), new Date(Date.now() + days * 86_400_000)),

    /** Cancels an operation that waits for content; the record stays for a day. */
    async cancel(account: string, uuid: string): Promise<ImportRow> {
      await pending(account, uuid);
      if (!(await moveImport(db, account, uuid, 'pending', 'expired'))) throw used(uuid);
      for (const { object_key } of await contentsOf(db, account, uuid)) await objects.delete(object_key);
      return get(account, uuid);
    },

    /** Stores a part. The answer's digest is the bare SHA-256 of its bytes; the same bytes give the same answer. */
    async add(account: string, uuid: string, kind: string, body: Buffer | Readable): Promise<ContentRow> {
      await pending(account, uuid);
      const bytes = await collect(body, limit);
      if (bytes.length === 0) throw badRequest('the content is empty');
      const digest = createHash('sha256').update(bytes).digest('hex');
      const key = `imports/${encodeURIComponent(account)}/${uuid}/${kind}-${digest}`;
      const known = (await contentsOf(db, account, uuid, kind)).find((content) => content.digest === digest);
      if (known) return known;
      await objects.put(key, bytes);
      const saved = await saveContent(db, account, {
        import: uuid,
        kind,
        digest,
        object_key: key,
        size: bytes.length,
      });
      if (saved) return saved;
      // a request that sent the same bytes may have been in time
      const [kept] = (await contentsOf(db, account, uuid, kind)).filter((content) => content.digest === digest);
      if (!kept) await objects.delete(key);
      throw used(uuid);
    },

    /** Moves an operation from one state to the next; throws 409 when another request was faster. */
    async use(tx: Db, account: string, uuid: string, to: ImportStatus): Promise<void> {
      if (!(await moveImport(tx, account, uuid, 'pending', to))) throw used(uuid);
    },

    /** Ends an operation that is being processed; one that is over already stays as it is. */
    async finish(tx: Db, account: string, uuid: string, to: 'complete' | 'failed'): Promise<void> {
      await moveImport(tx, account, uuid, 'processing', to);
    },
  };
}

/** Forgets operations of every account that are over, with what was sent to them. Returns how many. */
export async function sweepImports({ database: { db }, objects }: ImportStorage): Promise<number> {
  const spent = await spentImports(db, SWEEP);
  for (const { account, uuid } of spent) {
    for (const { object_key } of await contentsOf(db, account, uuid)) await objects.delete(object_key);
    await deleteImport(db, account, uuid);
  }
  return spent.length;
}

/** Removes what imports of an account keep outside the database. */
export async function forgetImports({ database: { db }, objects }: ImportStorage, account: string): Promise<void> {
  for (const key of await importObjects(db, account)) await objects.delete(key);
}

function used(uuid: string): Error {
  return conflict(`import operation ${uuid} was used by another request`);
}

async function collect(body: Buffer | Readable, limit: ImportOperationDependencies['limit']): Promise<Buffer> {
  const most = limit.mebibytes * 1024 ** 2;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of Buffer.isBuffer(body) ? [body] : body) {
    size += (chunk as Buffer).length;
    if (size > most) throw badRequest(`the content is larger than ${limit.mebibytes} MB (${limit.setting})`);
    chunks.push(chunk as Buffer);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { ImageAnalysisRequest, ImportContentDigests } from '#contract/images-schemas.ts';
import { isDigest } from '#engine/model/digest.ts';
import { putAnalysis, saveAnalysis } from '#features/analyses/index.ts';
import type { ImageGateway, KnownImage } from '#features/images/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import { isUuid } from '#shared/uuid.ts';
import { buildAnalysis, type ImportParts } from './build-analysis.ts';
import {
  type ContentRow,
  contentsOf,
  deleteImport,
  findImport,
  type ImportRow,
  importObjects,
  insertImport,
  listImports,
  moveImport,
  saveContent,
  spentImports,
} from './store.ts';

/** Parts of an import, by the names that `POST /images` gives to them. */
export const CONTENT_KINDS = [
  'packages',
  'image_config',
  'manifest',
  'parent_manifest',
  'dockerfile',
  'content_searches',
  'secret_searches',
  'file_contents',
  'sbom',
] as const;
export type ContentKind = (typeof CONTENT_KINDS)[number];

/** Most operations that are cleaned up in one go. */
const SWEEP = 100;
const PREFIX = 'imports';
/** Annotation that tells where the analysis came from. */
const OPERATION_ANNOTATION = 'anchore.system/import_operation_id';

export interface ImportServiceDependencies {
  database: Database;
  objects: ObjectStore;
  gateway: Pick<ImageGateway, 'parse'>;
  settings: { max_import_content_size_mb: number };
  retention: { import_operation_days: number };
}

export type ImportService = ReturnType<typeof createImportService>;

/** Images that were analysed elsewhere: their parts are collected under an operation, then made into an image. */
export function createImportService(deps: ImportServiceDependencies) {
  const { database, objects } = deps;
  const { db } = database;

  async function get(account: string, uuid: string): Promise<ImportRow> {
    const row = isUuid(uuid) ? await findImport(db, account, uuid) : undefined;
    if (!row) throw notFound(`import operation not found: ${uuid}`);
    if (row.status === 'pending' && row.expires_at < new Date()) {
      await moveImport(db, account, uuid, ['pending'], 'expired');
      return { ...row, status: 'expired' };
    }
    return row;
  }

  async function openOperation(account: string, uuid: string): Promise<ImportRow> {
    const row = await get(account, uuid);
    if (row.status !== 'pending' && row.status !== 'processing') {
      throw conflict(`import operation ${uuid} takes no more content: its status is ${row.status}`);
    }
    return row;
  }

  async function removeObjects(rows: ContentRow[]): Promise<void> {
    for (const { object_key } of rows) await objects.delete(object_key);
  }

  /** The bytes of each part that a request names. */
  async function readParts(account: string, uuid: string, wanted: ImportContentDigests): Promise<ImportParts> {
    const known = await contentsOf(db, account, uuid);
    const parts: Partial<Record<ContentKind, Buffer>> = {};
    for (const [kind, digest] of Object.entries(wanted) as [ContentKind, string | undefined][]) {
      if (digest === undefined) continue;
      const hex = digest.replace(/^sha256:/, '');
      // A client that sent one whole document names it in place of the list of packages.
      const row = known.find(
        (content) =>
          content.digest === hex && (content.kind === kind || (kind === 'packages' && content.kind === 'sbom')),
      );
      if (!row) throw badRequest(`contents.${kind} names content that was not sent to the operation: ${digest}`);
      const bytes = await objects.get(row.object_key);
      if (!bytes) throw badRequest(`contents.${kind} is not stored any more: send it again`);
      parts[kind] = bytes;
    }
    return parts as ImportParts;
  }

  return {
    get,
    list: (account: string) => listImports(db, account),

    create: (account: string) =>
      insertImport(db, account, randomUUID(), new Date(Date.now() + deps.retention.import_operation_days * 86_400_000)),

    /** Cancels an operation that waits for content; the record stays for a day. */
    async cancel(account: string, uuid: string): Promise<ImportRow> {
      await openOperation(account, uuid);
      const contents = await contentsOf(db, account, uuid);
      await moveImport(db, account, uuid, ['pending', 'processing'], 'expired');
      await removeObjects(contents);
      return get(account, uuid);
    },

    /** Stores a part. The answer's digest is the bare SHA-256 of its bytes; the same bytes give the same answer. */
    async add(account: string, uuid: string, kind: ContentKind, body: Buffer | Readable): Promise<ContentRow> {
      await openOperation(account, uuid);
      const limit = deps.settings.max_import_content_size_mb * 1024 ** 2;
      const bytes = Buffer.isBuffer(body) ? body : await collect(body, limit);
      if (bytes.length > limit) throw tooLarge(limit);
      if (bytes.length === 0) throw badRequest('the content is empty');
      const digest = createHash('sha256').update(bytes).digest('hex');
      const key = `${PREFIX}/${encodeURIComponent(account)}/${uuid}/${kind}-${digest}`;
      await objects.put(key, bytes);
      return saveContent(db, { import: uuid, kind, digest, object_key: key, size: bytes.length });
    },

    /** Digests of the parts of a kind. */
    async contents(account: string, uuid: string, kind: ContentKind): Promise<string[]> {
      await get(account, uuid);
      return (await contentsOf(db, account, uuid, kind)).map((row) => row.digest);
    },

    /** Makes the parts that `source.import` of an add request names into an image; the operation is used up by it. */
    async open(account: string, source: NonNullable<ImageAnalysisRequest['source']>['import']): Promise<KnownImage> {
      const manifest = source!;
      const digest = manifest.digest.toLowerCase();
      if (!isDigest(digest)) throw badRequest(`source.import.digest is not a sha256 digest: ${manifest.digest}`);
      if (manifest.tags.length === 0) throw badRequest('source.import.tags must name at least one tag');
      const tags = manifest.tags.map((name) => {
        const { registry, repository, tag } = deps.gateway.parse(name);
        return { registry, repository, tag: tag ?? 'latest' };
      });
      const uuid = manifest.operation_uuid;
      const operation = await get(account, uuid);
      if (operation.status !== 'pending') {
        throw conflict(`import operation ${uuid} is not pending: its status is ${operation.status}`);
      }
      const parts = await readParts(account, uuid, manifest.contents);
      const parent = manifest.parent_digest?.toLowerCase();
      if (parent !== undefined && !isDigest(parent))
        throw badRequest('source.import.parent_digest is not a sha256 digest');
      const analysis = buildAnalysis(parts, { digest, ...(parent ? { parentDigest: parent } : {}) });
      const keys = await putAnalysis(objects, analysis);
      return {
        digest,
        ...(parent ? { parentDigest: parent } : {}),
        imageId: manifest.local_image_id ?? analysis.image!.imageId,
        ...(parts.dockerfile ? { dockerfile: parts.dockerfile.toString('base64') } : {}),
        annotations: { [OPERATION_ANNOTATION]: uuid },
        tags,
        async store(tx) {
          if (!(await moveImport(tx, account, uuid, ['pending'], 'complete'))) {
            throw conflict(`import operation ${uuid} was used by another request`);
          }
          await saveAnalysis(tx, digest, analysis, keys, account);
        },
      };
    },

    /** Forgets operations of every account that are over, with what was sent to them. */
    async sweep(): Promise<number> {
      const spent = await spentImports(db, SWEEP);
      for (const { account, uuid } of spent) {
        await removeObjects(await contentsOf(db, account, uuid));
        await deleteImport(db, account, uuid);
      }
      return spent.length;
    },

    /** Removes what an account keeps outside the database. */
    async forget(account: string): Promise<void> {
      for (const key of await importObjects(db, account)) await objects.delete(key);
    },
  };
}

function tooLarge(limit: number) {
  return badRequest(`the content is larger than ${Math.floor(limit / 1024 ** 2)} MB (max_import_content_size_mb)`);
}

async function collect(stream: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

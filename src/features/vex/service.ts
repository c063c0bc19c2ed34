import { createHash, randomUUID } from 'node:crypto';
import { type ImageVex, readVex, type VexDocument, VexError } from '#engine/vex/index.ts';
import { listAnnotations } from '#features/annotations/index.ts';
import { appendEvent } from '#features/events/index.ts';
import type { FindingService } from '#features/findings/index.ts';
import { fullTag, type ImageService } from '#features/images/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import { isUuid } from '#shared/uuid.ts';
import { sortStatements, statementOf } from './image-documents.ts';
import { idsOf } from './judgements.ts';
import {
  deleteDocument,
  findDocument,
  findVersion,
  insertDocument,
  listDocuments,
  type VexDocumentRow,
} from './store.ts';

export interface VexServiceDependencies {
  database: Database;
  images: Pick<ImageService, 'getAnalyzed'>;
  findings: Pick<FindingService, 'findings' | 'document'>;
  /** Told in the transaction of the change: verdicts and lists of the account may be others now. */
  changed(tx: Db, account: string): Promise<void>;
  /** Author that documents state; absent: the authors of the annotations. */
  author?: string | undefined;
  productVersion: string;
}

export type VexService = ReturnType<typeof createVexService>;

/** VEX documents: those that an account imports, and those that are written of its annotations. */
export function createVexService(deps: VexServiceDependencies) {
  const { database, images, findings } = deps;
  const { db } = database;

  async function get(account: string, uuid: string): Promise<VexDocumentRow> {
    const row = isUuid(uuid) ? await findDocument(db, account, uuid) : undefined;
    if (!row) throw notFound(`VEX document not found: ${uuid.slice(0, 100)}`);
    return row;
  }

  return {
    get,
    list: (account: string) => listDocuments(db, account),

    /** Stores a document. The same bytes again change nothing; an older version than the stored one is refused (409). */
    async import(
      account: string,
      bytes: Uint8Array,
      about: { name: string | undefined; username: string },
    ): Promise<VexDocumentRow> {
      const document = read(bytes);
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      const uuid = await database.transaction(async (tx) => {
        const former = await findVersion(tx, account, document.format, document.id);
        if (former?.digest === digest) return former.uuid;
        if (former?.issued_at && document.issuedAt && former.issued_at > new Date(document.issuedAt))
          throw conflict(`a newer version of ${document.id} is imported already: of ${former.issued_at.toISOString()}`);
        if (former) await deleteDocument(tx, account, former.uuid);
        const created = randomUUID();
        await insertDocument(tx, account, document, {
          uuid: created,
          digest,
          name: about.name,
          createdBy: about.username,
        });
        await tell(tx, account, created, document.id, former ? 'replaced' : 'imported');
        return created;
      });
      return get(account, uuid);
    },

    async remove(account: string, uuid: string): Promise<void> {
      const row = await get(account, uuid);
      await database.transaction(async (tx) => {
        if (!(await deleteDocument(tx, account, row.uuid))) throw notFound(`VEX document not found: ${uuid}`);
        await tell(tx, account, row.uuid, row.document_id, 'deleted');
      });
    },

    /** What VEX documents about an image are written from: the annotations of the account. */
    async imageVex(account: string, digest: string): Promise<ImageVex> {
      const image = await images.getAnalyzed(account, digest);
      const analysis = await findings.document(account, image.digest);
      const annotations = await listAnnotations(db, account, image.digest);
      const { findings: rows } = await findings.findings(account, image.digest);
      const aliases = (id: string) => [
        ...new Set(rows.filter((row) => row.match.vulnerability === id).flatMap((row) => idsOf(row))),
      ];
      const authors = [...new Set(annotations.map((row) => row.author))].sort();
      return {
        digest: image.digest,
        tags: image.tags.map(fullTag),
        ...(analysis.image?.architecture ? { architecture: analysis.image.architecture } : {}),
        author: deps.author ?? (authors.join(', ') || 'Unknown Author'),
        toolVersion: deps.productVersion,
        since: (image.analyzed_at ?? image.created_at).toISOString(),
        statements: sortStatements(
          annotations.map((row) => statementOf(row, analysis.packages, aliases(row.vulnerability_id))),
        ),
      };
    },

    /** Judged findings of an image. */
    async judged(account: string, digest: string) {
      const { findings: rows } = await findings.findings(account, digest);
      return rows.flatMap((row) => (row.annotation ? [{ finding: row, annotation: row.annotation }] : []));
    },
  };

  async function tell(tx: Db, account: string, uuid: string, documentId: string, what: string): Promise<void> {
    await appendEvent(tx, {
      name: 'vex_documents_changed',
      account,
      resource_id: uuid,
      message: `The VEX document ${documentId.slice(0, 500)} was ${what}`,
      details: { document_id: documentId, change: what },
    });
    await deps.changed(tx, account);
  }
}

function read(bytes: Uint8Array): VexDocument {
  try {
    return readVex(bytes);
  } catch (error) {
    if (error instanceof VexError) throw badRequest(error.message);
    throw error;
  }
}

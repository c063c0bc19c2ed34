import { randomUUID } from 'node:crypto';
import type { AnalysisArchiveAddResult } from '#contract/archives.ts';
import { putAnalysis, saveAnalysis } from '#features/analyses/index.ts';
import { appendEvent } from '#features/events/index.ts';
import type { FindingService } from '#features/findings/index.ts';
import { fullTag, type ImageService, type KnownImage, tagsOf } from '#features/images/index.ts';
import { archiveEvaluations, restoreEvaluations } from '#features/policies/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { badRequest, notFound } from '#shared/errors.ts';
import { type ArchiveDocument, packArchive, unpackArchive } from './archive-document.ts';
import {
  type ArchivedRow,
  type ArchivedTag,
  archiveObjects,
  deleteArchived,
  findArchived,
  listArchived,
  saveArchived,
  summarize,
} from './archive-store.ts';

/** Most digests in one request. */
const MAX_DIGESTS = 100;
const PREFIX = 'archives';

export interface ArchiveServiceDependencies {
  database: Database;
  objects: ObjectStore;
  images: Pick<ImageService, 'getAnalyzed' | 'analysis' | 'files'>;
  findings: Pick<FindingService, 'report'>;
}

export type ArchiveService = ReturnType<typeof createArchiveService>;

/** Analyses set aside: out of the working set, kept as they were, and brought back on demand. */
export function createArchiveService({ database, objects, images, findings }: ArchiveServiceDependencies) {
  const { db } = database;

  async function get(account: string, digest: string): Promise<ArchivedRow> {
    const row = await findArchived(db, account, digest.toLowerCase());
    if (!row) throw notFound(`archived image not found: ${digest}`, { error_codes: ['IMAGE_NOT_FOUND'] });
    return row;
  }

  async function documentOf(account: string, digest: string): Promise<ArchiveDocument> {
    const { row, analysis } = await images.analysis(account, digest);
    const { files } = await images.files(account, digest);
    const report = { type: 'all', vendorOnly: false, description: false } as const;
    return {
      format: 1,
      image: {
        digest: row.digest,
        parent_digest: row.parent_digest,
        image_id: row.image_id,
        annotations: row.annotations as Record<string, string>,
        dockerfile: row.dockerfile,
        analyzed_at: row.analyzed_at?.toISOString() ?? null,
      },
      tags: (await tagsOf(db, account, row.digest)).map(({ registry, repository, tag, detected_at }) => ({
        registry,
        repository,
        tag,
        detected_at: detected_at.toISOString(),
      })),
      analysis: { ...analysis, ...(files ? { files } : {}) },
      ...(await archiveEvaluations(db, account, row.digest)),
      vulnerabilities: (await findings.report(account, row.digest, report)).vulnerabilities,
    };
  }

  /** Archives one image of the working set, which stays there. `cause` says who asked, for the event. */
  async function archive(account: string, digest: string, cause: string): Promise<void> {
    try {
      const document = await documentOf(account, digest);
      const bytes = await packArchive(document);
      const key = `${PREFIX}/${encodeURIComponent(account)}/${document.image.digest.replace(':', '-')}/${randomUUID()}.json.zst`;
      await objects.put(key, bytes);
      const former = await database.transaction(async (tx) => {
        const replaced = await saveArchived(tx, account, {
          digest: document.image.digest,
          parent_digest: document.image.parent_digest,
          annotations: document.image.annotations,
          image_detail: document.tags.map((tag): ArchivedTag => ({ pull_string: fullTag(tag), ...tag })),
          object_key: key,
          archive_size: bytes.length,
          analyzed_at: document.image.analyzed_at ? new Date(document.image.analyzed_at) : null,
        });
        await appendEvent(tx, { name: 'image_archived', account, resource_id: digest, details: { cause } });
        return replaced;
      });
      if (former) await objects.delete(former);
    } catch (error) {
      await appendEvent(db, {
        name: 'image_archive_failed',
        account,
        resource_id: digest,
        details: { cause, error: (error as Error).message },
      });
      throw error;
    }
  }

  /** Removes an image from the archive; true when there was one. */
  async function remove(account: string, digest: string, cause: string): Promise<boolean> {
    const row = await database
      .transaction(async (tx) => {
        const deleted = await deleteArchived(tx, account, digest);
        if (deleted) {
          await appendEvent(tx, { name: 'archived_image_deleted', account, resource_id: digest, details: { cause } });
        }
        return deleted;
      })
      .catch(async (error: unknown) => {
        await appendEvent(db, {
          name: 'archived_image_delete_failed',
          account,
          resource_id: digest,
          details: { cause, error: (error as Error).message },
        });
        throw error;
      });
    // After the commit: a record without its object would be worse than an object without a record.
    if (row?.object_key) await objects.delete(row.object_key);
    return row !== undefined;
  }

  return {
    summary: (account: string) => summarize(db, account),
    list: (account: string) => listArchived(db, account),
    get,
    archive,
    remove,

    /** Archives images one by one; an image that cannot be archived does not stop the others. */
    async archiveAll(account: string, digests: string[]): Promise<AnalysisArchiveAddResult[]> {
      if (digests.length === 0 || digests.length > MAX_DIGESTS) {
        throw badRequest(`between 1 and ${MAX_DIGESTS} image digests are needed, ${digests.length} were given`);
      }
      const results: AnalysisArchiveAddResult[] = [];
      for (const given of digests) {
        const digest = given.toLowerCase();
        try {
          await images.getAnalyzed(account, digest);
          await archive(account, digest, 'API request');
          results.push({ digest, status: 'archived', detail: 'completed' });
        } catch (error) {
          results.push({ digest, status: 'error', detail: (error as Error).message });
        }
      }
      return results;
    },

    /** Answers the API's deletion: 404 without a record, 400 in a state that forbids it unless forced. */
    async removeOrFail(account: string, digest: string, force: boolean): Promise<void> {
      const row = await get(account, digest);
      if (!force && row.status !== 'archived' && row.status !== 'deleting') {
        throw badRequest(
          `cannot delete an archived image in status ${row.status}; use force to delete it all the same`,
        );
      }
      await remove(account, row.digest, 'API request');
    },

    /** Opens an archived image so that the image feature can take it into the working set; the archive keeps its copy. */
    async restore(account: string, digest: string): Promise<KnownImage> {
      const row = await get(account, digest);
      try {
        const bytes = row.object_key ? await objects.get(row.object_key) : undefined;
        if (!bytes) throw new Error(`the archive of image ${digest} is missing from the object store`);
        const document = await unpackArchive(bytes);
        const keys = await putAnalysis(objects, document.analysis);
        return {
          digest: row.digest,
          ...(document.image.parent_digest ? { parentDigest: document.image.parent_digest } : {}),
          ...(document.image.image_id ? { imageId: document.image.image_id } : {}),
          ...(document.image.dockerfile ? { dockerfile: document.image.dockerfile } : {}),
          annotations: document.image.annotations,
          tags: document.tags.map(({ detected_at, ...tag }) => ({ ...tag, detectedAt: new Date(detected_at) })),
          async store(tx) {
            await saveAnalysis(tx, row.digest, document.analysis, keys, account);
            await restoreEvaluations(tx, account, row.digest, document);
            await appendEvent(tx, { name: 'image_restored_from_archive', account, resource_id: row.digest });
          },
        };
      } catch (error) {
        await appendEvent(db, {
          name: 'image_restore_failed',
          account,
          resource_id: row.digest,
          details: { error: (error as Error).message },
        });
        throw error;
      }
    },

    /** Removes what an account keeps outside the database. */
    async forget(account: string): Promise<void> {
      for (const key of await archiveObjects(db, account)) await objects.delete(key);
    },
  };
}

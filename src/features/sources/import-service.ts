import { createHash, randomUUID } from 'node:crypto';
import type { SourceImportMetadata } from '#contract/source-imports.ts';
import { storableText } from '#platform/database/json.ts';
import type { Database } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import { isUuid } from '#shared/uuid.ts';
import { type AnalyzePayload, SOURCE_ANALYZE_JOB, sbomKey } from './analyze-job.ts';
import {
  deleteSourceImport,
  findSourceImport,
  insertSourceImport,
  listSourceImports,
  moveSourceImport,
  type SourceContentRow,
  type SourceImportRow,
  saveSbom,
  sbomsOf,
  sourceImportObjects,
  spentSourceImports,
} from './import-store.ts';
import {
  insertMetadata,
  metadataOf,
  type SourceMetadataRow,
  type SourceRow,
  saveSource,
  updateSource,
} from './store.ts';

/** Most operations that are cleaned up in one go. */
const SWEEP = 100;
/** Longest text of a name of a source or of what is told about it, in characters. */
const MAX_TEXT = 1024;

export interface SourceImportDependencies {
  database: Database;
  objects: ObjectStore;
  jobs: Jobs;
  settings: { max_import_source_size_mb: number };
  retention: { import_operation_days: number };
}

export type SourceImportService = ReturnType<typeof createSourceImportService>;

/** Imports of sources: an SBOM is collected under an operation, then made into what is known of a revision. */
export function createSourceImportService(deps: SourceImportDependencies) {
  const { database, objects, jobs } = deps;
  const { db } = database;

  async function get(account: string, uuid: string): Promise<SourceImportRow> {
    const row = isUuid(uuid) ? await findSourceImport(db, account, uuid) : undefined;
    if (!row) throw notFound(`import operation not found: ${uuid.slice(0, 100)}`);
    if (row.status === 'pending' && row.expires_at < new Date()) {
      await moveSourceImport(db, account, uuid, ['pending'], 'expired');
      return { ...row, status: 'expired' };
    }
    return row;
  }

  async function pending(account: string, uuid: string): Promise<void> {
    const { status } = await get(account, uuid);
    if (status !== 'pending') throw conflict(`import operation ${uuid} is not pending: its status is ${status}`);
  }

  return {
    get,
    list: (account: string) => listSourceImports(db, account),

    create: (account: string) =>
      insertSourceImport(
        db,
        account,
        randomUUID(),
        new Date(Date.now() + deps.retention.import_operation_days * 86_400_000),
      ),

    /** Cancels an operation that waits for content; the record stays for a day. */
    async cancel(account: string, uuid: string): Promise<SourceImportRow> {
      await pending(account, uuid);
      if (!(await moveSourceImport(db, account, uuid, ['pending'], 'expired')))
        throw conflict(`import operation ${uuid} was used by another request`);
      for (const { object_key } of await sbomsOf(db, account, uuid)) await objects.delete(object_key);
      return get(account, uuid);
    },

    /** Stores the SBOM. The answer's digest is the bare SHA-256 of its bytes; the same bytes give the same answer. */
    async addSbom(account: string, uuid: string, bytes: Buffer): Promise<SourceContentRow> {
      await pending(account, uuid);
      const limit = deps.settings.max_import_source_size_mb;
      if (bytes.length > limit * 1024 ** 2)
        throw badRequest(`the SBOM is larger than ${limit} MB (max_import_source_size_mb)`);
      const digest = createHash('sha256').update(bytes).digest('hex');
      const key = `imports/${encodeURIComponent(account)}/${uuid}/source-sbom-${digest}`;
      await objects.put(key, bytes);
      return saveSbom(db, { import: uuid, digest, object_key: key, size: bytes.length });
    },

    /** The SBOM that was sent last; 404 before the first. */
    async sbom(account: string, uuid: string): Promise<SourceContentRow> {
      await get(account, uuid);
      const [newest] = await sbomsOf(db, account, uuid);
      if (!newest) throw notFound(`no SBOM was sent to import operation ${uuid}`);
      return newest;
    },

    /** Makes the SBOM that the request names into the content of a source; the operation is used up by it. */
    async finalize(
      account: string,
      uuid: string,
      request: SourceImportMetadata,
    ): Promise<{ source: SourceRow; metadata: SourceMetadataRow[] }> {
      await pending(account, uuid);
      const name = {
        host: required('host', request.host),
        repository_name: required('repository_name', request.repository_name),
        revision: required('revision', request.revision),
      };
      const digest = request.contents.sbom.toLowerCase().replace(/^sha256:/, '');
      const sbom = (await sbomsOf(db, account, uuid)).find((content) => content.digest === digest);
      if (!sbom)
        throw badRequest(`contents.sbom names content that was not sent to the operation: ${request.contents.sbom}`);
      const metadata = {
        uuid: randomUUID(),
        ci_workflow_name: optional('ci_workflow_name', request.ci_workflow_name),
        ci_workflow_execution_time: request.ci_workflow_execution_time
          ? new Date(request.ci_workflow_execution_time)
          : null,
        branch_name: optional('branch_name', request.branch_name),
        change_author: optional('change_author', request.change_author),
      };
      return database.transaction(async (tx) => {
        if (!(await moveSourceImport(tx, account, uuid, ['pending'], 'processing')))
          throw conflict(`import operation ${uuid} was used by another request`);
        let source = await saveSource(tx, account, randomUUID(), name);
        await insertMetadata(tx, account, source.uuid, metadata);
        const same = source.sbom_key === sbomKey(account, source.uuid, digest) && source.analysis_status === 'analyzed';
        if (same) await moveSourceImport(tx, account, uuid, ['processing'], 'complete');
        else {
          await updateSource(tx, account, source.uuid, { analysis_status: 'not_analyzed', analysis_error: null });
          source = { ...source, analysis_status: 'not_analyzed', analysis_error: null };
          const payload: AnalyzePayload = {
            account,
            source: source.uuid,
            operation: uuid,
            object_key: sbom.object_key,
            digest,
          };
          await jobs.send(tx, SOURCE_ANALYZE_JOB, payload, { key: uuid });
        }
        return { source, metadata: await metadataOf(tx, account, source.uuid) };
      });
    },

    /** Forgets operations of every account that are over, with what was sent to them. */
    async sweep(): Promise<number> {
      const spent = await spentSourceImports(db, SWEEP);
      for (const { account, uuid } of spent) {
        for (const { object_key } of await sbomsOf(db, account, uuid)) await objects.delete(object_key);
        await deleteSourceImport(db, account, uuid);
      }
      return spent.length;
    },

    /** Removes what imports of an account keep outside the database. */
    async forget(account: string): Promise<void> {
      for (const key of await sourceImportObjects(db, account)) await objects.delete(key);
    },
  };
}

function required(field: string, value: string): string {
  const text = optional(field, value.trim());
  if (!text) throw badRequest(`${field} must not be empty`);
  return text;
}

function optional(field: string, value: string | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (value.length > MAX_TEXT) throw badRequest(`${field} is longer than ${MAX_TEXT} characters`);
  return storableText(value);
}

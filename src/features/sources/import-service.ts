import { randomUUID } from 'node:crypto';
import type { SourceImportMetadata } from '#contract/source-imports.ts';
import type { ContentRow, ImportOperations } from '#features/imports/index.ts';
import { storableText } from '#platform/database/json.ts';
import type { Database } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import { badRequest, notFound } from '#shared/errors.ts';
import { type AnalyzePayload, SOURCE_ANALYZE_JOB, sbomKey } from './analyze-job.ts';
import {
  insertMetadata,
  metadataOf,
  type SourceMetadataRow,
  type SourceRow,
  saveSource,
  updateSource,
} from './store.ts';

/** The one kind of content that is sent. */
const SBOM = 'sbom';
/** Longest text of a name of a source or of what is told about it, in characters. */
const MAX_TEXT = 1024;

export interface SourceImportDependencies {
  database: Database;
  jobs: Jobs;
  operations: ImportOperations;
}

export type SourceImportService = ReturnType<typeof createSourceImportService>;

/** Imports of sources: the SBOM that was sent to an operation is made into what is known of a revision. */
export function createSourceImportService({ database, jobs, operations }: SourceImportDependencies) {
  return {
    /** The SBOM that was sent last; 404 before the first. */
    async sbom(account: string, uuid: string): Promise<ContentRow> {
      const newest = (await operations.contents(account, uuid, SBOM)).at(-1);
      if (!newest) throw notFound(`no SBOM was sent to import operation ${uuid}`);
      return newest;
    },

    /** Makes the SBOM that the request names into the content of a source; the operation is used up by it. */
    async finalize(
      account: string,
      uuid: string,
      request: SourceImportMetadata,
    ): Promise<{ source: SourceRow; metadata: SourceMetadataRow[] }> {
      await operations.pending(account, uuid);
      const name = {
        host: required('host', request.host),
        repository_name: required('repository_name', request.repository_name),
        revision: required('revision', request.revision),
      };
      const digest = request.contents.sbom.toLowerCase().replace(/^sha256:/, '');
      const sbom = (await operations.contents(account, uuid, SBOM)).find((content) => content.digest === digest);
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
        await operations.use(tx, account, uuid, 'processing');
        let source = await saveSource(tx, account, randomUUID(), name);
        await insertMetadata(tx, account, source.uuid, metadata);
        const same = source.sbom_key === sbomKey(account, source.uuid, digest) && source.analysis_status === 'analyzed';
        if (same) await operations.finish(tx, account, uuid, 'complete');
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

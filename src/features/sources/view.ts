import type { Source } from '#contract/applications-schemas.ts';
import type { SourceImportOperation, SourceManifest } from '#contract/source-imports.ts';
import { type ImportRow, importView } from '#features/imports/index.ts';
import type { SourceMetadataRow, SourceRow } from './store.ts';

/** `Source` of the V2 API. */
export function sourceView(row: SourceRow): Source {
  return {
    uuid: row.uuid,
    account_name: row.account,
    host: row.host,
    repository_name: row.repository_name,
    revision: row.revision,
    analysis_status: row.analysis_status as NonNullable<Source['analysis_status']>,
    source_status: row.source_status as NonNullable<Source['source_status']>,
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
  };
}

/** `SourceManifest`: the source with what each of its imports told. */
export function sourceManifest(
  row: SourceRow,
  metadata: SourceMetadataRow[],
): SourceManifest & Record<string, unknown> {
  return {
    ...sourceView(row),
    ...(row.analysis_error ? { analysis_error: row.analysis_error } : {}),
    vcs_type: row.vcs_type,
    metadata_records: metadata.map((record) => ({
      uuid: record.uuid,
      ci_workflow_name: record.ci_workflow_name,
      ci_workflow_execution_time: record.ci_workflow_execution_time?.toISOString() ?? null,
      branch_name: record.branch_name,
      change_author: record.change_author,
    })),
  };
}

/** `SourceImportOperation` of the V2 API. */
export function sourceImportView(row: ImportRow): SourceImportOperation {
  return { ...importView(row), last_updated: row.last_updated.toISOString() };
}

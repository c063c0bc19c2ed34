import { z } from 'zod';
import { timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';
import { NativeSBOM } from './scan.ts';

/** Answer of `create_sources_operation`, `get_sources_operation`, `invalidate_sources_operation`. */
export const SourceImportOperation = z
  .object({
    uuid: z.string().optional(),
    status: z.enum(['pending', 'queued', 'processing', 'complete', 'failed', 'expired']).optional(),
    expires_at: timestamp.optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'SourceImportOperation' });
export type SourceImportOperation = z.output<typeof SourceImportOperation>;

/** Answer of `list_sources_operations`. */
export const SourceImportList = z.array(SourceImportOperation).meta({ id: 'SourceImportList' });
export type SourceImportList = z.output<typeof SourceImportList>;

/** Body of `finalize_operation`. */
export const SourceImportMetadata = z
  .object({
    ci_workflow_name: z.string().nullish(),
    ci_workflow_execution_time: timestamp.nullish(),
    host: z.string(),
    repository_name: z.string(),
    branch_name: z.string().nullish(),
    revision: z.string(),
    change_author: z.string().nullish(),
    contents: z.object({
      sbom: z.string(),
    }),
  })
  .meta({ id: 'SourceImportMetadata' });
export type SourceImportMetadata = z.output<typeof SourceImportMetadata>;

/** Part of `SourceManifest`. */
export const SourceManifestMetadataRecord = z
  .object({
    uuid: z.string().optional(),
    ci_workflow_name: z.string().nullish(),
    ci_workflow_execution_time: timestamp.nullish(),
    branch_name: z.string().nullish(),
    change_author: z.string().nullish(),
  })
  .meta({ id: 'SourceManifestMetadataRecord' });
export type SourceManifestMetadataRecord = z.output<typeof SourceManifestMetadataRecord>;

/** Answer of `finalize_operation`, `get_source`. */
export const SourceManifest = z
  .object({
    uuid: z.string().optional(),
    account_name: z.string().optional(),
    vcs_type: z.string().optional(),
    host: z.string().optional(),
    repository_name: z.string().optional(),
    revision: z.string().optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
    analysis_status: z.enum(['not_analyzed', 'analyzed', 'analyzing', 'analysis_failed']).optional(),
    source_status: z.enum(['active', 'inactive', 'deleting']).optional(),
    metadata_records: z.array(SourceManifestMetadataRecord).optional(),
  })
  .meta({ id: 'SourceManifest' });
export type SourceManifest = z.output<typeof SourceManifest>;

/** Answer of `get_import_sources_sbom`, `upload_import_sources_sbom`. */
export const SourceImportContentResponse = z
  .object({
    digest: z.string().optional(),
    created_at: timestamp.optional(),
  })
  .meta({ id: 'SourceImportContentResponse' });
export type SourceImportContentResponse = z.output<typeof SourceImportContentResponse>;

/** Bytes that are read at all; the limit of the installation (`max_import_source_size_mb`) is usually lower. */
const MAX_SBOM_BYTES = 512 * 1024 ** 2;

/** Operations of source imports. */
export const sourceImportsOperations = {
  /** List sources operations. */
  list_sources_operations: defineOperation({
    id: 'list_sources_operations',
    method: 'GET',
    path: '/imports/sources',
    tag: 'Imports',
    summary: 'List sources operations',
    permission: { action: 'importSource', domain: 'account' },
    success: { status: 200, schema: SourceImportList },
    errors: [403, 500],
  }),
  /** Create sources operation. */
  create_sources_operation: defineOperation({
    id: 'create_sources_operation',
    method: 'POST',
    path: '/imports/sources',
    tag: 'Imports',
    summary: 'Create sources operation',
    permission: { action: 'importSource', domain: 'account' },
    success: { status: 200, schema: SourceImportOperation },
    errors: [403, 500],
  }),
  /** Finalize operation. */
  finalize_operation: defineOperation({
    id: 'finalize_operation',
    method: 'POST',
    path: '/imports/sources/{operation_id}/finalize',
    tag: 'Imports',
    summary: 'Finalize operation',
    permission: { action: 'importSource', domain: 'account' },
    params: z.object({ operation_id: z.string() }),
    body: SourceImportMetadata,
    success: { status: 200, schema: SourceManifest },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Read import sources SBOM. */
  get_import_sources_sbom: defineOperation({
    id: 'get_import_sources_sbom',
    method: 'GET',
    path: '/imports/sources/{operation_id}/sbom',
    tag: 'Imports',
    summary: 'Read import sources SBOM',
    permission: { action: 'importSource', domain: 'account' },
    params: z.object({ operation_id: z.string() }),
    success: { status: 200, schema: SourceImportContentResponse },
    errors: [500],
  }),
  /** Upload import sources SBOM. */
  upload_import_sources_sbom: defineOperation({
    id: 'upload_import_sources_sbom',
    method: 'POST',
    path: '/imports/sources/{operation_id}/sbom',
    tag: 'Imports',
    summary: 'Upload import sources SBOM',
    permission: { action: 'importSource', domain: 'account' },
    params: z.object({ operation_id: z.string() }),
    body: NativeSBOM,
    exactBody: true,
    maxBodyBytes: MAX_SBOM_BYTES,
    success: { status: 200, schema: SourceImportContentResponse },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Read sources operation. */
  get_sources_operation: defineOperation({
    id: 'get_sources_operation',
    method: 'GET',
    path: '/imports/sources/{operation_id}',
    tag: 'Imports',
    summary: 'Read sources operation',
    permission: { action: 'importSource', domain: 'account' },
    params: z.object({ operation_id: z.string() }),
    success: { status: 200, schema: SourceImportOperation },
    errors: [403, 404, 500],
  }),
  /** Invalidate sources operation. */
  invalidate_sources_operation: defineOperation({
    id: 'invalidate_sources_operation',
    method: 'DELETE',
    path: '/imports/sources/{operation_id}',
    tag: 'Imports',
    summary: 'Invalidate sources operation',
    permission: { action: 'importSource', domain: 'account' },
    params: z.object({ operation_id: z.string() }),
    success: { status: 200, schema: SourceImportOperation },
    errors: [403, 404, 500],
  }),
};

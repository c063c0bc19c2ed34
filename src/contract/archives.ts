import { z } from 'zod';
import { queryBoolean, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Part of `ArchiveSummary`. */
export const AnalysisArchiveSummary = z
  .object({
    total_image_count: z.int().optional(),
    total_tag_count: z.int().optional(),
    total_data_bytes: z.int().optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'AnalysisArchiveSummary' });
export type AnalysisArchiveSummary = z.output<typeof AnalysisArchiveSummary>;

/** Part of `ArchiveSummary`. */
export const AnalysisArchiveRulesSummary = z
  .object({
    count: z.int().optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'AnalysisArchiveRulesSummary' });
export type AnalysisArchiveRulesSummary = z.output<typeof AnalysisArchiveRulesSummary>;

/** Answer of `list_archives`. */
export const ArchiveSummary = z
  .object({
    images: AnalysisArchiveSummary.optional(),
    rules: AnalysisArchiveRulesSummary.optional(),
  })
  .meta({ id: 'ArchiveSummary' });
export type ArchiveSummary = z.output<typeof ArchiveSummary>;

/** Part of `ArchivedAnalysis`. */
export const ArchiveTagEntry = z
  .object({
    pull_string: z.string().optional(),
    registry: z.string().optional(),
    repository: z.string().optional(),
    tag: z.string().optional(),
    detected_at: timestamp.optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'ArchiveTagEntry' });
export type ArchiveTagEntry = z.output<typeof ArchiveTagEntry>;

/** Answer of `get_archived_analysis`. */
export const ArchivedAnalysis = z
  .object({
    image_digest: z.string().optional(),
    parent_digest: z.string().optional(),
    annotations: z.record(z.string(), z.unknown()).optional(),
    status: z.enum(['archiving', 'archived', 'deleting', 'deleted']).optional(),
    image_detail: z.array(ArchiveTagEntry).optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
    analyzed_at: timestamp.optional(),
    archive_size_bytes: z.int().optional(),
  })
  .meta({ id: 'ArchivedAnalysis' });
export type ArchivedAnalysis = z.output<typeof ArchivedAnalysis>;

/** Answer of `list_analysis_archive`. */
export const ArchivedAnalyses = z.array(ArchivedAnalysis).meta({ id: 'ArchivedAnalyses' });
export type ArchivedAnalyses = z.output<typeof ArchivedAnalyses>;

/** Body of `archive_image_analysis`. */
export const ImageAnalysisReferences = z.array(z.string()).meta({ id: 'ImageAnalysisReferences' });
export type ImageAnalysisReferences = z.output<typeof ImageAnalysisReferences>;

/** Part of `AddAnalysisArchiveResult`. */
export const AnalysisArchiveAddResult = z
  .object({
    digest: z.string().optional(),
    status: z.enum(['archived', 'archiving', 'error']).optional(),
    detail: z.string().optional(),
  })
  .meta({ id: 'AnalysisArchiveAddResult' });
export type AnalysisArchiveAddResult = z.output<typeof AnalysisArchiveAddResult>;

/** Answer of `archive_image_analysis`. */
export const AddAnalysisArchiveResult = z.array(AnalysisArchiveAddResult).meta({ id: 'AddAnalysisArchiveResult' });
export type AddAnalysisArchiveResult = z.output<typeof AddAnalysisArchiveResult>;

/** Part of `AnalysisArchiveTransitionRule`, `AnalysisArchiveTransitionRuleExclude`. */
export const ImageSelector = z
  .object({
    registry: z.string().optional(),
    repository: z.string().optional(),
    tag: z.string().optional(),
  })
  .meta({ id: 'ImageSelector' });
export type ImageSelector = z.output<typeof ImageSelector>;

/** Part of `AnalysisArchiveTransitionRule`. */
export const AnalysisArchiveTransitionRuleExclude = z
  .object({
    selector: ImageSelector.optional(),
    expiration_days: z.int().optional(),
    last_seen_in_days: z.int().optional(),
  })
  .meta({ id: 'AnalysisArchiveTransitionRuleExclude' });
export type AnalysisArchiveTransitionRuleExclude = z.output<typeof AnalysisArchiveTransitionRuleExclude>;

/** Body of `create_analysis_archive_rule`. */
export const AnalysisArchiveTransitionRule = z
  .object({
    selector: ImageSelector.optional(),
    rule_id: z.string().optional(),
    tag_versions_newer: z.int().optional(),
    analysis_age_days: z.int().optional(),
    transition: z.enum(['archive', 'delete']),
    system_global: z.boolean().optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
    exclude: AnalysisArchiveTransitionRuleExclude.optional(),
    max_images_per_account: z.int().optional(),
  })
  .meta({ id: 'AnalysisArchiveTransitionRule' });
export type AnalysisArchiveTransitionRule = z.output<typeof AnalysisArchiveTransitionRule>;

/** Answer of `list_analysis_archive_rules`. */
export const AnalysisArchiveRules = z.array(AnalysisArchiveTransitionRule).meta({ id: 'AnalysisArchiveRules' });
export type AnalysisArchiveRules = z.output<typeof AnalysisArchiveRules>;

/** Operations of archives. */
export const archivesOperations = {
  /** List archives. */
  list_archives: defineOperation({
    id: 'list_archives',
    method: 'GET',
    path: '/archives',
    tag: 'Archives',
    summary: 'List archives',
    permission: { action: 'listArchives', domain: 'account' },
    success: { status: 200, schema: ArchiveSummary },
    errors: [403, 500],
  }),
  /** List analysis archive. */
  list_analysis_archive: defineOperation({
    id: 'list_analysis_archive',
    method: 'GET',
    path: '/archives/images',
    tag: 'Archives',
    summary: 'List analysis archive',
    permission: { action: 'listArchivedImageAnalysis', domain: 'account' },
    success: { status: 200, schema: ArchivedAnalyses },
    errors: [403, 500],
  }),
  /** Archive image analysis. */
  archive_image_analysis: defineOperation({
    id: 'archive_image_analysis',
    method: 'POST',
    path: '/archives/images',
    tag: 'Archives',
    summary: 'Archive image analysis',
    permission: { action: 'createArchivedImageAnalysis', domain: 'account' },
    body: ImageAnalysisReferences,
    success: { status: 200, schema: AddAnalysisArchiveResult },
    errors: [400, 403, 500],
  }),
  /** Read archived analysis. */
  get_archived_analysis: defineOperation({
    id: 'get_archived_analysis',
    method: 'GET',
    path: '/archives/images/{image_digest}',
    tag: 'Archives',
    summary: 'Read archived analysis',
    permission: { action: 'getArchivedImageAnalysis', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: ArchivedAnalysis },
    errors: [400, 403, 404, 500],
  }),
  /** Delete archived analysis. */
  delete_archived_analysis: defineOperation({
    id: 'delete_archived_analysis',
    method: 'DELETE',
    path: '/archives/images/{image_digest}',
    tag: 'Archives',
    summary: 'Delete archived analysis',
    permission: { action: 'deleteArchivedImageAnalysis', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    query: z.object({
      force: queryBoolean().optional(),
    }),
    success: { status: 200, schema: null },
    errors: [400, 403, 404, 500],
  }),
  /** List analysis archive rules. */
  list_analysis_archive_rules: defineOperation({
    id: 'list_analysis_archive_rules',
    method: 'GET',
    path: '/archives/rules',
    tag: 'Archives',
    summary: 'List analysis archive rules',
    permission: { action: 'listArchiveTransitionRules', domain: 'account' },
    query: z.object({
      system_global: queryBoolean().optional(),
    }),
    success: { status: 200, schema: AnalysisArchiveRules },
    errors: [403, 500],
  }),
  /** Create analysis archive rule. */
  create_analysis_archive_rule: defineOperation({
    id: 'create_analysis_archive_rule',
    method: 'POST',
    path: '/archives/rules',
    tag: 'Archives',
    summary: 'Create analysis archive rule',
    permission: { action: 'createArchiveTransitionRule', domain: 'account' },
    body: AnalysisArchiveTransitionRule,
    success: { status: 200, schema: AnalysisArchiveTransitionRule },
    errors: [400, 403, 500],
  }),
  /** Read analysis archive rule. */
  get_analysis_archive_rule: defineOperation({
    id: 'get_analysis_archive_rule',
    method: 'GET',
    path: '/archives/rules/{rule_id}',
    tag: 'Archives',
    summary: 'Read analysis archive rule',
    permission: { action: 'getArchiveTransitionRule', domain: 'account' },
    params: z.object({ rule_id: z.string() }),
    success: { status: 200, schema: AnalysisArchiveTransitionRule },
    errors: [403, 404, 500],
  }),
  /** Delete analysis archive rule. */
  delete_analysis_archive_rule: defineOperation({
    id: 'delete_analysis_archive_rule',
    method: 'DELETE',
    path: '/archives/rules/{rule_id}',
    tag: 'Archives',
    summary: 'Delete analysis archive rule',
    permission: { action: 'deleteArchiveTransitionRule', domain: 'account' },
    params: z.object({ rule_id: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 404, 500],
  }),
};

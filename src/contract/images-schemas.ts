import { z } from 'zod';
import { timestamp } from './fields.ts';

/** Part of `AnchoreImage`. */
export const ImageContent = z
  .object({
    metadata: z
      .object({
        arch: z.string().optional(),
        distro: z.string().optional(),
        distro_version: z.string().optional(),
        extended_support: z.boolean().optional(),
        dockerfile_mode: z.enum(['Guessed', 'Actual']).optional(),
        image_size: z.int().optional(),
        layer_count: z.int().optional(),
      })
      .optional(),
  })
  .meta({ id: 'ImageContent' });
export type ImageContent = z.output<typeof ImageContent>;

/** One tag of an image. */
export const ImageDetail = z
  .object({
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
    full_tag: z.string().optional(),
    full_digest: z.string().optional(),
    account_name: z.string().optional(),
    image_id: z.string().optional(),
    registry: z.string().optional(),
    repo: z.string().optional(),
    dockerfile: z.string().nullish(),
    image_digest: z.string().optional(),
    tag: z.string().optional(),
    tag_detected_at: timestamp.optional(),
  })
  .meta({ id: 'ImageDetail' });
export type ImageDetail = z.output<typeof ImageDetail>;

/** Part of `AnalysisStatusDetail`. */
export const ServiceAnalysisReference = z
  .object({
    host_id: z.string().optional(),
    service_name: z.string().optional(),
    analysis_engine: z.enum(['anchore-engine-pipeline', 'syft-native-pipeline']).optional(),
    enterprise_version: z.string().optional(),
  })
  .meta({ id: 'ServiceAnalysisReference' });
export type ServiceAnalysisReference = z.output<typeof ServiceAnalysisReference>;

/** Part of `AnchoreImage`. */
export const AnalysisStatusDetail = z
  .object({
    from_status: z.string(),
    to_status: z.string(),
    timestamp: timestamp,
    source: ServiceAnalysisReference,
  })
  .meta({ id: 'AnalysisStatusDetail' });
export type AnalysisStatusDetail = z.output<typeof AnalysisStatusDetail>;

/** An image of an account: digests, states, tags and what its configuration says. */
export const AnchoreImage = z
  .object({
    image_content: ImageContent.optional(),
    image_detail: z.array(ImageDetail).optional(),
    last_updated: timestamp.optional(),
    created_at: timestamp.optional(),
    image_digest: z.string().optional(),
    parent_digest: z.string().optional(),
    account_name: z.string().optional(),
    annotations: z.record(z.string(), z.unknown()).optional(),
    /** `deleting` while the image is being collected. */
    image_status: z.enum(['active', 'inactive', 'disabled', 'deleting']).optional(),
    /** When the analysis ended. */
    analyzed_at: timestamp.optional(),
    analysis_status: z.enum(['not_analyzed', 'analyzing', 'analyzed', 'analysis_failed']).optional(),
    record_version: z.string().optional(),
    analysis_status_detail: z.array(AnalysisStatusDetail).nullish(),
  })
  .meta({ id: 'AnchoreImage' });
export type AnchoreImage = z.output<typeof AnchoreImage>;

/** Answer of `list_images`. */
export const AnchoreImageList = z
  .object({
    items: z.array(AnchoreImage).optional(),
  })
  .meta({ id: 'AnchoreImageList' });
export type AnchoreImageList = z.output<typeof AnchoreImageList>;

/** Part of `ImageSource`. */
export const RegistryTagSource = z
  .object({
    pull_string: z.string(),
    dockerfile: z
      .string()
      .regex(/^[a-zA-Z0-9+/=]+$/)
      .optional(),
  })
  .nullable()
  .meta({ id: 'RegistryTagSource' });
export type RegistryTagSource = z.output<typeof RegistryTagSource>;

/** Part of `ImageSource`. */
export const RegistryDigestSource = z
  .object({
    pull_string: z.string(),
    tag: z.string(),
    creation_timestamp_override: timestamp.optional(),
    dockerfile: z
      .string()
      .regex(/^[a-zA-Z0-9+/=]+$/)
      .optional(),
  })
  .nullable()
  .meta({ id: 'RegistryDigestSource' });
export type RegistryDigestSource = z.output<typeof RegistryDigestSource>;

/** Part of `ImageSource`. */
export const AnalysisArchiveSource = z
  .object({
    digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/),
  })
  .nullable()
  .meta({ id: 'AnalysisArchiveSource' });
export type AnalysisArchiveSource = z.output<typeof AnalysisArchiveSource>;

/** Part of `ImageImportManifest`. */
export const ImportContentDigests = z
  .object({
    packages: z.string(),
    image_config: z.string(),
    manifest: z.string(),
    parent_manifest: z.string().optional(),
    dockerfile: z.string().optional(),
    secret_searches: z.string().optional(),
    content_searches: z.string().optional(),
    file_contents: z.string().optional(),
  })
  .meta({ id: 'ImportContentDigests' });
export type ImportContentDigests = z.output<typeof ImportContentDigests>;

/** Part of `ImageSource`. */
export const ImageImportManifest = z
  .object({
    contents: ImportContentDigests,
    tags: z.array(z.string()),
    digest: z.string(),
    parent_digest: z.string().optional(),
    local_image_id: z.string().optional(),
    operation_uuid: z.string(),
  })
  .nullable()
  .meta({ id: 'ImageImportManifest' });
export type ImageImportManifest = z.output<typeof ImageImportManifest>;

/** Part of `ImageAnalysisRequest`. */
export const ImageSource = z
  .object({
    tag: RegistryTagSource.optional(),
    digest: RegistryDigestSource.optional(),
    archive: AnalysisArchiveSource.optional(),
    import: ImageImportManifest.optional(),
  })
  .meta({ id: 'ImageSource' });
export type ImageSource = z.output<typeof ImageSource>;

/** What to analyse: a source with exactly one of tag, digest, archive or import. */
export const ImageAnalysisRequest = z
  .object({
    image_type: z.string().optional(),
    annotations: z.record(z.string(), z.unknown()).optional(),
    source: ImageSource.optional(),
  })
  .meta({ id: 'ImageAnalysisRequest' });
export type ImageAnalysisRequest = z.output<typeof ImageAnalysisRequest>;

/** Answer of `delete_image`. */
export const DeleteImageResponse = z
  .object({
    image_digest: z.string(),
    status: z.enum(['not_found', 'deleting', 'delete_failed']),
    detail: z.string().optional(),
  })
  .meta({ id: 'DeleteImageResponse' });
export type DeleteImageResponse = z.output<typeof DeleteImageResponse>;

/** Answer of `delete_images_async`. */
export const DeleteImageResponseList = z.array(DeleteImageResponse).meta({ id: 'DeleteImageResponseList' });
export type DeleteImageResponseList = z.output<typeof DeleteImageResponseList>;

/** Part of `ImageAncestry`. */
export const ImageAncestor = z
  .object({
    image_digest: z.string().optional(),
    parent_digest: z.string().optional(),
    tags: z.array(z.string()).optional(),
    layers: z.array(z.string()).optional(),
    user_marked_base: z.boolean().optional(),
    chosen_base_image: z.boolean().optional(),
  })
  .meta({ id: 'ImageAncestor' });
export type ImageAncestor = z.output<typeof ImageAncestor>;

/** Answer of `get_image_ancestors`. */
export const ImageAncestry = z.array(ImageAncestor).meta({ id: 'ImageAncestry' });
export type ImageAncestry = z.output<typeof ImageAncestry>;

/** Part of `AnchoreImageTagSummaryList`. */
export const AnchoreImageTagSummary = z
  .object({
    image_digest: z.string().optional(),
    parent_digest: z.string().optional(),
    image_id: z.string().optional(),
    analysis_status: z.string().optional(),
    full_tag: z.string().optional(),
    created_at: z.int().optional(),
    analyzed_at: z.int().optional(),
    tag_detected_at: z.int().optional(),
    image_status: z.string().optional(),
  })
  .meta({ id: 'AnchoreImageTagSummary' });
export type AnchoreImageTagSummary = z.output<typeof AnchoreImageTagSummary>;

/** Answer of `summary_image_tags`. */
export const AnchoreImageTagSummaryList = z
  .object({
    items: z.array(AnchoreImageTagSummary).optional(),
    total_rows: z.int().optional(),
  })
  .meta({ id: 'AnchoreImageTagSummaryList' });
export type AnchoreImageTagSummaryList = z.output<typeof AnchoreImageTagSummaryList>;

/** Answer of `summary_image_counts`. */
export const AnchoreImageSummaryCounts = z
  .object({
    tags: z.int().optional(),
    images: z.int().optional(),
    analyzed: z.int().optional(),
    analyzing: z.int().optional(),
    pending: z.int().optional(),
    failed: z.int().optional(),
  })
  .meta({ id: 'AnchoreImageSummaryCounts' });
export type AnchoreImageSummaryCounts = z.output<typeof AnchoreImageSummaryCounts>;

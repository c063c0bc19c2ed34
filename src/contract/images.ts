import { z } from 'zod';
import { queryBoolean, queryInteger, queryList, queryTime } from './fields.ts';
import {
  AnchoreImage,
  AnchoreImageList,
  AnchoreImageSummaryCounts,
  AnchoreImageTagSummaryList,
  DeleteImageResponse,
  DeleteImageResponseList,
  ImageAnalysisRequest,
  ImageAncestry,
} from './images-schemas.ts';
import { defineOperation } from './operation.ts';

/** Operations of images. */
export const imagesOperations = {
  /** List images, filtered by tag, id or state. */
  list_images: defineOperation({
    id: 'list_images',
    method: 'GET',
    path: '/images',
    tag: 'Images',
    summary: 'List images, filtered by tag, id or state',
    permission: { action: 'listImages', domain: 'account' },
    query: z.object({
      image_id: z.string().optional(),
      history: queryBoolean().optional(),
      full_tag: z.string().optional(),
      image_status: z.enum(['all', 'active', 'deleting']).default('active'),
      analysis_status: z.enum(['not_analyzed', 'analyzed', 'analyzing', 'analysis_failed']).optional(),
      analyzed_since: queryTime().optional(),
    }),
    success: { status: 200, schema: AnchoreImageList },
    errors: [400, 403, 404, 500],
  }),
  /** Add an image for analysis. */
  add_image: defineOperation({
    id: 'add_image',
    method: 'POST',
    path: '/images',
    tag: 'Images',
    summary: 'Add an image for analysis',
    permission: { action: 'createImage', domain: 'account' },
    query: z.object({
      force: queryBoolean().optional(),
      auto_subscribe: queryBoolean().optional(),
    }),
    body: ImageAnalysisRequest,
    success: { status: 200, schema: AnchoreImage },
    errors: [400, 403, 500],
  }),
  /** Delete several images in the background. */
  delete_images_async: defineOperation({
    id: 'delete_images_async',
    method: 'DELETE',
    path: '/images',
    tag: 'Images',
    summary: 'Delete several images in the background',
    permission: { action: 'deleteImage', domain: 'account' },
    query: z.object({
      image_digests: queryList(z.string()),
      force: queryBoolean().optional(),
    }),
    success: { status: 200, schema: DeleteImageResponseList },
    errors: [400, 403, 500],
  }),
  /** List analysed images that this image is built on. */
  get_image_ancestors: defineOperation({
    id: 'get_image_ancestors',
    method: 'GET',
    path: '/images/{image_digest}/ancestors',
    tag: 'Images',
    summary: 'List analysed images that this image is built on',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: ImageAncestry },
    errors: [400, 403, 404, 500],
  }),
  /** Read an image by manifest digest. */
  get_image: defineOperation({
    id: 'get_image',
    method: 'GET',
    path: '/images/{image_digest}',
    tag: 'Images',
    summary: 'Read an image by manifest digest',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: AnchoreImage },
    errors: [400, 403, 404, 500],
  }),
  /** Delete an image in the background. */
  delete_image: defineOperation({
    id: 'delete_image',
    method: 'DELETE',
    path: '/images/{image_digest}',
    tag: 'Images',
    summary: 'Delete an image in the background',
    permission: { action: 'deleteImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    query: z.object({
      force: queryBoolean().optional(),
    }),
    success: { status: 200, schema: DeleteImageResponse },
    errors: [400, 403, 404, 500],
  }),
  /** List tags with the state of their images. */
  summary_image_tags: defineOperation({
    id: 'summary_image_tags',
    method: 'GET',
    path: '/summaries/image-tags',
    tag: 'Images',
    summary: 'List tags with the state of their images',
    permission: { action: 'listImages', domain: 'account' },
    query: z.object({
      image_status: queryList(z.enum(['all', 'active', 'deleting'])).default(['active']),
      analysis_status: queryList(z.enum(['all', 'analyzed', 'not_analyzed', 'analysis_failed', 'analyzing'])).default([
        'all',
      ]),
      analyzed_since: queryTime().optional(),
      registry: z.string().optional(),
      repository: z.string().optional(),
      tag: z.string().optional(),
      runtime: queryBoolean().optional(),
      order_by: queryList(
        z.enum([
          'image_digest',
          'parent_digest',
          'analysis_status',
          'created_at',
          'image_id',
          'analyzed_at',
          'tag_detected_at',
          'image_status',
          'analysis_status',
          'full_tag',
        ]),
      ).optional(),
      order_by_descending: queryList(queryBoolean()).optional(),
      filter: z.string().optional(),
      limit: queryInteger({ min: 0 }).optional(),
      page: queryInteger({ min: 1 }).default(1),
    }),
    success: { status: 200, schema: AnchoreImageTagSummaryList },
    errors: [400, 403, 500],
  }),
  /** Count images by state. */
  summary_image_counts: defineOperation({
    id: 'summary_image_counts',
    method: 'GET',
    path: '/summaries/image-counts',
    tag: 'Images',
    summary: 'Count images by state',
    permission: { action: 'listImages', domain: 'account' },
    query: z.object({
      image_status: queryList(z.enum(['all', 'active', 'deleting'])).default(['active']),
      registry: z.string().optional(),
      repo: z.string().optional(),
    }),
    success: { status: 200, schema: AnchoreImageSummaryCounts },
    errors: [400, 403, 500],
  }),
};

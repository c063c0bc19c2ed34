import { z } from 'zod';
import { timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';
import { UUID } from './vulnerability-annotations.ts';

/** Answer of `put_image_stig`, `post_image_stig`. */
export const STIGMetadataResponse = z
  .object({
    evaluation_uuid: UUID.optional(),
    uploaded_at: timestamp.optional(),
    stig_profile: z.string().optional(),
    evaluation_format: z.enum(['hdfjson']).optional(),
  })
  .meta({ id: 'STIGMetadataResponse' });
export type STIGMetadataResponse = z.output<typeof STIGMetadataResponse>;

/** Answer of `list_image_stig`. */
export const STIGMetadataResponseList = z
  .object({
    items: z.array(STIGMetadataResponse).optional(),
  })
  .meta({ id: 'STIGMetadataResponseList' });
export type STIGMetadataResponseList = z.output<typeof STIGMetadataResponseList>;

/** Part of `FeatureList`. */
export const Feature = z
  .object({
    name: z.enum(['static_stig', 'runtime_stig']).optional(),
    enabled: z.boolean().optional(),
  })
  .meta({ id: 'Feature' });
export type Feature = z.output<typeof Feature>;

/** Answer of `get_stig_entitlement`. */
export const FeatureList = z
  .object({
    items: z.array(Feature).optional(),
  })
  .meta({ id: 'FeatureList' });
export type FeatureList = z.output<typeof FeatureList>;

/** Operations of stig. */
export const stigOperations = {
  /** Read image stig. */
  get_image_stig: defineOperation({
    id: 'get_image_stig',
    method: 'GET',
    path: '/images/{image_digest}/stig/{evaluation_uuid}/file',
    tag: 'Images',
    summary: 'Read image stig',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/), evaluation_uuid: UUID }),
    success: { status: 200, schema: z.string() },
    errors: [400, 403, 404, 500],
  }),
  /** Put image stig. */
  put_image_stig: defineOperation({
    id: 'put_image_stig',
    method: 'PUT',
    path: '/images/{image_digest}/stig/{evaluation_uuid}',
    tag: 'Images',
    summary: 'Put image stig',
    permission: { action: 'createImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/), evaluation_uuid: UUID }),
    raw: { contentTypes: ['multipart/form-data'], multipart: true, fields: ['stig_profile'] },
    success: { status: 201, schema: STIGMetadataResponse },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete image stig. */
  delete_image_stig: defineOperation({
    id: 'delete_image_stig',
    method: 'DELETE',
    path: '/images/{image_digest}/stig/{evaluation_uuid}',
    tag: 'Images',
    summary: 'Delete image stig',
    permission: { action: 'deleteImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/), evaluation_uuid: UUID }),
    success: { status: 204, schema: null },
    errors: [400, 403, 404, 500],
  }),
  /** List image stig. */
  list_image_stig: defineOperation({
    id: 'list_image_stig',
    method: 'GET',
    path: '/images/{image_digest}/stig',
    tag: 'Images',
    summary: 'List image stig',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: STIGMetadataResponseList },
    errors: [400, 403, 404, 500],
  }),
  /** Post image stig. */
  post_image_stig: defineOperation({
    id: 'post_image_stig',
    method: 'POST',
    path: '/images/{image_digest}/stig',
    tag: 'Images',
    summary: 'Post image stig',
    permission: { action: 'createImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    raw: { contentTypes: ['multipart/form-data'], multipart: true, fields: ['stig_profile'] },
    success: { status: 201, schema: STIGMetadataResponse },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Read stig entitlement. */
  get_stig_entitlement: defineOperation({
    id: 'get_stig_entitlement',
    method: 'GET',
    path: '/system/stig-entitlement',
    tag: 'System',
    summary: 'Read stig entitlement',
    permission: 'authenticated',
    success: { status: 200, schema: FeatureList },
    errors: [500],
  }),
};

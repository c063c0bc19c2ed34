import { z } from 'zod';
import { defineOperation } from './operation.ts';

/** Operations of image sboms. */
export const imageSbomsOperations = {
  /** Download the SBOM of an image as CycloneDX. */
  get_image_sbom_cyclonedx_json: defineOperation({
    id: 'get_image_sbom_cyclonedx_json',
    method: 'GET',
    path: '/images/{image_digest}/sboms/cyclonedx-json',
    tag: 'Images',
    summary: 'Download the SBOM of an image as CycloneDX',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, contentType: 'application/json', raw: true, schema: z.string() },
    errors: [400, 403, 404, 500],
  }),
  /** Download the SBOM of an image in the native form. */
  get_image_sbom_native_json: defineOperation({
    id: 'get_image_sbom_native_json',
    method: 'GET',
    path: '/images/{image_digest}/sboms/native-json',
    tag: 'Images',
    summary: 'Download the SBOM of an image in the native form',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, contentType: 'application/json', raw: true, schema: z.string() },
    errors: [400, 403, 404, 500],
  }),
  /** Download the SBOM of an image as SPDX. */
  get_image_sbom_spdx_json: defineOperation({
    id: 'get_image_sbom_spdx_json',
    method: 'GET',
    path: '/images/{image_digest}/sboms/spdx-json',
    tag: 'Images',
    summary: 'Download the SBOM of an image as SPDX',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, contentType: 'application/json', raw: true, schema: z.string() },
    errors: [400, 403, 404, 500],
  }),
};

import { z } from 'zod';
import { defineOperation } from './operation.ts';

/** Operations of vex. */
export const vexOperations = {
  /** Read image openvex. */
  get_image_openvex: defineOperation({
    id: 'get_image_openvex',
    method: 'GET',
    path: '/images/{image_digest}/vex/openvex',
    tag: 'Images',
    summary: 'Read image openvex',
    permission: { action: 'listVulnAnnotations', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, contentType: 'application/json', raw: true, schema: z.string() },
    errors: [400, 403, 404, 500],
  }),
  /** Read image CycloneDX JSON. */
  get_image_cyclonedx_json: defineOperation({
    id: 'get_image_cyclonedx_json',
    method: 'GET',
    path: '/images/{image_digest}/vex/cyclonedx-json',
    tag: 'Images',
    summary: 'Read image CycloneDX JSON',
    permission: { action: 'listVulnAnnotations', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, contentType: 'application/json', raw: true, schema: z.string() },
    errors: [400, 403, 404, 500],
  }),
  /** Read image CycloneDX XML. */
  get_image_cyclonedx_xml: defineOperation({
    id: 'get_image_cyclonedx_xml',
    method: 'GET',
    path: '/images/{image_digest}/vex/cyclonedx-xml',
    tag: 'Images',
    summary: 'Read image CycloneDX XML',
    permission: { action: 'listVulnAnnotations', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, contentType: 'application/xml', raw: true, schema: z.string() },
    errors: [400, 403, 404, 500],
  }),
};

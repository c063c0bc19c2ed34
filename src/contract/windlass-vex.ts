import { z } from 'zod';
import { timestamp } from './fields.ts';
import { VulnAnnotationStatus } from './image-vulnerabilities.ts';
import { defineOperation } from './operation.ts';

/** A VEX document that the account imported: its statements are applied to the findings of its images. */
export const VexDocumentRecord = z
  .object({
    uuid: z.guid(),
    format: z.enum(['openvex', 'csaf', 'cyclonedx']),
    /** Id, author, version and time as the document states them. */
    document_id: z.string(),
    author: z.string().optional(),
    document_version: z.string().optional(),
    issued_at: timestamp.optional(),
    /** Name that the uploader gave, e.g. of the file. */
    name: z.string().optional(),
    /** `sha256:…` of the bytes. */
    digest: z.string(),
    statements: z.int(),
    /** What of the document is not used, and why. */
    problems: z.array(z.string()),
    created_by: z.string().optional(),
    created_at: timestamp,
  })
  .meta({ id: 'VexDocumentRecord' });
export type VexDocumentRecord = z.output<typeof VexDocumentRecord>;

/** A judgement that holds for a finding of an image, with its source. */
export const ImageVexStatement = z
  .object({
    vulnerability: z.string(),
    namespace: z.string(),
    package_name: z.string(),
    package_version: z.string(),
    package_type: z.string(),
    package_path: z.string(),
    status: VulnAnnotationStatus,
    justification: z.string().optional(),
    status_notes: z.string().optional(),
    impact_statement: z.string().optional(),
    action_statement: z.string().optional(),
    author: z.string().optional(),
    updated_at: timestamp.optional(),
    /** `annotation`: made here; `vex`: of an imported document. */
    source: z.enum(['annotation', 'vex']),
    /** Of the annotation, or of the document. */
    source_uuid: z.string(),
    /** Policies do not see the finding. */
    settled: z.boolean(),
  })
  .meta({ id: 'ImageVexStatement' });
export type ImageVexStatement = z.output<typeof ImageVexStatement>;

const documentParams = z.object({ document_uuid: z.string() });

/** Operations on imported VEX documents. */
export const windlassVexOperations = {
  /** List the VEX documents of the account, the newest first. */
  list_vex_documents: defineOperation({
    id: 'list_vex_documents',
    method: 'GET',
    path: '/windlass/vex-documents',
    tag: 'Windlass',
    summary: 'List imported VEX documents',
    permission: { action: 'listVulnAnnotations', domain: 'account' },
    success: { status: 200, schema: z.object({ items: z.array(VexDocumentRecord) }) },
    errors: [403, 500],
  }),
  /** Import an OpenVEX, CSAF 2.0 or CycloneDX document. A newer version takes the place of an older one. */
  import_vex_document: defineOperation({
    id: 'import_vex_document',
    method: 'POST',
    path: '/windlass/vex-documents',
    tag: 'Windlass',
    summary: 'Import a VEX document',
    permission: { action: 'createVulnAnnotation', domain: 'account' },
    query: z.object({ name: z.string().max(500).optional() }),
    raw: {
      contentTypes: [
        'application/json',
        'application/xml',
        'text/xml',
        'application/octet-stream',
        'application/vnd.cyclonedx+json',
        'application/vnd.cyclonedx+xml',
      ],
    },
    maxBodyBytes: 64 * 1024 ** 2,
    success: { status: 200, schema: VexDocumentRecord },
    errors: [400, 403, 409, 415, 500],
  }),
  /** Read one imported VEX document. */
  get_vex_document: defineOperation({
    id: 'get_vex_document',
    method: 'GET',
    path: '/windlass/vex-documents/{document_uuid}',
    tag: 'Windlass',
    summary: 'Read an imported VEX document',
    permission: { action: 'getVulnAnnotation', domain: 'account' },
    params: documentParams,
    success: { status: 200, schema: VexDocumentRecord },
    errors: [403, 404, 500],
  }),
  /** Delete an imported VEX document: its statements no longer hold. */
  delete_vex_document: defineOperation({
    id: 'delete_vex_document',
    method: 'DELETE',
    path: '/windlass/vex-documents/{document_uuid}',
    tag: 'Windlass',
    summary: 'Delete an imported VEX document',
    permission: { action: 'deleteVulnAnnotation', domain: 'account' },
    params: documentParams,
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
  /** List what is judged about the findings of an image, with the source of each judgement. */
  list_image_vex_statements: defineOperation({
    id: 'list_image_vex_statements',
    method: 'GET',
    path: '/windlass/images/{image_digest}/vex-statements',
    tag: 'Windlass',
    summary: 'List judgements that hold for findings of an image',
    permission: { action: 'listVulnAnnotations', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: z.object({ items: z.array(ImageVexStatement) }) },
    errors: [403, 404, 500],
  }),
};

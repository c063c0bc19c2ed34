import { z } from 'zod';
import { queryInteger, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Letters, digits and a few signs: an id stands in addresses and in reports. */
const AdvisoryId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/);

/** A record of the OSV schema 1.x; members beyond these are kept as they are. */
export const OsvDocument = z
  .looseObject({
    id: AdvisoryId,
    schema_version: z.string().max(20).optional(),
    modified: z.string().max(40).optional(),
    published: z.string().max(40).optional(),
    withdrawn: z.string().max(40).optional(),
    aliases: z.array(z.string().max(128)).max(100).optional(),
    summary: z.string().max(1000).optional(),
    details: z.string().max(100_000).optional(),
    severity: z
      .array(z.looseObject({ type: z.string(), score: z.string().max(300) }))
      .max(20)
      .optional(),
    affected: z
      .array(
        z.looseObject({
          package: z.looseObject({ ecosystem: z.string().max(100), name: z.string().min(1).max(400) }),
          ranges: z
            .array(z.looseObject({ type: z.string(), events: z.array(z.looseObject({})).max(1000) }))
            .max(100)
            .optional(),
          versions: z.array(z.string().max(200)).max(10_000).optional(),
        }),
      )
      .min(1)
      .max(1000),
  })
  .meta({ id: 'OsvDocument' });
export type OsvDocument = z.output<typeof OsvDocument>;

/** An advisory of an account about its own software. */
export const PrivateAdvisory = z
  .object({
    id: z.string(),
    document: OsvDocument,
    /** What of it cannot concern a package of an image. */
    problems: z.array(z.string()),
    created_by: z.string().optional(),
    created_at: timestamp,
    last_updated: timestamp,
  })
  .meta({ id: 'PrivateAdvisory' });
export type PrivateAdvisory = z.output<typeof PrivateAdvisory>;

const byId = z.object({ id: AdvisoryId });

/** Operations of private advisories. They concern the images of the account that has them, and no other's. */
export const windlassAdvisoriesOperations = {
  /** List the private advisories of the account, by id. */
  list_private_advisories: defineOperation({
    id: 'list_private_advisories',
    method: 'GET',
    path: '/windlass/advisories',
    tag: 'Windlass',
    summary: 'List private advisories',
    permission: { action: 'getCorrection', domain: 'account' },
    query: z.object({
      page: queryInteger({ min: 1 }).default(1),
      limit: queryInteger({ min: 1, max: 1000 }).default(100),
    }),
    success: { status: 200, schema: z.object({ items: z.array(PrivateAdvisory), total_rows: z.int() }) },
    errors: [400, 403, 500],
  }),
  /** Add a private advisory. */
  create_private_advisory: defineOperation({
    id: 'create_private_advisory',
    method: 'POST',
    path: '/windlass/advisories',
    tag: 'Windlass',
    summary: 'Add a private advisory',
    permission: { action: 'addCorrection', domain: 'account' },
    body: OsvDocument,
    success: { status: 201, schema: PrivateAdvisory },
    errors: [400, 403, 409, 500],
  }),
  /** Read a private advisory. */
  get_private_advisory: defineOperation({
    id: 'get_private_advisory',
    method: 'GET',
    path: '/windlass/advisories/{id}',
    tag: 'Windlass',
    summary: 'Read a private advisory',
    permission: { action: 'getCorrection', domain: 'account' },
    params: byId,
    success: { status: 200, schema: PrivateAdvisory },
    errors: [400, 403, 404, 500],
  }),
  /** Add or replace a private advisory. */
  put_private_advisory: defineOperation({
    id: 'put_private_advisory',
    method: 'PUT',
    path: '/windlass/advisories/{id}',
    tag: 'Windlass',
    summary: 'Add or replace a private advisory',
    permission: { action: 'updateCorrection', domain: 'account' },
    params: byId,
    body: OsvDocument,
    success: { status: 200, schema: PrivateAdvisory },
    errors: [400, 403, 409, 500],
  }),
  /** Delete a private advisory. */
  delete_private_advisory: defineOperation({
    id: 'delete_private_advisory',
    method: 'DELETE',
    path: '/windlass/advisories/{id}',
    tag: 'Windlass',
    summary: 'Delete a private advisory',
    permission: { action: 'deleteCorrection', domain: 'account' },
    params: byId,
    success: { status: 204, schema: null },
    errors: [400, 403, 404, 500],
  }),
};

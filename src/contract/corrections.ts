import { z } from 'zod';
import { timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Part of `Correction`, `CorrectionMatch`. */
export const CorrectionFieldMatch = z
  .object({
    field_name: z.string(),
    field_value: z.string(),
  })
  .meta({ id: 'CorrectionFieldMatch' });
export type CorrectionFieldMatch = z.output<typeof CorrectionFieldMatch>;

/** Part of `Correction`. */
export const CorrectionMatch = z
  .object({
    type: z.string(),
    field_matches: z.array(CorrectionFieldMatch).optional(),
  })
  .meta({ id: 'CorrectionMatch' });
export type CorrectionMatch = z.output<typeof CorrectionMatch>;

/** Body of `add_correction`, `update_correction_by_uuid`. */
export const Correction = z
  .object({
    uuid: z.string().optional(),
    type: z.enum(['package']),
    description: z.string().optional(),
    match: CorrectionMatch,
    replace: z.array(CorrectionFieldMatch),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'Correction' });
export type Correction = z.output<typeof Correction>;

/** Answer of `get_corrections`. */
export const CorrectionList = z.array(Correction).meta({ id: 'CorrectionList' });
export type CorrectionList = z.output<typeof CorrectionList>;

/** Operations of corrections. */
export const correctionsOperations = {
  /** Read corrections. */
  get_corrections: defineOperation({
    id: 'get_corrections',
    method: 'GET',
    path: '/corrections',
    tag: 'Corrections',
    summary: 'Read corrections',
    permission: { action: 'getCorrection', domain: 'account' },
    query: z.object({
      correction_type: z.enum(['package']).optional(),
    }),
    success: { status: 200, schema: CorrectionList },
    errors: [403, 500],
  }),
  /** Add correction. */
  add_correction: defineOperation({
    id: 'add_correction',
    method: 'POST',
    path: '/corrections',
    tag: 'Corrections',
    summary: 'Add correction',
    permission: { action: 'addCorrection', domain: 'account' },
    body: Correction,
    success: { status: 200, schema: Correction },
    errors: [400, 403, 500],
  }),
  /** Read correction by uuid. */
  get_correction_by_uuid: defineOperation({
    id: 'get_correction_by_uuid',
    method: 'GET',
    path: '/corrections/{uuid}',
    tag: 'Corrections',
    summary: 'Read correction by uuid',
    permission: { action: 'getCorrection', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: Correction },
    errors: [403, 500],
  }),
  /** Update correction by uuid. */
  update_correction_by_uuid: defineOperation({
    id: 'update_correction_by_uuid',
    method: 'PUT',
    path: '/corrections/{uuid}',
    tag: 'Corrections',
    summary: 'Update correction by uuid',
    permission: { action: 'updateCorrection', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    body: Correction,
    success: { status: 200, schema: Correction },
    errors: [400, 403, 404, 500],
  }),
  /** Delete correction by uuid. */
  delete_correction_by_uuid: defineOperation({
    id: 'delete_correction_by_uuid',
    method: 'DELETE',
    path: '/corrections/{uuid}',
    tag: 'Corrections',
    summary: 'Delete correction by uuid',
    permission: { action: 'deleteCorrection', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 204, schema: null },
    errors: [403, 500],
  }),
};

import { z } from 'zod';
import { defineOperation } from './operation.ts';

/** Part of `TriggerSpec`. */
export const TriggerParamSpec = z
  .object({
    name: z.string().optional(),
    description: z.string().optional(),
    example: z.string().nullish(),
    state: z.enum(['active', 'deprecated', 'eol']).optional(),
    superseded_by: z.string().nullish(),
    required: z.boolean().optional(),
    validator: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'TriggerParamSpec' });
export type TriggerParamSpec = z.output<typeof TriggerParamSpec>;

/** Part of `GateSpec`. */
export const TriggerSpec = z
  .object({
    name: z.string().optional(),
    description: z.string().optional(),
    state: z.enum(['active', 'deprecated', 'eol']).optional(),
    superseded_by: z.string().nullish(),
    parameters: z.array(TriggerParamSpec).optional(),
  })
  .meta({ id: 'TriggerSpec' });
export type TriggerSpec = z.output<typeof TriggerSpec>;

/** Part of `GateSpecList`. */
export const GateSpec = z
  .object({
    name: z.string().optional(),
    description: z.string().optional(),
    supported_artifact_type: z.enum(['image', 'source']).optional(),
    state: z.enum(['active', 'deprecated', 'eol']).optional(),
    superseded_by: z.string().nullish(),
    triggers: z.array(TriggerSpec).optional(),
  })
  .meta({ id: 'GateSpec' });
export type GateSpec = z.output<typeof GateSpec>;

/** Answer of `describe_policy`. */
export const GateSpecList = z.array(GateSpec).meta({ id: 'GateSpecList' });
export type GateSpecList = z.output<typeof GateSpecList>;

/** Operations of policy spec. */
export const policySpecOperations = {
  /** List gates, triggers and their parameters. */
  describe_policy: defineOperation({
    id: 'describe_policy',
    method: 'GET',
    path: '/system/policy-spec',
    tag: 'System',
    summary: 'List gates, triggers and their parameters',
    permission: 'authenticated',
    success: { status: 200, schema: GateSpecList },
    errors: [500],
  }),
};

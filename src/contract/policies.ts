import { z } from 'zod';
import { queryBoolean, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Part of `Allowlist`. */
export const AllowlistItem = z
  .strictObject({
    id: z.string(),
    gate: z.string(),
    trigger_id: z.string(),
    expires_on: timestamp.nullish(),
    description: z.string().optional(),
  })
  .meta({ id: 'AllowlistItem' });
export type AllowlistItem = z.output<typeof AllowlistItem>;

/** Part of `Policy`. */
export const Allowlist = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    version: z.string(),
    description: z.string().optional(),
    items: z.array(AllowlistItem),
  })
  .meta({ id: 'Allowlist' });
export type Allowlist = z.output<typeof Allowlist>;

/** Part of `PolicyRule`. */
export const PolicyRuleParam = z
  .strictObject({
    name: z.string(),
    value: z.string(),
  })
  .meta({ id: 'PolicyRuleParam' });
export type PolicyRuleParam = z.output<typeof PolicyRuleParam>;

/** Part of `RuleSet`. */
export const PolicyRule = z
  .strictObject({
    id: z.string(),
    gate: z.string(),
    trigger: z.string(),
    action: z.enum(['GO', 'STOP', 'WARN']),
    description: z.string().optional(),
    params: z.array(PolicyRuleParam),
    recommendation: z.string().optional(),
  })
  .meta({ id: 'PolicyRule' });
export type PolicyRule = z.output<typeof PolicyRule>;

/** Part of `Policy`. */
export const RuleSet = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    description: z.string().optional(),
    version: z.string(),
    artifact_type: z.enum(['image', 'source']).optional(),
    rules: z.array(PolicyRule),
  })
  .meta({ id: 'RuleSet' });
export type RuleSet = z.output<typeof RuleSet>;

/** Part of `Policy`. */
export const SourceMappingRule = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    allowlist_ids: z.array(z.string()),
    rule_set_ids: z.array(z.string()),
    host: z.string(),
    repository: z.string(),
    description: z.string().optional(),
  })
  .meta({ id: 'SourceMappingRule' });
export type SourceMappingRule = z.output<typeof SourceMappingRule>;

/** Part of `ImageSelectionRule`, `MappingRule`. */
export const ImageRef = z
  .strictObject({
    type: z.enum(['tag', 'digest', 'id']),
    value: z.string(),
  })
  .meta({ id: 'ImageRef' });
export type ImageRef = z.output<typeof ImageRef>;

/** Part of `Policy`, `PolicyEvaluationResult`. */
export const MappingRule = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    allowlist_ids: z.array(z.string()),
    rule_set_ids: z.array(z.string()),
    registry: z.string(),
    repository: z.string(),
    image: ImageRef,
    description: z.string().optional(),
  })
  .meta({ id: 'MappingRule' });
export type MappingRule = z.output<typeof MappingRule>;

/** Part of `Policy`, `PolicyEvaluationResult`. */
export const ImageSelectionRule = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    registry: z.string(),
    repository: z.string(),
    image: ImageRef,
    description: z.string().optional(),
  })
  .meta({ id: 'ImageSelectionRule' });
export type ImageSelectionRule = z.output<typeof ImageSelectionRule>;

/** A policy document: rule sets, allowlists and the mappings that choose them. Unknown fields are refused. */
export const Policy = z
  .strictObject({
    id: z.string(),
    name: z.string().min(1),
    description: z.string().optional(),
    version: z.string(),
    allowlists: z.array(Allowlist).optional(),
    rule_sets: z.array(RuleSet),
    source_mappings: z.array(SourceMappingRule).optional(),
    mappings: z.array(MappingRule),
    allowlisted_images: z.array(ImageSelectionRule).optional(),
    denylisted_images: z.array(ImageSelectionRule).optional(),
    last_updated: z.number().optional(),
  })
  .meta({ id: 'Policy' });
export type Policy = z.output<typeof Policy>;

/** A stored policy with its document and whether it is the active one. */
export const PolicyRecord = z
  .object({
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
    policy_id: z.string(),
    active: z.boolean(),
    account_name: z.string(),
    policy_source: z.string(),
    policy: Policy.nullish(),
    name: z.string(),
    description: z.string().optional(),
  })
  .meta({ id: 'PolicyRecord' });
export type PolicyRecord = z.output<typeof PolicyRecord>;

/** Answer of `list_policies`. */
export const PolicyList = z.array(PolicyRecord).meta({ id: 'PolicyList' });
export type PolicyList = z.output<typeof PolicyList>;

/** Operations of policies. */
export const policiesOperations = {
  /** List policies. */
  list_policies: defineOperation({
    id: 'list_policies',
    method: 'GET',
    path: '/policies',
    tag: 'Policies',
    summary: 'List policies',
    permission: { action: 'listPolicies', domain: 'account' },
    query: z.object({
      detail: queryBoolean().optional(),
    }),
    success: { status: 200, schema: PolicyList },
    errors: [403, 500],
  }),
  /** Store a policy. */
  add_policy: defineOperation({
    id: 'add_policy',
    method: 'POST',
    path: '/policies',
    tag: 'Policies',
    summary: 'Store a policy',
    permission: { action: 'createPolicy', domain: 'account' },
    body: Policy,
    success: { status: 200, schema: PolicyRecord },
    errors: [400, 403, 409, 415, 500],
  }),
  /** Read a policy. */
  get_policy: defineOperation({
    id: 'get_policy',
    method: 'GET',
    path: '/policies/{policy_id}',
    tag: 'Policies',
    summary: 'Read a policy',
    permission: { action: 'getPolicy', domain: 'account' },
    params: z.object({ policy_id: z.string() }),
    query: z.object({
      detail: queryBoolean().optional(),
    }),
    success: { status: 200, schema: PolicyRecord },
    errors: [400, 403, 404, 500],
  }),
  /** Replace or activate a policy. */
  update_policy: defineOperation({
    id: 'update_policy',
    method: 'PUT',
    path: '/policies/{policy_id}',
    tag: 'Policies',
    summary: 'Replace or activate a policy',
    permission: { action: 'updatePolicy', domain: 'account' },
    params: z.object({ policy_id: z.string() }),
    query: z.object({
      active: queryBoolean().optional(),
    }),
    body: PolicyRecord,
    success: { status: 200, schema: PolicyRecord },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete an inactive policy. */
  delete_policy: defineOperation({
    id: 'delete_policy',
    method: 'DELETE',
    path: '/policies/{policy_id}',
    tag: 'Policies',
    summary: 'Delete an inactive policy',
    permission: { action: 'deletePolicy', domain: 'account' },
    params: z.object({ policy_id: z.string() }),
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
};

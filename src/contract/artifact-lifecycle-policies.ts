import { z } from 'zod';
import { queryBoolean, queryInteger, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Part of `ArtifactLifecyclePolicy`, `ArtifactLifecyclePolicyResponse`. */
export const ArtifactLifecyclePolicyConditions = z
  .object({
    version: z.int().optional().meta({ readOnly: true }),
    even_if_exists_in_runtime_inventory: z.boolean(),
    days_since_analyzed: z.int(),
    include_base_images: z.boolean().optional(),
    include_failed_analysis: z.boolean().optional(),
    artifact_type: z.enum(['image']),
  })
  .meta({ id: 'ArtifactLifecyclePolicyConditions' });
export type ArtifactLifecyclePolicyConditions = z.output<typeof ArtifactLifecyclePolicyConditions>;

/** Body of `create_artifact_lifecycle_policy`, `update_artifact_lifecycle_policy`. */
export const ArtifactLifecyclePolicy = z
  .object({
    uuid: z.string().optional().meta({ readOnly: true }),
    action: z.enum(['delete']),
    name: z.string(),
    description: z.string().optional(),
    policy_conditions: ArtifactLifecyclePolicyConditions,
    enabled: z.boolean().optional(),
    updated_at: timestamp.optional().meta({ readOnly: true }),
    created_at: timestamp.optional().meta({ readOnly: true }),
    deleted_at: timestamp.optional().meta({ readOnly: true }),
  })
  .meta({ id: 'ArtifactLifecyclePolicy' });
export type ArtifactLifecyclePolicy = z.output<typeof ArtifactLifecyclePolicy>;

/** Answer of `create_artifact_lifecycle_policy`, `get_artifact_lifecycle_policy_by_version`, `get_artifact_lifecycle_policy` and others. */
export const ArtifactLifecyclePolicyResponse = ArtifactLifecyclePolicy.extend({
  policy_conditions: z.array(ArtifactLifecyclePolicyConditions),
}).meta({ id: 'ArtifactLifecyclePolicyResponse' });
export type ArtifactLifecyclePolicyResponse = z.output<typeof ArtifactLifecyclePolicyResponse>;

/** Answer of `list_artifact_lifecycle_policies`. */
export const ArtifactLifecyclePolicyList = z
  .object({
    items: z.array(ArtifactLifecyclePolicyResponse).optional(),
  })
  .meta({ id: 'ArtifactLifecyclePolicyList' });
export type ArtifactLifecyclePolicyList = z.output<typeof ArtifactLifecyclePolicyList>;

/** Operations of artifact lifecycle policies. */
export const artifactLifecyclePoliciesOperations = {
  /** List artifact lifecycle policies. */
  list_artifact_lifecycle_policies: defineOperation({
    id: 'list_artifact_lifecycle_policies',
    method: 'GET',
    path: '/system/artifact-lifecycle-policies',
    tag: 'Artifact Lifecycle',
    summary: 'List artifact lifecycle policies',
    permission: { action: 'getArtifactLifecyclePolicy', domain: 'system' },
    success: { status: 200, schema: ArtifactLifecyclePolicyList },
    errors: [403, 500],
  }),
  /** Create artifact lifecycle policy. */
  create_artifact_lifecycle_policy: defineOperation({
    id: 'create_artifact_lifecycle_policy',
    method: 'POST',
    path: '/system/artifact-lifecycle-policies',
    tag: 'Artifact Lifecycle',
    summary: 'Create artifact lifecycle policy',
    permission: { action: 'createArtifactLifecyclePolicy', domain: 'system' },
    body: ArtifactLifecyclePolicy,
    success: { status: 201, schema: ArtifactLifecyclePolicyResponse },
    errors: [400, 403, 415, 500],
  }),
  /** Read artifact lifecycle policy by version. */
  get_artifact_lifecycle_policy_by_version: defineOperation({
    id: 'get_artifact_lifecycle_policy_by_version',
    method: 'GET',
    path: '/system/artifact-lifecycle-policies/{policy_uuid}/versions',
    tag: 'Artifact Lifecycle',
    summary: 'Read artifact lifecycle policy by version',
    permission: { action: 'getArtifactLifecyclePolicy', domain: 'system' },
    params: z.object({ policy_uuid: z.string() }),
    query: z.object({
      version: queryInteger().optional(),
      latest: queryBoolean().optional(),
    }),
    success: { status: 200, schema: ArtifactLifecyclePolicyResponse },
    errors: [400, 403, 404, 500],
  }),
  /** Read artifact lifecycle policy. */
  get_artifact_lifecycle_policy: defineOperation({
    id: 'get_artifact_lifecycle_policy',
    method: 'GET',
    path: '/system/artifact-lifecycle-policies/{policy_uuid}',
    tag: 'Artifact Lifecycle',
    summary: 'Read artifact lifecycle policy',
    permission: { action: 'getArtifactLifecyclePolicy', domain: 'system' },
    params: z.object({ policy_uuid: z.string() }),
    success: { status: 200, schema: ArtifactLifecyclePolicyResponse },
    errors: [403, 404, 500],
  }),
  /** Update artifact lifecycle policy. */
  update_artifact_lifecycle_policy: defineOperation({
    id: 'update_artifact_lifecycle_policy',
    method: 'PUT',
    path: '/system/artifact-lifecycle-policies/{policy_uuid}',
    tag: 'Artifact Lifecycle',
    summary: 'Update artifact lifecycle policy',
    permission: { action: 'updateArtifactLifecyclePolicy', domain: 'system' },
    params: z.object({ policy_uuid: z.string() }),
    body: ArtifactLifecyclePolicy,
    success: { status: 200, schema: ArtifactLifecyclePolicyResponse },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete artifact lifecycle policy. */
  delete_artifact_lifecycle_policy: defineOperation({
    id: 'delete_artifact_lifecycle_policy',
    method: 'DELETE',
    path: '/system/artifact-lifecycle-policies/{policy_uuid}',
    tag: 'Artifact Lifecycle',
    summary: 'Delete artifact lifecycle policy',
    permission: { action: 'deleteArtifactLifecyclePolicy', domain: 'system' },
    params: z.object({ policy_uuid: z.string() }),
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
};

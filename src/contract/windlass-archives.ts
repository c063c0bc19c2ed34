import { z } from 'zod';
import { defineOperation } from './operation.ts';

/** Images that a rule would move now, oldest first. */
export const ArchiveRulePreview = z
  .object({ rule_id: z.string(), transition: z.enum(['archive', 'delete']), image_digests: z.array(z.string()) })
  .meta({ id: 'ArchiveRulePreview' });

/** Images that an artifact lifecycle policy would delete now, oldest first, at most ten thousand. */
export const ArtifactLifecyclePreview = z
  .object({
    policy_uuid: z.string(),
    images: z.array(z.object({ account_name: z.string(), image_digest: z.string() })),
  })
  .meta({ id: 'ArtifactLifecyclePreview' });

/** Operations that show what rules and policies would do. */
export const windlassArchivesOperations = {
  /** What a rule would move. */
  preview_archive_rule: defineOperation({
    id: 'preview_archive_rule',
    method: 'GET',
    path: '/windlass/archives/rules/{rule_id}/preview',
    tag: 'Windlass',
    summary: 'List the images of the account that an archive rule would move now',
    permission: { action: 'getArchiveTransitionRule', domain: 'account' },
    params: z.object({ rule_id: z.string() }),
    success: { status: 200, schema: ArchiveRulePreview },
    errors: [403, 404, 500],
  }),
  /** What a policy would delete. */
  preview_artifact_lifecycle_policy: defineOperation({
    id: 'preview_artifact_lifecycle_policy',
    method: 'GET',
    path: '/windlass/artifact-lifecycle-policies/{policy_uuid}/preview',
    tag: 'Windlass',
    summary: 'List the images of all accounts that an artifact lifecycle policy would delete now',
    permission: { action: 'getArtifactLifecyclePolicy', domain: 'system' },
    params: z.object({ policy_uuid: z.string() }),
    success: { status: 200, schema: ArtifactLifecyclePreview },
    errors: [403, 404, 500],
  }),
};

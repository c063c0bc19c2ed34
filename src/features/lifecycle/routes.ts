import {
  type ArtifactLifecyclePolicyResponse,
  artifactLifecyclePoliciesOperations,
} from '#contract/artifact-lifecycle-policies.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import type { LifecycleService } from './service.ts';
import type { Conditions, PolicyRow } from './store.ts';

/** Handlers of the artifact lifecycle policy operations. */
export function lifecycleRoutes(lifecycle: LifecycleService): BoundOperation[] {
  return bindOperations(artifactLifecyclePoliciesOperations, {
    list_artifact_lifecycle_policies: async () => ({ items: (await lifecycle.list()).map((row) => view(row)) }),
    create_artifact_lifecycle_policy: async ({ body }) => view(await lifecycle.create(body)),
    async get_artifact_lifecycle_policy_by_version({ params, query }) {
      const { policy, versions } = await lifecycle.versions(params.policy_uuid, {
        ...(query.version === undefined ? {} : { version: query.version }),
        latest: query.latest ?? false,
      });
      return view(policy, versions);
    },
    get_artifact_lifecycle_policy: async ({ params }) => view(await lifecycle.get(params.policy_uuid)),
    update_artifact_lifecycle_policy: async ({ params, body }) =>
      view(await lifecycle.update(params.policy_uuid, body)),
    delete_artifact_lifecycle_policy: ({ params }) => lifecycle.remove(params.policy_uuid),
  });
}

/** The wire form: conditions are a list, of the versions that were asked for. */
function view(
  row: PolicyRow,
  versions: { version: number; conditions: unknown }[] = [row],
): ArtifactLifecyclePolicyResponse {
  return {
    uuid: row.uuid,
    action: row.action as 'delete',
    name: row.name,
    ...(row.description === null ? {} : { description: row.description }),
    policy_conditions: versions.map(({ version, conditions }) => ({ version, ...(conditions as Conditions) })),
    enabled: row.enabled,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    ...(row.deleted_at ? { deleted_at: row.deleted_at.toISOString() } : {}),
  };
}

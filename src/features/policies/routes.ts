import { imageCheckOperations } from '#contract/image-check.ts';
import { type PolicyRecord, policiesOperations } from '#contract/policies.ts';
import { policySpecOperations } from '#contract/policy-spec.ts';
import { policySpec } from '#engine/policy/index.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import type { EvaluationService } from './evaluation-service.ts';
import type { PolicyService } from './service.ts';
import type { PolicyRow } from './store.ts';

/** Handlers of the policy, check and policy-spec operations. */
export function policyRoutes(deps: { policies: PolicyService; evaluations: EvaluationService }): BoundOperation[] {
  const { policies, evaluations } = deps;
  return [
    ...bindOperations(policiesOperations, {
      list_policies: async ({ account, query }) =>
        (await policies.list(account)).map((row) => recordOf(row, query.detail ?? false)),
      add_policy: async ({ account, body }) => recordOf(await policies.create(account, body), true),
      get_policy: async ({ account, params, query }) =>
        recordOf(await policies.get(account, params.policy_id), query.detail ?? true),
      update_policy: async ({ account, params, query, body, requestId }) =>
        recordOf(
          await policies.update(account, params.policy_id, { record: body, active: query.active, requestId }),
          true,
        ),
      delete_policy: ({ account, params }) => policies.remove(account, params.policy_id),
    }),
    ...bindOperations(imageCheckOperations, {
      get_image_policy_check_by_digest: ({ account, params, query }) =>
        evaluations.evaluateImage({
          account,
          digest: params.image_digest,
          tag: query.tag,
          policyId: query.policy_id,
          interactive: query.interactive,
          history: query.history,
          detail: query.detail,
          baseDigest: query.base_digest,
        }),
    }),
    ...bindOperations(policySpecOperations, { describe_policy: () => policySpec() }),
  ];
}

/** Wire form of a stored policy. */
function recordOf(row: PolicyRow, detail: boolean): PolicyRecord {
  return {
    policy_id: row.policy_id,
    account_name: row.account,
    name: row.name,
    ...(row.description === null ? {} : { description: row.description }),
    active: row.active,
    policy_source: row.policy_source,
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
    ...(detail ? { policy: row.document as unknown as NonNullable<PolicyRecord['policy']> } : {}),
  };
}

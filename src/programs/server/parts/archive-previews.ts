import { windlassArchivesOperations } from '#contract/windlass-archives.ts';
import { previewRule, type RuleService, type TransitionDependencies } from '#features/archives/index.ts';
import type { LifecycleService } from '#features/lifecycle/index.ts';
import { type BoundOperation, bindOperations } from '#platform/http/index.ts';

/** Handlers of the previews: what a rule or a policy would do, without doing it. */
export function previewRoutes(deps: {
  rules: RuleService;
  transitions: Pick<TransitionDependencies, 'database' | 'lastSeenRunning'>;
  lifecycle: LifecycleService;
}): BoundOperation[] {
  return bindOperations(windlassArchivesOperations, {
    async preview_archive_rule({ account, params }) {
      const rule = await deps.rules.get(account, params.rule_id);
      return {
        rule_id: rule.rule_id,
        transition: rule.transition as 'archive' | 'delete',
        image_digests: await previewRule(deps.transitions, account, rule),
      };
    },
    async preview_artifact_lifecycle_policy({ params }) {
      const images = await deps.lifecycle.expired(await deps.lifecycle.get(params.policy_uuid));
      return {
        policy_uuid: params.policy_uuid,
        images: images.map(({ account, digest }) => ({ account_name: account, image_digest: digest })),
      };
    },
  });
}

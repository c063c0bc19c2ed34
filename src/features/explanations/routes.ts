import { windlassExplanationsOperations } from '#contract/windlass-explanations.ts';
import type { FindingHistory } from '#features/findings/index.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import type { ExplanationService } from './service.ts';

/** Handlers of explanations and of the history of findings. */
export function explanationRoutes(deps: {
  explanations: ExplanationService;
  history: FindingHistory;
}): BoundOperation[] {
  const { explanations, history } = deps;
  return bindOperations(windlassExplanationsOperations, {
    explain_image_vulnerability: ({ account, params, query }) =>
      explanations.explain(account, params.image_digest.toLowerCase(), query),
    get_image_vulnerability_history: ({ account, params, query }) =>
      history.at(account, params.image_digest.toLowerCase(), query),
    list_image_vulnerability_changes: ({ account, params, query }) =>
      history.changes(account, params.image_digest.toLowerCase(), query),
    list_feed_changes: ({ account, query }) => history.feedChanges(account, query),
  });
}

import { windlassAdvisoriesOperations } from '#contract/windlass-advisories.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import type { AdvisoryService } from './service.ts';

/** Handlers of private advisories. */
export function advisoryRoutes(advisories: AdvisoryService): BoundOperation[] {
  return bindOperations(windlassAdvisoriesOperations, {
    list_private_advisories: ({ account, query }) => advisories.list(account, query),
    create_private_advisory: ({ account, body, actor }) => advisories.create(account, body, actor.username),
    get_private_advisory: ({ account, params }) => advisories.get(account, params.id),
    put_private_advisory: ({ account, params, body, actor }) =>
      advisories.put(account, params.id, body, actor.username),
    delete_private_advisory: ({ account, params, actor }) => advisories.remove(account, params.id, actor.username),
  });
}

import { correctionsOperations } from '#contract/corrections.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import type { CorrectionService } from './service.ts';
import type { CorrectionRow } from './store.ts';

function view(row: CorrectionRow) {
  return {
    uuid: row.uuid,
    type: row.type,
    description: row.description ?? '',
    match: { type: row.match.type, field_matches: row.match.field_matches ?? [] },
    replace: row.replace,
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
  };
}

/** Handlers of the correction operations. */
export function correctionRoutes(corrections: CorrectionService): BoundOperation[] {
  return bindOperations(correctionsOperations, {
    get_corrections: async ({ account, query }) => (await corrections.list(account, query.correction_type)).map(view),
    add_correction: async ({ account, actor, body }) => view(await corrections.add(account, body, actor.username)),
    get_correction_by_uuid: async ({ account, params }) => view(await corrections.get(account, params.uuid)),
    update_correction_by_uuid: async ({ account, params, body }) =>
      view(await corrections.update(account, params.uuid, body)),
    delete_correction_by_uuid: ({ account, params }) => corrections.remove(account, params.uuid),
  });
}

import { buffer } from 'node:stream/consumers';
import { windlassWatchingOperations } from '#contract/windlass-watching.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { present } from '#shared/present.ts';
import type { HookService } from './hook-service.ts';
import type { HookRow } from './hook-store.ts';
import type { WatchService } from './watch-service.ts';

function hookView(row: HookRow) {
  return {
    hook_id: row.hook_id,
    name: row.name,
    registry: row.registry,
    active: row.active,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
    received: Number(row.received),
    refused: Number(row.refused),
    last_refusal: row.last_refusal,
  };
}

/** Handlers of the watchers' operations. */
export function watchingRoutes({ watches, hooks }: { watches: WatchService; hooks: HookService }): BoundOperation[] {
  return bindOperations(windlassWatchingOperations, {
    async list_watches({ account, query }) {
      const items = await watches.list(account, query.subscription_type);
      return { items: query.state === undefined ? items : items.filter(({ state }) => state === query.state) };
    },
    check_watch: ({ account, params }) => watches.check(account, params.subscription_id),
    list_registry_hooks: async ({ account }) => ({ items: (await hooks.list(account)).map(hookView) }),
    async create_registry_hook({ account, actor, body }) {
      const { row, token } = await hooks.create(account, body, actor.username);
      return { ...hookView(row), token, events_path: `/v2/windlass/registry-hooks/${token}/events` };
    },
    get_registry_hook: async ({ account, params }) => hookView(await hooks.get(account, params.hook_id)),
    update_registry_hook: async ({ account, params, body }) =>
      hookView(await hooks.update(account, params.hook_id, present(body))),
    delete_registry_hook: ({ account, params }) => hooks.remove(account, params.hook_id),
    receive_registry_events: ({ params, headers, stream }) =>
      hooks.receive(params.token, headers, () => buffer(stream.bytes)),
  });
}

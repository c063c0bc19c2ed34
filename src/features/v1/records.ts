import type { EventResponse } from '#contract/events.ts';
import type { V2Id } from '#contract/v1/operation.ts';
import { v1EventOperations, v1RecordOperations } from '#contract/v1/records.ts';
import { rawAnswer } from '#platform/http/answers.ts';
import { renderError } from '#platform/http/error-bodies.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { AppError } from '#shared/errors.ts';
import { bindV1, deleted, same, translated, type V1Handler } from './bind.ts';
import type { SecondGeneration } from './second-generation.ts';

/** Routes of subscriptions, repositories and registries. */
export function v1RecordRoutes(v2: SecondGeneration): BoundOperation[] {
  return bindV1(
    v1RecordOperations,
    {
      list_subscriptions: translated((records) => records.map(owned)),
      add_subscription: duplicatesAs500(translated((records) => records.map(owned))),
      get_subscription: translated((records) => records.map(owned)),
      update_subscription: translated((records) => records.map(owned)),
      delete_subscription: deleted(true),
      async add_repository({ next, query: { repository, autosubscribe, dryrun, lookuptag, exclude_existing_tags } }) {
        const name = lookuptag ? `${String(repository)}:${String(lookuptag)}` : repository;
        return (
          await next({
            query: { repository: name, auto_subscribe: autosubscribe, dry_run: dryrun, exclude_existing_tags },
          })
        ).map(owned);
      },
      list_registries: translated((records) => records.map(owned)),
      create_registry: duplicatesAs500(translated((records) => records.map(owned))),
      get_registry: translated((records) => records.map(owned)),
      update_registry: translated((records) => records.map(owned)),
      delete_registry: deleted(true),
    },
    v2,
  );
}

/** Routes of events. */
export function v1EventRoutes(v2: SecondGeneration): BoundOperation[] {
  return bindV1(
    v1EventOperations,
    {
      list_event_types: translated((categories) =>
        categories.map((category) => ({ ...category, category: category.name })),
      ),
      list_events: translated(({ results = [], ...page }) => ({ ...page, results: results.map(v1Event) })),
      delete_events: same,
      get_event: translated(v1Event),
      delete_event: same,
    },
    v2,
  );
}

function owned<T extends { account_name?: string | undefined }>({ account_name, ...rest }: T) {
  return { ...rest, userId: account_name };
}

/** The first generation had no status for things that exist already; its clients tell them by the message of a 500. */
function duplicatesAs500<K extends V2Id>(handler: V1Handler<K>): V1Handler<K> {
  return async (request) => {
    try {
      return await handler(request);
    } catch (error) {
      if (!(error instanceof AppError && error.httpStatus === 409)) throw error;
      // Answered, not thrown: it is no failure of the server and must not be logged as one.
      const { status, body, contentType } = renderError(
        new AppError(500, error.message, { type: error.errorType, detail: error.detail }),
        request.input.requestId,
      );
      return rawAnswer(body, { status, contentType });
    }
  };
}

function v1Event({ event_id, created_at, event }: EventResponse): Record<string, unknown> {
  const { source = {}, resource = {}, level = '', ...rest } = event ?? {};
  return {
    generated_uuid: event_id,
    created_at,
    event: {
      ...rest,
      level: level.toUpperCase(),
      source: {
        servicename: source.service_name ?? null,
        hostid: source.host_id ?? null,
        base_url: source.base_url ?? null,
        request_id: source.request_id ?? null,
      },
      resource: { user_id: resource.account_name ?? null, id: resource.id ?? null, type: resource.type ?? null },
    },
  };
}

import type { FeedMetadata } from '#contract/feeds.ts';
import type { Service } from '#contract/system.ts';
import { v1FeedOperations, v1SystemOperations } from '#contract/v1/system.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { bindV1, same, translated, type V1Request } from './bind.ts';
import type { SecondGeneration } from './second-generation.ts';

/** Routes about the installation. */
export function v1SystemRoutes(v2: SecondGeneration): BoundOperation[] {
  return [
    ...bindV1(
      v1SystemOperations,
      {
        ping: async () => 'v1',
        health_check: same,
        // An api without version is how clients recognise the first generation.
        version_check: translated((version) => ({ ...version, api: {} })),
        get_status: same,
        get_service_detail: translated(({ service_states = [] }) => ({
          service_states: service_states.map(v1Service),
        })),
        list_services: translated((services) => services.map(v1Service)),
        get_services_by_name: translated((services) => services.map(v1Service)),
        get_services_by_name_and_host: translated((services) => services.map(v1Service)),
        delete_service: same,
        describe_error_codes: same,
        test_webhook: same,
      },
      v2,
    ),
    ...bindV1(
      v1FeedOperations,
      {
        get_system_feeds: same,
        post_system_feeds: syncFeeds,
        toggle_feed_enabled: same,
        delete_feed: same,
        toggle_group_enabled: ({ next, params }) => next({ params: { feed: params.feed } }),
        delete_feed_group: ({ next, params }) => next({ params: { feed: params.feed } }),
      },
      v2,
    ),
  ];
}

function v1Service({ service_name, host_id, ...rest }: Service) {
  return { ...rest, servicename: service_name, hostid: host_id };
}

/** Synchronises and tells per feed and group what changed: groups of a data set that stayed have no updated records. */
async function syncFeeds({ next, call, query }: V1Request<'post_system_feeds'>): Promise<unknown> {
  const before = await call('get_system_feeds');
  const started = performance.now();
  if (query.sync !== false || query.flush === true) await next({ query: { force_sync: query.flush } });
  const total_time_seconds = Math.round(performance.now() - started) / 1000;
  return (await call('get_system_feeds')).map((feed) => {
    const changed = versionOf(feed) !== versionOf(before.find((one) => one.name === feed.name));
    return {
      feed: feed.name,
      status: 'success',
      total_time_seconds,
      groups: (feed.groups ?? []).map(({ name, record_count = 0 }) => ({
        group: name,
        status: 'success',
        updated_record_count: changed ? record_count : 0,
        total_time_seconds,
      })),
    };
  });
}

function versionOf(feed: FeedMetadata | undefined): string {
  return `${feed?.dataset_checksum} ${feed?.last_full_sync}`;
}

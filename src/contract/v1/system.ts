import { z } from 'zod';
import { queryBoolean } from '../fields.ts';
import { v1Operation } from './operation.ts';

const Group = z.object({ feed: z.string(), group: z.string() });

/** The installation and its services. */
export const v1SystemOperations = {
  ping: v1Operation('ping'),
  health_check: v1Operation('health_check'),
  version_check: v1Operation('version_check'),
  get_status: v1Operation('get_status'),
  get_service_detail: v1Operation('get_service_detail'),
  list_services: v1Operation('list_services'),
  get_services_by_name: v1Operation('get_services_by_name'),
  get_services_by_name_and_host: v1Operation('get_services_by_name_and_host'),
  delete_service: v1Operation('delete_service'),
  describe_error_codes: v1Operation('describe_error_codes', { path: '/system/error_codes' }),
  test_webhook: v1Operation('test_webhook'),
};

/** Feeds; one group of a feed can be named there, but not switched here. */
export const v1FeedOperations = {
  get_system_feeds: v1Operation('get_system_feeds'),
  post_system_feeds: v1Operation('post_system_feeds', {
    rename: { force_sync: 'flush' },
    extend: { sync: queryBoolean().default(true) },
  }),
  toggle_feed_enabled: v1Operation('toggle_feed_enabled'),
  delete_feed: v1Operation('delete_feed'),
  toggle_group_enabled: v1Operation('toggle_feed_enabled', {
    id: 'toggle_group_enabled',
    path: '/system/feeds/{feed}/{group}',
    params: Group,
  }),
  delete_feed_group: v1Operation('delete_feed', {
    id: 'delete_feed_group',
    path: '/system/feeds/{feed}/{group}',
    params: Group,
  }),
};

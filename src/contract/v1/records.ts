import { z } from 'zod';
import { v1Operation } from './operation.ts';

/** Subscriptions, repositories and registries. */
export const v1RecordOperations = {
  list_subscriptions: v1Operation('list_subscriptions'),
  add_subscription: v1Operation('add_subscription'),
  get_subscription: v1Operation('get_subscription'),
  update_subscription: v1Operation('update_subscription'),
  delete_subscription: v1Operation('delete_subscription', { status: 200 }),
  add_repository: v1Operation('add_repository', {
    rename: { auto_subscribe: 'autosubscribe', dry_run: 'dryrun' },
    extend: { lookuptag: z.string().optional() },
  }),
  list_registries: v1Operation('list_registries'),
  create_registry: v1Operation('create_registry'),
  get_registry: v1Operation('get_registry'),
  update_registry: v1Operation('update_registry'),
  delete_registry: v1Operation('delete_registry', { status: 200 }),
};

/** Events. */
export const v1EventOperations = {
  list_event_types: v1Operation('list_event_types', { path: '/event_types' }),
  list_events: v1Operation('list_events', {
    rename: { source_service_name: 'source_servicename', source_host_id: 'source_hostid' },
  }),
  delete_events: v1Operation('delete_events'),
  get_event: v1Operation('get_event'),
  delete_event: v1Operation('delete_event'),
};

import { z } from 'zod';
import { queryBoolean, queryTime, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Part of `FeedMetadata`. */
export const FeedGroupMetadata = z
  .object({
    name: z.string().optional(),
    data_service_built_at: timestamp.optional(),
    enterprise_received_at: timestamp.optional(),
    created_at: timestamp.optional().meta({ deprecated: true }),
    last_sync: timestamp.optional().meta({ deprecated: true }),
    record_count: z.int().optional(),
    enabled: z.boolean().optional().meta({ deprecated: true }),
  })
  .meta({ id: 'FeedGroupMetadata' });
export type FeedGroupMetadata = z.output<typeof FeedGroupMetadata>;

/** Answer of `get_system_feeds`, `toggle_feed_enabled`. */
export const FeedMetadata = z
  .object({
    name: z.string().optional(),
    version: z.string().optional(),
    created_at: timestamp.optional().meta({ deprecated: true }),
    updated_at: timestamp.optional().meta({ deprecated: true }),
    data_service_built_at: timestamp.optional(),
    enterprise_received_at: timestamp.optional(),
    groups: z.array(FeedGroupMetadata).optional(),
    last_full_sync: timestamp.optional().meta({ deprecated: true }),
    enabled: z.boolean().optional().meta({ deprecated: true }),
    dataset_name: z.string().optional(),
    dataset_checksum: z.string().optional(),
  })
  .meta({ id: 'FeedMetadata' });
export type FeedMetadata = z.output<typeof FeedMetadata>;

/** Answer of `get_system_feed`. */
export const FeedDataRecord = z
  .object({
    id: z.string().optional(),
    name: z.string().optional(),
    dataset: z.string().optional(),
    data_format: z.string().optional(),
    checksum: z.string().optional(),
    version: z.string().optional(),
    data_service_built_at: timestamp.optional(),
    enterprise_received_at: timestamp.optional(),
    built_at: timestamp.optional().meta({ deprecated: true }),
    created_at: timestamp.optional().meta({ deprecated: true }),
    updated_at: timestamp.optional().meta({ deprecated: true }),
  })
  .meta({ id: 'FeedDataRecord' });
export type FeedDataRecord = z.output<typeof FeedDataRecord>;

/** Operations of feeds. */
export const feedsOperations = {
  /** List feeds with their groups and last sync. */
  get_system_feeds: defineOperation({
    id: 'get_system_feeds',
    method: 'GET',
    path: '/system/feeds',
    tag: 'System',
    summary: 'List feeds with their groups and last sync',
    permission: 'authenticated',
    success: { status: 200, schema: z.array(FeedMetadata) },
    errors: [500],
  }),
  /** Synchronise the feeds now. */
  post_system_feeds: defineOperation({
    id: 'post_system_feeds',
    method: 'POST',
    path: '/system/feeds',
    tag: 'System',
    summary: 'Synchronise the feeds now',
    permission: { action: 'updateFeeds', domain: 'system' },
    query: z.object({
      force_sync: queryBoolean().optional(),
    }),
    success: {
      status: 200,
      schema: z.object({
        message: z.string().optional(),
      }),
    },
    errors: [400, 403, 500],
  }),
  /** Download a feed by version. */
  get_system_feed: defineOperation({
    id: 'get_system_feed',
    method: 'GET',
    path: '/system/feeds/{feed}',
    tag: 'System',
    summary: 'Download a feed by version',
    permission: { action: 'listFeeds', domain: 'account' },
    params: z.object({
      feed: z.enum(['vulnerability_db', 'kev_db', 'clamav_db', 'epss_db', 'vulnerability_match_exclusions_db']),
    }),
    query: z.object({
      version: z.string(),
    }),
    success: { status: 200, schema: FeedDataRecord },
    errors: [400, 403, 500],
  }),
  /** Upload a feed for use without a network. */
  upload_system_feed: defineOperation({
    id: 'upload_system_feed',
    method: 'POST',
    path: '/system/feeds/{feed}',
    tag: 'System',
    summary: 'Upload a feed for use without a network',
    permission: { action: 'updateFeeds', domain: 'system' },
    params: z.object({ feed: z.string() }),
    query: z.object({
      version: z.string(),
      built: queryTime(),
      checksum: z.string(),
    }),
    raw: { contentTypes: ['multipart/form-data'], multipart: true },
    success: { status: 202, schema: null },
    errors: [400, 403, 415, 500],
  }),
  /** Switch a feed on or off. */
  toggle_feed_enabled: defineOperation({
    id: 'toggle_feed_enabled',
    method: 'PUT',
    path: '/system/feeds/{feed}',
    tag: 'System',
    summary: 'Switch a feed on or off',
    permission: { action: 'updateFeeds', domain: 'system' },
    params: z.object({ feed: z.enum(['packages', 'vulnerabilities']) }),
    query: z.object({
      enabled: queryBoolean(),
    }),
    success: { status: 200, schema: FeedMetadata },
    errors: [400, 403, 500, 501],
  }),
  /** Delete the data of a feed. */
  delete_feed: defineOperation({
    id: 'delete_feed',
    method: 'DELETE',
    path: '/system/feeds/{feed}',
    tag: 'System',
    summary: 'Delete the data of a feed',
    permission: { action: 'updateFeeds', domain: 'system' },
    params: z.object({ feed: z.string() }),
    success: { status: 200, schema: null },
    errors: [403, 404, 500, 501],
  }),
};

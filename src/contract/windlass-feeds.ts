import { z } from 'zod';
import { timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** What a build could not take as it should, counted by kind. */
const Anomalies = z.record(z.string(), z.int());

/** A build of the vulnerability data that the installation knows. */
export const FeedBuild = z
  .object({
    checksum: z.string(),
    schema_version: z.string(),
    built_at: timestamp,
    received_at: timestamp,
    switched_at: timestamp.optional(),
    /** Address or file that it came from. */
    source: z.string(),
    /** `current` is matched against; `held` waits for a decision, see `reasons`; `failed` never was, see `error`. */
    state: z.enum(['building', 'ready', 'held', 'current', 'previous', 'rejected', 'failed']),
    /** Why it is held. */
    reasons: z.array(z.string()),
    error: z.string().optional(),
    archive_size: z.int().optional(),
    /** Records of all providers. */
    records: z.int(),
    /** What it was made of, in the order in which sources count. */
    sources: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['grype-v6', 'records']),
        checksum: z.string(),
        size: z.int(),
        captured_at: timestamp.optional(),
      }),
    ),
    report: z
      .object({
        /** Ranges that cannot be read or are of an unknown kind: kept, and their matches marked as doubtful. */
        anomalies: Anomalies,
        sources: z.array(
          z.object({
            name: z.string(),
            records: z.int(),
            /** Package records left out because another record of the same flaw stands already. */
            duplicates: z.int(),
            anomalies: Anomalies,
          }),
        ),
      })
      .optional(),
    decided_by: z.string().optional(),
    decided_at: timestamp.optional(),
  })
  .meta({ id: 'FeedBuild' });
export type FeedBuild = z.output<typeof FeedBuild>;

/** A provider of records in the build in use. */
export const FeedProvider = z
  .object({
    provider: z.string(),
    record_count: z.int(),
    /** When its data was captured. */
    captured_at: timestamp,
    age_seconds: z.int(),
    /** `stale`: older than the setting feeds.max_age_days allows. */
    state: z.enum(['fresh', 'stale']),
    /** Since when an alarm is on. */
    stale_since: timestamp.optional(),
    /** Its records are not matched (feeds.exclude_providers). */
    excluded: z.boolean(),
  })
  .meta({ id: 'FeedProvider' });
export type FeedProvider = z.output<typeof FeedProvider>;

/** A source of vulnerability data with its last good copy. */
export const FeedSource = z
  .object({
    name: z.string(),
    kind: z.enum(['grype-v6', 'records']),
    /** `imported` sources came as files and stay until another file replaces them. */
    origin: z.enum(['configured', 'imported']),
    location: z.string(),
    /** `failing`: the last look failed, see `error`; the last good copy goes on serving. */
    state: z.enum(['waiting', 'good', 'failing']),
    checksum: z.string().optional(),
    size: z.int().optional(),
    captured_at: timestamp.optional(),
    fetched_at: timestamp.optional(),
    checked_at: timestamp.optional(),
    error: z.string().optional(),
  })
  .meta({ id: 'FeedSource' });
export type FeedSource = z.output<typeof FeedSource>;

const checksum = z.object({ checksum: z.string().regex(/^sha256:[a-f0-9]{64}$/) });
const update = { action: 'updateFeeds', domain: 'system' } as const;

/** Operations of vulnerability data beyond the compatible API. */
export const windlassFeedsOperations = {
  /** List the providers of the build in use, with counts and age. */
  list_feed_providers: defineOperation({
    id: 'list_feed_providers',
    method: 'GET',
    path: '/windlass/feeds/providers',
    tag: 'Windlass',
    summary: 'List providers of vulnerability data',
    permission: 'authenticated',
    success: { status: 200, schema: z.object({ items: z.array(FeedProvider) }) },
    errors: [500],
  }),
  /** List sources of vulnerability data with their last good copies. */
  list_feed_sources: defineOperation({
    id: 'list_feed_sources',
    method: 'GET',
    path: '/windlass/feeds/sources',
    tag: 'Windlass',
    summary: 'List sources of vulnerability data',
    permission: 'admin',
    success: { status: 200, schema: z.object({ items: z.array(FeedSource) }) },
    errors: [403, 500],
  }),
  /** Forget an imported source. */
  delete_feed_source: defineOperation({
    id: 'delete_feed_source',
    method: 'DELETE',
    path: '/windlass/feeds/sources/{name}',
    tag: 'Windlass',
    summary: 'Forget an imported source of vulnerability data',
    permission: update,
    params: z.object({ name: z.string() }),
    success: { status: 204, schema: null },
    errors: [403, 404, 409, 500],
  }),
  /** Read a build. */
  get_feed_build: defineOperation({
    id: 'get_feed_build',
    method: 'GET',
    path: '/windlass/feeds/builds/{checksum}',
    tag: 'Windlass',
    summary: 'Read a build of the vulnerability data',
    permission: 'authenticated',
    params: checksum,
    success: { status: 200, schema: FeedBuild },
    errors: [400, 404, 500],
  }),
  /** Use a build that is held. */
  approve_feed_build: defineOperation({
    id: 'approve_feed_build',
    method: 'POST',
    path: '/windlass/feeds/builds/{checksum}/approve',
    tag: 'Windlass',
    summary: 'Use a held build of the vulnerability data',
    permission: update,
    params: checksum,
    success: { status: 200, schema: FeedBuild },
    errors: [400, 403, 404, 409, 500],
  }),
  /** Refuse a build that is held. */
  reject_feed_build: defineOperation({
    id: 'reject_feed_build',
    method: 'POST',
    path: '/windlass/feeds/builds/{checksum}/reject',
    tag: 'Windlass',
    summary: 'Refuse a held build of the vulnerability data',
    permission: update,
    params: checksum,
    success: { status: 200, schema: FeedBuild },
    errors: [400, 403, 404, 409, 500],
  }),
  /** Go back to the previous build; the one in use is held. */
  rollback_feed_build: defineOperation({
    id: 'rollback_feed_build',
    method: 'POST',
    path: '/windlass/feeds/rollback',
    tag: 'Windlass',
    summary: 'Go back to the previous build of the vulnerability data',
    permission: update,
    success: { status: 200, schema: FeedBuild },
    errors: [403, 409, 500],
  }),
  /** Download everything that the build in use was made of, for an installation without a network. */
  export_feed_bundle: defineOperation({
    id: 'export_feed_bundle',
    method: 'GET',
    path: '/windlass/feeds/bundle',
    tag: 'Windlass',
    summary: 'Download the vulnerability data as one file',
    permission: { action: 'listFeeds', domain: 'system' },
    success: { status: 200, contentType: 'application/x-tar', raw: true },
    errors: [403, 404, 500],
  }),
};

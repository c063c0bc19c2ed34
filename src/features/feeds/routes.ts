import { Readable } from 'node:stream';
import { feedsOperations } from '#contract/feeds.ts';
import { windlassFeedsOperations } from '#contract/windlass-feeds.ts';
import { rawAnswer } from '#platform/http/answers.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BodyStream, BoundOperation } from '#platform/http/types.ts';
import { AppError, badRequest } from '#shared/errors.ts';
import { type FeedService, type SyncOutcome, uploadedSource } from './service.ts';

export interface FeedRoutesDependencies {
  feeds: FeedService;
  /** Stores the uploaded file durably while checking its sha256; throws 400 on a mismatch. */
  receiveArchive(stream: BodyStream, checksum: string): Promise<{ key: string }>;
}

/** `sha256:<hex>` from the forms in which clients write a checksum. */
function normaliseChecksum(text: string): string {
  const hex = text
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, '');
  if (!/^[0-9a-f]{64}$/.test(hex)) throw badRequest(`checksum must be sha256 in 64 hexadecimal digits: ${text}`);
  return `sha256:${hex}`;
}

function syncMessage(outcome: SyncOutcome): string {
  if ('running' in outcome) return `the synchronisation goes on in the background as job ${outcome.job}`;
  return outcome.changed ? `synchronised to the build of ${outcome.builtAt}` : outcome.reason;
}

/** Handlers of the feed operations. */
export function feedRoutes(deps: FeedRoutesDependencies): BoundOperation[] {
  return [...compatibleRoutes(deps), ...ownRoutes(deps)];
}

function ownRoutes({ feeds }: FeedRoutesDependencies): BoundOperation[] {
  return bindOperations(windlassFeedsOperations, {
    list_feed_providers: async () => ({ items: await feeds.providers() }),
    list_feed_sources: async () => ({ items: await feeds.sources() }),
    delete_feed_source: ({ params }) => feeds.forgetSource(params.name),
    get_feed_build: ({ params }) => feeds.build(params.checksum),
    approve_feed_build: ({ params, actor }) => feeds.approve(params.checksum, actor.username),
    reject_feed_build: ({ params, actor }) => feeds.reject(params.checksum, actor.username),
    rollback_feed_build: ({ actor }) => feeds.rollback(actor.username),
    export_feed_bundle: async () =>
      rawAnswer(Readable.from(await feeds.bundle()), {
        contentType: 'application/x-tar',
        headers: { 'content-disposition': 'attachment; filename="windlass-feeds.tar"' },
      }),
  });
}

function compatibleRoutes({ feeds, receiveArchive }: FeedRoutesDependencies): BoundOperation[] {
  return bindOperations(feedsOperations, {
    get_system_feeds: () => feeds.list(),
    async post_system_feeds({ query, signal }) {
      return { message: syncMessage(await feeds.sync(query.force_sync ?? false, signal)) };
    },
    get_system_feed: ({ params, query }) => feeds.record(params.feed, query.version),
    async upload_system_feed({ params, query, stream }) {
      const feed = uploadedSource(params.feed);
      const checksum = normaliseChecksum(query.checksum);
      const { key } = await receiveArchive(stream, checksum);
      await feeds.importUpload({ key, checksum, ...(feed === undefined ? {} : { feed }) });
    },
    toggle_feed_enabled: () => {
      throw new AppError(
        501,
        'feeds cannot be switched off one by one: exclude providers in the configuration instead',
        { type: 'not_implemented' },
      );
    },
    delete_feed: () => {
      throw new AppError(501, 'feed data cannot be deleted: it is replaced by the next build', {
        type: 'not_implemented',
      });
    },
  });
}

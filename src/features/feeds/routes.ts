import { feedsOperations } from '#contract/feeds.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BodyStream, BoundOperation } from '#platform/http/types.ts';
import { AppError, badRequest } from '#shared/errors.ts';
import { checkUploadName, type FeedService } from './service.ts';

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

/** Handlers of the feed operations. */
export function feedRoutes({ feeds, receiveArchive }: FeedRoutesDependencies): BoundOperation[] {
  return bindOperations(feedsOperations, {
    get_system_feeds: () => feeds.list(),
    async post_system_feeds({ query, signal }) {
      const result = await feeds.sync(query.force_sync ?? false, signal);
      return { message: result.changed ? `synchronised to the build of ${result.builtAt}` : result.reason };
    },
    get_system_feed: ({ params, query }) => feeds.record(params.feed, query.version),
    async upload_system_feed({ params, query, stream }) {
      checkUploadName(params.feed);
      const checksum = normaliseChecksum(query.checksum);
      const { key } = await receiveArchive(stream, checksum);
      await feeds.importUpload({ key, checksum });
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

import { activeSubscriptions, deactivateTags } from '#features/subscriptions/index.ts';
import type { Db } from '#platform/database/types.ts';
import { findImage, updateImage } from './store.ts';
import { fullTag, tagsOf } from './tag-store.ts';

/** Outcome of one deletion, as the API says it. */
export interface DeleteOutcome {
  image_digest: string;
  status: 'deleting' | 'not_found' | 'delete_failed';
  detail?: string;
}

/**
 * Marks an image for deletion; the collector removes it later. Refused while it is analysed and while it is what a tag
 * with an active subscription points to, unless forced: then those subscriptions are switched off. Repeating is a success.
 */
export async function markForDeletion(tx: Db, account: string, digest: string, force: boolean): Promise<DeleteOutcome> {
  const image = await findImage(tx, account, digest);
  if (!image) return { image_digest: digest, status: 'not_found', detail: `image not found: ${digest}` };
  if (image.image_status === 'deleting') return { image_digest: digest, status: 'deleting' };
  if (image.analysis_status === 'analyzing' && !force) {
    return {
      image_digest: digest,
      status: 'delete_failed',
      detail: 'image is being analyzed; use force to cancel the analysis and delete it',
    };
  }
  const tags = await tagsOf(tx, account, digest);
  const current = tags.filter((tag) => tag.current).map(fullTag);
  if (current.length > 0) {
    const active = await activeSubscriptions(tx, account, current);
    if (active.length > 0 && !force) {
      const names = active.map((s) => `${s.subscription_type} of ${s.subscription_key}`).join(', ');
      return {
        image_digest: digest,
        status: 'delete_failed',
        detail: `image is the latest of a tag with active subscriptions (${names}); use force to deactivate them and delete it`,
      };
    }
    if (force) await deactivateTags(tx, account, current);
  }
  await updateImage(tx, account, digest, { image_status: 'deleting' });
  return { image_digest: digest, status: 'deleting' };
}

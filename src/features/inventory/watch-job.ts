import { z } from 'zod';
import type { ImageAnalysisRequest } from '#contract/images-schemas.ts';
import { appendEvent } from '#features/events/index.ts';
import type { ImageService } from '#features/images/index.ts';
import { mostSpecificRegistry } from '#features/registries/index.ts';
import type { JobDefinition } from '#platform/jobs/types.ts';
import { AppError } from '#shared/errors.ts';
import type { InventoryService } from './service.ts';
import {
  expireFailures,
  forgetFailure,
  noteFailure,
  registryChanges,
  type WatchedImage,
  watchedImages,
  watchingAccounts,
} from './watch-store.ts';

export const INVENTORY_WATCH_JOB = 'inventory-watch';

const FIRST_PAUSE_MS = 5 * 60_000;
const LONGEST_PAUSE_MS = 24 * 3_600_000;
/** Images looked up at once. */
const AT_ONCE = 4;

/** Pause after the n-th failure of an image: minutes at first, a day at last. */
export function pauseAfter(failures: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
}

/**
 * The add request for an image that runs: by digest, under the tag that it runs as; by tag where no digest is known. Undefined
 * for what cannot be pulled: a bare digest, or a made-up tag without one.
 */
export function addRequestFor(
  image: Pick<WatchedImage, 'image_tag' | 'image_digest' | 'full_tag'>,
): ImageAnalysisRequest | undefined {
  const { image_tag, image_digest, full_tag } = image;
  if (image_digest === '') return full_tag === null ? undefined : { source: { tag: { pull_string: image_tag } } };
  const name = image_tag.replace(/@.*$/, '');
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  const repository = colon < 0 ? name : name.slice(0, colon);
  if (repository === '' || repository === 'sha256') return undefined;
  const ending = colon < 0 ? '' : name.slice(colon + 1);
  // a tag left empty by its agent: the digest stands for it
  const tag = ending === '' && colon >= 0 ? `${repository}:${image_digest.slice('sha256:'.length)}` : name;
  return { source: { digest: { pull_string: `${repository}@${image_digest}`, tag } } };
}

export interface InventoryWatchDependencies {
  inventory: Pick<InventoryService, 'database' | 'cutoff' | 'now'>;
  images: Pick<ImageService, 'add'>;
}

/**
 * Job: adds images that run in watched contexts and are not in the catalogue. One that cannot be added leaves an event the
 * first time, and is tried again after a pause that grows, or as soon as the credentials of its registry change.
 */
export function inventoryWatchJob(deps: InventoryWatchDependencies): JobDefinition<Record<string, never>> {
  const { database, cutoff, now } = deps.inventory;
  const { db } = database;

  async function due(account: string): Promise<WatchedImage[]> {
    const watched = await watchedImages(db, account, cutoff());
    if (watched.length === 0) return [];
    const records = await registryChanges(db, account);
    return watched.filter(({ full_tag, image_tag, failed_at, next_attempt_at }) => {
      if (!next_attempt_at || !failed_at || next_attempt_at <= now()) return true;
      const name = full_tag ?? image_tag;
      const slash = name.indexOf('/');
      const record = mostSpecificRegistry(records, name.slice(0, slash), name.slice(slash + 1).replace(/:[^/]*$/, ''));
      return record !== undefined && record.last_updated > failed_at;
    });
  }

  async function addOne(account: string, image: WatchedImage): Promise<void> {
    const request = addRequestFor(image);
    const reference = image.image_digest || image.full_tag;
    if (!request || !reference) return;
    try {
      await deps.images.add(account, request, { force: false, autoSubscribe: false, silent: true });
      if (image.failures) await forgetFailure(db, account, reference);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const failures = (image.failures ?? 0) + 1;
      const failed_at = now();
      const next_attempt_at = new Date(failed_at.getTime() + pauseAfter(failures));
      await database.transaction(async (tx) => {
        await noteFailure(tx, account, { reference, failures, error: error.message, failed_at, next_attempt_at });
        if (failures > 1) return;
        await appendEvent(tx, {
          name: 'registry_lookup_failed',
          account,
          resource_id: image.image_tag,
          details: { error: error.message, image_digest: image.image_digest, watched: 'runtime_inventory' },
        });
      });
    }
  }

  return {
    kind: INVENTORY_WATCH_JOB,
    payload: z.record(z.string(), z.never()),
    concurrency: 1,
    leaseSeconds: 120,
    retries: 0,
    async run(_payload, job) {
      let done = 0;
      for (const account of await watchingAccounts(db)) {
        const waiting = await due(account);
        const work = async (): Promise<void> => {
          for (let image = waiting.pop(); image; image = waiting.pop()) {
            job.signal.throwIfAborted();
            await addOne(account, image);
            done += 1;
            await job.progress({ images_done: done });
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, work));
      }
      await expireFailures(db, new Date(now().getTime() - 7 * LONGEST_PAUSE_MS));
    },
  };
}

import type { ImageGateway } from '#features/images/index.ts';
import type { Db } from '#platform/database/types.ts';
import { firstLook } from './schedule.ts';
import { insertWatches, type NewSubscription, type NewWatch, unwatched, type WatchKind } from './store.ts';

const AT_ONCE = 1_000;
/** So few were made by hand: nobody wants to wait for the first look. */
const BY_HAND = 50;

/** Makes watches for active subscriptions that have none. Returns how many. */
export async function adoptSubscriptions(
  db: Db,
  kind: WatchKind,
  parse: ImageGateway['parse'],
  cycle: number,
): Promise<number> {
  let adopted = 0;
  for (;;) {
    const subscriptions = await unwatched(db, kind, AT_ONCE);
    if (subscriptions.length === 0) return adopted;
    const spread = adopted + subscriptions.length > BY_HAND ? cycle : 0;
    await insertWatches(
      db,
      kind,
      subscriptions.map((subscription) => watchOf(subscription, kind, parse, spread)),
    );
    adopted += subscriptions.length;
    if (subscriptions.length < AT_ONCE) return adopted;
  }
}

function watchOf(
  { subscription_id, account, subscription_key: key }: NewSubscription,
  kind: WatchKind,
  parse: ImageGateway['parse'],
  spread: number,
): NewWatch {
  const common = { subscription_id, account };
  try {
    const { registry, repository, tag, digest } = parse(key);
    if (digest !== undefined) throw new Error(`${key} names a digest, which never changes`);
    if (kind === 'repository' && /:[^/]*$/.test(key)) throw new Error(`${key} names a tag: a repository is expected`);
    const name = `${registry}/${repository}`;
    return {
      ...common,
      registry,
      repository,
      tag: kind === 'tag' ? (tag ?? 'latest') : null,
      first: firstLook(spread, name),
      error: null,
    };
  } catch (error) {
    // The subscription stays, and says why nothing comes of it.
    return { ...common, registry: '', repository: '', tag: null, first: 0, error: (error as Error).message };
  }
}

import { appendEvent } from '#features/events/index.ts';
import type { Db } from '#platform/database/types.ts';
import { type SubscriptionType, subscribedTags, subscriptionId } from './store.ts';

/** Members that every event about a subscribed tag has in its details. */
export function subscriptionPayload(account: string, type: SubscriptionType, key: string) {
  return {
    account_name: account,
    subscription_id: subscriptionId(account, key, type),
    subscription_key: key,
    subscription_type: type,
  };
}

/** Tells that a tag moved, if somebody wants to know; in the transaction that moves it. */
export async function announceTagUpdate(
  tx: Db,
  account: string,
  fullTag: string,
  move: { previous: string; digest: string; annotations: Record<string, unknown> },
): Promise<void> {
  if (!(await subscribedTags(tx, account, 'tag_update', [fullTag])).has(fullTag)) return;
  await appendEvent(tx, {
    name: 'image_tag_update',
    account,
    resource_id: fullTag,
    details: {
      ...subscriptionPayload(account, 'tag_update', fullTag),
      last_eval: [move.previous],
      curr_eval: [move.digest],
      annotations: move.annotations,
    },
  });
}

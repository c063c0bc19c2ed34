import { subscriptionsOperations } from '#contract/subscriptions.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import { present } from '#shared/present.ts';
import type { SubscriptionService } from './service.ts';

type Row = Omit<Awaited<ReturnType<SubscriptionService['get']>>, 'watched'>;

/** The V2 `Subscription` of a stored row. */
export function subscriptionView(row: Row) {
  return {
    subscription_id: row.subscription_id,
    account_name: row.account,
    subscription_type: row.subscription_type,
    subscription_key: row.subscription_key,
    subscription_value: row.subscription_value,
    active: row.active,
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
  };
}

/** Handlers of the subscription operations; single records are arrays of one. */
export function subscriptionRoutes(subscriptions: SubscriptionService) {
  return bindOperations(subscriptionsOperations, {
    list_subscriptions: async ({ account, query }) =>
      (await subscriptions.list(account, present(query))).map(subscriptionView),
    add_subscription: async ({ account, actor, body }) => [
      subscriptionView(await subscriptions.create(account, body, actor.username)),
    ],
    get_subscription: async ({ account, params }) => [
      subscriptionView(await subscriptions.get(account, params.subscription_id)),
    ],
    update_subscription: async ({ account, actor, params, body }) => [
      subscriptionView(await subscriptions.update(account, params.subscription_id, body, actor.username)),
    ],
    delete_subscription: ({ account, actor, params }) =>
      subscriptions.remove(account, params.subscription_id, actor.username),
  });
}

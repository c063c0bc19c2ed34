import { z } from 'zod';
import { defineOperation } from './operation.ts';
import { SubscriptionList } from './repositories.ts';

/** Body of `add_subscription`. */
export const SubscriptionRequest = z
  .object({
    subscription_key: z.string().optional(),
    subscription_value: z.string().nullish(),
    subscription_type: z.string().optional(),
    active: z.boolean().optional(),
  })
  .meta({ id: 'SubscriptionRequest' });
export type SubscriptionRequest = z.output<typeof SubscriptionRequest>;

/** Body of `update_subscription`. */
export const SubscriptionUpdate = z
  .object({
    subscription_value: z.string().nullish(),
    active: z.boolean().optional(),
  })
  .meta({ id: 'SubscriptionUpdate' });
export type SubscriptionUpdate = z.output<typeof SubscriptionUpdate>;

/** Operations of subscriptions. */
export const subscriptionsOperations = {
  /** List subscriptions. */
  list_subscriptions: defineOperation({
    id: 'list_subscriptions',
    method: 'GET',
    path: '/subscriptions',
    tag: 'Subscriptions',
    summary: 'List subscriptions',
    permission: { action: 'listSubscriptions', domain: 'account' },
    query: z.object({
      subscription_key: z.string().optional(),
      subscription_type: z.string().optional(),
    }),
    success: { status: 200, schema: SubscriptionList },
    errors: [403, 500],
  }),
  /** Subscribe to a tag or repository. */
  add_subscription: defineOperation({
    id: 'add_subscription',
    method: 'POST',
    path: '/subscriptions',
    tag: 'Subscriptions',
    summary: 'Subscribe to a tag or repository',
    permission: { action: 'createSubscription', domain: 'account' },
    body: SubscriptionRequest,
    success: { status: 200, schema: SubscriptionList },
    errors: [400, 403, 415, 500],
  }),
  /** Read a subscription. */
  get_subscription: defineOperation({
    id: 'get_subscription',
    method: 'GET',
    path: '/subscriptions/{subscription_id}',
    tag: 'Subscriptions',
    summary: 'Read a subscription',
    permission: { action: 'getSubscription', domain: 'account' },
    params: z.object({ subscription_id: z.string() }),
    success: { status: 200, schema: SubscriptionList },
    errors: [403, 404, 500],
  }),
  /** Activate or change a subscription. */
  update_subscription: defineOperation({
    id: 'update_subscription',
    method: 'PUT',
    path: '/subscriptions/{subscription_id}',
    tag: 'Subscriptions',
    summary: 'Activate or change a subscription',
    permission: { action: 'updateSubscription', domain: 'account' },
    params: z.object({ subscription_id: z.string() }),
    body: SubscriptionUpdate,
    success: { status: 200, schema: SubscriptionList },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete a subscription. */
  delete_subscription: defineOperation({
    id: 'delete_subscription',
    method: 'DELETE',
    path: '/subscriptions/{subscription_id}',
    tag: 'Subscriptions',
    summary: 'Delete a subscription',
    permission: { action: 'deleteSubscription', domain: 'account' },
    params: z.object({ subscription_id: z.string() }),
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
};

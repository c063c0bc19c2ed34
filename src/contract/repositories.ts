import { z } from 'zod';
import { queryBoolean, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Part of `SubscriptionList`. */
export const Subscription = z
  .object({
    subscription_key: z.string().optional(),
    subscription_type: z.string().optional(),
    subscription_value: z.string().nullish(),
    account_name: z.string().optional(),
    active: z.boolean().optional(),
    subscription_id: z.string().optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'Subscription' });
export type Subscription = z.output<typeof Subscription>;

/** Answer of `add_repository`, `list_subscriptions`, `add_subscription` and others. */
export const SubscriptionList = z.array(Subscription).meta({ id: 'SubscriptionList' });
export type SubscriptionList = z.output<typeof SubscriptionList>;

/** Operations of repositories. */
export const repositoriesOperations = {
  /** Watch a repository and add its tags. */
  add_repository: defineOperation({
    id: 'add_repository',
    method: 'POST',
    path: '/repositories',
    tag: 'Repository',
    summary: 'Watch a repository and add its tags',
    permission: { action: 'createRepository', domain: 'account' },
    query: z.object({
      repository: z.string(),
      auto_subscribe: queryBoolean().optional(),
      dry_run: queryBoolean().optional(),
      exclude_existing_tags: queryBoolean().optional(),
    }),
    success: { status: 200, schema: SubscriptionList },
    errors: [400, 403, 500],
  }),
};

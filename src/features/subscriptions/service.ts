import type { SubscriptionRequest, SubscriptionUpdate } from '#contract/subscriptions.ts';
import type { Database } from '#platform/database/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import {
  deleteSubscription,
  findSubscription,
  insertSubscriptions,
  listSubscriptions,
  SUBSCRIPTION_TYPES,
  type SubscriptionFilter,
  type SubscriptionType,
  updateSubscription,
} from './store.ts';

export type SubscriptionService = ReturnType<typeof createSubscriptionService>;

function isType(text: string): text is SubscriptionType {
  return (SUBSCRIPTION_TYPES as readonly string[]).includes(text);
}

/** Subscriptions as data: which keys are watched, and for what. */
export function createSubscriptionService({
  database,
  changed = async () => undefined,
}: {
  database: Database;
  /** Told after a subscription was made, changed or deleted. */
  changed?(account: string, type: string): Promise<void>;
}) {
  const { db } = database;

  return {
    list: (account: string, filter: SubscriptionFilter) => listSubscriptions(db, account, filter),

    async get(account: string, id: string) {
      const row = await findSubscription(db, account, id);
      if (!row) throw notFound(`subscription not found: ${id}`);
      return row;
    },

    async create(account: string, request: SubscriptionRequest) {
      const { subscription_key: key, subscription_type: type } = request;
      if (!key) throw badRequest("'subscription_key' is a required property");
      if (!type) throw badRequest("'subscription_type' is a required property");
      if (!isType(type))
        throw badRequest(`subscription_type must be one of ${SUBSCRIPTION_TYPES.join(', ')}, not ${type}`);
      const [row] = await insertSubscriptions(db, account, [
        { type, key, value: request.subscription_value ?? null, active: request.active ?? false },
      ]);
      if (!row) throw conflict(`subscription already exists: ${type} of ${key}`);
      await changed(account, type);
      return row;
    },

    async update(account: string, id: string, request: SubscriptionUpdate) {
      const row = await updateSubscription(db, account, id, {
        ...(request.active === undefined ? {} : { active: request.active }),
        ...(request.subscription_value === undefined ? {} : { subscription_value: request.subscription_value }),
      });
      if (!row) throw notFound(`subscription not found: ${id}`);
      await changed(account, row.subscription_type);
      return row;
    },

    async remove(account: string, id: string) {
      const row = await findSubscription(db, account, id);
      if (!row || !(await deleteSubscription(db, account, id))) throw notFound(`subscription not found: ${id}`);
      await changed(account, row.subscription_type);
    },
  };
}

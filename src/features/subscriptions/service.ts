import type { SubscriptionRequest, SubscriptionUpdate } from '#contract/subscriptions.ts';
import { appendEvent } from '#features/events/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
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

    async create(account: string, request: SubscriptionRequest, by: string) {
      const { subscription_key: key, subscription_type: type } = request;
      if (!key) throw badRequest("'subscription_key' is a required property");
      if (!type) throw badRequest("'subscription_type' is a required property");
      if (!isType(type))
        throw badRequest(`subscription_type must be one of ${SUBSCRIPTION_TYPES.join(', ')}, not ${type}`);
      const row = await database.transaction(async (tx) => {
        const [made] = await insertSubscriptions(tx, account, [
          { type, key, value: request.subscription_value ?? null, active: request.active ?? false },
        ]);
        if (!made) throw conflict(`subscription already exists: ${type} of ${key}`);
        await tell(tx, 'subscription_created', made, by);
        return made;
      });
      await changed(account, type);
      return row;
    },

    async update(account: string, id: string, request: SubscriptionUpdate, by: string) {
      const row = await database.transaction(async (tx) => {
        const changed = await updateSubscription(tx, account, id, {
          ...(request.active === undefined ? {} : { active: request.active }),
          ...(request.subscription_value === undefined ? {} : { subscription_value: request.subscription_value }),
        });
        if (!changed) throw notFound(`subscription not found: ${id}`);
        await tell(tx, 'subscription_updated', changed, by);
        return changed;
      });
      await changed(account, row.subscription_type);
      return row;
    },

    async remove(account: string, id: string, by: string) {
      const row = await database.transaction(async (tx) => {
        const found = await findSubscription(tx, account, id);
        if (!found || !(await deleteSubscription(tx, account, id))) throw notFound(`subscription not found: ${id}`);
        await tell(tx, 'subscription_deleted', found, by);
        return found;
      });
      await changed(account, row.subscription_type);
    },
  };
}

/** Records a change that somebody made; what follows from an added tag or repository is told by its own events. */
async function tell(
  tx: Db,
  event: 'subscription_created' | 'subscription_updated' | 'subscription_deleted',
  row: SubscriptionRow,
  by: string,
): Promise<void> {
  const { account, subscription_id, subscription_key, subscription_type: kind, active } = row;
  const details = { by, subscription_key, kind, active };
  await appendEvent(tx, { name: event, account, resource_id: subscription_id, details });
}

type SubscriptionRow = NonNullable<Awaited<ReturnType<typeof findSubscription>>>;

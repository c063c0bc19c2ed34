import { randomUUID } from 'node:crypto';
import { type ActionPlan, actionsOperations } from '#contract/actions.ts';
import type { NotificationService } from '#features/notifications/index.ts';
import { type EndpointName, NOTIFIERS } from '#notifiers/index.ts';
import type { Database } from '#platform/database/types.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { badRequest } from '#shared/errors.ts';
import { present } from '#shared/present.ts';
import { insertPlan, listPlans, type PlanRow } from './store.ts';

/** Handlers of the action operations: a plan is sent once, through a notification configuration, and kept. */
export function actionRoutes(deps: {
  database: Database;
  notifications: Pick<NotificationService, 'sendMessage'>;
}): BoundOperation[] {
  const { db } = deps.database;
  return bindOperations(actionsOperations, {
    get_action_plans: async ({ account, query }) => (await listPlans(db, account, present(query))).map(view),
    async add_action_plan({ account, body }) {
      const { endpoint, configuration, plan } = readPlan(body);
      const uuid = randomUUID();
      const payload = {
        type: plan.type,
        uuid,
        image_tag: plan.image_tag,
        image_digest: plan.image_digest,
        // The name that receivers know from before policies were called policies.
        bundle_id: plan.policy_id,
        policy_id: plan.policy_id,
        resolutions: plan.resolutions,
        subject: plan.subject,
        message: plan.message,
      };
      const written = { subject: plan.subject!, message: plan.message!, payload };
      await deps.notifications.sendMessage(account, endpoint, configuration, written);
      return view(await insertPlan(db, account, uuid, plan));
    },
  });
}

function readPlan(body: ActionPlan & { bundle_id?: unknown }) {
  const { uuid: _uuid, created_at: _created, last_updated: _updated, ...given } = body;
  const policyId = given.policy_id ?? (typeof body.bundle_id === 'string' ? body.bundle_id : undefined);
  const plan: ActionPlan = present({ ...given, type: given.type ?? 'notification', policy_id: policyId });
  if (plan.type !== 'notification') throw badRequest(`type ${plan.type} is not known: notification is`);
  if (!plan.endpoint || !Object.hasOwn(NOTIFIERS, plan.endpoint)) {
    throw badRequest(`endpoint must be one of ${Object.keys(NOTIFIERS).join(', ')}`);
  }
  if (!plan.configuration_id) throw badRequest('configuration_id is required');
  if (!plan.subject || !plan.message) throw badRequest('subject and message are required');
  return { endpoint: plan.endpoint as EndpointName, configuration: plan.configuration_id, plan };
}

function view(row: PlanRow): ActionPlan {
  return {
    ...(row.plan as ActionPlan),
    uuid: row.uuid,
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
  };
}

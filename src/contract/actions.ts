import { z } from 'zod';
import { queryTime, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Part of `ActionPlan`. */
export const ActionPlanResolution = z
  .object({
    trigger_ids: z.array(z.string()).optional(),
    content: z.string().optional(),
  })
  .meta({ id: 'ActionPlanResolution' });
export type ActionPlanResolution = z.output<typeof ActionPlanResolution>;

/** Body of `add_action_plan`. */
export const ActionPlan = z
  .object({
    type: z.string().optional(),
    image_tag: z.string().optional(),
    image_digest: z.string().optional(),
    policy_id: z.string().optional(),
    resolutions: z.array(ActionPlanResolution).optional(),
    endpoint: z.string().optional(),
    configuration_id: z.string().optional(),
    subject: z.string().optional(),
    message: z.string().optional(),
    uuid: z.string().optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'ActionPlan' });
export type ActionPlan = z.output<typeof ActionPlan>;

/** Answer of `get_action_plans`. */
export const ActionPlans = z.array(ActionPlan).meta({ id: 'ActionPlans' });
export type ActionPlans = z.output<typeof ActionPlans>;

/** Operations of actions. */
export const actionsOperations = {
  /** Read action plans. */
  get_action_plans: defineOperation({
    id: 'get_action_plans',
    method: 'GET',
    path: '/actions',
    tag: 'Actions',
    summary: 'Read action plans',
    permission: { action: 'getActions', domain: 'account' },
    query: z.object({
      image_tag: z.string().optional(),
      image_digest: z.string().optional(),
      created_after: queryTime().optional(),
    }),
    success: { status: 200, schema: ActionPlans },
    errors: [403, 500],
  }),
  /** Add action plan. */
  add_action_plan: defineOperation({
    id: 'add_action_plan',
    method: 'POST',
    path: '/actions',
    tag: 'Actions',
    summary: 'Add action plan',
    permission: { action: 'addAction', domain: 'account' },
    body: ActionPlan,
    success: { status: 200, schema: ActionPlan },
    errors: [400, 403, 500],
  }),
};

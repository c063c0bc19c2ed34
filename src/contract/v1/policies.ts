import { z } from 'zod';
import { v1Operation } from './operation.ts';

/** A policy bundle: judged by the importer, not by its shape. */
const Bundle = z.record(z.string(), z.unknown());

/** Body of the first generation's update. Clients send back all they read. */
export const V1PolicyRecord = z.object({
  policyId: z.string().optional(),
  active: z.boolean().default(false),
  policybundle: Bundle.nullish(),
});
export type V1PolicyRecord = z.output<typeof V1PolicyRecord>;

/** Policies, there called bundles. */
export const v1PolicyOperations = {
  list_policies: v1Operation('list_policies'),
  add_policy: v1Operation('add_policy', { body: Bundle, extend: { detail: z.string().optional() } }),
  get_policy: v1Operation('get_policy'),
  update_policy: v1Operation('update_policy', { body: V1PolicyRecord }),
  delete_policy: v1Operation('delete_policy', { status: 200 }),
  describe_policy: v1Operation('describe_policy', { path: '/system/policy_spec' }),
};

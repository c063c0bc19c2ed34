import { createHash } from 'node:crypto';
import type { PolicyRecord } from '#contract/policies.ts';
import type { V1PolicyRecord } from '#contract/v1/policies.ts';
import { v1PolicyOperations } from '#contract/v1/policies.ts';
import { importV1Policy, isV1Document } from '#engine/policy/index.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { AppError, badRequest } from '#shared/errors.ts';
import { bindV1, deleted, translated, type V1Request } from './bind.ts';
import { exportV1Policy } from './policy-document.ts';
import type { SecondGeneration } from './second-generation.ts';

/** Routes of the policy operations. */
export function v1PolicyRoutes(v2: SecondGeneration): BoundOperation[] {
  return bindV1(
    v1PolicyOperations,
    {
      list_policies: translated((records) => records.map(v1Record)),
      add_policy: addPolicy,
      get_policy: translated((record) => [v1Record(record)]),
      update_policy: updatePolicy,
      delete_policy: deleted('deleted'),
      describe_policy: translated((gates) => gates.map((gate) => supercededBy(gate))),
    },
    v2,
  );
}

/** Adds a bundle, or replaces the one of the same id: the first generation made no difference. */
async function addPolicy({ next, call, body, account, query }: V1Request<'add_policy'>): Promise<unknown> {
  const policy = documentOf(withId(body as Record<string, unknown>, account));
  const show = (record: PolicyRecord): unknown =>
    v1Record(/^(true|1|yes)$/i.test(String(query.detail ?? 'true')) ? record : { ...record, policy: undefined });
  try {
    return show(await next({ body: policy }));
  } catch (error) {
    if (!(error instanceof AppError && error.httpStatus === 409)) throw error;
  }
  const id = String(policy.id);
  const existing = await call('get_policy', { params: { policy_id: id }, query: { detail: false } });
  return show(await call('update_policy', { params: { policy_id: id }, body: { ...existing, policy } }));
}

async function updatePolicy({ next, body, params, account }: V1Request<'update_policy'>): Promise<unknown> {
  const { policyId = params.policy_id!, active, policybundle } = body as V1PolicyRecord;
  const policy = policybundle ? documentOf({ id: policyId, ...policybundle }) : undefined;
  const record = await next({
    body: {
      policy_id: policyId,
      account_name: account,
      policy_source: 'local',
      name: typeof policy?.name === 'string' ? policy.name : policyId,
      active,
      ...(policy ? { policy } : {}),
    },
  });
  return [v1Record(record)];
}

function documentOf(bundle: Record<string, unknown>): Record<string, unknown> {
  const document = isV1Document(bundle) ? importV1Policy(bundle).document : bundle;
  if (typeof document !== 'object' || document === null) throw badRequest('a policy bundle must be an object');
  return document as Record<string, unknown>;
}

/** A bundle without an id has one that follows from its account and name. */
function withId(bundle: Record<string, unknown>, account: string): Record<string, unknown> {
  if (typeof bundle.id === 'string' && bundle.id !== '') return bundle;
  return {
    ...bundle,
    id: createHash('md5')
      .update(`${account}:${String(bundle.name ?? '')}`)
      .digest('hex'),
  };
}

function v1Record(record: PolicyRecord): Record<string, unknown> {
  const { policy_id, account_name, policy, active, policy_source, created_at, last_updated } = record;
  return {
    policyId: policy_id,
    userId: account_name,
    active,
    policy_source,
    created_at,
    last_updated,
    ...(policy ? { policybundle: exportV1Policy(policy) } : {}),
  };
}

/** The first generation spelt the member otherwise, at every level. */
function supercededBy(item: object): unknown {
  const { superseded_by, triggers, parameters, ...rest } = item as Record<string, unknown>;
  return {
    ...rest,
    superceded_by: superseded_by ?? null,
    ...(Array.isArray(triggers) ? { triggers: triggers.map(supercededBy) } : {}),
    ...(Array.isArray(parameters) ? { parameters: parameters.map(supercededBy) } : {}),
  };
}

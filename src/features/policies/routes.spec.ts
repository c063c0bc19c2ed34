import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DEFAULT_POLICY, DEFAULT_POLICY_ID } from '#engine/policy/index.ts';
import { factsOf } from '#engine/policy/testing/facts.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { createEvaluationService, createPolicyService, policyRoutes } from './index.ts';

const ACCOUNT = 'routes';
const DIGEST = `sha256:${'a'.repeat(64)}`;

let database: Database;
let routes: BoundOperation[];

beforeAll(async () => {
  database = await testDatabase();
  await database.db.insertInto('account').values({ name: ACCOUNT, type: 'user' }).execute();
  await database.db
    .insertInto('image')
    .values({ account: ACCOUNT, digest: DIGEST, analysis_status: 'analyzed' })
    .execute();
  const emit = async () => undefined;
  const policies = createPolicyService({ database, emit });
  const loadFacts = async () => ({ facts: factsOf(), imageId: 'x' });
  routes = policyRoutes({ policies, evaluations: createEvaluationService({ database, emit, loadFacts }) });
  await database.transaction((tx) => policies.installDefault(tx, ACCOUNT));
});
afterAll(() => database.close());

/** Calls a handler as the server does, and checks the answer by the schema of the contract. */
async function call(
  id: string,
  input: { params?: unknown; query?: Record<string, unknown>; body?: unknown } = {},
): Promise<unknown> {
  const bound = routes.find(({ operation }) => operation.id === id)!;
  const query = bound.operation.query ? bound.operation.query.parse(input.query ?? {}) : {};
  const body = bound.operation.body ? bound.operation.body.parse(input.body) : undefined;
  const result = await bound.handle({
    account: ACCOUNT,
    requestId: 'r',
    params: input.params ?? {},
    query,
    body,
  } as never);
  const { success } = bound.operation;
  return 'schema' in success && success.schema ? z.parse(success.schema, result) : result;
}

describe('policy routes', () => {
  it('answer in the shapes of the contract', async () => {
    expect(await call('list_policies')).toMatchObject([
      { policy_id: DEFAULT_POLICY_ID, active: true, account_name: ACCOUNT },
    ]);
    expect(await call('list_policies', { query: { detail: 'True' } })).toMatchObject([
      { policy: { id: DEFAULT_POLICY_ID } },
    ]);
    const record = await call('add_policy', { body: { ...DEFAULT_POLICY, id: 'mine' } });
    expect(record).toMatchObject({ policy_id: 'mine', active: false, policy_source: 'local' });
    expect(
      await call('update_policy', { params: { policy_id: 'mine' }, query: { active: 'true' }, body: record }),
    ).toMatchObject({ active: true });
    expect(await call('get_policy', { params: { policy_id: 'mine' }, query: { detail: 'false' } })).not.toHaveProperty(
      'policy',
    );
    await call('delete_policy', { params: { policy_id: DEFAULT_POLICY_ID } });
    expect(await call('list_policies')).toHaveLength(1);
  });

  it('check and policy-spec fit the contract', async () => {
    const check = await call('get_image_policy_check_by_digest', {
      params: { image_digest: DIGEST },
      query: { tag: 'docker.io/library/app:1' },
    });
    expect(check).toMatchObject({
      image_digest: DIGEST,
      evaluations: [{ image_mapped_to_rule: true, details: { policy_action: expect.any(String) } }],
    });
    const gates = (await call('describe_policy')) as { name: string; state: string }[];
    expect(gates.find((gate) => gate.name === 'vulnerabilities')).toMatchObject({
      state: 'active',
      supported_artifact_type: 'image',
    });
    expect(gates.find((gate) => gate.name === 'anchoresec')).toMatchObject({
      state: 'eol',
      superseded_by: 'vulnerabilities',
    });
  });
});

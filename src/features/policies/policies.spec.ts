import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY_ID, type PolicyFacts } from '#engine/policy/index.ts';
import { factsOf, packageOf, policyOf, ruleOf, vulnerabilityOf } from '#engine/policy/testing/facts.ts';
import type { NewEvent } from '#features/events/index.ts';
import { insertSubscriptions } from '#features/subscriptions/index.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { createEvaluationService, createPolicyService, expireEvaluations } from './index.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const BASE = `sha256:${'b'.repeat(64)}`;
const TAG = 'docker.io/library/app:1';

let database: Database;
let account: string;
let accounts = 0;
let events: NewEvent[] = [];
let facts: Map<string, { facts: PolicyFacts; inputDigest: string }>;
let now: Date;
let loads = 0;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

beforeEach(async () => {
  account = `account-${accounts++}`;
  events = [];
  loads = 0;
  now = new Date('2026-03-01T00:00:00Z');
  facts = new Map([[DIGEST, { facts: factsOf(), inputDigest: 'one' }]]);
  await database.db.insertInto('account').values({ name: account, type: 'user' }).execute();
  for (const digest of [DIGEST, BASE])
    await database.db.insertInto('image').values({ account, digest, analysis_status: 'analyzed' }).execute();
});

async function emit(_tx: unknown, event: NewEvent): Promise<void> {
  events.push(event);
}

function services() {
  const policies = createPolicyService({ database, emit });
  const evaluations = createEvaluationService({
    database,
    emit,
    now: () => now,
    async loadFacts(_db, _account, digest) {
      loads += 1;
      const found = facts.get(digest);
      return found ? { ...found, imageId: 'c'.repeat(64) } : undefined;
    },
    inputDigest: async (_db, _account, digest) => facts.get(digest)?.inputDigest,
  });
  return { policies, evaluations };
}

function record(id: string, active: boolean, document?: unknown) {
  return {
    policy_id: id,
    active,
    account_name: account,
    policy_source: 'local',
    name: id,
    ...(document ? { policy: document as never } : {}),
  };
}

const STOP = policyOf([ruleOf('always', 'always', 'STOP')]);
const WARN = policyOf([ruleOf('always', 'always', 'WARN')]);

describe('policies', () => {
  it('the default policy is installed once and active', async () => {
    const { policies } = services();
    for (let time = 0; time < 2; time++) await database.transaction((tx) => policies.installDefault(tx, account));
    expect((await policies.list(account)).map((row) => [row.policy_id, row.active])).toEqual([
      [DEFAULT_POLICY_ID, true],
    ]);
  });

  it('creates inactive policies, refuses duplicates and invalid documents', async () => {
    const { policies } = services();
    expect(await policies.create(account, STOP)).toMatchObject({
      policy_id: 'policy',
      active: false,
      policy_source: 'local',
    });
    await expect(policies.create(account, STOP)).rejects.toMatchObject({ httpStatus: 409 });
    const invalid = policies.create(account, policyOf([ruleOf('nonsense', 'x', 'STOP')]));
    await expect(invalid).rejects.toMatchObject({
      httpStatus: 400,
      detail: { validation_details: [{ problem_type: 'unknown_gate' }] },
    });
    await expect(policies.get('other-account', 'policy')).rejects.toMatchObject({ httpStatus: 404 });
  });

  it('exactly one policy is active; changes of it are announced', async () => {
    const { policies } = services();
    await database.transaction((tx) => policies.installDefault(tx, account));
    await policies.create(account, STOP);
    await policies.update(account, 'policy', { record: record('policy', false, STOP), active: true });
    expect((await policies.list(account)).map((row) => [row.policy_id, row.active])).toEqual([
      ['policy', true],
      [DEFAULT_POLICY_ID, false],
    ]);
    await policies.update(account, 'policy', { record: record('policy', true, STOP) });
    await policies.update(account, 'policy', { record: record('policy', true, WARN) });
    await policies.update(account, 'policy', { record: record('policy', true) });
    await policies.update(account, DEFAULT_POLICY_ID, { record: record(DEFAULT_POLICY_ID, false) });
    expect(events.map((event) => event.name)).toEqual(['policy_active_updated', 'policy_active_content_change']);
  });

  it('the active policy can be neither switched off nor deleted', async () => {
    const { policies } = services();
    await database.transaction((tx) => policies.installDefault(tx, account));
    await expect(
      policies.update(account, DEFAULT_POLICY_ID, { record: record(DEFAULT_POLICY_ID, false) }),
    ).rejects.toMatchObject({ httpStatus: 400 });
    await expect(policies.remove(account, DEFAULT_POLICY_ID)).rejects.toMatchObject({ httpStatus: 400 });
    await policies.create(account, STOP);
    await policies.remove(account, 'policy');
    await expect(policies.remove(account, 'policy')).rejects.toMatchObject({ httpStatus: 404 });
    await expect(policies.update(account, 'policy', { record: record('other', true) })).rejects.toMatchObject({
      httpStatus: 400,
    });
    await expect(policies.update(account, 'gone', { record: record('gone', true) })).rejects.toMatchObject({
      httpStatus: 404,
    });
  });
});

describe('checks', () => {
  const request = () => ({ account, digest: DIGEST, tag: TAG });
  const subscribe = () =>
    insertSubscriptions(database.db, account, [{ type: 'policy_eval', key: TAG, value: null, active: true }]);

  it('need a policy, an analysed image and a tag', async () => {
    const { policies, evaluations } = services();
    await expect(evaluations.evaluateImage(request())).rejects.toMatchObject({ httpStatus: 404 });
    await database.transaction((tx) => policies.installDefault(tx, account));
    await expect(evaluations.evaluateImage({ ...request(), digest: BASE })).rejects.toMatchObject({ httpStatus: 404 });
    await expect(evaluations.evaluateImage({ ...request(), policyId: 'x' })).rejects.toMatchObject({ httpStatus: 404 });
    await expect(evaluations.evaluateImage({ ...request(), tag: 'a b' })).rejects.toMatchObject({ httpStatus: 400 });
    await expect(evaluations.evaluateImage({ ...request(), baseDigest: 'x' })).rejects.toMatchObject({
      httpStatus: 400,
    });
  });

  it('stores an evaluation per change of its inputs, and announces changed verdicts only', async () => {
    const { policies, evaluations } = services();
    await subscribe();
    await database.transaction((tx) => policies.installDefault(tx, account));
    const first = await evaluations.evaluateImage(request());
    expect(first).toMatchObject({
      policy_id: DEFAULT_POLICY_ID,
      image_digest: DIGEST,
      evaluated_tag: TAG,
      evaluations: [{ status: 'pass', final_action: 'warn' }],
    });
    expect(await evaluations.evaluateImage(request())).toEqual(first);
    expect(loads).toBe(1);
    const critical = vulnerabilityOf('CVE-1', packageOf('deb', 'bash', '5'), {
      fixVersions: ['6'],
      vulnerability: { severity: 'Critical' },
    });
    facts.set(DIGEST, {
      facts: factsOf({ vulnerabilities: { state: 'present', value: [critical] } }),
      inputDigest: 'two',
    });
    const second = await evaluations.evaluateImage({ ...request(), history: true });
    expect(second.evaluations.map((item) => item.final_action)).toEqual(['stop', 'warn']);
    expect(second.evaluations[1]).toEqual(first.evaluations[0]);
    expect(second.evaluations[0]!.details!.remediations).toEqual([
      { suggestions: [{ message: 'Upgrade bash from 5 to 6', preferred: true }], trigger_ids: ['CVE-1+bash'] },
    ]);
    expect(events).toMatchObject([
      {
        name: 'tag_policy_evaluation_update',
        resource_id: TAG,
        details: {
          account_name: account,
          subscription_key: TAG,
          subscription_type: 'policy_eval',
          last_eval: { image_digest: DIGEST, status: 'pass', final_action: 'warn' },
          curr_eval: { image_digest: DIGEST, status: 'fail', final_action: 'stop' },
          annotations: {},
        },
      },
    ]);
  });

  it('announces nothing of a tag that nobody subscribed to', async () => {
    const { policies, evaluations } = services();
    await database.transaction((tx) => policies.installDefault(tx, account));
    await subscribe();
    await database.db.updateTable('subscription').set({ active: false }).where('account', '=', account).execute();
    await evaluations.evaluateImage(request());
    await policies.create(account, STOP);
    await policies.update(account, 'policy', { record: record('policy', true) });
    events = [];
    expect((await evaluations.evaluateImage(request())).evaluations[0]!.final_action).toBe('stop');
    expect(events).toEqual([]);
  });

  it('evaluates again when a time condition flips, not before', async () => {
    const { policies, evaluations } = services();
    await database.transaction((tx) => policies.installDefault(tx, account));
    await evaluations.evaluateImage(request());
    now = new Date('2026-03-02T11:59:59Z');
    await evaluations.evaluateImage(request());
    expect(loads).toBe(1);
    now = new Date('2026-03-02T12:00:00Z');
    const later = await evaluations.evaluateImage(request());
    expect(later.evaluations[0]!.details!.findings.map((finding) => finding.trigger)).toContain('stale_feed_data');
    expect(loads).toBe(2);
  });

  it('another policy neither disturbs nor announces; a changed active policy does', async () => {
    const { policies, evaluations } = services();
    await subscribe();
    await database.transaction((tx) => policies.installDefault(tx, account));
    await evaluations.evaluateImage(request());
    await policies.create(account, STOP);
    expect((await evaluations.evaluateImage({ ...request(), policyId: 'policy' })).evaluations[0]!.status).toBe('fail');
    expect(events).toEqual([]);
    await policies.update(account, 'policy', { record: record('policy', true) });
    events = [];
    expect((await evaluations.evaluateImage(request())).policy_id).toBe('policy');
    expect(events.map((event) => event.name)).toEqual(['tag_policy_evaluation_update']);
    await policies.update(account, 'policy', { record: record('policy', true, WARN) });
    const history = await evaluations.evaluateImage({ ...request(), history: true });
    expect(history.evaluations.map((item) => item.details!.policy.rule_sets[0]!.rules[0]!.action)).toEqual([
      'WARN',
      'STOP',
      'STOP',
    ]);
  });

  it('interactive and base comparisons leave no trace', async () => {
    const { policies, evaluations } = services();
    await policies.create(
      account,
      policyOf([
        ruleOf('vulnerabilities', 'package', 'WARN', { package_type: 'all', inherited_from_base: 'false' }),
        ruleOf('always', 'always', 'GO'),
      ]),
    );
    const old = vulnerabilityOf('CVE-1', packageOf('deb', 'a', '1'));
    const added = vulnerabilityOf('CVE-2', packageOf('deb', 'a', '1'));
    const ancestors: PolicyFacts['ancestors'] = { state: 'present', value: [{ imageDigest: BASE, tags: [] }] };
    facts.set(DIGEST, {
      facts: factsOf({
        vulnerabilities: { state: 'present', value: [old, added] },
        ancestors,
      }),
      inputDigest: 'x',
    });
    facts.set(BASE, { facts: factsOf({ vulnerabilities: { state: 'present', value: [old] } }), inputDigest: 'y' });
    const check = { ...request(), policyId: 'policy' };
    const [compared] = (await evaluations.evaluateImage({ ...check, baseDigest: 'auto' })).evaluations;
    expect(compared).toMatchObject({ comparison_image_digest: BASE });
    expect(compared!.details!.findings.map((finding) => [finding.trigger_id, finding.inherited_from_base])).toEqual([
      ['CVE-2+a', false],
      ['always', true],
    ]);
    const [missing] = (await evaluations.evaluateImage({ ...check, baseDigest: `sha256:${'d'.repeat(64)}` }))
      .evaluations;
    expect(missing).toMatchObject({
      comparison_image_digest: null,
      evaluation_problems: [{ problem_type: 'base_image_unavailable' }],
    });
    const [interactive] = (await evaluations.evaluateImage({ ...check, interactive: true, detail: false })).evaluations;
    expect(interactive).toMatchObject({ details: null, number_of_findings: 3 });
    const stored = await database.db.selectFrom('evaluation').select('id').where('account', '=', account).execute();
    expect(stored).toEqual([]);
  });

  it('concurrent checks store one evaluation', async () => {
    const { policies, evaluations } = services();
    await database.transaction((tx) => policies.installDefault(tx, account));
    await Promise.all([1, 2, 3].map(() => evaluations.evaluateImage(request())));
    const { evaluations: history } = await evaluations.evaluateImage({ ...request(), history: true });
    expect(history).toHaveLength(1);
  });

  it('old evaluations expire, the newest of each kind stays', async () => {
    const { policies, evaluations } = services();
    await database.transaction((tx) => policies.installDefault(tx, account));
    await evaluations.evaluateImage(request());
    facts.set(DIGEST, { facts: factsOf(), inputDigest: 'new' });
    now = new Date('2026-03-01T01:00:00Z');
    await evaluations.evaluateImage(request());
    expect(await expireEvaluations(database.db, new Date('2026-04-01T00:00:00Z'))).toBeGreaterThanOrEqual(1);
    expect((await evaluations.evaluateImage({ ...request(), history: true })).evaluations).toHaveLength(1);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpReceiver, startReceiver } from '../builders/http-receiver.ts';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';
import { addTenant } from './two-tenants.ts';

const TAG = 'registry.example.org/team/app:1';
const image = buildOciImage([debianFiles({ bash: '5.2.15-2+b2' })]);

let app: Application;
let admin: Client;
let other: Client;
let receiver: HttpReceiver;

interface Event {
  event: { details: Record<string, unknown> };
}

function policy(id: string, action: 'STOP' | 'GO') {
  const rule = { id: 'r1', gate: 'dockerfile', trigger: 'effective_user', action, params: [] };
  const blocked = {
    id: 'r2',
    gate: 'packages',
    trigger: 'denylist',
    action,
    params: [{ name: 'name', value: 'bash' }],
  };
  return {
    id,
    name: id,
    version: '2',
    rule_sets: [
      {
        id: 'rs',
        name: 'rules',
        version: '2',
        rules: [
          blocked,
          {
            ...rule,
            params: [
              { name: 'users', value: 'nobody' },
              { name: 'type', value: 'denylist' },
            ],
          },
        ],
      },
    ],
    mappings: [
      {
        id: 'm',
        name: 'all',
        registry: '*',
        repository: '*',
        image: { type: 'tag', value: '*' },
        rule_set_ids: ['rs'],
        allowlist_ids: [],
      },
    ],
    allowlists: [],
    allowlisted_images: [],
    denylisted_images: [],
  };
}

const alerts = async (query = '', client = admin) => (await client.get(`/alerts/compliance-violations${query}`)).json();

async function activate(id: string): Promise<void> {
  const { policy: document, ...record } = (await admin.get(`/policies/${id}?detail=true`)).json();
  expect(
    (await admin.put(`/policies/${id}?active=true`, { ...record, policy: document, active: true })).statusCode,
  ).toBe(200);
  await app.idle();
}

beforeAll(async () => {
  app = await startApplication();
  receiver = await startReceiver();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  other = await addTenant(app, 'other');
  for (const [id, action] of [
    ['strict', 'STOP'],
    ['lax', 'GO'],
  ] as const) {
    const added = await admin.post('/policies', policy(id, action));
    expect(added.statusCode, added.body).toBe(200);
  }
  await activate('strict');
  await admin.request('POST', `/windlass/image-archives?tag=${encodeURIComponent(TAG)}`, {
    body: ociArchive([{ image, tag: '1' }]),
    headers: { 'content-type': 'application/octet-stream' },
  });
  await app.idle();
});
afterAll(async () => {
  await receiver?.close();
  await app?.close();
});

describe('compliance alerts', () => {
  it('are opened for watched tags that fail, and closed when they pass', async () => {
    expect(await alerts()).toEqual([]);
    await admin.post('/subscriptions', {
      subscription_key: 'registry.example.org/team/app',
      subscription_type: 'alerts',
    });
    const [subscription] = (await admin.get('/subscriptions?subscription_key=registry.example.org/team/app')).json();
    await admin.put(`/subscriptions/${subscription.subscription_id}`, { active: true });
    await app.idle();
    const [alert, ...rest] = await alerts();
    expect(rest).toEqual([]);
    expect(alert).toMatchObject({
      type: 'compliance_violation',
      state: 'open',
      resource: { image_tag: TAG, image_digest: image.digest, policy_id: 'strict' },
      compliance_status_reason: 'policy_evaluation',
      violations_count: 1,
    });
    expect(await alerts('', other)).toEqual([]);
    expect((await other.get(`/alerts/compliance-violations/${alert.uuid}`)).statusCode).toBe(404);
    expect((await admin.get('/alerts/summaries?resource_label=repository=team/app')).json()).toHaveLength(1);
    expect((await admin.get('/alerts/summaries?resource_label=repository=none')).json()).toEqual([]);
    expect((await admin.get('/alerts/summaries?resource_label=color=red')).statusCode).toBe(400);

    // Another active policy judges the tag anew, by itself.
    await activate('lax');
    expect(await alerts()).toEqual([]);
    expect(await alerts('?state=closed')).toMatchObject([{ uuid: alert.uuid, closed_by: 'system' }]);
    const types = (await admin.get('/events?event_type=user.alerts')).json().results;
    expect(types.map((one: { event: { type: string } }) => one.event.type).sort()).toEqual([
      'user.alerts.compliance_violation.closed',
      'user.alerts.compliance_violation.opened',
    ]);
  });

  it('can be closed by hand and stay closed until the next verdict', async () => {
    await activate('strict');
    const [alert] = await alerts();
    const path = `/alerts/compliance-violations/${alert.uuid}`;
    const close = async () => (await admin.request('PATCH', path, { body: { state: 'closed' } })).json();
    expect(await close()).toMatchObject({ state: 'closed', closed_by: 'admin' });
    expect(await close()).toMatchObject({ state: 'closed' });
    await app.platform.jobs.send(app.platform.database.db, 'alerts-reconcile', {});
    await app.idle();
    expect(await alerts()).toEqual([]);
    expect((await admin.request('PATCH', path, { body: { state: 'ajar' } })).statusCode).toBe(400);
    const told = async () =>
      (await admin.get('/events?event_type=user.alerts')).json().results.map((one: Event) => one.event.details);
    expect(await told()).toContainEqual(
      expect.objectContaining({ alert_uuid: alert.uuid, reason: 'closed by a user' }),
    );
    const before = (await told()).length;
    const reopened = await admin.request('PATCH', path, { body: { state: 'open' } });
    expect(reopened.json()).toMatchObject({ state: 'open' });
    expect(await told()).toHaveLength(before + 1);
    // There is one open alert about the same.
    const [former] = await alerts('?state=closed');
    const again = await admin.request('PATCH', `/alerts/compliance-violations/${former.uuid}`, {
      body: { state: 'open' },
    });
    expect([again.statusCode, again.json().message]).toEqual([400, expect.stringContaining(alert.uuid)]);
  });
});

describe('action plans', () => {
  it('are sent through a configuration and kept', async () => {
    const { uuid } = (
      await admin.post('/notifications/endpoints/webhook/configurations', { url: receiver.url })
    ).json();
    const plan = {
      type: 'notification',
      image_tag: TAG,
      image_digest: image.digest,
      policy_id: 'strict',
      resolutions: [{ trigger_ids: ['t1'], content: 'remove bash' }],
      endpoint: 'webhook',
      configuration_id: uuid,
      subject: 'Please mend',
      message: 'bash must go',
    };
    const added = await admin.post('/actions', plan);
    expect(added.json()).toMatchObject(plan);
    expect((await admin.get(`/actions?image_tag=${encodeURIComponent(TAG)}`)).json()).toMatchObject([plan]);
    expect((await admin.get('/actions?image_tag=none')).json()).toEqual([]);
    expect((await other.get('/actions')).json()).toEqual([]);
    expect((await other.post('/actions', plan)).statusCode).toBe(404);
    expect((await admin.post('/actions', { ...plan, type: 'magic' })).statusCode).toBe(400);
    expect((await admin.post('/actions', { ...plan, endpoint: 'pigeon' })).statusCode).toBe(400);
    const deliveries = (await admin.get('/windlass/notifications/deliveries')).json().items;
    expect(deliveries).toMatchObject([{ endpoint: 'webhook', state: 'pending', event_id: null }]);
  });
});

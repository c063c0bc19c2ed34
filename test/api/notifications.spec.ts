import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appendEvent } from '#features/events/index.ts';
import { createDispatcher, createNotificationService, type Dispatcher } from '#features/notifications/index.ts';
import { type HttpReceiver, startReceiver } from '../builders/http-receiver.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

const BASE = '/notifications/endpoints';
const python = spawnSync('/usr/bin/python3', ['-c', 'import aiosmtpd']).status === 0;

let app: Application;
let admin: Client;
let other: Client;
let receiver: HttpReceiver;
let dispatcher: Dispatcher;
/** Moves the dispatcher's clock; the database keeps its own. */
let now = () => new Date();

/** Makes everything due at once, as if the pauses had passed. */
async function skipPauses(): Promise<void> {
  const { db } = app.platform.database;
  await db
    .updateTable('notification_delivery')
    .set({ next_attempt_at: new Date(0) })
    .where('state', '=', 'pending')
    .execute();
  await db.updateTable('notification_configuration').set({ paused_until: null }).execute();
}

async function settle(): Promise<void> {
  while ((await dispatcher.tick()) > 0);
}

async function raise(account = 'admin', resource = 'docker.io/library/app:1'): Promise<string> {
  return app.platform.database.transaction((tx) =>
    appendEvent(tx, { name: 'image_analysis_failed', account, resource_id: resource, details: { error: 'no disk' } }),
  );
}

async function configure(endpoint: string, body: object, client = admin, selector: object = {}): Promise<string> {
  const added = await client.post(`${BASE}/${endpoint}/configurations`, body);
  expect(added.statusCode).toBe(200);
  const { uuid } = added.json();
  const answer = await client.post(`${BASE}/${endpoint}/configurations/${uuid}/selectors`, {
    scope: 'account',
    event: { level: 'error', resource_type: '*', type: 'user.image.*' },
    ...selector,
  });
  expect(answer.statusCode).toBe(200);
  return uuid;
}

const deliveries = async (query = '', client = admin) =>
  (await client.get(`/windlass/notifications/deliveries${query}`)).json().items;

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  await admin.post('/accounts', { name: 'other', email: 'other@example.org' });
  await admin.post('/accounts/other/users', { username: 'other-user', password: 'pass-word' });
  await admin.post('/rbac-manager/roles/full-control/members', { username: 'other-user', domain_name: 'other' });
  other = clientFor(app.server, { basic: ['other-user', 'pass-word'] });
  const { database, secrets, outbound } = app.platform;
  dispatcher = createDispatcher({
    database,
    notifications: createNotificationService({
      database,
      secrets,
      transport: { fetcher: outbound, addressOf: outbound.addressOf },
    }),
    settings: { retry_seconds: 3600, ui_url: 'https://windlass.example.org' },
    onError: (error) => {
      throw error;
    },
    now: () => now(),
  });
});
beforeEach(async () => {
  now = () => new Date();
  const { db } = app.platform.database;
  await db.deleteFrom('notification_configuration').execute();
  await db.updateTable('event').set({ dispatched: true }).execute();
  await receiver?.close();
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver?.close();
  await dispatcher?.stop();
  await app?.close();
});

describe('an address of a webhook', () => {
  it('is shown without what gives access, and kept when it is sent back so', async () => {
    receiver.requests.length = 0;
    const url = `${receiver.url}/hook?token=abc&room=7`;
    const shown = `${receiver.url}/hook?token=******&room=******`;
    const uuid = await configure('webhook', { url });
    const path = `${BASE}/webhook/configurations/${uuid}`;
    expect((await admin.get(path)).json().url).toBe(shown);
    expect((await admin.get(`${BASE}/webhook/configurations`)).body).not.toContain('abc');
    expect((await admin.get(`/windlass/notifications/configurations/${uuid}`)).body).not.toContain('abc');
    const stored = await app.platform.database.db.selectFrom('notification_configuration').selectAll().execute();
    expect(JSON.stringify(stored)).not.toContain('token=abc');
    expect((await admin.put(path, { url: shown, description: 'second' })).json()).toMatchObject({ url: shown });
    expect((await admin.get(`${path}/test`)).statusCode).toBe(200);
    expect(receiver.requests.at(-1)!.url).toBe('/hook?token=abc&room=7');
    const moved = await admin.put(path, { url: 'https://elsewhere.example.org/hook?token=******' });
    expect([moved.statusCode, moved.json().message]).toEqual([400, expect.stringContaining('masked')]);
    await admin.put(path, { url: `${receiver.url}/plain` });
    expect((await admin.get(path)).json().url).toBe(`${receiver.url}/plain`);
    expect((await admin.delete(path)).statusCode).toBe(200);
  });
});

describe('a webhook', () => {
  it('gets the event once, signed, and is healthy then', async () => {
    const uuid = await configure('webhook', { url: `${receiver.url}/hook`, username: 'u', password: 'p' });
    const set = await admin.put(`/windlass/notifications/configurations/${uuid}/options`, { signing_secret: 'key' });
    expect(set.json()).toMatchObject({ signed: true, status: 'unknown' });
    expect(set.body).not.toContain('"key"');
    const event = await raise();
    await settle();
    expect(receiver.requests).toHaveLength(1);
    const { headers, body } = receiver.requests[0]!;
    expect(JSON.parse(body)).toMatchObject({
      id: event,
      type: 'user.image.analysis.failed',
      level: 'error',
      details: { error: 'no disk' },
      resource: { account_name: 'admin', type: 'image_tag', id: 'docker.io/library/app:1' },
    });
    expect(headers.authorization).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`);
    const expected = createHmac('sha256', 'key').update(`${headers['x-windlass-timestamp']}.${body}`).digest('hex');
    expect(headers['x-windlass-signature']).toBe(`sha256=${expected}`);
    expect((await admin.get(`${BASE}/webhook/configurations/${uuid}/status`)).json()).toEqual({ status: 'healthy' });
    expect(await deliveries()).toMatchObject([{ id: headers['x-windlass-delivery'], state: 'delivered', attempts: 1 }]);
  });

  it('that fails is tried again with the same id, and the delivery is never lost', async () => {
    await configure('webhook', { url: receiver.url });
    receiver.answer((_, count) => (count <= 2 ? { status: 503 } : { status: 200 }));
    await raise();
    await settle();
    expect(await deliveries('?state=pending')).toMatchObject([{ attempts: 1, error: 'the receiver answered 503: ' }]);
    await skipPauses();
    await settle();
    await skipPauses();
    await settle();
    expect(await deliveries('?state=delivered')).toHaveLength(1);
    const ids = receiver.requests.map((request) => request.headers['x-windlass-delivery']);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  it('says how long to wait', async () => {
    const uuid = await configure('webhook', { url: receiver.url });
    receiver.answer(() => ({ status: 429, headers: { 'retry-after': '120' } }));
    await raise();
    await settle();
    const { paused_until: until } = (await admin.get(`/windlass/notifications/configurations/${uuid}`)).json();
    expect(Date.parse(until) - Date.now()).toBeGreaterThan(100_000);
  });

  it('that refuses for good makes a dead letter, which can be replayed', async () => {
    const uuid = await configure('webhook', { url: receiver.url });
    receiver.answer(() => ({ status: 404, body: 'no such hook' }));
    await raise();
    await settle();
    const [dead] = await deliveries('?state=dead');
    expect(dead).toMatchObject({ attempts: 1, error: 'the receiver answered 404: no such hook' });
    expect((await admin.get(`${BASE}/webhook/configurations/${uuid}/status`)).json()).toEqual({ status: 'unhealthy' });
    receiver.answer(() => ({ status: 200 }));
    expect((await other.post(`/windlass/notifications/deliveries/${dead.id}/replay`)).statusCode).toBe(404);
    expect((await admin.post(`/windlass/notifications/deliveries/${dead.id}/replay`)).statusCode).toBe(204);
    await settle();
    expect(await deliveries('?state=delivered')).toMatchObject([{ id: dead.id }]);
  });

  it('hears of an event that was deleted in the same moment', async () => {
    await configure('webhook', { url: receiver.url });
    const event = await raise();
    expect((await admin.delete('/events')).json()).toContain(event);
    await settle();
    expect(receiver.requests.map(({ body }) => JSON.parse(body).id)).toEqual([event]);
  });

  it('that was away for long gets all that was given up, at one word', async () => {
    const uuid = await configure('webhook', { url: receiver.url });
    receiver.answer(() => ({ status: 404 }));
    for (const name of ['a', 'b', 'c']) await raise('admin', name);
    await settle();
    expect(await deliveries('?state=dead')).toHaveLength(3);
    receiver.answer(() => ({ status: 200 }));
    const replay = async (query: string, client = admin) =>
      (await client.post(`/windlass/notifications/deliveries/replay${query}`)).json();
    expect(await replay('', other)).toEqual({ queued: 0 });
    expect(await replay(`?configuration=${randomUUID()}`)).toEqual({ queued: 0 });
    expect(await replay(`?configuration=${uuid}`)).toEqual({ queued: 3 });
    expect(await replay('')).toEqual({ queued: 0 });
    await settle();
    expect(await deliveries('?state=delivered')).toHaveLength(3);
  });

  it('gives up after the time that was set', async () => {
    await configure('webhook', { url: receiver.url });
    receiver.answer(() => ({ status: 500 }));
    await raise();
    // what happened before the first try, such as quiet hours, is no part of that time
    await app.platform.database.db
      .updateTable('notification_delivery')
      .set({ created_at: new Date(0) })
      .execute();
    await settle();
    expect(await deliveries('?state=pending')).toHaveLength(1);
    now = () => new Date(Date.now() + 3_601_000);
    await skipPauses();
    await settle();
    expect(await deliveries('?state=dead')).toMatchObject([{ attempts: 2 }]);
  });

  it('is not followed to another place, and not to addresses that are denied', async () => {
    await configure('webhook', { url: 'http://169.254.169.254/latest' });
    await raise();
    await settle();
    expect(await deliveries('?state=dead')).toMatchObject([{ error: expect.stringContaining('not allowed') }]);
  });

  it('that does not answer holds up nobody else', async () => {
    const stuck = await startReceiver();
    stuck.answer(() => undefined);
    await configure('webhook', { url: stuck.url });
    await configure('webhook', { url: receiver.url });
    await raise();
    const running = dispatcher.tick();
    for (let wait = 0; receiver.requests.length === 0 && wait < 200; wait++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(receiver.requests).toHaveLength(1);
    await stuck.close();
    await running;
    expect(await deliveries('?state=pending')).toHaveLength(1);
  });
});

describe('selectors', () => {
  it('pick by account, level, resource and type', async () => {
    await configure('webhook', { url: `${receiver.url}/errors` });
    await configure('webhook', { url: `${receiver.url}/feeds` }, admin, {
      event: { level: '*', resource_type: 'feeds', type: '*' },
    });
    await configure('webhook', { url: `${receiver.url}/all` }, admin, {
      scope: 'global',
      event: { level: '*', resource_type: '*', type: '*' },
    });
    await configure('webhook', { url: `${receiver.url}/other` }, other);
    await raise('other');
    await settle();
    expect(receiver.requests.map((request) => request.url).sort()).toEqual(['/all', '/other']);
  });

  it('pick changes of settings', async () => {
    await configure('webhook', { url: receiver.url }, admin, {
      event: { level: 'info', resource_type: 'configuration', type: 'system.configuration.*' },
    });
    const path = '/system/configurations/auth.max_api_keys_per_user';
    await admin.put(path, { key: 'auth.max_api_keys_per_user', value: 7 });
    await admin.delete(path);
    await settle();
    const told = receiver.requests
      .map(({ body }) => JSON.parse(body))
      .map(({ resource, details }) => [resource.id, details]);
    expect(told).toHaveLength(2);
    expect(told).toContainEqual(['auth.max_api_keys_per_user', { change: 'set', by: 'admin' }]);
    expect(told).toContainEqual(['auth.max_api_keys_per_user', { change: 'reset', by: 'admin' }]);
  });

  it('of the whole installation are for administrators', async () => {
    const { uuid } = (await other.post(`${BASE}/webhook/configurations`, { url: receiver.url })).json();
    const global = { scope: 'global', event: { level: '*', resource_type: '*', type: '*' } };
    expect((await other.post(`${BASE}/webhook/configurations/${uuid}/selectors`, global)).statusCode).toBe(403);
    expect((await other.put(`${BASE}/webhook`, { enabled: false })).statusCode).toBe(403);
  });

  it('can be listed, changed and deleted', async () => {
    const uuid = await configure('slack', { url: `${receiver.url}/s` });
    const path = `${BASE}/slack/configurations/${uuid}/selectors`;
    const [selector] = (await admin.get(path)).json();
    expect((await admin.get('/notifications/selectors')).json()).toEqual([selector]);
    const changed = { ...selector, event: { level: 'info', resource_type: 'feeds', type: 'system.*' } };
    expect((await admin.put(`${path}/${selector.uuid}`, changed)).json()).toEqual(changed);
    expect((await admin.get(`${path}/${selector.uuid}`)).json()).toEqual(changed);
    expect((await other.get(`${path}/${selector.uuid}`)).statusCode).toBe(404);
    expect((await admin.delete(`${path}/${selector.uuid}`)).statusCode).toBe(200);
    expect((await admin.get(path)).json()).toEqual([]);
  });

  it('are silent while their endpoint is switched off', async () => {
    await configure('webhook', { url: receiver.url });
    expect((await admin.put(`${BASE}/webhook`, { enabled: false })).statusCode).toBe(200);
    await raise();
    await settle();
    expect((await admin.get(BASE)).json()).toContainEqual(expect.objectContaining({ name: 'webhook', enabled: false }));
    await admin.put(`${BASE}/webhook`, { enabled: true });
    await settle();
    expect(receiver.requests).toEqual([]);
  });
});

describe('configurations', () => {
  it('never show their secrets, and keep them when they are not sent again', async () => {
    const body = {
      username: 'bot',
      access_token: 'gh-token-1',
      owner: 'acme',
      repository: 'app',
      url: receiver.url,
      labels: ['security'],
    };
    const uuid = await configure('github', body);
    const path = `${BASE}/github/configurations/${uuid}`;
    const shown = await admin.get(path);
    expect(shown.json()).toMatchObject({ username: 'bot', owner: 'acme', labels: ['security'] });
    expect(shown.body).not.toContain('gh-token-1');
    const { access_token: _token, ...rest } = body;
    expect((await admin.put(path, { ...rest, repository: 'other' })).statusCode).toBe(200);
    await raise();
    await settle();
    expect(receiver.requests[0]).toMatchObject({
      url: '/repos/acme/other/issues',
      headers: { authorization: 'Bearer gh-token-1' },
    });
    expect(JSON.parse(receiver.requests[0]!.body)).toMatchObject({
      title: 'Error: Analysis of an image failed: docker.io/library/app:1',
      labels: ['security'],
      body: expect.stringContaining('https://windlass.example.org/events'),
    });
    const stored = await app.platform.database.db.selectFrom('notification_configuration').selectAll().execute();
    expect(JSON.stringify(stored)).not.toContain('gh-token-1');
  });

  it('show only the host of an address that is a secret', async () => {
    const uuid = await configure('slack', { url: `${receiver.url}/services/T0/B0/very-secret` });
    const shown = (await admin.get(`${BASE}/slack/configurations/${uuid}`)).json();
    expect(shown.url).toBe(`${receiver.url}/******`);
    await admin.put(`${BASE}/slack/configurations/${uuid}`, { ...shown, description: 'same address' });
    await raise();
    await settle();
    expect(receiver.requests[0]!.url).toBe('/services/T0/B0/very-secret');
    expect(JSON.parse(receiver.requests[0]!.body).blocks[0].text.text).toContain('docker.io/library/app:1');
  });

  it('are of one account', async () => {
    const uuid = await configure('teams', { url: receiver.url });
    expect((await other.get(`${BASE}/teams/configurations/${uuid}`)).statusCode).toBe(404);
    expect((await other.get(`${BASE}/teams/configurations`)).json()).toEqual([]);
    expect((await other.delete(`${BASE}/teams/configurations/${uuid}`)).statusCode).toBe(404);
    expect((await admin.get(`${BASE}/slack/configurations/${uuid}`)).statusCode).toBe(404);
    expect(await deliveries('', other)).toEqual([]);
  });

  it.each([
    [
      'jira',
      { username: 'u', password: 'p', project_key: 'SEC', issue_type: 'Task', labels: ['x'] },
      '/rest/api/2/issue',
    ],
    ['teams', {}, '/'],
    ['webhook', {}, '/'],
  ])('of %s can be tested, stored or not', async (endpoint, fields, path) => {
    const body = { url: receiver.url, ...fields };
    expect((await admin.post(`${BASE}/${endpoint}/test`, body)).json()).toEqual({ status: '200', response: 'ok' });
    const uuid = await configure(endpoint, body);
    receiver.answer(() => ({ status: 401, body: 'who are you' }));
    expect((await admin.get(`${BASE}/${endpoint}/configurations/${uuid}/test`)).json()).toEqual({
      status: '401',
      response: 'who are you',
    });
    expect(receiver.requests.map((request) => request.url)).toEqual([path, path]);
  });
});

describe('options', () => {
  it('fill a template, gather a digest, keep quiet hours and a rate', async () => {
    const uuid = await configure('webhook', { url: receiver.url });
    const options = `/windlass/notifications/configurations/${uuid}/options`;
    await admin.put(options, { digest_minutes: 5 });
    await raise('admin', 'a');
    await raise('admin', 'b');
    await settle();
    expect(receiver.requests).toEqual([]);
    now = () => new Date(Date.now() + 301_000);
    await skipPauses();
    await settle();
    expect(receiver.requests).toHaveLength(1);
    expect(
      JSON.parse(receiver.requests[0]!.body).map((event: { resource: { id: string } }) => event.resource.id),
    ).toEqual(['a', 'b']);

    now = () => new Date('2099-03-01T23:30:00Z');
    await admin.put(options, { quiet_hours: { from: '22:00', to: '07:00' } });
    await raise('admin', 'c');
    await settle();
    expect(receiver.requests).toHaveLength(1);
    expect(await deliveries('?state=pending')).toMatchObject([
      { next_attempt_at: '2099-03-02T07:00:00.000Z', attempts: 0 },
    ]);

    await admin.put(options, { per_minute: 3 });
    now = () => new Date();
    for (const name of ['d', 'e', 'f']) await raise('admin', name);
    await skipPauses();
    await settle();
    // Two of the digest were delivered in this minute, so one more fits.
    expect(receiver.requests).toHaveLength(2);
    expect((await admin.put(options, { quiet_hours: { from: '1:00', to: '2:00' } })).statusCode).toBe(400);
    expect(
      (await admin.put(options, { quiet_hours: { from: '01:00', to: '02:00', time_zone: 'Mars/Olympus' } })).statusCode,
    ).toBe(400);
  });
});

describe.skipIf(!python)('mail, by a mail server (needs python3-aiosmtpd)', () => {
  let server: ChildProcess;
  let port: number;
  let received = '';

  beforeAll(async () => {
    port = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const address = probe.address();
        probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
      });
    });
    server = spawn('/usr/bin/python3', [
      '-u',
      '-m',
      'aiosmtpd',
      '-n',
      '-l',
      `127.0.0.1:${port}`,
      '-c',
      'aiosmtpd.handlers.Debugging',
      'stdout',
    ]);
    server.stdout!.on('data', (chunk) => {
      received += String(chunk);
    });
    for (let wait = 0; wait < 100; wait++) {
      const answer = await admin.post(`${BASE}/smtp/test`, mail());
      if (answer.json().status === '250') return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  afterAll(() => void server?.kill());

  const mail = (change: object = {}) => ({
    host: 'localhost',
    port,
    from: 'windlass@example.org',
    to: 'team@example.org, boss@example.org',
    use_tls: false,
    ...change,
  });

  it('arrives as text and HTML', async () => {
    received = '';
    await configure('smtp', mail());
    await raise();
    await settle();
    expect(await deliveries()).toMatchObject([{ state: 'delivered', response: expect.stringContaining('250') }]);
    expect(received).toContain('To: team@example.org, boss@example.org');
    expect(received).toContain('Subject: Error: Analysis of an image failed: docker.io/library/app:1');
    expect(received).toContain('text/html');
  });

  it('says why it cannot be sent', async () => {
    expect((await admin.post(`${BASE}/smtp/test`, mail({ use_tls: true }))).json().response).toContain('TLS');
    const closed = (await admin.post(`${BASE}/smtp/test`, mail({ port: 1 }))).json();
    expect(closed).toMatchObject({ status: 'failed', response: expect.stringContaining('ECONNREFUSED') });
    const denied = (await admin.post(`${BASE}/smtp/test`, mail({ host: '169.254.169.254' }))).json();
    expect(denied.response).toContain('not allowed');
  });
});

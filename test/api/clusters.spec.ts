import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendDuePolls } from '#features/clusters/index.ts';
import { createAuthority } from '../builders/certificates.ts';
import {
  digestOf,
  type KubernetesServer,
  namespaceObject,
  podObject,
  startKubernetesServer,
} from '../builders/kubernetes-server.ts';
import { type Application, startApplication } from './application.ts';
import { authorization, type Credentials } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

const ADMIN: Credentials = { basic: ['admin', ADMIN_PASSWORD] };
const V1 = '/v1/enterprise/inventories/clusters';
const V2 = '/v2/inventories/clusters';
const base64 = (text: string) => Buffer.from(text).toString('base64');

let app: Application;
let cluster: KubernetesServer;

beforeAll(async () => {
  app = await startApplication();
  cluster = await startKubernetesServer();
  for (const name of ['prod', 'empty']) cluster.add('namespaces', namespaceObject(name));
  cluster.add(
    'pods',
    podObject('prod', 'web', [['nginx:1.25', digestOf('a')]], { init: [['busybox:1', digestOf('b')]] }),
  );
});
afterAll(async () => {
  await app?.close();
  await cluster?.close();
});

async function call(method: string, url: string, body?: unknown, who = ADMIN, account?: string) {
  const response = await app.server.inject({
    method: method as 'GET',
    url,
    headers: {
      ...authorization(who),
      'content-type': 'application/json',
      ...(account ? { 'x-anchore-account': account } : {}),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers freely
  const json: any =
    response.body && response.headers['content-type']?.toString().includes('json') ? response.json() : undefined;
  return { status: response.statusCode, body: json, text: response.body };
}

function request(name: string, config: Record<string, unknown> = {}) {
  return {
    cluster_name: name,
    inventory_type: 'kubernetes',
    cluster_config: {
      cluster_server: cluster.url,
      cluster_certificate: base64(cluster.authority.cert),
      credential_type: 'token',
      credential: 'good-token',
      ...config,
    },
  };
}

/** The cluster after its poll. */
async function polled(name: string) {
  await app.idle();
  return (await call('GET', `${V2}/${encodeURIComponent(name)}`)).body;
}

async function inventory(name: string): Promise<string[]> {
  const { body } = await call('GET', '/v2/inventories');
  return body.items
    .filter((one: { context: string }) => one.context.startsWith(`${name}/`))
    .map((one: Record<string, string>) => `${one.context} ${one.image_tag} ${one.image_digest}`);
}

const FOUND = (name: string) => [`${name}/prod busybox:1 ${digestOf('b')}`, `${name}/prod nginx:1.25 ${digestOf('a')}`];

describe.each([V1, V2])('%s', (path) => {
  const name = `by ${path.slice(1, 3)}`;
  it('adds, polls at once, lists, reads and deletes', async () => {
    const added = await call('POST', path, request(name, { namespaces: [] }));
    expect(added).toMatchObject({
      status: 200,
      body: { cluster_name: name, inventory_type: 'kubernetes', status: 'pending' },
    });
    expect(added.body.cluster_config).toMatchObject({
      cluster_server: cluster.url,
      credential: '******',
      namespaces: [],
    });
    expect(await polled(name)).toMatchObject({ status: 'ok', namespaces_found: 2, images_found: 2 });
    expect(await inventory(name)).toEqual(FOUND(name));
    expect((await call('POST', path, request(name))).status).toBe(409);
    const list = await call('GET', `${path}?inventory_type=kubernetes`);
    expect(list.body.map((one: { cluster_name: string }) => one.cluster_name)).toContain(name);
    expect(list.text).not.toContain('good-token');
    expect((await call('GET', `${path}?inventory_type=ecs`)).status).toBe(400);
    expect((await call('GET', `${path}/${encodeURIComponent(name)}`)).body.cluster_name).toBe(name);
    const removed = await call('DELETE', `${path}/${encodeURIComponent(name)}`);
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect((await call('GET', `${path}/${encodeURIComponent(name)}`)).status).toBe(404);
    expect((await call('DELETE', `${path}/${encodeURIComponent(name)}`)).status).toBe(404);
    expect(await inventory(name)).toEqual(FOUND(name));
  });
});

describe('credentials', () => {
  it('are encrypted at rest', async () => {
    await call('POST', V2, request('sealed', { credential: 'a-secret-token' }));
    const row = await app.platform.database.db
      .selectFrom('inventory_cluster')
      .selectAll()
      .where('cluster_name', '=', 'sealed')
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain('a-secret-token');
    expect(JSON.stringify(row)).not.toContain(base64('a-secret-token'));
  });
  it.each([
    ['a plain token', 'good-token'],
    ['the base64 of a token', base64('good-token')],
    ['the base64 of a token with its line feed', base64('good-token\n')],
  ])('may be %s', async (title, credential) => {
    await call('POST', V2, request(title, { credential, namespaces: ['prod'] }));
    expect(await polled(title)).toMatchObject({ status: 'ok', namespaces_found: 1 });
  });
  it('may be a plain token that looks like base64', async () => {
    const token = base64('looks-encoded');
    cluster.behaviour.tokens.add(token);
    await call('POST', V2, request('ambiguous', { credential: token }));
    expect(await polled('ambiguous')).toMatchObject({ status: 'ok' });
  });
  it('may be a private key with its certificate', async () => {
    const { cert, key } = cluster.clientIdentity();
    const config = { credential_type: 'private_key', credential: base64(key), client_certificate: base64(cert) };
    const { body } = await call('POST', V1, request('arn:aws:eks:x:1:cluster/y', config));
    expect(body.cluster_config.client_certificate).toBe(base64(cert));
    expect(await polled('arn:aws:eks:x:1:cluster/y')).toMatchObject({ status: 'ok' });
    expect((await call('GET', `${V1}/arn:aws:eks:x:1:cluster/y`)).status).toBe(200);
  });
});

describe('a request that is refused', () => {
  const own = createAuthority().issue(['client']);
  const other = createAuthority().issue(['client']);
  const key = { credential_type: 'private_key', client_certificate: base64(own.cert) };
  it.each<[string, string, Record<string, unknown>]>([
    ['a server without https', 'cluster_server', { cluster_server: 'http://k8s.example' }],
    ['a server that is no address', 'cluster_server', { cluster_server: 'k8s.example:6443' }],
    ['a server with credentials', 'cluster_server', { cluster_server: 'https://a:b@k8s.example' }],
    ['a certificate that is none', 'cluster_certificate', { cluster_certificate: base64('hello') }],
    [
      'a damaged certificate',
      'cluster_certificate',
      { cluster_certificate: base64('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----') },
    ],
    ['an empty token', 'credential', { credential: ' ' }],
    ['a token with a line feed in it', 'credential', { credential: 'a\nb: c' }],
    ['an unknown kind of credential', 'credential_type', { credential_type: 'password' }],
    [
      'a key without certificate',
      'client_certificate',
      { credential_type: 'private_key', credential: base64(own.key) },
    ],
    ['a key of another certificate', 'credential', { ...key, credential: base64(other.key) }],
    [
      'a key that is none',
      'credential',
      { ...key, credential: base64('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----') },
    ],
    ['an empty namespace', 'namespaces', { namespaces: [''] }],
    ['a namespace that leads elsewhere', 'namespaces', { namespaces: ['../../..'] }],
  ])('has %s', async (_, field, config) => {
    const { status, text } = await call('POST', V2, request('bad', config));
    expect([status, text.includes(field)]).toEqual([400, true]);
    expect(text).not.toContain('PRIVATE KEY');
  });
  it.each([
    ['name', { cluster_name: ' ' }],
    ['type', { inventory_type: 'ecs' }],
    ['configuration', { cluster_config: undefined }],
  ])('has a bad %s', async (_, body) => {
    expect((await call('POST', V1, { ...request('x'), ...body })).status).toBe(400);
  });
});

describe('a poll that fails', () => {
  const events = async (name: string) =>
    (await call('GET', `/v2/events?resource_type=inventory_cluster&resource_id=${name}`)).body.results.map(
      (one: { event: { type: string } }) => one.event.type,
    );
  it.each<[string, Record<string, unknown>, () => unknown]>([
    ['unauthorized', { credential: 'stale-token' }, () => undefined],
    ['tls', { cluster_certificate: base64(createAuthority('other').cert) }, () => undefined],
    ['denied', { cluster_server: 'https://169.254.169.254' }, () => undefined],
    ['unreachable', { cluster_server: 'https://127.0.0.1:1' }, () => undefined],
    ['forbidden', {}, () => Object.assign(cluster.behaviour, { forbid: /namespaces$/ })],
    ['endless', {}, () => Object.assign(cluster.behaviour, { endless: 'same token' })],
  ])('%s: says why and raises one event', async (reason, config, prepare) => {
    prepare();
    const name = `failing-${reason}`;
    try {
      expect((await call('POST', V2, request(name, config))).status).toBe(200);
      const view = await polled(name);
      expect(view).toMatchObject({ status: 'failing', last_error_reason: reason });
      expect(view.last_error).toBeTruthy();
      expect(view.last_success_at).toBeUndefined();
      await pollAgain(name);
      expect(await events(name)).toEqual(['user.inventory.cluster.failed']);
    } finally {
      delete cluster.behaviour.forbid;
      delete cluster.behaviour.endless;
    }
  });
  it('leaves the inventory as it was, and tells when it works again', async () => {
    await call('POST', V2, request('shaky'));
    await app.idle();
    const before = await inventory('shaky');
    cluster.behaviour.tokens.delete('good-token');
    try {
      await pollAgain('shaky');
      expect(await polled('shaky')).toMatchObject({ status: 'failing', last_success_at: expect.any(String) });
      expect(await inventory('shaky')).toEqual(before);
    } finally {
      cluster.behaviour.tokens.add('good-token');
    }
    await pollAgain('shaky');
    const view = await polled('shaky');
    expect([view.status, view.last_error]).toEqual(['ok', undefined]);
    expect(await events('shaky')).toEqual(['user.inventory.cluster.recovered', 'user.inventory.cluster.failed']);
  });
});

async function pollAgain(name: string): Promise<void> {
  const { database, jobs } = app.platform;
  await database.db
    .updateTable('inventory_cluster')
    .set({ next_poll_at: new Date(0) })
    .where('cluster_name', '=', name)
    .execute();
  // whoever asks, at the same time or later: one poll
  const sent = await Promise.all([sendDuePolls(database, jobs, 300), sendDuePolls(database, jobs, 300)]);
  expect([...sent].sort()).toEqual([0, 1]);
  expect(await sendDuePolls(database, jobs, 300)).toBe(0);
  await app.idle();
  await wait(0);
}

describe('other accounts', () => {
  it('do not see the cluster and may use its name', async () => {
    await call('POST', '/v2/accounts', { name: 'tenant' });
    await call('POST', V2, request('shared'));
    expect((await call('GET', `${V2}/shared`, undefined, ADMIN, 'tenant')).status).toBe(404);
    expect((await call('DELETE', `${V1}/shared`, undefined, ADMIN, 'tenant')).status).toBe(404);
    expect((await call('POST', V1, request('shared'), ADMIN, 'tenant')).status).toBe(200);
    expect((await call('GET', V2, undefined, ADMIN, 'tenant')).body).toHaveLength(1);
  });
});

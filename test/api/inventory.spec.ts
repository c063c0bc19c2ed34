import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InventoryItems } from '#contract/inventories.ts';
import { digest, kubernetesReport, uid } from '../../src/features/inventory/inventory.fixture.ts';
import { type Application, startApplication } from './application.ts';
import { authorization, type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

let app: Application;
let admin: Client;
let agent: Client;

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  for (const name of ['team', 'second', 'closed']) await admin.post('/accounts', { name });
  await admin.post('/accounts/team/users', { username: 'agent', password: 'pass-word' });
  for (const domain_name of ['team', 'second', 'closed'])
    await admin.post('/rbac-manager/roles/inventory-agent/members', { username: 'agent', domain_name });
  await admin.put('/accounts/closed/state', { state: 'disabled' });
  agent = clientFor(app.server, { basic: ['agent', 'pass-word'] });
}, 120_000);
afterAll(() => app?.close());
beforeEach(async () => {
  await sql`delete from reported_cluster`.execute(app.platform.database.db);
});

const team = { account: 'team' };
const post = (body: unknown, account?: string) =>
  agent.post('/kubernetes-inventory', body, account === undefined ? {} : { account });
const v1 = (method: 'GET' | 'POST', path: string, body?: unknown, account = 'team') =>
  app.server.inject({
    method,
    url: `/v1/enterprise${path}`,
    headers: { ...authorization({ basic: ['admin', ADMIN_PASSWORD] }), 'x-anchore-account': account },
    ...(body === undefined ? {} : { payload: body as object }),
  });
const items = async () => (await admin.get('/inventories', team)).json<{ items: Record<string, string>[] }>().items;

describe('reports of Kubernetes agents', () => {
  it('are answered 201 without a body and read back', async () => {
    const body = {
      ...kubernetesReport({ prod: { web: ['nginx:1.25@a'] } }, { node: 'n1' }),
      serverVersionMetadata: { major: '1' },
    };
    const response = await post(body);
    expect([response.statusCode, response.body]).toEqual([201, '']);
    const list = (await admin.get('/inventories', team)).json();
    expect(InventoryItems.parse(list).items).toMatchObject([
      { inventory_type: 'kubernetes', context: 'c1/prod', image_tag: 'nginx:1.25', image_digest: digest('a') },
    ]);
    const pods = (await admin.get('/kubernetes-pods?page=1', team)).json();
    expect(pods.namespaces).toEqual(pods.pods);
    expect(pods.pods).toMatchObject([
      {
        id: uid('prod', 'web', ''),
        name: 'web',
        labels: {},
        annotations: {},
        node_id: uid('node', 'n1'),
        namespace_id: uid('prod', ''),
      },
    ]);
    const nodes = (await admin.get('/kubernetes-nodes?page=1', team)).json();
    expect(nodes.namespaces).toEqual(nodes.nodes);
    expect(nodes.nodes).toMatchObject([{ name: 'n1', labels: {} }]);
    expect((await admin.get('/kubernetes-namespaces?page=1', team)).json().namespaces).toMatchObject([
      { name: 'prod' },
    ]);
    expect((await admin.get('/kubernetes-containers?page=1', team)).json().containers).toMatchObject([
      { name: 'c0', pod_id: uid('prod', 'web', ''), account_name: 'team', context: 'c1/prod' },
    ]);
    for (const path of [
      `namespaces/${uid('prod', '')}`,
      `nodes/${uid('node', 'n1')}`,
      `pods/${uid('prod', 'web', '')}`,
    ])
      expect([path, (await admin.get(`/kubernetes-${path}`, team)).statusCode]).toEqual([path, 200]);
    for (const path of ['namespaces/x', 'nodes/x', `pods/${uid('other')}`])
      expect([path, (await admin.get(`/kubernetes-${path}`, team)).statusCode]).toEqual([path, 404]);
  });

  it('take what agents really send', async () => {
    const base = { cluster_name: 'arn:aws:eks:eu-west-1:1:cluster/c', timestamp: '2026-01-02T03:04:05.123456789Z' };
    expect((await post({ ...base, containers: null })).statusCode).toBe(201);
    expect((await post({ ...base, containers: [] })).statusCode).toBe(201);
    const report = kubernetesReport({ prod: { web: ['x'] } });
    const tags = [`alpine:${'a'.repeat(64)}`, 'repo:UNKNOWN', 'python', 'nginx:', 'localhost:5000/team/app:1'];
    const containers = tags.map((image_tag, n) => ({
      id: `c${n}`,
      name: `c${n}`,
      image_tag,
      image_digest: '',
      pod_uid: uid('prod', 'web', ''),
    }));
    expect((await post({ ...report, ...base, containers })).statusCode).toBe(201);
    expect((await items()).map((row) => row.image_tag).sort()).toEqual([...tags].sort());
    expect((await items())[0]).toMatchObject({ context: 'arn:aws:eks:eu-west-1:1:cluster/c/prod', image_digest: '' });
  });

  const dangling = '99999999-9999-9999-9999-999999999999';
  const full = kubernetesReport({ prod: { web: ['nginx:1'] } });
  it.each([
    [
      'a container without its pod',
      { ...full, containers: [{ ...full.containers![0]!, pod_uid: dangling }] },
      dangling,
    ],
    ['a pod without its namespace', { ...full, pods: [{ ...full.pods![0]!, namespace_uid: dangling }] }, dangling],
    ['a pod without its node', { ...full, pods: [{ ...full.pods![0]!, node_uid: dangling }] }, dangling],
    ['no cluster name', { ...full, cluster_name: '' }, 'cluster_name'],
    ['a blank tag', { ...full, containers: [{ ...full.containers![0]!, image_tag: ' ' }] }, 'image_tag'],
    ['a uid that is none', { ...full, namespaces: [{ uid: 'X', name: 'prod' }] }, 'uid'],
    ['a time that is none', { ...full, timestamp: 'today' }, 'timestamp'],
  ])('are refused with 400 and change nothing: %s', async (_, body, named) => {
    const response = await post(body);
    expect([response.statusCode, response.body]).toEqual([400, expect.stringContaining(named)]);
    expect(await items()).toEqual([]);
  });

  it('go to the account of the header, and tell agents where they may not', async () => {
    expect((await post(full, 'second')).statusCode).toBe(201);
    expect((await post(full, '')).statusCode).toBe(201);
    expect(await items()).toHaveLength(1);
    const foreign = await post(full, 'nobody');
    expect([foreign.statusCode, foreign.json().message]).toEqual([
      403,
      expect.stringMatching(/^Not authorized\. Requires permissions/),
    ]);
    const unknown = await admin.post('/kubernetes-inventory', full, { account: 'nobody' });
    expect([unknown.statusCode, unknown.json().message]).toEqual([404, 'User account not found. Name=nobody']);
    expect((await post(full, 'closed')).statusCode).toBe(403);
    await admin.post('/accounts', { name: 'denied' });
    for (let n = 0; n < 2; n++) expect((await post(full, 'denied')).statusCode).toBe(403);
    const events = (
      await admin.get('/events?event_type=system.runtime_inventory.report_denied', { account: 'denied' })
    ).json();
    expect(events.results).toMatchObject([{ event: { level: 'error', resource: { id: 'agent' } } }]);
  });

  it('may have 32 MiB, and are refused with 413 at 64 MB', async () => {
    const annotation = 'x'.repeat(1024 * 1024);
    const large = { ...full, pods: [{ ...full.pods![0]!, annotations: {} as Record<string, string> }] };
    for (let n = 0; n < 33; n++) large.pods[0]!.annotations[`k${n}`] = annotation;
    expect((await post(large)).statusCode).toBe(201);
    for (let n = 33; n < 64; n++) large.pods[0]!.annotations[`k${n}`] = annotation;
    const refused = await post(large);
    expect([refused.statusCode, refused.json().message]).toEqual([413, expect.stringContaining('too large')]);
  }, 60_000);
});

describe('reports of ECS agents', () => {
  const report = (cluster_arn: string) => ({
    cluster_arn,
    timestamp: '2026-01-01T00:00:00Z',
    containers: [{ arn: `${cluster_arn}/c`, image_digest: digest('e'), image_tag: 'app:1' }],
    tasks: [{ arn: `${cluster_arn}/t`, task_definition_arn: 'UNKNOWN' }],
    services: [{ arn: 'UNKNOWN', tags: { a: 'b' } }],
  });
  it('are answered 204 and read back by cluster', async () => {
    for (const arn of ['arn:1', 'arn:2'])
      expect((await agent.post('/ecs-inventory', report(arn))).statusCode).toBe(204);
    expect((await admin.get('/ecs-services?page=1', team)).json().services).toEqual(
      ['arn:1', 'arn:2'].map((cluster_arn) => ({
        arn: 'UNKNOWN',
        cluster_arn,
        tags: { a: 'b' },
        account_name: 'team',
      })),
    );
    expect((await admin.get('/ecs-tasks?page=1&page_size=1', team)).json().tasks).toEqual([
      {
        arn: 'arn:1/t',
        cluster_arn: 'arn:1',
        service_arn: '',
        task_definition_arn: 'UNKNOWN',
        tags: {},
        account_name: 'team',
      },
    ]);
    expect((await admin.get('/ecs-containers?page=2&page_size=1', team)).json().containers).toMatchObject([
      { arn: 'arn:2/c', task_arn: '', context: 'arn:2' },
    ]);
    expect((await admin.get('/kubernetes-containers?page=1', team)).json().containers).toEqual([]);
    expect((await admin.get('/inventories?inventory_type=ecs&context=arn:1', team)).json().items).toHaveLength(1);
  });
  it('may be partial, and a probe leaves nothing behind', async () => {
    const base = { cluster_arn: 'arn:3', timestamp: '2026-01-01T00:00:00Z', tasks: null, services: null };
    expect((await agent.post('/ecs-inventory', { ...base, containers: [] })).statusCode).toBe(204);
    const probe = { cluster_arn: 'validating-creds', timestamp: '2026-01-01T00:00:00Z' };
    expect((await agent.post('/ecs-inventory', probe)).statusCode).toBe(204);
    expect(await items()).toEqual([]);
  });
});

describe('the first generation', () => {
  const report = {
    cluster_name: 'docker-desktop',
    inventory_type: 'kubernetes',
    timestamp: '2020-09-18T11:00:49Z',
    serverVersionMetadata: { major: '1' },
    results: [
      {
        namespace: 'prod',
        images: [{ tag: 'nginx:1.25', repoDigest: digest('n') }, 'plain:1', { tag: `sha256:${'0'.repeat(64)}` }],
      },
      { namespace: 'empty', images: [] },
    ],
  };
  it('answers exactly 200 with what it knows of the reported namespaces', async () => {
    const response = await v1('POST', '/inventories', report);
    expect(response.statusCode).toBe(200);
    expect(
      response.json().map((row: Record<string, string>) => [row.context, row.image_tag, row.image_digest]),
    ).toEqual([
      ['docker-desktop/prod', 'nginx:1.25', digest('n')],
      ['docker-desktop/prod', 'plain:1', ''],
      ['docker-desktop/prod', `sha256:${'0'.repeat(64)}`, ''],
    ]);
    expect((await v1('GET', '/inventories')).json()).toHaveLength(3);
    expect((await v1('GET', `/inventories?image_digest=${digest('n')}`)).json()).toHaveLength(1);
    expect((await v1('POST', '/inventories', { results: [{ namespace: 'x', images: ['y'] }] })).json()).toMatchObject([
      { context: '/x' },
    ]);
    expect((await v1('POST', '/inventories', { ...report, inventory_type: 'swarm' })).statusCode).toBe(400);
  });
  it('takes the reports of the later agents', async () => {
    const body = kubernetesReport({ prod: { web: ['nginx:1'] } });
    expect((await v1('POST', '/kubernetes-inventory', body)).statusCode).toBe(201);
    expect(
      (await v1('POST', '/ecs-inventory', { cluster_arn: 'a', timestamp: '2026-01-01T00:00:00Z' })).statusCode,
    ).toBe(204);
    expect((await v1('GET', '/inventories?context=c1/prod')).json()).toHaveLength(1);
  });
});

describe('lists', () => {
  it.each([
    'kubernetes-containers',
    'kubernetes-pods',
    'kubernetes-nodes',
    'kubernetes-namespaces',
    'ecs-containers',
    'ecs-services',
    'ecs-tasks',
  ])('%s needs a page from 1 on', async (path) => {
    const status = async (query: string) => (await admin.get(`/${path}${query}`, team)).statusCode;
    expect([
      await status(''),
      await status('?page=0'),
      await status('?page=1&page_size=0'),
      await status('?page=9'),
    ]).toEqual([400, 400, 400, 200]);
  });
  it('have exact filters', async () => {
    await post(kubernetesReport({ prod: { web: ['nginx:1@a', 'nginx:2'] }, 'prod-2': { web: ['nginx:1@a'] } }));
    const count = async (query: string) => (await admin.get(`/inventories?${query}`, team)).json().items.length;
    expect(await count('context=c1/prod')).toBe(2);
    expect(await count(`image_digest=${digest('a')}`)).toBe(2);
    expect(await count(`context=c1/prod&image_digest=${digest('a')}&inventory_type=kubernetes`)).toBe(1);
    expect(await count('context=c1')).toBe(0);
    expect((await admin.get('/inventories?inventory_type=swarm', team)).statusCode).toBe(400);
  });
});

describe('deletions', () => {
  const remove = (query: string) => admin.request('DELETE', `/inventories?${query}`, team);
  it('take an image with its containers, and the pods that ran nothing else', async () => {
    const report = kubernetesReport({ prod: { web: ['nginx:1@a', 'sidecar:1@b'], job: ['nginx:1@a'] } });
    await post(report);
    expect((await remove('inventory_type=kubernetes')).statusCode).toBe(400);
    expect((await remove('context=c1/prod')).statusCode).toBe(400);
    expect((await remove('inventory_type=kubernetes&context=c1/nothing')).statusCode).toBe(404);
    expect((await remove(`inventory_type=kubernetes&context=c1%2Fprod&image_digest=${digest('a')}`)).statusCode).toBe(
      204,
    );
    expect((await items()).map((row) => row.image_tag)).toEqual(['sidecar:1']);
    expect(
      (await admin.get('/kubernetes-pods?page=1', team)).json().pods.map((pod: { name: string }) => pod.name),
    ).toEqual(['web']);
    expect((await remove('inventory_type=kubernetes&context=c1/prod')).statusCode).toBe(204);
    expect((await remove('inventory_type=kubernetes&context=c1/prod')).statusCode).toBe(404);
    await post(report);
    expect(await items()).toHaveLength(2);
    expect((await admin.get('/kubernetes-pods?page=1', team)).json().pods).toHaveLength(2);
    const events = (await admin.get('/events?event_type=user.runtime_inventory.*', team)).json().results;
    expect(events.length).toBeGreaterThanOrEqual(2);
  });
  it('take the namespaces of one cluster, or of all of them', async () => {
    for (const cluster of ['c1', 'c2', 'c3']) await post(kubernetesReport({ prod: { web: ['nginx:1'] } }, { cluster }));
    const path = '/kubernetes-namespaces';
    expect((await admin.request('DELETE', `${path}?cluster_name=c1`, team)).statusCode).toBe(204);
    expect((await items()).map((row) => row.context)).toEqual(['c2/prod', 'c3/prod']);
    expect((await agent.delete(path)).statusCode).toBe(403);
    expect((await admin.request('DELETE', path, team)).statusCode).toBe(204);
    expect([await items(), (await admin.get('/kubernetes-pods?page=1', team)).json().pods]).toEqual([[], []]);
  });
});

it('counts what was ever reported and what there is', async () => {
  const value = async (name: string) =>
    (await admin.get('/system/statistics')).json().items.find((one: { name: string }) => one.name === name)?.value;
  const before = await value('kubernetes_container_creation');
  await post(kubernetesReport({ prod: { web: ['nginx:1', 'nginx:2'] } }));
  await post(kubernetesReport({ prod: { web: ['nginx:1', 'nginx:2'] } }));
  expect([await value('kubernetes_container_creation'), await value('kubernetes_container_inventory')]).toEqual([
    before + 2,
    2,
  ]);
  expect([await value('kubernetes_namespace_inventory'), await value('ecs_task_inventory')]).toEqual([1, 0]);
});

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Application, startApplication } from '../api/application.ts';
import { authorization } from '../api/client.ts';
import { ADMIN_PASSWORD } from '../api/identity-app.ts';
import { buildOciImage, debianFiles } from '../builders/oci-image.ts';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { type FakeRegistry, startFakeRegistry } from '../e2e/registries.ts';

/** The requests of published agents, in their order and with what they read of the answers. */

const image = buildOciImage([debianFiles({ openssl: '3.0.9-1' })]);
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

let app: Application;
let registry: FakeRegistry;
let tag: string;

interface Call {
  body?: unknown;
  anonymous?: boolean;
  headers?: Record<string, string>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests read answers freely
type Answer = { status: number; body: any; text: string; type: string };

async function call(method: string, url: string, { body, anonymous, headers }: Call = {}): Promise<Answer> {
  const response = await app.server.inject({
    method: method as 'GET',
    url,
    headers: {
      ...(anonymous ? {} : authorization({ basic: ['admin', ADMIN_PASSWORD] })),
      // empty in agents that were given no account
      'x-anchore-account': '',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  const text = response.body;
  const type = String(response.headers['content-type'] ?? '');
  return { status: response.statusCode, body: /json/.test(type) && text ? JSON.parse(text) : undefined, text, type };
}

beforeAll(async () => {
  app = await startApplication();
  registry = await startFakeRegistry();
  registry.publish('team/app', '1', image);
  tag = `${registry.host}/team/app:1`;
  publishDatabase(join(app.platform.dataDirectory, 'feed'), {
    built: '2026-01-01T00:00:00Z',
    advisories: [
      {
        id: 'CVE-2023-5363',
        provider: 'debian',
        distro: { name: 'debian', major: '12' },
        ecosystem: 'deb',
        versions: 'dpkg',
        severity: 'high',
        package: 'openssl',
        constraint: '< 3.0.11-1~deb12u2',
        fix: '3.0.11-1~deb12u2',
      },
    ],
  });
  await call('POST', '/v2/system/feeds?sync=true');
  await app.idle();
});
afterAll(async () => {
  await registry?.close();
  await app?.close();
});

describe('the admission controller', () => {
  it('asks for the version without credentials, and takes only "2"', async () => {
    for (const path of ['/v2/version', '/version']) {
      const answer = await call('GET', path, { anonymous: true });
      expect([answer.status, answer.body.api.version]).toEqual([200, '2']);
    }
  });

  it('looks for the image of a pod, adds it, and asks for a verdict', async () => {
    const find = () => call('GET', `/v2/images?full_tag=${encodeURIComponent(tag)}`);
    expect((await find()).status).toBe(404);
    const added = await call('POST', '/v2/images?auto_subscribe=false', {
      body: { source: { tag: { pull_string: tag } }, annotations: { requestor: 'anchore-admission-controller' } },
    });
    expect(added.status).toBe(200);
    await app.idle();
    const { items } = (await find()).body;
    expect(items).toMatchObject([
      { image_digest: image.digest, analysis_status: 'analyzed', image_detail: [{ full_tag: tag }] },
    ]);
    const check = await call(
      'GET',
      `/v2/images/${image.digest}/check?tag=${encodeURIComponent(tag)}&interactive=true&policy_id=windlass-default`,
    );
    expect(check.status).toBe(200);
    for (const one of check.body.evaluations) expect(['pass', 'fail']).toContain(one.status.toLowerCase());
    expect(check.body.evaluations).toHaveLength(1);
  });
});

describe('the scanner adapter of Harbor', () => {
  it('asks for the version after each 404, and reads vulnerabilities with their records', async () => {
    const unknown = await call('GET', `/v2/images/sha256:${'0'.repeat(64)}`);
    expect([unknown.status, typeof unknown.body.detail, unknown.body.httpcode]).toEqual([404, 'object', 404]);
    expect((await call('GET', '/version', { anonymous: true })).body.api.version).toBe('2');
    const added = await call('POST', '/v2/images', {
      body: {
        image_type: 'docker',
        source: { digest: { pull_string: `${registry.host}/team/app@${image.digest}`, tag } },
      },
    });
    expect(added.status).toBe(200);
    expect(['not_analyzed', 'analyzing', 'analyzed', 'analysis_failed']).toContain(added.body.analysis_status);
    await app.idle();
    const found = (await call('GET', `/v2/images/${image.digest}/vuln/all?vendor_only=true`)).body.vulnerabilities;
    expect(found).toMatchObject([{ vuln: 'CVE-2023-5363', package: 'openssl-3.0.9-1', fix: '3.0.11-1~deb12u2' }]);
    const [{ vuln, feed_group }] = found;
    const records = await call(
      'GET',
      `/v2/query/vulnerabilities?id=${vuln},CVE-2000-0001&namespace=${feed_group},nvdv2:cves`,
    );
    expect(records.body.vulnerabilities).toMatchObject([{ id: vuln, namespace: feed_group, severity: 'High' }]);
    expect(records.body.next_page ?? '').toBe('');
  });

  it('hands over short-lived credentials for one repository, again and again', async () => {
    const name = `${registry.host}/team/app`;
    const record = (password: string) => ({
      registry: name,
      registry_name: name,
      registry_user: 'robot$scan',
      registry_pass: password,
      registry_type: 'docker_v2',
      registry_verify: false,
    });
    expect((await call('POST', '/v2/registries?validate=false', { body: record('one') })).status).toBe(200);
    const again = await call('POST', '/v2/registries?validate=false', { body: record('two') });
    expect([again.status, again.body.message]).toEqual([409, expect.stringContaining('registry already exists in DB')]);
    // The name is put into the path as it is.
    const changed = await call('PUT', `/v2/registries/${name}?validate=false`, { body: record('two') });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject([{ registry: name, registry_user: 'robot$scan' }]);
    expect(changed.text).not.toContain('two');
  });

  it('reads the time of the vulnerability data', async () => {
    const feeds = (await call('GET', '/v2/system/feeds')).body;
    expect(Array.isArray(feeds)).toBe(true);
    for (const { groups } of feeds) for (const group of groups) expect(group.last_sync).toMatch(DATE);
  });
});

/** Ids of objects in a cluster. */
const uid = (kind: number, index: number) => `0000000${kind}-0000-4000-8000-00000000000${index}`;

const pods = (count: number) => ({
  cluster_name: 'kind',
  timestamp: '2026-01-01T00:00:00Z',
  // a member that the published schema lacks
  serverVersionMetadata: { major: '1', minor: '30' },
  namespaces: [{ name: 'shop', uid: uid(1, 1), labels: {}, annotations: {} }],
  nodes: [{ name: 'n1', uid: uid(2, 1), labels: {}, annotations: {}, arch: 'amd64', operating_system: 'linux' }],
  pods: Array.from({ length: count }, (_, index) => ({
    name: `p${index}`,
    uid: uid(3, index),
    namespace_uid: uid(1, 1),
    ...(index === 0 ? {} : { node_uid: uid(2, 1) }),
    labels: {},
    annotations: {},
  })),
  containers: Array.from({ length: count }, (_, index) => ({
    id: `containerd://c${index}`,
    name: 'app',
    pod_uid: uid(3, index),
    image_tag: tag,
    image_digest: index === 0 ? '' : image.digest,
  })),
});

describe('the agent of Kubernetes', () => {
  it('registers with a server that is new enough, and tells how it is', async () => {
    const { service } = (await call('GET', '/version', { anonymous: true })).body;
    const [major, minor] = service.version.split('.').map(Number);
    expect(major * 1000 + minor).toBeGreaterThanOrEqual(5_011);
    const body = {
      registration_id: 'r1',
      registration_instance_id: 'i1',
      type: 'k8s_inventory_agent',
      name: 'agent',
      application_version: '1.8.0',
      username: 'admin',
      account_name: 'admin',
      started_at: '2026-01-01T00:00:00Z',
      uptime: 12,
      health_report_interval: 60,
      explicitly_account_bound: [],
      namespaces: ['shop'],
      configuration: {},
      cluster_name: 'kind',
      namespace: 'anchore',
    };
    const first = await call('POST', '/v2/system/integrations/registration', { body });
    expect([first.status, first.body.integration_status.state]).toEqual([201, 'registered']);
    expect([first.body.started_at, first.body.last_seen ?? first.body.started_at]).toEqual([
      expect.stringMatching(DATE),
      expect.stringMatching(DATE),
    ]);
    expect(typeof first.body.uptime).toBe('number');
    const second = await call('POST', '/v2/system/integrations/registration', { body });
    expect([second.status, second.body.uuid]).toEqual([200, first.body.uuid]);
    const report = await call('POST', `/v2/system/integrations/${first.body.uuid}/health-report`, {
      body: {
        uuid: '7f6e4f0c-6c0c-4f7a-9d7b-0d9b0c0a0b0c',
        protocol_version: 1,
        timestamp: '2026-01-01T00:01:00Z',
        uptime: 72,
        health_data: { type: 'k8s_inventory_agent', version: 1, errors: [], account_k8s_inventory_reports: {} },
        health_report_interval: 60,
      },
    });
    expect([report.status, report.text]).toEqual([201, '']);
  });

  it('reports what runs, and takes an empty answer', async () => {
    const answer = await call('POST', '/v2/kubernetes-inventory', { body: pods(3) });
    expect([answer.status, answer.text]).toEqual([201, '']);
    const listed = await call('GET', '/v2/kubernetes-containers?page=1');
    expect(listed.body.containers).toHaveLength(3);
  });

  it('knows a server without a route by its problem, and a wrong account by the message', async () => {
    const missing = await call('POST', '/v2/no-such-inventory', { body: {} });
    expect([missing.status, missing.type, missing.body.detail]).toEqual([
      404,
      expect.stringContaining('application/problem+json'),
      expect.stringContaining('The requested URL was not found'),
    ]);
    const method = await call('PATCH', '/v2/kubernetes-inventory', { body: {} });
    expect([method.status, method.body.detail]).toEqual([405, 'Method Not Allowed']);
    const account = await call('POST', '/v2/kubernetes-inventory', {
      body: pods(1),
      headers: { 'x-anchore-account': 'nobody' },
    });
    expect([account.status, account.body.message]).toEqual([404, expect.stringContaining('User account not found')]);
  });

  it('of the time between the generations reports under V1', async () => {
    const answer = await call('POST', '/v1/enterprise/kubernetes-inventory', { body: pods(2) });
    expect(answer.status).toBeGreaterThanOrEqual(200);
    expect(answer.status).toBeLessThan(300);
    expect(answer.text === '' || answer.body !== undefined).toBe(true);
  });

  it('of the first generation reports images by namespace, and wants 200', async () => {
    const answer = await call('POST', '/v1/enterprise/inventories', {
      body: {
        cluster_name: 'old',
        inventory_type: 'kubernetes',
        timestamp: '2026-01-01T00:00:00Z',
        results: [{ namespace: 'shop', images: [{ tag, repoDigest: image.digest }] }],
      },
    });
    expect(answer.status).toBe(200);
    const listed = (await call('GET', '/v2/inventories')).body;
    expect(JSON.stringify(listed)).toContain('old/shop');
  });
});

it('the agent of ECS reports partial data, and takes 204', async () => {
  const cluster = 'arn:aws:ecs:eu-central-1:1:cluster/c';
  const task = `${cluster}/task/1`;
  const report = (more: object) => ({
    cluster_arn: cluster,
    timestamp: '2026-01-01T00:00:00Z',
    containers: [{ arn: `${cluster}/container/1`, image_digest: image.digest, image_tag: tag, task_arn: task }],
    ...more,
  });
  for (const more of [
    { services: null, tasks: null },
    { tasks: [{ arn: task, cluster_arn: cluster }], services: [] },
  ]) {
    const answer = await call('POST', '/v2/ecs-inventory', { body: report(more) });
    expect([answer.status, answer.text]).toEqual([204, '']);
  }
});

it('the server for assistants reads images that are analysed, uncompressed', async () => {
  const { status, body } = await call('GET', '/v2/images', { headers: { 'accept-encoding': 'identity' } });
  expect(status).toBe(200);
  expect(Object.keys(body)).toEqual(['items']);
  for (const row of body.items) {
    expect(row.image_digest).toMatch(/^sha256:/);
    expect(row.analyzed_at ?? row.last_updated).toMatch(DATE);
  }
  const document = await call('GET', '/v2/openapi.json');
  expect([document.status, document.body.openapi]).toEqual([200, expect.stringMatching(/^3\./)]);
});

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { v1OperationList } from '../../src/contract/v1/operations.ts';
import { type Application, startApplication } from '../api/application.ts';
import type { Credentials } from '../api/client.ts';
import { authorization } from '../api/client.ts';
import { ADMIN_PASSWORD } from '../api/identity-app.ts';
import { multipart } from '../api/multipart.ts';
import { createAuthority } from '../builders/certificates.ts';
import { xccdf } from '../builders/compliance.ts';
import { buildOciImage, debianFiles } from '../builders/oci-image.ts';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { type FakeRegistry, startFakeRegistry } from '../e2e/registries.ts';
import { ADMIN, document, v1Client } from './v1-client.ts';
import { V1_LATER } from './v1-later.ts';

const image = buildOciImage([
  debianFiles({ openssl: '3.0.9-1' }),
  { 'app/node_modules/lodash/package.json': JSON.stringify({ name: 'lodash', version: '4.17.20', license: 'MIT' }) },
]);

let app: Application;
let registry: FakeRegistry;
let tag: string;
let imageId: string;

const { call, called, misshapen } = v1Client(() => app, v1OperationList);

beforeAll(async () => {
  registry = await startFakeRegistry();
  registry.publish('team/app', '1', image);
  tag = `${registry.host}/team/app:1`;
  app = await startApplication();
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
});
afterAll(async () => {
  await app?.close();
  await registry?.close();
});

describe('the document', () => {
  it('is at the three places where clients look, new enough for tags in queries', async () => {
    for (const path of ['/swagger.json', '/v1/swagger.json', '/v1/enterprise/swagger.json']) {
      const response = await app.server.inject({ method: 'GET', url: path });
      expect(response.statusCode).toBe(200);
      expect(response.json().info.version.split('.').map(Number)).toEqual([0, 1, 18]);
      expect(response.json().paths['/images'].get.operationId).toBe('list_images');
    }
  });

  it('changes nothing for paths without a version', async () => {
    for (const path of ['/images', '/policies', '/system']) {
      expect((await app.server.inject({ method: 'GET', url: path, headers: authorization(ADMIN) })).statusCode).toBe(
        404,
      );
    }
    expect((await app.server.inject({ method: 'GET', url: '/version' })).json().api).toEqual({ version: '2' });
  });
});

describe('system', () => {
  it('answers a liveness check at the base', async () => {
    for (const path of ['', '/']) expect((await call('GET', path)).body).toBe('v1');
    expect((await call('GET', '/health')).status).toBe(200);
    expect((await call('GET', '/version')).body.api).toEqual({});
    expect((await call('GET', '/status')).body).toMatchObject({ available: true, up: true });
  });

  it('lists services by their old member names', async () => {
    await app.features.system.start();
    const { service_states: states } = (await call('GET', '/system')).body;
    const names = states.map((state: { servicename: string }) => state.servicename);
    expect(names).toEqual(expect.arrayContaining(['catalog', 'apiext', 'policy_engine', 'simplequeue', 'analyzer']));
    expect(states[0]).toMatchObject({ hostid: 'test', status: true, service_detail: { up: true } });
    expect((await call('GET', '/system/services')).body).toHaveLength(states.length);
    expect((await call('GET', '/system/services/catalog')).body).toMatchObject([{ servicename: 'catalog' }]);
    expect((await call('GET', '/system/services/catalog/test')).body).toMatchObject([{ servicename: 'catalog' }]);
    expect((await call('DELETE', '/system/services/catalog/test')).status).toBe(409);
    expect((await call('GET', '/system/error_codes')).body[0]).toHaveProperty('description');
    const gates = (await call('GET', '/system/policy_spec')).body;
    expect(gates[0]).toHaveProperty('superceded_by');
    expect(gates[0].triggers[0]).toHaveProperty('superceded_by');
  });

  it('synchronises feeds and says what changed', async () => {
    const [first] = (await call('POST', '/system/feeds?flush=False')).body;
    expect(first).toMatchObject({ feed: 'vulnerabilities', status: 'success' });
    expect(first.groups[0]).toMatchObject({
      group: 'debian',
      status: 'success',
      total_time_seconds: expect.any(Number),
    });
    expect(first.groups[0].updated_record_count).toBeGreaterThan(0);
    const [second] = (await call('POST', '/system/feeds?flush=False')).body;
    expect(second.groups[0].updated_record_count).toBe(0);
    const [feed] = (await call('GET', '/system/feeds')).body;
    expect(feed).toMatchObject({ name: 'vulnerabilities', enabled: true, last_full_sync: expect.any(String) });
    expect((await call('PUT', '/system/feeds/vulnerabilities?enabled=False')).status).toBe(501);
    expect((await call('PUT', '/system/feeds/vulnerabilities/debian?enabled=False')).status).toBe(501);
    expect((await call('DELETE', '/system/feeds/vulnerabilities')).status).toBe(501);
    expect((await call('DELETE', '/system/feeds/vulnerabilities/debian')).status).toBe(501);
  });
});

describe('registries', () => {
  const record = { registry_user: 'u', registry_pass: 'p', registry_type: 'docker_v2', registry_verify: false };

  it('are kept as arrays of one; what exists is a 500 with the words that clients know', async () => {
    const body = { ...record, registry: registry.host };
    const [created] = (await call('POST', '/registries?validate=False', body)).body;
    expect(created).toMatchObject({ registry: registry.host, userId: 'admin', registry_user: 'u' });
    expect(created).not.toHaveProperty('registry_pass');
    const again = await call('POST', '/registries?validate=False', body);
    expect(again).toMatchObject({ status: 500, body: { httpcode: 500, message: 'registry already exists in DB' } });
    expect((await call('GET', '/registries')).body).toHaveLength(1);
    const path = `/registries/${encodeURIComponent(registry.host)}`;
    expect((await call('GET', path)).body).toHaveLength(1);
    expect((await call('PUT', `${path}?validate=False`, { ...body, registry_user: 'v' })).body).toMatchObject([
      { registry_user: 'v' },
    ]);
  });

  it('are deleted with 200', async () => {
    await call('POST', '/registries?validate=False', { ...record, registry: 'r.example.org/team' });
    const path = `/registries/${encodeURIComponent('r.example.org/team')}`;
    expect(await call('DELETE', path)).toMatchObject({ status: 200, body: true });
    expect(await call('DELETE', path)).toMatchObject({ status: 404, body: { httpcode: 404 } });
  });
});

describe('images', () => {
  it('are added by tag, as arrays of one with every member that clients read', async () => {
    const [added] = (await call('POST', '/images?autosubscribe=True', { tag, annotations: { owner: 'me' } })).body;
    expect(added).toMatchObject({
      imageDigest: image.digest,
      userId: 'admin',
      image_type: 'docker',
      analyzed_at: null,
      annotations: { owner: 'me' },
      image_content: {
        metadata: {
          dockerfile_mode: null,
          distro: null,
          distro_version: null,
          image_size: null,
          arch: null,
          layer_count: null,
        },
      },
    });
    expect(added.image_detail[0]).toMatchObject({ fulltag: tag, imageDigest: image.digest, userId: 'admin', tag: '1' });
    imageId = added.image_detail[0].imageId;
    await app.idle();
    const [done] = (await call('GET', `/images/${image.digest}`)).body;
    expect(done).toMatchObject({
      analysis_status: 'analyzed',
      analyzed_at: expect.any(String),
      image_content: { metadata: { distro: 'debian', arch: 'amd64', layer_count: 2 } },
    });
  });

  it('are added from a source and by digest too', async () => {
    const pull = tag.replace(/:1$/, `@${image.digest}`);
    for (const body of [
      { source: { tag: { pullstring: tag } } },
      { source: { digest: { pullstring: pull, tag } } },
      { digest: pull, tag },
      { digest: image.digest, tag, created_at: '2026-01-01T00:00:00Z' },
    ]) {
      expect((await call('POST', '/images', body)).body).toMatchObject([
        { imageDigest: image.digest, analysis_status: 'analyzed' },
      ]);
    }
    for (const body of [{}, { digest: pull }, { tag, source: { tag: { pullstring: tag } } }]) {
      expect((await call('POST', '/images', body)).status).toBe(400);
    }
  });

  it('are listed and found by tag, id and digest', async () => {
    expect((await call('GET', '/images')).body).toHaveLength(1);
    expect((await call('GET', `/images?fulltag=${encodeURIComponent(tag)}&history=false`)).body).toHaveLength(1);
    expect((await call('GET', '/images?fulltag=nothing:1')).status).toBe(404);
    expect((await call('GET', `/images?fulltag=${imageId}&history=false`)).body).toMatchObject([
      { imageDigest: image.digest },
    ]);
    expect((await call('GET', `/images?fulltag=${'0'.repeat(64)}`)).status).toBe(404);
    expect((await call('GET', `/images/by_id/${imageId}`)).body).toMatchObject([{ imageDigest: image.digest }]);
    expect((await call('GET', `/images/by_id/${'0'.repeat(64)}`)).status).toBe(404);
    expect((await call('GET', '/summaries/imagetags')).body).toMatchObject([
      { imageDigest: image.digest, imageId, fulltag: tag, analyzed_at: expect.any(Number) },
    ]);
  });

  it('have contents', async () => {
    for (const path of [`/images/${image.digest}`, `/images/by_id/${imageId}`]) {
      const types = (await call('GET', `${path}/content`)).body;
      expect(types).toEqual(expect.arrayContaining(['os', 'files', 'npm', 'java']));
      expect(types).not.toContain('licenses');
      expect((await call('GET', `${path}/content/os`)).body).toMatchObject({
        imageDigest: image.digest,
        content_type: 'os',
        content: [{ package: 'openssl', version: '3.0.9-1' }],
      });
      expect((await call('GET', `${path}/content/npm`)).body.content).toMatchObject([
        { package: 'lodash', licenses: ['MIT'] },
      ]);
      expect((await call('GET', `${path}/content/files`)).body.content.length).toBeGreaterThan(3);
      expect((await call('GET', `${path}/content/java`)).body.content).toEqual([]);
      const manifest = (await call('GET', `${path}/content/manifest`)).body;
      expect(JSON.parse(Buffer.from(manifest.content, 'base64').toString()).layers).toHaveLength(2);
    }
    const path = `/images/${image.digest}`;
    expect((await call('GET', `${path}/metadata`)).body).toContain('docker_history');
    expect((await call('GET', `${path}/metadata/manifest`)).body).toMatchObject({
      imageDigest: image.digest,
      metadata_type: 'manifest',
    });
    expect((await call('GET', `${path}/content/malware`)).status).toBe(400);
    for (const kind of ['retrieved_files', 'file_content_search', 'secret_search']) {
      expect((await call('GET', `${path}/artifacts/${kind}`)).body).toBeInstanceOf(Array);
    }
  });

  it('have vulnerabilities whose scores are numbers', async () => {
    for (const path of [`/images/${image.digest}`, `/images/by_id/${imageId}`]) {
      expect((await call('GET', `${path}/vuln`)).body).toContain('non-os');
      const report = (await call('GET', `${path}/vuln/all?vendor_only=True`)).body;
      expect(report).toMatchObject({ imageDigest: image.digest, vulnerability_type: 'all' });
      expect(report.vulnerabilities).toMatchObject([
        {
          vuln: 'CVE-2023-5363',
          package: 'openssl-3.0.9-1',
          severity: 'High',
          fix: '3.0.11-1~deb12u2',
          package_type: 'dpkg',
          package_path: 'pkgdb',
        },
      ]);
      for (const { cvss_v2, cvss_v3 } of [
        ...report.vulnerabilities[0].nvd_data,
        ...report.vulnerabilities[0].vendor_data,
      ]) {
        for (const score of [...Object.values(cvss_v2), ...Object.values(cvss_v3)]) expect(typeof score).toBe('number');
      }
    }
  });

  it('are found by vulnerability and by package', async () => {
    const search = (query: string) => call('GET', `/query/images/by_vulnerability?${query}`);
    const found = (await search('vulnerability_id=CVE-2023-5363&vendor_only=True')).body;
    expect(found).toMatchObject({
      page: '1',
      returned_count: 1,
      images: [
        {
          image: { imageDigest: image.digest, tag_history: [{ fulltag: tag }] },
          vulnerable_packages: [
            {
              name: 'openssl',
              version: '3.0.9-1',
              type: 'dpkg',
              severity: 'High',
              namespace: 'debian:distro:debian:12',
            },
          ],
        },
      ],
    });
    expect(
      (
        await search(
          'vulnerability_id=CVE-2023-5363&namespace=debian:12&affected_package=openssl&severity=High&limit=1',
        )
      ).body.returned_count,
    ).toBe(1);
    for (const other of [
      'vulnerability_id=CVE-2023-5363&namespace=alpine:3.10',
      'vulnerability_id=CVE-2023-5363&severity=Low',
      'vulnerability_id=CVE-1999-1',
    ]) {
      expect((await search(other)).body).toMatchObject({ returned_count: 0, images: [] });
    }
    expect((await search('')).status).toBe(400);
    expect((await search('vulnerability_id=x&page=0')).status).toBe(400);
    const holders = (await call('GET', '/query/images/by_package?name=lodash')).body;
    expect(holders.images).toMatchObject([
      { image: { imageDigest: image.digest, tag_history: [{ fulltag: tag }] }, packages: [{ name: 'lodash' }] },
    ]);
    expect((await call('GET', '/query/vulnerabilities?id=CVE-2023-5363')).body.vulnerabilities).toMatchObject([
      { id: 'CVE-2023-5363' },
    ]);
  });
});

const BUNDLE = {
  id: 'bundle',
  name: 'a bundle',
  comment: 'of the first generation',
  version: '1_0',
  policies: [
    {
      id: 'p',
      name: 'P',
      version: '1_0',
      rules: [{ id: 'r', gate: 'always', trigger: 'always', action: 'STOP', params: [] }],
    },
  ],
  whitelists: [{ id: 'w', name: 'W', version: '1_0', items: [{ id: 'i', gate: 'always', trigger_id: 'always' }] }],
  mappings: [
    {
      id: 'm',
      name: 'all',
      registry: '*',
      repository: '*',
      image: { type: 'tag', value: '*' },
      policy_id: 'p',
      whitelist_ids: ['w'],
    },
  ],
  whitelisted_images: [],
  blacklisted_images: [],
};

describe('policies', () => {
  it('are added as bundles; adding again replaces', async () => {
    const added = await call('POST', '/policies?detail=False', BUNDLE);
    expect(added.body).toMatchObject({ policyId: 'bundle', userId: 'admin', active: false, policy_source: 'local' });
    expect(added.body).not.toHaveProperty('policybundle');
    expect((await call('POST', '/policies', { ...BUNDLE, name: 'renamed' })).body.policybundle.name).toBe('renamed');
    expect((await call('POST', '/policies', BUNDLE)).status).toBe(200);
    const refused = await call('POST', '/policies', {
      ...BUNDLE,
      policies: [
        {
          id: 'p',
          name: 'P',
          version: '1_0',
          rules: [{ id: 'r', gate: 'nonsense', trigger: 'x', action: 'STOP', params: [] }],
        },
      ],
    });
    expect(refused).toMatchObject({ status: 400, body: { httpcode: 400, detail: { validation_details: [{}] } } });
  });

  it('without an id have one that follows from account and name', async () => {
    const { id: _id, ...nameless } = BUNDLE;
    const first = (await call('POST', '/policies', nameless)).body.policyId;
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect((await call('POST', '/policies', nameless)).body.policyId).toBe(first);
    expect(await call('DELETE', `/policies/${first}`)).toMatchObject({ status: 200, body: 'deleted' });
  });

  it('are activated by reading, setting active and writing back', async () => {
    const before = (await call('GET', '/policies')).body;
    const old = before.find((record: { active: boolean }) => record.active).policyId;
    const [record] = (await call('GET', '/policies/bundle?detail=True')).body;
    expect(record.policybundle).toMatchObject({
      comment: 'of the first generation',
      version: '1_0',
      mappings: [{ policy_ids: ['p'], whitelist_ids: ['w'] }],
    });
    const [active] = (await call('PUT', '/policies/bundle', { ...record, active: true, policybundlemeta: {} })).body;
    expect(active).toMatchObject({ policyId: 'bundle', active: true });
    expect((await call('DELETE', '/policies/bundle')).status).toBe(400);
    // the default policy has members that the first generation lacks: reading and writing it back keeps them
    const digest = async () => (await call('GET', `/v2/policies/${old}`)).body.policy;
    const kept = await digest();
    const [back] = (await call('GET', `/policies/${old}?detail=True`)).body;
    await call('PUT', `/policies/${old}`, { ...back, active: true });
    expect(await digest()).toEqual(kept);
  });

  it('judge images in nested tables', async () => {
    await app.idle();
    const check = async (query: string) =>
      (await call('GET', `/images/${image.digest}/check?${query}`)).body[0][image.digest][tag];
    const [plain] = await check(`tag=${encodeURIComponent(tag)}&detail=false&history=false`);
    expect(plain).toMatchObject({
      status: expect.stringMatching(/^(pass|fail)$/),
      last_evaluation: expect.any(String),
      policyId: expect.any(String),
      detail: {},
    });
    const [detailed] = await check(`tag=${encodeURIComponent(tag)}&policyId=bundle&detail=true`);
    expect(detailed).toMatchObject({ status: 'pass', policyId: 'bundle', detail: { policy: { id: 'bundle' } } });
    const { result } = detailed.detail;
    expect(result).toMatchObject({
      image_id: imageId,
      tag,
      final_action: 'go',
      final_action_reason: 'policy_evaluation',
      matched_whitelisted_images_rule: false,
    });
    const table = result.result[imageId].result;
    expect(table).toMatchObject({ final_action: 'go', row_count: 1 });
    expect(table.header).toHaveLength(9);
    expect(table.rows[0]).toEqual([
      imageId,
      tag,
      'always',
      'always',
      'always',
      expect.any(String),
      'go',
      { whitelist_id: 'w', whitelist_name: 'W', matched_rule_id: 'i' },
      'p',
    ]);
    expect(await check('detail=false')).toHaveLength(1);
    const byId = (await call('GET', `/images/by_id/${imageId}/check?tag=${encodeURIComponent(tag)}&detail=false`)).body;
    expect(Object.keys(byId[0])).toEqual([image.digest]);
  });
});

describe('subscriptions and repositories', () => {
  it('are found by key and type, switched and deleted', async () => {
    const [found] = (
      await call('GET', `/subscriptions?subscription_key=${encodeURIComponent(tag)}&subscription_type=policy_eval`)
    ).body;
    expect(found).toMatchObject({ userId: 'admin', active: false });
    const path = `/subscriptions/${found.subscription_id}`;
    const sent = { active: true, subscription_key: tag, subscription_type: 'policy_eval' };
    expect((await call('PUT', path, sent)).body).toMatchObject([{ active: true }]);
    expect((await call('GET', path)).body).toHaveLength(1);
    const body = { subscription_key: 'docker.io/library/x:1', subscription_type: 'tag_update' };
    const [created] = (await call('POST', '/subscriptions', body)).body;
    expect((await call('POST', '/subscriptions', body)).status).toBe(500);
    expect(await call('DELETE', `/subscriptions/${created.subscription_id}`)).toMatchObject({
      status: 200,
      body: true,
    });
    expect(await call('DELETE', path)).toMatchObject({ status: 200, body: true });
  });

  it('watch a repository', async () => {
    registry.interfere = (request, response) => {
      if (!request.url?.includes('/tags/list')) return false;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"name":"team/app","tags":["1"]}');
      return true;
    };
    const repository = encodeURIComponent(`${registry.host}/team/app`);
    const [dry] = (await call('POST', `/repositories?repository=${repository}&autosubscribe=False&dryrun=True`)).body;
    expect(dry).toMatchObject({ active: false });
    const [watched] = (
      await call('POST', `/repositories?repository=${repository}&autosubscribe=False&dryrun=False&lookuptag=1`)
    ).body;
    expect(JSON.parse(watched.subscription_value)).toMatchObject({
      autosubscribe: false,
      lookuptag: '1',
      repotags: ['1'],
      tagcount: 1,
    });
    registry.interfere = undefined;
    await app.idle();
  });
});

describe('accounts', () => {
  it('and their users live as before', async () => {
    expect((await call('POST', '/accounts', { name: 'team', email: 't@example.org' })).body).toMatchObject({
      name: 'team',
      type: 'user',
      state: 'enabled',
    });
    expect((await call('GET', '/accounts')).body.length).toBeGreaterThan(1);
    expect((await call('GET', '/accounts/team')).body.email).toBe('t@example.org');
    expect((await call('POST', '/accounts/team/users', { username: 'bob', password: 'bob-pass' })).body).toMatchObject({
      username: 'bob',
      type: 'native',
      source: null,
    });
    expect((await call('POST', '/accounts/team/users', { username: 'bob', password: 'bob-pass' })).status).toBe(400);
    expect((await call('GET', '/accounts/team/users')).body).toMatchObject([{ username: 'bob' }]);
    expect((await call('GET', '/accounts/team/users/bob')).body.username).toBe('bob');
    expect(
      (await call('POST', '/accounts/team/users/bob/credentials', { type: 'password', value: 'bob-pass2' })).body
        .username,
    ).toBe('bob');
    expect((await call('GET', '/accounts/team/users/bob/credentials')).body).toMatchObject([
      { type: 'password', value: expect.stringMatching(/^\*+$/) },
    ]);
    const bob: Credentials = { basic: ['bob', 'bob-pass2'] };
    expect((await call('GET', '/user', undefined, bob)).body.username).toBe('bob');
    expect((await call('GET', '/account', undefined, bob)).body.name).toBe('team');
    expect((await call('GET', '/user/credentials', undefined, bob)).body).toHaveLength(1);
    expect((await call('POST', '/user/credentials', { type: 'password', value: 'bob-pass3' }, bob)).body.username).toBe(
      'bob',
    );
    expect((await call('DELETE', '/accounts/team/users/bob/credentials?credential_type=password')).status).toBe(204);
    expect((await call('DELETE', '/accounts/team/users/bob')).status).toBe(204);
    expect((await call('PUT', '/accounts/team/state', { state: 'disabled' })).body).toEqual({ state: 'disabled' });
    expect((await call('DELETE', '/accounts/team')).status).toBe(204);
    await app.idle();
  });

  it('give tokens under the old name', async () => {
    const form = (password: string) =>
      app.server.inject({
        method: 'POST',
        url: '/v1/oauth/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({
          grant_type: 'password',
          username: 'admin',
          password,
          client_id: 'anonymous',
        }).toString(),
      });
    const answer = await form(ADMIN_PASSWORD);
    called.add('v1_get_oauth_token');
    expect((await call('GET', '/user', undefined, { bearer: answer.json().token })).body.username).toBe('admin');
    expect((await form('wrong')).statusCode).toBeGreaterThanOrEqual(400);
  });

  it('are checked as in the second generation', async () => {
    await call('POST', '/accounts', { name: 'guests', email: 'g@example.org' });
    await call('POST', '/accounts/guests/users', { username: 'eve', password: 'eve-pass' });
    const eve: Credentials = { basic: ['eve', 'eve-pass'] };
    for (const { operation } of v1OperationList) {
      if (typeof operation.permission !== 'object' || operation.permission.domain === 'request') continue;
      const path = operation.path
        .replace('{image_digest}', image.digest)
        .replace('{image_id}', imageId)
        .replace(/\{account_name\}/, 'admin')
        .replace(/\{[^}]+\}/g, 'x');
      const answer = await call(operation.method, path, operation.body ? {} : undefined, eve);
      expect([operation.id, answer.status, answer.body?.message]).toEqual([
        operation.id,
        403,
        expect.stringMatching(/^Not authorized\. Requires permissions/),
      ]);
    }
    const none = await call('GET', '/images', undefined, { basic: ['eve', 'wrong'] });
    expect(none).toMatchObject({ status: 401, text: 'Unauthorized' });
    const key = (
      await call('POST', '/v2/user/api-keys', {
        name: 'k',
        expires_at: `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 19)}Z`,
      })
    ).body.value;
    expect(
      (await call('POST', '/user/credentials', { type: 'password', value: 'whatever' }, { apiKey: key })).status,
    ).toBe(403);
  });
});

describe('events', () => {
  it('have upper-case levels and old member names', async () => {
    const { results, next_page: next } = (await call('GET', '/events?limit=2&page=1')).body;
    expect(next).toBe(true);
    expect(results[0]).toMatchObject({
      generated_uuid: expect.any(String),
      event: {
        level: expect.stringMatching(/^(INFO|ERROR)$/),
        source: { servicename: expect.any(String), hostid: expect.any(String) },
        resource: { user_id: 'admin' },
      },
    });
    const path = `/events/${results[0].generated_uuid}`;
    expect((await call('GET', path)).body.generated_uuid).toBe(results[0].generated_uuid);
    expect((await call('GET', '/events?source_servicename=nobody')).body.results).toEqual([]);
    expect((await call('GET', '/event_types')).body[0]).toMatchObject({
      name: expect.any(String),
      category: expect.any(String),
    });
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('DELETE', '/events?since=2020-01-01T00:00:00Z')).body.length).toBeGreaterThan(0);
  });
});

describe('runtime compliance', () => {
  it('takes forms, lists checks and gives their files back', async () => {
    const path = '/enterprise/runtime_compliance';
    expect((await call('GET', path)).status).toBe(404);
    const result = xccdf({ rules: [{ id: 'rule_a', result: 'pass' }] });
    const form = multipart({
      check_type: 'oscap',
      image_digest: image.digest,
      result: 'pass',
      result_file: { filename: 'result.xml', type: 'text/xml', content: result },
    });
    const sent = await call('POST', path, form);
    expect(sent).toMatchObject({ status: 200, body: { check_type: 'oscap', result: 'pass' } });
    await app.idle();
    const [check] = (await call('GET', `${path}?image_digest=${image.digest}`)).body;
    expect(check).toMatchObject({ image_digest: image.digest, summary: { verdict: 'pass', mismatch: false } });
    expect((await call('GET', `${path}/result/${check.compliance_file_ids.result_file}`)).text).toBe(result);
    expect((await call('GET', `${path}/result/nothing`)).status).toBe(404);
  });
});

describe('runtime inventory', () => {
  it('takes the reports of all generations of agents, and lists images as an array', async () => {
    const path = '/enterprise/inventories';
    const timestamp = '2026-01-01T00:00:00Z';
    const report = {
      cluster_name: 'c1',
      inventory_type: 'kubernetes',
      timestamp,
      results: [{ namespace: 'prod', images: [{ tag: 'nginx:1' }] }],
    };
    const posted = await call('POST', path, report);
    expect([posted.status, posted.body]).toEqual([
      200,
      [
        expect.objectContaining({
          inventory_type: 'kubernetes',
          context: 'c1/prod',
          image_tag: 'nginx:1',
          image_digest: '',
        }),
      ],
    ]);
    expect((await call('GET', path)).body).toEqual(posted.body);
    const uid = '00000000-0000-4000-8000-000000000000';
    const namespaces = [{ uid, name: 'prod' }];
    expect(
      (await call('POST', '/enterprise/kubernetes-inventory', { cluster_name: 'c1', timestamp, namespaces })).status,
    ).toBe(201);
    expect((await call('POST', '/enterprise/ecs-inventory', { cluster_arn: 'arn:1', timestamp })).status).toBe(204);
  });
});

describe('clusters that the server reads', () => {
  it('are added, listed, read by name and deleted', async () => {
    const path = '/enterprise/inventories/clusters';
    const cluster_config = {
      cluster_server: 'https://127.0.0.1:1',
      cluster_certificate: Buffer.from(createAuthority().cert).toString('base64'),
      credential_type: 'token',
      credential: 'secret-token',
      namespaces: ['all'],
    };
    const added = await call('POST', path, { cluster_name: 'old', inventory_type: 'kubernetes', cluster_config });
    const shown = { cluster_name: 'old', cluster_config: { ...cluster_config, credential: '******' } };
    expect(added).toMatchObject({ status: 200, body: shown });
    expect((await call('GET', `${path}?inventory_type=kubernetes`)).body).toMatchObject([shown]);
    expect((await call('GET', `${path}/old`)).body).toMatchObject(shown);
    expect(await call('DELETE', `${path}/old`)).toMatchObject({ status: 204, text: '' });
    expect((await call('GET', `${path}/old`)).status).toBe(404);
  });
});

describe('deletions', () => {
  it('of images answer 200, also for one that does not exist', async () => {
    const unknown = `sha256:${'0'.repeat(64)}`;
    expect(await call('DELETE', `/images/${unknown}`)).toMatchObject({
      status: 200,
      body: { digest: unknown, status: 'not_found' },
    });
    expect((await call('DELETE', `/images?imageDigests=${unknown}`)).body).toMatchObject([
      { digest: unknown, status: 'not_found' },
    ]);
    expect((await call('DELETE', `/images/${image.digest}?force=False`)).body.status).toBe('delete_failed');
    expect((await call('DELETE', `/images/by_id/${imageId}?force=True`)).body).toEqual({
      digest: image.digest,
      status: 'deleting',
    });
  });
});

describe('all of it', () => {
  it('was called with success, except what this server declines', () => {
    const declined = [
      'delete_service',
      'toggle_feed_enabled',
      'toggle_group_enabled',
      'delete_feed',
      'delete_feed_group',
      'get_image_content_by_type_malware',
    ];
    const elsewhere = new Set(V1_LATER.map(({ operation }) => operation.id));
    // Sign-in by an identity provider has its own test: test/api/sso.spec.ts.
    const missing = v1OperationList
      .filter(({ operation }) => !operation.path.startsWith('/rbac-manager/saml/'))
      .map(({ operation }) => operation.id)
      .filter((id) => !elsewhere.has(id))
      .filter((id) => !called.has(id) && !declined.includes(id.replace(/^v1_/, '')));
    expect(missing).toEqual([]);
  });

  it.skipIf(!document)('has the published shapes', () => {
    expect([...new Set(misshapen)]).toEqual([]);
  });
});

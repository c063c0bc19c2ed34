import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTar } from '../../src/engine/formats/tar/tar-builder.ts';
import { type Application, startApplication } from '../api/application.ts';
import { type Client, clientFor } from '../api/client.ts';
import { ADMIN_PASSWORD } from '../api/identity-app.ts';
import { multipart } from '../api/multipart.ts';
import { type HttpReceiver, startReceiver } from '../builders/http-receiver.ts';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { document, v1Client } from './v1-client.ts';
import { V1_LATER } from './v1-later.ts';

const TAG = 'registry.example.org/team/app:1';
const image = buildOciImage([debianFiles({ openssl: '3.0.9-1' })]);

let app: Application;
let admin: Client;
let receiver: HttpReceiver;
const { call, called, misshapen } = v1Client(() => app, V1_LATER);

beforeAll(async () => {
  receiver = await startReceiver();
  app = await startApplication({ WINDLASS_WEBHOOK_GENERAL: `${receiver.url}/<notification_type>` });
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
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

describe('archives', () => {
  it('take analyses of images and give them back', async () => {
    const added = await call('POST', '/archives/images', [image.digest]);
    expect(added).toMatchObject({ status: 200, body: [{ digest: image.digest, status: /archiv/ }] });
    await app.idle();
    const [record] = (await call('GET', '/archives/images')).body;
    expect(record).toMatchObject({
      imageDigest: image.digest,
      status: 'archived',
      image_detail: [{ pullstring: TAG, registry: 'registry.example.org', repository: 'team/app', tag: '1' }],
    });
    expect(record.archive_size_bytes).toBeGreaterThan(0);
    expect((await call('GET', `/archives/images/${image.digest}`)).body).toEqual(record);
    expect((await call('GET', '/archives')).body.images.total_image_count).toBe(1);
    expect((await call('DELETE', `/archives/images/${image.digest}?force=True`)).status).toBe(200);
    expect((await call('GET', `/archives/images/${image.digest}`)).status).toBe(404);
  });

  it('have rules with every member that clients read', async () => {
    const rule = {
      selector: { registry: '*', repository: '*', tag: '*' },
      transition: 'archive',
      tag_versions_newer: 2,
    };
    const added = await call('POST', '/archives/rules', {
      ...rule,
      analysis_age_days: 9,
      max_images_per_account: null,
    });
    expect(added).toMatchObject({
      status: 200,
      body: {
        ...rule,
        max_images_per_account: null,
        exclude: { expiration_days: null, selector: { registry: null, repository: null, tag: null } },
      },
    });
    expect((await call('GET', '/archives/rules')).body).toEqual([added.body]);
    const path = `/archives/rules/${added.body.rule_id}`;
    expect((await call('GET', path)).body).toEqual(added.body);
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('GET', path)).status).toBe(404);
  });
});

describe('imports', () => {
  it('collect parts of an analysis that was made elsewhere', async () => {
    const { uuid, status } = (await call('POST', '/imports/images')).body;
    expect(status).toBe('pending');
    const path = `/imports/images/${uuid}`;
    const descriptor = {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: `sha256:${'1'.repeat(64)}`,
      size: 1,
    };
    const manifest = {
      schemaVersion: 2,
      config: descriptor,
      layers: [{ ...descriptor, digest: `sha256:${'2'.repeat(64)}` }],
    };
    const parts: Record<string, unknown> = {
      packages: {
        artifacts: [],
        source: { type: 'image', target: {} },
        distro: { name: 'debian', version: '12', idLike: '' },
        descriptor: { name: 'syft', version: '0.30.0' },
      },
      manifest,
      parent_manifest: manifest,
      image_config: { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } },
    };
    for (const [part, body] of Object.entries(parts)) {
      const sent = await call('POST', `${path}/${part}`, body);
      expect([part, sent.status, sent.body.digest ?? sent.text]).toEqual([
        part,
        200,
        expect.stringMatching(/^[0-9a-f:a-z]+$/),
      ]);
      expect((await call('GET', `${path}/${part}`)).body).toHaveLength(1);
    }
    const sent = await app.server.inject({
      method: 'POST',
      url: `/v1${path}/dockerfile`,
      headers: { ...authorize(), 'content-type': 'text/plain' },
      payload: 'FROM scratch',
    });
    expect(sent.statusCode).toBe(200);
    called.add('v1_import_image_dockerfile');
    expect((await call('GET', `${path}/dockerfile`)).body).toHaveLength(1);
    expect((await call('GET', path)).body).toMatchObject({ uuid, status: 'pending' });
    expect((await call('GET', '/imports/images')).body).toHaveLength(1);
    expect((await call('DELETE', path)).body).toMatchObject({ uuid, status: 'expired' });
  });
});

describe('an archive of an analysis', () => {
  const digest = `sha256:${'ad'.repeat(32)}`;
  const detail = { registry: 'docker.io', repo: 'team/old', tag: '1', imageId: 'ef'.repeat(32), dockerfile: null };
  const base = (values: Record<string, unknown>) => ({
    base: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)])),
  });
  const analysis = {
    image: {
      imageId: detail.imageId,
      imagedata: {
        image_report: { docker_history: [{ CreatedBy: 'COPY . .', Size: 3 }], layers: [`sha256:${'3'.repeat(64)}`] },
        analysis_report: {
          analyzer_meta: { analyzer_meta: { base: { DISTRO: 'debian', DISTROVERS: '12', LIKEDISTRO: 'debian' } } },
          package_list: {
            'pkgs.allinfo': base({ bash: { type: 'dpkg', version: '5.2.15-2+b2', arch: 'amd64', license: 'GPL-3' } }),
            'pkgs.npms': base({ '/app/package.json': { name: 'lodash', versions: ['4.17.20'], lics: ['MIT'] } }),
          },
        },
      },
    },
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: `sha256:${'1'.repeat(64)}`, size: 1 },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: `sha256:${'2'.repeat(64)}`, size: 1 }],
  };
  const members = {
    analysis: { document: [analysis] },
    image_manifest: { document: JSON.stringify(manifest) },
    archive_manifest: {
      image_digest: digest,
      account: 'admin',
      metadata: {
        image_id: detail.imageId,
        image_record: JSON.stringify({ imageDigest: digest, image_detail: [detail] }),
      },
      artifacts: [],
    },
  };
  const archive = (names = Object.keys(members)) =>
    gzipSync(buildTar(names.map((name) => ({ name, content: JSON.stringify(members[name as keyof typeof members]) }))));
  const form = (content: Buffer) => multipart({ archive_file: { filename: 'a.tgz', content } });

  it('becomes an image with its packages', async () => {
    const added = await call('POST', '/import/images', form(archive()));
    expect([added.status, added.text]).toEqual([200, expect.stringContaining(digest)]);
    expect(added.body).toMatchObject([{ imageDigest: digest, image_detail: [{ fulltag: 'docker.io/team/old:1' }] }]);
    const packages = async (type: string) => (await call('GET', `/images/${digest}/content/${type}`)).body.content;
    await expect.poll(async () => (await call('GET', `/images/${digest}`)).body[0].analysis_status).toBe('analyzed');
    expect(await packages('os')).toMatchObject([{ package: 'bash', version: '5.2.15-2+b2' }]);
    expect(await packages('npm')).toMatchObject([{ package: 'lodash', version: '4.17.20' }]);
  });

  it.each([
    ['nothing', Buffer.from('')],
    ['no archive', Buffer.from('no archive at all')],
    ['broken gzip', archive().subarray(0, 60)],
    ['no report', archive(['archive_manifest', 'image_manifest'])],
  ])('that is %s is refused', async (_name, content) => {
    const { status, body } = await call('POST', '/import/images', form(content));
    expect([status, body.message]).toEqual([400, expect.stringContaining('archive_file')]);
  });
});

function authorize(): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`admin:${ADMIN_PASSWORD}`).toString('base64')}` };
}

describe('a webhook of the server', () => {
  it('is tested', async () => {
    expect((await call('POST', '/system/webhooks/general/test?notification_type=tag_update')).status).toBe(200);
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('below /enterprise', () => {
  it('images have ancestors, vulnerabilities and a verdict', async () => {
    const path = `/enterprise/images/${image.digest}`;
    expect((await call('GET', `${path}/ancestors`)).body).toEqual([]);
    expect((await call('GET', `${path}/vuln/all`)).body).toMatchObject({ vulnerabilities: [] });
    const [check] = (await call('GET', `${path}/check?tag=${TAG}&detail=True`)).body;
    expect(check[image.digest][TAG][0].status).toMatch(/pass|fail/);
  });

  it('corrections are added as arrays of one, and deleted with 204', async () => {
    const correction = {
      type: 'package',
      description: 'renamed',
      match: { type: 'os', field_matches: [{ field_name: 'package', field_value: 'openssl' }] },
      replace: [{ field_name: 'version', field_value: '3.0.11' }],
    };
    const [added] = (await call('POST', '/enterprise/corrections', correction)).body;
    expect(added).toMatchObject(correction);
    const path = `/enterprise/corrections/${added.uuid}`;
    expect((await call('GET', '/enterprise/corrections')).body).toMatchObject([correction]);
    expect((await call('GET', path)).body).toEqual(added);
    expect((await call('PUT', path, { ...correction, description: 'again' })).body.description).toBe('again');
    expect((await call('DELETE', path)).status).toBe(204);
  });

  it('alerts are closed by their path', async () => {
    const { db } = app.platform.database;
    await admin.post('/policies', stopPolicy());
    const { policy, ...record } = (await admin.get('/policies/stopper?detail=true')).json();
    await admin.put('/policies/stopper?active=true', { ...record, policy, active: true });
    await app.idle();
    await admin.post('/subscriptions', {
      subscription_key: 'registry.example.org/team/app',
      subscription_type: 'alerts',
    });
    const [subscription] = (await admin.get('/subscriptions?subscription_key=registry.example.org/team/app')).json();
    await admin.put(`/subscriptions/${subscription.subscription_id}`, { active: true });
    await app.platform.jobs.send(db, 'alerts-reconcile', {});
    await app.idle();
    const [alert] = (await call('GET', '/enterprise/alerts/compliance_violations?state=open')).body;
    expect(alert).toMatchObject({ type: 'compliance_violation', state: 'open' });
    expect((await call('GET', '/enterprise/alerts/summaries')).body).toMatchObject([{ uuid: alert.uuid }]);
    const path = `/enterprise/alerts/compliance_violations/${alert.uuid}`;
    expect((await call('GET', path)).body.uuid).toBe(alert.uuid);
    expect((await call('PUT', `${path}/ajar`)).status).toBe(400);
    expect((await call('PUT', `${path}/closed`)).body).toMatchObject({ uuid: alert.uuid, state: 'closed' });
  });
});

function stopPolicy() {
  const rule = { id: 'r', gate: 'always', trigger: 'always', action: 'STOP', params: [] };
  const everything = { registry: '*', repository: '*', image: { type: 'tag', value: '*' } };
  return {
    id: 'stopper',
    name: 'stopper',
    version: '2',
    rule_sets: [{ id: 'rs', name: 'rs', version: '2', rules: [rule] }],
    mappings: [{ id: 'm', name: 'all', ...everything, rule_set_ids: ['rs'], allowlist_ids: [] }],
    allowlists: [],
    allowlisted_images: [],
    denylisted_images: [],
  };
}

describe('roles', () => {
  it('have members by the old name of a domain', async () => {
    await admin.post('/accounts', { name: 'team', email: 't@example.org' });
    await admin.post('/accounts/team/users', { username: 'bob', password: 'bob-secret' });
    expect((await call('GET', '/rbac-manager/roles')).body).toContainEqual(
      expect.objectContaining({ name: 'read-only' }),
    );
    const role = '/rbac-manager/roles/read-only';
    expect((await call('GET', role)).body.name).toBe('read-only');
    expect((await call('POST', `${role}/members`, { username: 'bob', for_account: 'team' })).body.username).toBe('bob');
    expect((await call('GET', `${role}/members?for_account=team`)).body).toMatchObject([
      { username: 'bob', for_account: 'team' },
    ]);
    expect((await call('GET', '/rbac-manager/users/bob/roles')).body).toMatchObject([
      { role: 'read-only', for_account: ['team'] },
    ]);
    expect((await call('GET', '/rbac-manager/my_roles')).status).toBe(200);
    expect((await call('DELETE', `${role}/members?username=bob&for_account=team`)).status).toBe(204);
  });
});

describe('notification endpoints', () => {
  const common = { description: 'd', verify_tls: false };
  const bodies: [string, () => object][] = [
    ['slack', () => ({ ...common, url: `${receiver.url}/slack` })],
    ['teams', () => ({ ...common, url: `${receiver.url}/teams` })],
    ['webhook', () => ({ ...common, url: `${receiver.url}/hook` })],
    [
      'smtp',
      () => ({ ...common, host: '127.0.0.1', port: 1, from: 'a@example.org', to: 'b@example.org', use_tls: false }),
    ],
    [
      'jira',
      () => ({ ...common, url: receiver.url, username: 'u', password: 'p', project_key: 'P', issue_type: 'Task' }),
    ],
    [
      'github',
      () => ({ ...common, url: receiver.url, username: 'u', access_token: 'p', owner: 'acme', repository: 'r' }),
    ],
  ];
  it.each(bodies)('keep configurations and selectors of %s', async (name, body) => {
    const base = `/notifications/endpoints/${name}`;
    expect((await call('GET', '/notifications/endpoints')).body).toHaveLength(6);
    const added = await call('POST', `${base}/configurations`, body());
    expect([added.status, added.text]).toEqual([200, expect.any(String)]);
    const path = `${base}/configurations/${added.body.uuid}`;
    expect((await call('GET', `${base}/configurations`)).body).toHaveLength(1);
    expect((await call('GET', path)).body.uuid).toBe(added.body.uuid);
    expect((await call('PUT', path, { ...body(), uuid: added.body.uuid })).status).toBe(200);
    expect((await call('GET', `${path}/status`)).status).toBe(200);
    const selector = { scope: 'account', event: { level: 'error', resource_type: '*', type: '*' } };
    const { uuid } = (await call('POST', `${path}/selectors`, selector)).body;
    expect((await call('GET', `${path}/selectors`)).body).toHaveLength(1);
    expect((await call('GET', `${path}/selectors/${uuid}`)).body.uuid).toBe(uuid);
    expect((await call('GET', '/notifications/selectors')).body).toHaveLength(1);
    expect((await call('PUT', `${path}/selectors/${uuid}`, selector)).status).toBe(200);
    expect((await call('DELETE', `${path}/selectors/${uuid}`)).status).toBe(200);
    expect((await call('POST', `${base}/test`, body())).status).toBe(200);
    expect((await call('DELETE', path)).status).toBeLessThan(300);
    expect((await call('PUT', `/notifications/endpoints/${name}`, { enabled: true })).status).toBeLessThan(300);
  });

  it('stand in action plans', async () => {
    const { uuid } = (await call('POST', '/notifications/endpoints/webhook/configurations', bodies[2]![1]())).body;
    const plan = {
      type: 'notification',
      image_tag: TAG,
      image_digest: image.digest,
      policy_id: 'stopper',
      resolutions: [{ trigger_ids: ['t'], content: 'update' }],
      endpoint: 'webhook',
      configuration_id: uuid,
      subject: 's',
      message: 'm',
    };
    const added = await call('POST', '/enterprise/actions', plan);
    expect([added.status, added.text]).toEqual([200, expect.any(String)]);
    expect((await call('GET', `/enterprise/actions?image_digest=${image.digest}`)).body).toHaveLength(1);
  });
});

describe('all of it', () => {
  it('was called with success', () => {
    expect(V1_LATER.map(({ operation }) => operation.id).filter((id) => !called.has(id))).toEqual([]);
  });

  it.skipIf(!document)('has the published shapes', () => {
    expect([...new Set(misshapen)]).toEqual([]);
  });
});

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';
import { addTenant } from './two-tenants.ts';

const TAG = 'registry.example.org/team/app:1';
const image = buildOciImage([
  debianFiles({ openssl: '3.0.9-1', bash: '5.2.15-2+b2' }),
  {
    'app/node_modules/lodash/package.json': JSON.stringify({ name: 'lodash', version: '4.17.20', license: 'MIT' }),
    'app/key.txt': 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n',
  },
]);
const base = buildOciImage([debianFiles({ openssl: '3.0.9-1', bash: '5.2.15-2+b2' })]);
const advisory = {
  provider: 'debian',
  distro: { name: 'debian', major: '12' },
  ecosystem: 'deb',
  versions: 'dpkg',
  severity: 'high' as const,
};

let app: Application;
let admin: Client;
let other: Client;

async function upload(client: Client, archive: Buffer, tag: string) {
  return client.request('POST', `/windlass/image-archives?tag=${encodeURIComponent(tag)}`, {
    body: archive,
    headers: { 'content-type': 'application/octet-stream' },
  });
}

function publish(built: string, constraint: string): void {
  publishDatabase(join(app.platform.dataDirectory, 'feed'), {
    built,
    advisories: [
      { ...advisory, id: 'CVE-2023-5363', package: 'openssl', constraint, fix: '3.0.11-1~deb12u2' },
      {
        id: 'GHSA-35jh-r3h4-6jhm',
        provider: 'github',
        ecosystem: 'npm',
        package: 'lodash',
        constraint: '<4.17.21',
        versions: 'semver',
        fix: '4.17.21',
        severity: 'high',
      },
    ],
  });
}

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  other = await addTenant(app, 'other');
  publish('2026-01-01T00:00:00Z', '< 3.0.11-1~deb12u2');
  expect((await admin.post('/system/feeds')).json()).toMatchObject({
    message: expect.stringContaining('synchronised'),
  });
  expect(
    (await upload(admin, ociArchive([{ image: base, tag: 'base' }]), 'registry.example.org/team/base:1')).statusCode,
  ).toBe(200);
  expect((await upload(admin, ociArchive([{ image, tag: '1' }]), TAG)).statusCode).toBe(200);
  await app.idle();
});
afterAll(() => app?.close());

describe('an uploaded image', () => {
  const path = `/images/${image.digest}`;

  it('is analysed and listed with its tag', async () => {
    const { items } = (await admin.get(`/images?full_tag=${encodeURIComponent(TAG)}`)).json();
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ image_digest: image.digest, analysis_status: 'analyzed', image_status: 'active' });
    expect(items[0].image_content.metadata).toMatchObject({
      distro: 'debian',
      distro_version: '12',
      arch: 'amd64',
      layer_count: 2,
    });
    expect(items[0].analysis_status_detail.map((step: { to_status: string }) => step.to_status)).toEqual([
      'analyzing',
      'analyzed',
    ]);
  });

  it('has content by type', async () => {
    const os = (await admin.get(`${path}/content/os`)).json().content;
    expect(os.map((row: { package: string; version: string }) => [row.package, row.version])).toEqual([
      ['bash', '5.2.15-2+b2'],
      ['openssl', '3.0.9-1'],
    ]);
    expect((await admin.get(`${path}/content/npm`)).json().content[0]).toMatchObject({
      package: 'lodash',
      version: '4.17.20',
      licenses: ['MIT'],
    });
    const files = (await admin.get(`${path}/content/files`)).json().content;
    expect(files.find((file: { filename: string }) => file.filename === '/app/key.txt')).toMatchObject({
      type: 'file',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect((await admin.get(`${path}/content/nonsense`)).statusCode).toBe(400);
    expect((await admin.get(`${path}/artifacts/secret-search`)).json()).toEqual([
      { path: '/app/key.txt', matches: [expect.objectContaining({ name: 'AWS_ACCESS_KEY', lines: [0] })] },
    ]);
    expect((await admin.get(`${path}/artifacts/retrieved-files`)).json()[0].path).toBe('/etc/passwd');
  });

  it('has SBOMs that name its packages', async () => {
    const documents = await Promise.all(
      ['native-json', 'spdx-json', 'cyclonedx-json'].map((form) => admin.get(`${path}/sboms/${form}`)),
    );
    for (const response of documents) {
      expect(response.headers['content-type']).toContain('application/json');
      expect(response.body).toContain('pkg:npm/lodash@4.17.20');
    }
  });

  it('has findings with fix and severity, by type', async () => {
    const { vulnerabilities } = (await admin.get(`${path}/vuln/all`)).json();
    expect(
      vulnerabilities.map((v: Record<string, unknown>) => [v.vuln, v.package_name, v.fix, v.severity, v.package_path]),
    ).toEqual([
      ['CVE-2023-5363', 'openssl', '3.0.11-1~deb12u2', 'High', 'pkgdb'],
      ['GHSA-35jh-r3h4-6jhm', 'lodash', '4.17.21', 'High', '/app/node_modules/lodash/package.json'],
    ]);
    expect((await admin.get(`${path}/vuln/os`)).json().vulnerabilities).toHaveLength(1);
    expect((await admin.get(`${path}/vuln/all/cyclonedx-json`)).json().vulnerabilities).toHaveLength(2);
    expect((await admin.get(`${path}/vuln/all/cyclonedx-xml`)).body).toContain('<id>CVE-2023-5363</id>');
    expect((await admin.get(`/windlass${path}/coverage`)).json()).toMatchObject({
      state: 'complete',
      gaps: [],
      problems: [],
    });
  });

  it('knows its base image and what it inherits', async () => {
    expect((await admin.get(`${path}/ancestors`)).json()).toMatchObject([
      { image_digest: base.digest, chosen_base_image: true },
    ]);
    const report = (await admin.get(`${path}/vuln/all?base_digest=${base.digest}`)).json();
    expect(report.vulnerabilities.map((v: Record<string, unknown>) => [v.package_name, v.inherited_from_base])).toEqual(
      [
        ['openssl', true],
        ['lodash', false],
      ],
    );
  });

  it('has a verdict that stays in the history', async () => {
    const check = (await admin.get(`${path}/check?tag=${encodeURIComponent(TAG)}`)).json();
    expect(check).toMatchObject({ image_digest: image.digest, evaluated_tag: TAG });
    expect(check.evaluations[0]).toMatchObject({ status: 'fail', final_action: 'stop', image_mapped_to_rule: true });
    expect(check.evaluations[0].details.findings.some((f: { gate: string }) => f.gate === 'secret_scans')).toBe(true);
    expect((await admin.get(`${path}/check`)).statusCode).toBe(400);
  });

  it('is in the overview with the same counts', async () => {
    const { items } = (await admin.get('/windlass/images?search=team/app')).json();
    expect(items[0]).toMatchObject({ verdict: 'fail', vulnerabilities: { high: 2, fixable: 2 } });
  });

  it('is found by package and by vulnerability', async () => {
    const found = (await admin.get('/query/images/by-package?name=lodash')).json();
    expect(found).toMatchObject({ returned_count: 1, images: [{ image: { image_digest: image.digest } }] });
    const record = (await admin.get('/query/vulnerabilities?id=CVE-2023-5363')).json().vulnerabilities[0];
    expect(record).toMatchObject({
      id: 'CVE-2023-5363',
      affected_packages: [{ name: 'openssl', version: '3.0.9-1', type: 'dpkg' }],
    });
  });

  it('does not exist for another account', async () => {
    expect((await other.get('/images')).json()).toEqual({ items: [] });
    for (const suffix of [
      '',
      '/content/os',
      '/vuln/all',
      `/check?tag=${encodeURIComponent(TAG)}`,
      '/sboms/native-json',
      '/ancestors',
    ]) {
      expect([suffix, (await other.get(`${path}${suffix}`)).statusCode]).toEqual([suffix, 404]);
    }
    expect((await other.get('/query/images/by-package?name=lodash')).json().returned_count).toBe(0);
  });

  it('is analysed once for two accounts', async () => {
    expect((await upload(other, ociArchive([{ image, tag: '1' }]), TAG)).statusCode).toBe(200);
    await app.idle();
    expect((await other.get(path)).json().analysis_status).toBe('analyzed');
    const { count } = await app.platform.database.db
      .selectFrom('analysis')
      .select((eb) => eb.fn.countAll().as('count'))
      .where('digest', '=', image.digest)
      .executeTakeFirstOrThrow();
    expect(Number(count)).toBe(1);
  });
});

describe('a new build of the vulnerability data', () => {
  it('changes findings, verdict and events without a new analysis', async () => {
    const before = (await admin.get(`/images/${image.digest}`)).json().analyzed_at;
    publish('2026-01-02T00:00:00Z', '< 3.0.8-1');
    await admin.post('/system/feeds');
    await app.idle();
    const { vulnerabilities } = (await admin.get(`/images/${image.digest}/vuln/os`)).json();
    expect(vulnerabilities).toEqual([]);
    expect((await admin.get(`/images/${image.digest}`)).json().analyzed_at).toBe(before);
    expect((await admin.get('/windlass/images?search=team/app')).json().items[0].vulnerabilities).toMatchObject({
      high: 1,
    });
  });

  it('is refused when it is damaged; the former build goes on serving', async () => {
    publishDatabase(
      join(app.platform.dataDirectory, 'feed'),
      { built: '2026-01-03T00:00:00Z', advisories: [] },
      ({ listing, bytes }) => ({
        listing: { ...listing, checksum: `sha256:${'0'.repeat(64)}` },
        bytes,
      }),
    );
    const answer = await admin.post('/system/feeds');
    expect(answer.statusCode).toBe(400);
    expect(answer.json().message).toContain('checksum');
    expect((await admin.get('/system/feeds')).json()[0]).toMatchObject({
      data_service_built_at: '2026-01-02T00:00:00.000Z',
    });
    const { results } = (await admin.get('/events?event_type=system.feeds.sync.failed')).json();
    expect(results[0].event.details.cause).toContain('checksum');
  });
});

describe('deleting', () => {
  it('refuses the latest image of a subscribed tag, then marks it and frees the rest', async () => {
    expect((await admin.delete(`/images/${image.digest}`)).json()).toMatchObject({ status: 'delete_failed' });
    expect((await admin.delete(`/images/${image.digest}?force=true`)).json()).toEqual({
      image_digest: image.digest,
      status: 'deleting',
    });
    expect((await admin.get(`/images/${image.digest}/content/os`)).statusCode).toBe(404);
    expect((await admin.delete(`/images?image_digests=${`sha256:${'9'.repeat(64)}`}`)).json()).toMatchObject([
      { status: 'not_found' },
    ]);
    expect((await other.get(`/images/${image.digest}`)).json().image_status).toBe('active');
  });
});

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

const REPOSITORY = 'registry.example.org/team/app';
const TAG = `${REPOSITORY}:1`;
const debian = debianFiles({ openssl: '3.0.9-1', bash: '5.2.15-2+b2' });
const image = buildOciImage([
  debian,
  { 'app/node_modules/lodash/package.json': JSON.stringify({ name: 'lodash', version: '4.17.20' }) },
]);
const base = buildOciImage([debian]);
const path = `/images/${image.digest}`;
const OPENSSL = { name: 'openssl', version: '3.0.9-1', type: 'dpkg' };
const LODASH = { name: 'lodash', version: '4.17.20', type: 'npm' };

let app: Application;
let admin: Client;
let other: Client;
let viewer: Client;

async function upload(client: Client, archive: Buffer, tag: string): Promise<void> {
  const response = await client.request('POST', `/windlass/image-archives?tag=${encodeURIComponent(tag)}`, {
    body: archive,
    headers: { 'content-type': 'application/octet-stream' },
  });
  expect(response.statusCode).toBe(200);
}

async function importVex(client: Client, document: unknown, name = 'vex.json') {
  return client.request('POST', `/windlass/vex-documents?name=${name}`, {
    body: typeof document === 'string' ? document : JSON.stringify(document),
    headers: { 'content-type': 'application/octet-stream' },
  });
}

async function rows(client: Client = admin, suffix = ''): Promise<Record<string, unknown>[]> {
  return (await client.get(`${path}/vuln/all${suffix}`)).json().vulnerabilities;
}

/** What the policy says of vulnerabilities. */
async function triggers(): Promise<string[]> {
  const check = (await admin.get(`${path}/check?tag=${encodeURIComponent(TAG)}`)).json();
  const findings: { gate: string; message: string }[] = check.evaluations[0].details.findings;
  return findings.filter(({ gate }) => gate === 'vulnerabilities').map(({ message }) => message);
}

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  await admin.post('/accounts', { name: 'other', email: 'other@example.org' });
  for (const [username, role] of [
    ['other-user', 'full-control'],
    ['other-viewer', 'read-only'],
  ] as const) {
    await admin.post('/accounts/other/users', { username, password: 'pass-word' });
    await admin.post(`/rbac-manager/roles/${role}/members`, { username, domain_name: 'other' });
  }
  other = clientFor(app.server, { basic: ['other-user', 'pass-word'] });
  viewer = clientFor(app.server, { basic: ['other-viewer', 'pass-word'] });
  publishDatabase(join(app.platform.dataDirectory, 'feed'), {
    built: '2026-01-01T00:00:00Z',
    advisories: [
      {
        id: 'CVE-2023-5363',
        provider: 'debian',
        distro: { name: 'debian', major: '12' },
        ecosystem: 'deb',
        package: 'openssl',
        versions: 'dpkg',
        constraint: '< 3.0.11-1~deb12u2',
        fix: '3.0.11-1~deb12u2',
        severity: 'high',
      },
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
      {
        id: 'GHSA-xxxx-yyyy-zzzz',
        provider: 'github',
        ecosystem: 'npm',
        package: 'lodash-fork',
        constraint: '<5.0.0',
        versions: 'semver',
        severity: 'critical',
      },
    ],
  });
  expect((await admin.post('/system/feeds')).json()).toMatchObject({
    message: expect.stringContaining('synchronised'),
  });
  await upload(admin, ociArchive([{ image: base, tag: 'base' }]), 'registry.example.org/team/base:1');
  for (const client of [admin, other]) await upload(client, ociArchive([{ image, tag: '1' }]), TAG);
  await app.idle();
});
afterAll(() => app?.close());

describe('annotations', () => {
  let uuid: string;
  const annotation = {
    vulnerability_id: 'CVE-2023-5363',
    status: 'not_affected',
    justification: 'vulnerable_code_not_in_execute_path',
    impact_statement: 'the cipher is not used',
  };

  it('are added, tag the row, and settle the finding for policies', async () => {
    expect(await triggers()).toEqual(expect.arrayContaining([expect.stringContaining('CVE-2023-5363')]));
    const created = await admin.post(`${path}/vuln-annotations`, { annotation, package_identifier: OPENSSL });
    expect(created.statusCode).toBe(201);
    expect(created.json()).toMatchObject({
      annotation: { ...annotation, author: 'admin', version: 1 },
      package_identifier: OPENSSL,
    });
    uuid = created.json().annotation.uuid;
    await app.idle();
    expect(await rows()).toMatchObject([
      { vuln: 'CVE-2023-5363', annotation_status: 'not_affected', annotation_uuid: uuid },
      { vuln: 'GHSA-35jh-r3h4-6jhm' },
    ]);
    expect((await rows())[1]).not.toHaveProperty('annotation_status');
    expect((await triggers()).join()).not.toContain('CVE-2023-5363');
    const events = (await admin.get('/events?event_type=user.image.vulnerability_annotation.*')).json().results;
    expect(events[0].event.details).toMatchObject({ annotation_uuid: uuid, change: 'created' });
  });

  it('are listed, filtered and read, in the own account alone', async () => {
    const list = async (query: string) => (await admin.get(`${path}/vuln-annotations${query}`)).json().items.length;
    expect(await list('')).toBe(1);
    expect(await list('?vulnerability_id=CVE-2023-5363&package_name=openssl&package_type=dpkg')).toBe(1);
    expect(await list('?package_version=1')).toBe(0);
    expect(await list('?package_name=%00')).toBe(0);
    expect((await admin.get(`${path}/vuln-annotations/${uuid}`)).json().annotation.uuid).toBe(uuid);
    expect((await other.get(`${path}/vuln-annotations`)).json()).toEqual({ items: [] });
    expect((await other.get(`${path}/vuln-annotations/${uuid}`)).statusCode).toBe(404);
    expect((await other.delete(`${path}/vuln-annotations/${uuid}`)).statusCode).toBe(404);
    expect((await rows(other))[0]).not.toHaveProperty('annotation_status');
  });

  it.each([
    ['a second one of the same package', { annotation, package_identifier: OPENSSL }, 409],
    ['an unknown status', { annotation: { ...annotation, status: 'maybe' } }, 400],
    ['no status', { annotation: { vulnerability_id: 'CVE-1' } }, 400],
    ['an empty id', { annotation: { ...annotation, vulnerability_id: ' ' } }, 400],
    ['a justification of another status', { annotation: { ...annotation, status: 'fixed' } }, 400],
    ['a nameless package', { annotation, package_identifier: { ...OPENSSL, name: '' } }, 400],
  ])('refuse %s', async (_, body, status) => {
    expect((await admin.post(`${path}/vuln-annotations`, body)).statusCode).toBe(status);
  });

  it('of unknown images are 404', async () => {
    const unknown = `/images/sha256:${'0'.repeat(64)}/vuln-annotations`;
    expect((await admin.get(unknown)).statusCode).toBe(404);
    expect((await admin.post(unknown, { annotation })).statusCode).toBe(404);
    expect((await admin.get(`/images/sha256:${'0'.repeat(64)}/vex/openvex`)).statusCode).toBe(404);
  });

  it('are written as VEX documents, which another account imports', async () => {
    const documents = await Promise.all(
      ['openvex', 'cyclonedx-json', 'cyclonedx-xml'].map((form) => admin.get(`${path}/vex/${form}`)),
    );
    expect(documents.map((one) => one.headers['content-type'])).toEqual([
      expect.stringContaining('application/json'),
      expect.stringContaining('application/json'),
      expect.stringContaining('application/xml'),
    ]);
    expect(documents[0]!.json().statements[0]).toMatchObject({
      vulnerability: { name: 'CVE-2023-5363' },
      status: 'not_affected',
      products: [{ '@id': expect.stringContaining(`pkg:oci/app@${image.digest}`) }],
    });
    for (const document of documents) {
      const imported = await importVex(other, document.body);
      expect(imported.json()).toMatchObject({ statements: 1, problems: [], author: 'admin' });
      expect(await rows(other)).toMatchObject([{ annotation_status: 'not_affected' }, { vuln: 'GHSA-35jh-r3h4-6jhm' }]);
      expect((await other.get(`/windlass${path}/vex-statements`)).json().items).toMatchObject([
        { source: 'vex', source_uuid: imported.json().uuid, settled: true, impact_statement: 'the cipher is not used' },
      ]);
      expect((await other.delete(`/windlass/vex-documents/${imported.json().uuid}`)).statusCode).toBe(204);
      expect((await rows(other))[0]).not.toHaveProperty('annotation_status');
    }
  });

  it('are part of the disclosure report for those who may list them', async () => {
    const report = `${path}/vuln/all/cyclonedx-json`;
    const plain = (await admin.get(report)).json().vulnerabilities;
    expect(plain[0]).not.toHaveProperty('analysis');
    const detailed = (await admin.get(`${report}?include_annotation_detail=true`)).json().vulnerabilities;
    expect(detailed[0].analysis).toMatchObject({ state: 'not_affected', justification: 'code_not_reachable' });
    const xml = (await admin.get(`${path}/vuln/all/cyclonedx-xml?include_annotation_detail=true`)).body;
    expect(xml).toContain('<analysis><state>not_affected</state><justification>code_not_reachable</justification>');
    expect((await viewer.get(report)).statusCode).toBe(200);
    expect((await viewer.get(`${report}?include_annotation_detail=true`)).statusCode).toBe(
      (await viewer.get(`${path}/vuln-annotations`)).statusCode,
    );
  });

  it('are changed with a new version, and deleted', async () => {
    const changed = await admin.put(`${path}/vuln-annotations/${uuid}`, {
      vulnerability_id: 'CVE-2023-5363',
      status: 'affected',
      action_statement: 'update soon',
    });
    expect(changed.json().annotation).toMatchObject({ version: 2, status: 'affected', justification: null });
    await app.idle();
    expect((await rows())[0]).toMatchObject({ annotation_status: 'affected' });
    expect((await triggers()).join()).toContain('CVE-2023-5363');
    const moved = { vulnerability_id: 'CVE-1', status: 'fixed' };
    expect((await admin.put(`${path}/vuln-annotations/${uuid}`, moved)).statusCode).toBe(400);
    expect((await admin.delete(`${path}/vuln-annotations/${uuid}`)).statusCode).toBe(204);
    expect((await admin.delete(`${path}/vuln-annotations/${uuid}`)).statusCode).toBe(404);
    expect((await rows())[0]).not.toHaveProperty('annotation_status');
    expect((await admin.get(`${path}/vex/openvex`)).json().statements).toEqual([]);
  });

  it('of the whole image give way to those of a package', async () => {
    const whole = { vulnerability_id: 'GHSA-35jh-r3h4-6jhm', status: 'under_investigation' };
    const created = [
      await admin.post(`${path}/vuln-annotations`, { annotation: whole, package_identifier: null }),
      await admin.post(`${path}/vuln-annotations`, {
        annotation: { ...whole, status: 'fixed' },
        package_identifier: LODASH,
      }),
    ].map((response) => response.json().annotation.uuid as string);
    expect((await rows())[1]).toMatchObject({ annotation_status: 'fixed' });
    await admin.delete(`${path}/vuln-annotations/${created[1]}`);
    expect((await rows())[1]).toMatchObject({ annotation_status: 'under_investigation' });
    await admin.delete(`${path}/vuln-annotations/${created[0]}`);
  });
});

describe('imported VEX documents', () => {
  const statement = (status: string, product: unknown) => ({
    vulnerability: { name: 'CVE-2023-5363' },
    products: [product],
    status,
    ...(status === 'not_affected' ? { justification: 'component_not_present' } : {}),
  });
  const document = (version: number, ...statements: unknown[]) => ({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://vendor.example/vex/1',
    author: 'Vendor',
    version,
    timestamp: `2026-0${version}-01T00:00:00Z`,
    statements,
  });

  it('replace their older versions, and refuse to be replaced by them', async () => {
    const first = await importVex(admin, document(1, statement('not_affected', REPOSITORY)));
    expect(first.json()).toMatchObject({ format: 'openvex', document_version: '1', statements: 1 });
    expect((await importVex(admin, document(1, statement('not_affected', REPOSITORY)))).json().uuid).toBe(
      first.json().uuid,
    );
    expect((await rows())[0]).toMatchObject({ annotation_status: 'not_affected' });
    expect((await rows())[0]).not.toHaveProperty('annotation_uuid');
    await app.idle();
    expect((await triggers()).join()).not.toContain('CVE-2023-5363');
    await importVex(admin, document(2, statement('affected', REPOSITORY)));
    await app.idle();
    expect((await rows())[0]).toMatchObject({ annotation_status: 'affected' });
    expect((await triggers()).join()).toContain('CVE-2023-5363');
    expect((await importVex(admin, document(1, statement('fixed', REPOSITORY)))).statusCode).toBe(409);
    const { items } = (await admin.get('/windlass/vex-documents')).json();
    expect(items).toHaveLength(1);
    expect((await other.get('/windlass/vex-documents')).json()).toEqual({ items: [] });
    expect((await other.get(`/windlass/vex-documents/${items[0].uuid}`)).statusCode).toBe(404);
    expect((await other.delete(`/windlass/vex-documents/${items[0].uuid}`)).statusCode).toBe(404);
    await admin.delete(`/windlass/vex-documents/${items[0].uuid}`);
    expect((await rows())[0]).not.toHaveProperty('annotation_status');
  });

  it('are refused when they are none', async () => {
    for (const text of ['', '[]', '{}', '<html/>', 'x'.repeat(1000)]) {
      const response = await importVex(admin, text);
      expect([text.slice(0, 9), response.statusCode]).toEqual([text.slice(0, 9), 400]);
    }
    expect((await admin.get('/windlass/vex-documents/none')).statusCode).toBe(404);
  });
});

describe('corrections', () => {
  const correction = {
    type: 'package',
    description: 'a fork',
    match: { type: 'npm', field_matches: [{ field_name: 'package', field_value: 'lodash' }] },
    replace: [{ field_name: 'package', field_value: 'lodash-fork' }],
  };
  let uuid: string;

  it('match other metadata and leave the SBOM as it is', async () => {
    const created = await admin.post('/corrections', correction);
    expect(created.statusCode).toBe(200);
    expect(created.json()).toMatchObject(correction);
    uuid = created.json().uuid;
    await app.idle();
    expect((await rows()).map((row) => [row.vuln, row.package_name])).toEqual([
      ['CVE-2023-5363', 'openssl'],
      ['GHSA-xxxx-yyyy-zzzz', 'lodash'],
    ]);
    expect((await rows(other)).map((row) => row.vuln)).toEqual(['CVE-2023-5363', 'GHSA-35jh-r3h4-6jhm']);
    expect((await triggers()).join()).toContain('GHSA-xxxx-yyyy-zzzz');
    expect((await admin.get(`${path}/sboms/cyclonedx-json`)).body).toContain('pkg:npm/lodash@4.17.20');
    expect((await admin.get(`/windlass${path}/suppressed`)).json().items).toContainEqual(
      expect.objectContaining({
        vulnerability: 'GHSA-35jh-r3h4-6jhm',
        rule: 'correction',
        reason: expect.stringContaining(uuid),
      }),
    );
    const overview = (await admin.get('/windlass/images?search=team/app')).json().items[0];
    expect(overview.vulnerabilities).toMatchObject({ critical: 1, high: 1 });
    const affected = (await admin.get('/query/vulnerabilities?id=GHSA-xxxx-yyyy-zzzz')).json().vulnerabilities[0];
    expect(affected.affected_packages).toHaveLength(1);
  });

  it('are applied to images that are added later', async () => {
    const late = buildOciImage([
      { 'srv/node_modules/lodash/package.json': JSON.stringify({ name: 'lodash', version: '4.17.19' }) },
    ]);
    await upload(admin, ociArchive([{ image: late, tag: '1' }]), 'registry.example.org/team/late:1');
    await app.idle();
    const { vulnerabilities } = (await admin.get(`/images/${late.digest}/vuln/all`)).json();
    expect(vulnerabilities.map((row: { vuln: string }) => row.vuln)).toEqual(['GHSA-xxxx-yyyy-zzzz']);
  });

  it('are listed, read and replaced', async () => {
    expect((await admin.get('/corrections?correction_type=package')).json()).toHaveLength(1);
    expect((await admin.get(`/corrections/${uuid}`)).json()).toMatchObject({ uuid, ...correction });
    expect((await other.get('/corrections')).json()).toEqual([]);
    expect((await other.get(`/corrections/${uuid}`)).statusCode).toBe(404);
    expect((await other.put(`/corrections/${uuid}`, correction)).statusCode).toBe(404);
    expect((await other.delete(`/corrections/${uuid}`)).statusCode).toBe(404);
    const changed = { ...correction, replace: [{ field_name: 'version', field_value: '4.17.21' }] };
    expect((await admin.put(`/corrections/${uuid}`, changed)).json().replace).toEqual(changed.replace);
    await app.idle();
    expect((await rows()).map((row) => row.vuln)).toEqual(['CVE-2023-5363']);
  });

  it.each([
    ['another type', { ...correction, type: 'image' }],
    ['no match', { type: 'package', replace: correction.replace }],
    ['an empty package type', { ...correction, match: { type: '' } }],
    ['nothing to replace', { ...correction, replace: [] }],
    ['a field without name', { ...correction, replace: [{ field_name: '', field_value: 'x' }] }],
    ['a wrong CPE', { ...correction, replace: [{ field_name: 'cpes', field_value: 'cpe' }] }],
    ['a wrong package URL', { ...correction, replace: [{ field_name: 'purl', field_value: 'lodash' }] }],
    ['the type', { ...correction, replace: [{ field_name: 'type', field_value: 'gem' }] }],
  ])('refuse %s', async (_, body) => {
    expect((await admin.post('/corrections', body)).statusCode).toBe(400);
  });

  it('no longer hold when deleted', async () => {
    expect((await admin.delete(`/corrections/${uuid}`)).statusCode).toBe(204);
    expect((await admin.get(`/corrections/${uuid}`)).statusCode).toBe(404);
    expect((await admin.delete(`/corrections/${uuid}`)).statusCode).toBe(404);
    await app.idle();
    expect((await rows()).map((row) => row.vuln)).toEqual(['CVE-2023-5363', 'GHSA-35jh-r3h4-6jhm']);
    const { n } = await app.platform.database.db
      .selectFrom('analysis_package_override')
      .select((eb) => eb.fn.countAll<string>().as('n'))
      .executeTakeFirstOrThrow();
    expect(Number(n)).toBe(0);
  });
});

describe('base images', () => {
  it('are found by layers, and tell what is inherited', async () => {
    const report = (await admin.get(`${path}/vuln/all?base_digest=auto`)).json();
    expect(report).toMatchObject({ base_digest: base.digest, base_image_problems: [] });
    expect(report.vulnerabilities.map((row: Record<string, unknown>) => row.inherited_from_base)).toEqual([
      true,
      false,
    ]);
    expect((await rows())[0]).not.toHaveProperty('inherited_from_base');
  });
  it('that cannot be compared are told', async () => {
    const none = (await admin.get(`/images/${base.digest}/vuln/all?base_digest=auto`)).json();
    expect(none).toMatchObject({ base_image_problems: [{ problem_type: 'base_image_not_found' }] });
    expect(none).not.toHaveProperty('base_digest');
    const unknown = `sha256:${'0'.repeat(64)}`;
    expect((await admin.get(`${path}/vuln/all?base_digest=${unknown}`)).json().base_image_problems).toMatchObject([
      { problem_type: 'base_image_unavailable' },
    ]);
    expect(
      (await admin.get(`/images/${base.digest}/vuln/all?base_digest=${image.digest}`)).json().base_image_problems,
    ).toMatchObject([{ problem_type: 'base_image_not_an_ancestor', severity: 'warn' }]);
    expect((await admin.get(`${path}/vuln/all?base_digest=latest`)).statusCode).toBe(400);
  });
});

import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';
import { importSource, nativeSbomOf } from './source-fixture.ts';
import { addTenant } from './two-tenants.ts';

const TAG = 'registry.example.org/team/app:1';
const WEB = { host: 'git.example.org', repository_name: 'team/web', revision: 'a1b2c3' };
const SBOM = nativeSbomOf([{ name: 'lodash', version: '4.17.20' }]);
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const image = buildOciImage([
  debianFiles({ openssl: '3.0.9-1' }),
  { 'app/node_modules/lodash/package.json': JSON.stringify({ name: 'lodash', version: '4.17.20' }) },
]);

let app: Application;
let admin: Client;
let other: Client;
let source: string;

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  other = await addTenant(app, 'other');
  publishDatabase(join(app.platform.dataDirectory, 'feed'), {
    built: '2026-01-01T00:00:00Z',
    advisories: [
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
        id: 'CVE-2023-5363',
        provider: 'debian',
        distro: { name: 'debian', major: '12' },
        ecosystem: 'deb',
        package: 'openssl',
        versions: 'dpkg',
        constraint: '< 3.0.11-1~deb12u2',
        wontFix: true,
        severity: 'high',
      },
    ],
  });
  await admin.post('/system/feeds');
  await admin.request('POST', `/windlass/image-archives?tag=${encodeURIComponent(TAG)}`, {
    body: ociArchive([{ image, tag: '1' }]),
    headers: { 'content-type': 'application/octet-stream' },
  });
  source = (await importSource(admin, WEB, SBOM)).uuid;
  await app.idle();
});
afterAll(() => app?.close());

async function create(name: string): Promise<{ application: string; version: string; path: string }> {
  const application = (await admin.post('/applications', { name })).json().application_id as string;
  const version = (await admin.post(`/applications/${application}/versions`, { version_name: '1.0' })).json()
    .application_version_id as string;
  return { application, version, path: `/applications/${application}/versions/${version}` };
}

describe('applications', () => {
  it('are created, read, changed and deleted', async () => {
    const created = await admin.post('/applications', { name: 'shop', description: 'sells things' });
    expect(created.statusCode).toBe(200);
    expect(created.json()).toMatchObject({ name: 'shop', description: 'sells things' });
    const path = `/applications/${created.json().application_id}`;
    expect((await admin.post('/applications', { name: 'shop' })).statusCode).toBe(409);
    expect((await admin.post('/applications', { description: 'nameless' })).statusCode).toBe(400);
    expect((await admin.get(path)).json()).toEqual(created.json());
    expect((await admin.put(path, { name: 'store' })).json()).toMatchObject({
      name: 'store',
      description: 'sells things',
    });
    const second = (await admin.post('/applications', { name: 'shop' })).json().application_id;
    expect((await admin.put(`/applications/${second}`, { name: 'store' })).statusCode).toBe(409);
    expect((await admin.get('/applications')).json().map((row: { name: string }) => row.name)).toEqual([
      'shop',
      'store',
    ]);
    expect((await admin.get('/applications')).json()[0].application_versions).toBeUndefined();
    expect((await admin.get('/applications?include_versions=true')).json()[0].application_versions).toEqual([]);
    expect((await other.get('/applications')).json()).toEqual([]);
    expect((await other.get(path)).statusCode).toBe(404);
    expect((await other.put(path, { name: 'mine' })).statusCode).toBe(404);
    expect((await other.delete(path)).statusCode).toBe(404);
    for (const uuid of [created.json().application_id, second])
      expect((await admin.delete(`/applications/${uuid}`)).statusCode).toBe(204);
    expect((await admin.get(path)).statusCode).toBe(404);
    expect((await admin.get('/applications/nonsense')).statusCode).toBe(404);
  });

  it('have versions', async () => {
    const { application, version, path } = await create('versioned');
    const versions = `/applications/${application}/versions`;
    expect((await admin.get(path)).json()).toMatchObject({
      application_id: application,
      application_version_id: version,
      version_name: '1.0',
    });
    expect((await admin.post(versions, { version_name: '1.0' })).statusCode).toBe(409);
    expect((await admin.post(versions, {})).statusCode).toBe(400);
    expect((await admin.post(`/applications/${UNKNOWN}/versions`, { version_name: '1' })).statusCode).toBe(404);
    const next = (await admin.post(versions, { version_name: '2.0' })).json().application_version_id;
    expect((await admin.put(`${versions}/${next}`, { version_name: '1.0' })).statusCode).toBe(409);
    expect((await admin.put(`${versions}/${next}`, { version_name: '2.1' })).json().version_name).toBe('2.1');
    expect((await admin.get(versions)).json().map((row: { version_name: string }) => row.version_name)).toEqual([
      '1.0',
      '2.1',
    ]);
    const withVersions = (await admin.get(`/applications/${application}?include_versions=true`)).json();
    expect(withVersions.application_versions).toHaveLength(2);
    expect((await admin.delete(`${versions}/${next}`)).statusCode).toBe(204);
    expect((await admin.delete(`${versions}/${next}`)).statusCode).toBe(404);
    expect((await other.get(versions)).statusCode).toBe(404);
    const elsewhere = await create('elsewhere');
    expect((await admin.get(`/applications/${elsewhere.application}/versions/${version}`)).statusCode).toBe(404);
  });
});

describe('artifacts of a version', () => {
  let path: string;
  let imageAssociation: string;
  beforeAll(async () => {
    ({ path } = await create('made-of'));
  });

  it('are associated by digest, uuid or name', async () => {
    const add = (artifact_type: string, artifact_keys: object) =>
      admin.post(`${path}/artifacts`, { artifact_type, artifact_keys });
    const added = await add('image', { image_digest: image.digest });
    expect(added.statusCode).toBe(200);
    imageAssociation = added.json().artifact_association_metadata.association_id;
    expect(added.json().image).toMatchObject({
      account_name: 'admin',
      image_digest: image.digest,
      distro: 'debian',
      analysis_status: 'analyzed',
      image_status: 'active',
    });
    const byUuid = await add('source', { uuid: source });
    expect(byUuid.json().source).toMatchObject({ uuid: source, ...WEB });
    // The same source by its name: the same association.
    expect((await add('source', WEB)).json().artifact_association_metadata.association_id).toBe(
      byUuid.json().artifact_association_metadata.association_id,
    );
    expect((await add('image', { image_digest: `sha256:${'0'.repeat(64)}` })).statusCode).toBe(404);
    expect((await add('source', { uuid: UNKNOWN })).statusCode).toBe(404);
    expect((await add('source', { host: 'x' })).statusCode).toBe(400);
    expect((await add('image', {})).statusCode).toBe(400);
    expect((await add('file', {})).statusCode).toBe(400);
    const listed = (await admin.get(`${path}/artifacts`)).json();
    expect(listed.associated_image_artifacts).toHaveLength(1);
    expect(listed.associated_source_artifacts).toMatchObject([{ source: { uuid: source } }]);
    const images = (await admin.get(`${path}/artifacts?artifact_types=image`)).json();
    expect(images).toEqual({ ...listed, associated_source_artifacts: [] });
  });

  it('have one SBOM together', async () => {
    const sbom = (await admin.get(`${path}/sboms/native-json`)).json();
    expect(sbom).toMatchObject({ application: { name: 'made-of' }, application_version: { version_name: '1.0' } });
    expect(sbom.source_sboms).toEqual([SBOM]);
    expect(sbom.image_sboms[0].artifacts.map((one: { name: string }) => one.name)).toEqual(
      expect.arrayContaining(['lodash', 'openssl']),
    );
    expect(sbom.unavailable_artifacts).toBeUndefined();
    expect((await admin.get(`${path}/sboms/native-json?artifact_types=source`)).json().image_sboms).toEqual([]);
  });

  it('have one report of vulnerabilities together', async () => {
    const report = (await admin.get(`${path}/vulnerabilities`)).json();
    expect(report.application).toMatchObject({
      name: 'made-of',
      version_name: '1.0',
      artifacts: { sources: [{ uuid: source, ...WEB }], images: [{ image_digest: image.digest }] },
    });
    expect(report.vulnerabilities.map((one: { id: string }) => one.id)).toEqual([
      'CVE-2023-5363',
      'GHSA-35jh-r3h4-6jhm',
    ]);
    const [openssl, lodash] = report.vulnerabilities;
    expect(lodash.vendor_data).toMatchObject({ feed: 'vulnerabilities', severity: 'High', will_not_fix: false });
    expect(lodash.matches).toMatchObject([
      {
        fix: '4.17.21',
        location: {
          artifact: { id: image.digest, type: 'image' },
          package: {
            name: 'lodash',
            type: 'npm',
            version: '4.17.20',
            location: '/app/node_modules/lodash/package.json',
          },
        },
      },
      { fix: '4.17.21', location: { artifact: { id: source, type: 'source' } } },
    ]);
    expect(openssl).toMatchObject({ vendor_data: { will_not_fix: true, group: 'debian:distro:debian:12' } });
    const ids = async (query: string) =>
      (await admin.get(`${path}/vulnerabilities?${query}`)).json().vulnerabilities.map((one: { id: string }) => one.id);
    expect(await ids('will_not_fix=true')).toEqual(['CVE-2023-5363']);
    expect(await ids('will_not_fix=false')).toEqual(['GHSA-35jh-r3h4-6jhm']);
  });

  it('may be deleted: the association tells what is gone', async () => {
    expect((await admin.delete(`/images/${image.digest}?force=true`)).json().status).toBe('deleting');
    await admin.delete(`/sources/${source}`);
    const { db } = app.platform.database;
    await sql`update source set last_updated = now() - interval '1 minute'`.execute(db);
    await sql`update image set last_updated = now() - interval '1 minute'`.execute(db);
    for (const kind of ['source-sweep', 'housekeeping']) await app.platform.jobs.send(db, kind, {}, {});
    await app.idle();
    const listed = (await admin.get(`${path}/artifacts`)).json();
    expect(listed.associated_image_artifacts).toMatchObject([
      { image: { image_digest: image.digest, image_status: 'inactive' } },
    ]);
    expect(listed.associated_source_artifacts).toMatchObject([
      { source: { uuid: source, ...WEB, source_status: 'inactive' } },
    ]);
    const report = (await admin.get(`${path}/vulnerabilities`)).json();
    expect(report.vulnerabilities).toEqual([]);
    expect(report.unavailable_artifacts.map((one: { artifact_id: string }) => one.artifact_id).sort()).toEqual(
      [image.digest, source].sort(),
    );
    expect((await admin.get(`${path}/sboms/native-json`)).json().unavailable_artifacts).toHaveLength(2);
    expect((await other.delete(`${path}/artifacts/${imageAssociation}`)).statusCode).toBe(404);
    expect((await admin.delete(`${path}/artifacts/${imageAssociation}`)).statusCode).toBe(204);
    expect((await admin.delete(`${path}/artifacts/${imageAssociation}`)).statusCode).toBe(404);
    expect((await admin.get(`${path}/artifacts`)).json().associated_image_artifacts).toEqual([]);
  });
});

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';
import { addTenant } from './two-tenants.ts';

const TAG = 'registry.example.org/team/app:1';
const image = buildOciImage([debianFiles({ bash: '5.2.15-2+b2' }), { 'app/readme': 'hello\n' }]);

let app: Application;
let admin: Client;
let other: Client;

const sha256 = (bytes: string) => createHash('sha256').update(bytes).digest('hex');
const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: `sha256:${'1'.repeat(64)}`, size: 10 },
  layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: `sha256:${'2'.repeat(64)}`, size: 100 }],
});
const config = {
  architecture: 'amd64',
  os: 'linux',
  config: { User: 'app' },
  rootfs: { type: 'layers', diff_ids: [`sha256:${'3'.repeat(64)}`] },
  history: [{ created_by: 'COPY . .' }],
};
const packages = {
  artifacts: [
    {
      id: 'a1',
      name: 'lodash',
      version: '4.17.20',
      type: 'npm',
      locations: [{ path: '/app/node_modules/lodash/package.json', layerID: `sha256:${'2'.repeat(64)}` }],
      licenses: ['MIT'],
      language: 'javascript',
      cpes: [],
      purl: 'pkg:npm/lodash@4.17.20',
    },
  ],
  files: [
    {
      id: 'f1',
      location: { path: '/app/readme', layerID: `sha256:${'2'.repeat(64)}` },
      metadata: { mode: 4755, type: 'RegularFile', userID: 10, groupID: 20, size: 6, mimeType: 'text/plain' },
      digests: [{ algorithm: 'sha256', value: sha256('hello\n') }],
    },
  ],
  source: { type: 'image', target: {} },
  distro: { id: 'debian', versionID: '12' },
  descriptor: { name: 'syft', version: '1.0.0' },
};
const secrets = [
  {
    location: { path: '/app/key' },
    content_searches: [
      { classification: 'AWS_ACCESS_KEY', line_number: 3, line_offset: 0, seek_position: 9, length: 20 },
    ],
  },
];

async function operation(client = admin): Promise<string> {
  const answer = await client.post('/imports/images');
  expect(answer.json()).toMatchObject({ status: 'pending' });
  return answer.json().uuid;
}

async function send(uuid: string, part: string, body: unknown, type = 'application/json', client = admin) {
  return client.request('POST', `/imports/images/${uuid}/${part}`, {
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    headers: { 'content-type': type },
  });
}

/** Sends every part that an image needs; returns their digests. */
async function sendAll(uuid: string, client = admin) {
  const digest = async (part: string, body: unknown, type?: string): Promise<string> => {
    const answer = await send(uuid, part, body, type, client);
    expect(answer.statusCode).toBe(200);
    return answer.json().digest;
  };
  return {
    packages: await digest('packages', packages),
    image_config: await digest('image-config', config),
    manifest: await digest('manifest', manifest, 'application/vnd.oci.image.manifest.v1+json'),
    dockerfile: await digest('dockerfile', 'FROM scratch\n', 'text/plain'),
    secret_searches: await digest('secret-searches', secrets),
  };
}

const request = (uuid: string, contents: object, digest: string) => ({
  source: { import: { operation_uuid: uuid, contents, tags: [TAG], digest } },
});

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  other = await addTenant(app, 'other');
});
afterAll(() => app?.close());

describe('an import', () => {
  it('becomes an image of the account', async () => {
    const uuid = await operation();
    const contents = await sendAll(uuid);
    expect(contents.manifest).toBe(sha256(manifest));
    expect((await admin.get(`/imports/images/${uuid}/packages`)).json()).toEqual([contents.packages]);
    // The same bytes again: the same digest, no second record.
    expect((await send(uuid, 'packages', packages)).json().digest).toBe(contents.packages);
    expect((await admin.get(`/imports/images/${uuid}/packages`)).json()).toHaveLength(1);

    const digest = `sha256:${sha256(manifest)}`;
    const added = await admin.post('/images', request(uuid, contents, digest));
    expect(added.statusCode).toBe(200);
    expect(added.json().annotations).toEqual({ 'anchore.system/import_operation_id': uuid });
    await app.idle();
    expect((await admin.get(`/images/${digest}`)).json()).toMatchObject({
      analysis_status: 'analyzed',
      image_content: { metadata: { distro: 'debian', dockerfile_mode: 'Actual' } },
    });
    expect((await admin.get(`/images/${digest}/content/npm`)).json().content).toMatchObject([
      { package: 'lodash', version: '4.17.20' },
    ]);
    expect((await admin.get(`/images/${digest}/content/files`)).json().content).toMatchObject([
      { filename: '/app/readme', mode: '0o104755', size: 6, sha256: sha256('hello\n') },
    ]);
    expect((await admin.get(`/images/${digest}/artifacts/secret-search`)).json()).toMatchObject([{ path: '/app/key' }]);
    expect((await admin.get(`/images/${digest}/check?tag=${encodeURIComponent(TAG)}`)).statusCode).toBe(200);
    expect((await admin.get(`/imports/images/${uuid}`)).json().status).toBe('complete');
    expect((await admin.post('/images', request(uuid, contents, digest))).statusCode).toBe(409);
    expect((await send(uuid, 'packages', packages)).statusCode).toBe(409);
  });

  it('is believed in its own account only', async () => {
    const uuid = await operation(other);
    const contents = await sendAll(uuid, other);
    // The digest of an image that the administrators upload themselves: the claim of another account changes nothing.
    expect((await other.post('/images', request(uuid, contents, image.digest))).statusCode).toBe(200);
    await app.idle();
    const uploaded = await admin.request('POST', `/windlass/image-archives?tag=${encodeURIComponent(TAG)}`, {
      body: ociArchive([{ image, tag: '1' }]),
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(uploaded.statusCode).toBe(200);
    await app.idle();
    const names = async (client: Client) =>
      (await client.get(`/images/${image.digest}/content`)).json() &&
      (await client.get(`/images/${image.digest}/content-summary`)).json();
    expect(await names(admin)).not.toEqual(await names(other));
    expect((await admin.get(`/images/${image.digest}/content/os`)).json().content).toMatchObject([{ package: 'bash' }]);
    expect((await other.get(`/images/${image.digest}/content/npm`)).json().content).toMatchObject([
      { package: 'lodash' },
    ]);
  });

  it('is of one account', async () => {
    const uuid = await operation();
    const contents = await sendAll(uuid);
    expect((await other.get(`/imports/images/${uuid}`)).statusCode).toBe(404);
    expect((await other.get(`/imports/images/${uuid}/packages`)).statusCode).toBe(404);
    expect((await send(uuid, 'packages', packages, 'application/json', other)).statusCode).toBe(404);
    expect((await other.post('/images', request(uuid, contents, image.digest))).statusCode).toBe(404);
    expect((await other.get('/imports/images')).json()).toHaveLength(1);
  });

  it('can be cancelled', async () => {
    const uuid = await operation();
    await sendAll(uuid);
    expect((await admin.delete(`/imports/images/${uuid}`)).json()).toMatchObject({ uuid, status: 'expired' });
    expect((await send(uuid, 'packages', packages)).statusCode).toBe(409);
    expect((await admin.delete(`/imports/images/${uuid}`)).statusCode).toBe(409);
    expect((await admin.get(`/imports/images/00000000-0000-4000-8000-000000000000`)).statusCode).toBe(404);
  });

  it('says what is wrong with its parts', async () => {
    const uuid = await operation();
    const contents = await sendAll(uuid);
    const digest = `sha256:${sha256(manifest)}`;
    const message = async (change: object) => {
      const answer = await admin.post('/images', request(uuid, { ...contents, ...change }, digest));
      expect(answer.statusCode).toBe(400);
      return answer.json().message;
    };
    expect(await message({ packages: sha256('nothing') })).toContain(
      'contents.packages names content that was not sent',
    );
    expect(await message({ packages: contents.manifest })).toContain('contents.packages');
    const broken = (await send(uuid, 'dockerfile', 'x', 'text/plain')).json().digest;
    expect(await message({ manifest: broken })).toContain('contents.manifest');
    expect((await send(uuid, 'manifest', manifest, 'text/html')).statusCode).toBe(415);
    expect((await send(uuid, 'packages', 'no json')).statusCode).toBe(400);
    expect((await send(uuid, 'dockerfile', '', 'text/plain')).statusCode).toBe(400);
  });
});

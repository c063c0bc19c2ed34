import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';
import { importSource, nativeSbomOf } from './source-fixture.ts';
import { addTenant } from './two-tenants.ts';

const WEB = { host: 'git.example.org', repository_name: 'team/web', revision: 'a1b2c3' };
const TAG = 'registry.example.org/team/app:1';
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const npm = (name: string, version: string) => ({
  [`app/node_modules/${name}/package.json`]: JSON.stringify({ name, version }),
});
const image = buildOciImage([
  debianFiles({ bash: '5.2.15-2+b2' }),
  { ...npm('lodash', '4.17.20'), ...npm('minimist', '1.2.6') },
]);

let app: Application;
let admin: Client;
let other: Client;
let source: string;

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  other = await addTenant(app, 'other');
  await admin.request('POST', `/windlass/image-archives?tag=${encodeURIComponent(TAG)}`, {
    body: ociArchive([{ image, tag: '1' }]),
    headers: { 'content-type': 'application/octet-stream' },
  });
  const sbom = nativeSbomOf([
    { name: 'lodash', version: '4.17.20' },
    { name: 'minimist', version: '1.2.0' },
    { name: 'left-pad', version: '1.3.0' },
  ]);
  source = (await importSource(admin, WEB, sbom)).uuid;
  await app.idle();
});
afterAll(() => app?.close());

const relation = () => ({
  source: { artifact_type: 'source', artifact_id: source },
  target: { artifact_type: 'image', artifact_id: image.digest },
  relationship_type: 'contained_by',
  comment: 'built from it',
  user_metadata: { pipeline: 7 },
});

describe('artifact relationships', () => {
  let uuid: string;

  it('are stored, and returned with their id', async () => {
    const added = await admin.post('/artifact-relationships', relation());
    expect(added.statusCode).toBe(200);
    expect(added.json()).toMatchObject(relation());
    uuid = added.json().relationship_id;
    expect((await admin.get(`/artifact-relationships/${uuid}`)).json()).toEqual(added.json());
    const again = await admin.post('/artifact-relationships', { ...relation(), comment: 'again' });
    expect(again.json()).toMatchObject({ relationship_id: uuid, comment: 'again' });
    const reverse = {
      ...relation(),
      source: relation().target,
      target: relation().source,
      relationship_type: 'contains',
    };
    const second = (await admin.post('/artifact-relationships', reverse)).json().relationship_id;
    const ids = async (query = '', client = admin) =>
      (await client.get(`/artifact-relationships${query}`))
        .json()
        .map((one: { relationship_id: string }) => one.relationship_id);
    expect(await ids()).toEqual([second, uuid]);
    expect(await ids(`?artifact_type=image&artifact_id=${encodeURIComponent(image.digest)}`)).toHaveLength(2);
    expect(await ids(`?artifact_type=image&artifact_id=${source}`)).toEqual([]);
    expect(await ids(`?artifact_id=${source}`)).toHaveLength(2);
    expect(await ids('', other)).toEqual([]);
  });

  it('say what is wrong', async () => {
    const message = async (change: object) => {
      const answer = await admin.post('/artifact-relationships', { ...relation(), ...change });
      expect(answer.statusCode).toBe(400);
      return answer.json().message ?? answer.json().detail;
    };
    expect(await message({ source: undefined })).toContain('source is required');
    expect(await message({ source: { artifact_type: 'source', artifact_id: UNKNOWN } })).toContain('source not found');
    expect(await message({ target: relation().source })).toContain('itself');
    expect(await message({ relationship_type: undefined })).toContain('relationship_type');
    expect(await message({ relationship_type: 'likes' })).toContain('relationship_type');
    expect((await other.post('/artifact-relationships', relation())).statusCode).toBe(400);
    for (const id of [UNKNOWN, 'nonsense']) {
      expect((await admin.get(`/artifact-relationships/${id}`)).statusCode).toBe(404);
      expect((await admin.get(`/artifact-relationships/${id}/diffs/sbom`)).statusCode).toBe(404);
    }
    expect((await other.get(`/artifact-relationships/${uuid}`)).statusCode).toBe(404);
  });

  it('compare the packages of both ends', async () => {
    const diff = (await admin.get(`/artifact-relationships/${uuid}/diffs/sbom`)).json();
    const names = (list: { name: string }[]) => list.map((one) => one.name);
    expect(names(diff.source_only)).toEqual(['left-pad']);
    expect(names(diff.target_only)).toEqual(['bash']);
    expect(names(diff.both_unmodified)).toEqual(['lodash']);
    expect(diff.source_modified).toMatchObject([
      { source: { name: 'minimist', version: '1.2.0' }, target: { name: 'minimist', version: '1.2.6' } },
    ]);
    const { patch, target } = diff.source_modified[0];
    const [id] = patch.operations;
    expect(patch.replace).toEqual([{ id, op: 'replace', path: '', value: target }]);
    expect((await other.get(`/artifact-relationships/${uuid}/diffs/sbom`)).statusCode).toBe(404);
  });

  it('are deleted', async () => {
    expect((await admin.delete('/artifact-relationships')).statusCode).toBe(400);
    expect((await admin.delete('/artifact-relationships?relationship_ids=nonsense')).statusCode).toBe(400);
    expect((await other.delete(`/artifact-relationships?relationship_ids=${uuid}`)).json()).toEqual({
      deleted: [],
      not_found: [uuid],
    });
    const answer = await admin.delete(`/artifact-relationships?relationship_ids=${uuid},${UNKNOWN}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ deleted: [uuid], not_found: [UNKNOWN] });
    expect((await admin.get('/artifact-relationships')).json()).toHaveLength(1);
  });
});

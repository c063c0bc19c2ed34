import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOciImage, debianFiles, ociArchive, writeOciLayout } from '../builders/oci-image.ts';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { DAY_1, PACKAGES } from './advisories.ts';
import { hasProgram, type Started, temporaryFolder } from './processes.ts';
import { startDockerRegistry } from './registries.ts';
import { startWindlass, type Windlass } from './windlass.ts';

const programs = ['docker-registry', 'skopeo'].every(hasProgram);
const image = buildOciImage([
  debianFiles(PACKAGES),
  { 'srv/app/package.json': '{"name":"left","version":"1.2.3","license":"MIT"}' },
]);

describe.skipIf(!programs)('an image of a real registry (needs docker-registry and skopeo)', () => {
  const folder = temporaryFolder('images');
  let registry: Started & { host: string };
  let server: Windlass;
  let digest = '';

  beforeAll(async () => {
    registry = await startDockerRegistry(folder.path);
    writeOciLayout(`${folder.path}/layout`, [{ image, tag: 'v1' }]);
    execFileSync('skopeo', [
      'copy',
      '--insecure-policy',
      '--quiet',
      '--dest-tls-verify=false',
      `oci:${folder.path}/layout:v1`,
      `docker://${registry.host}/team/app:v1`,
    ]);
    publishDatabase(`${folder.path}/feed`, DAY_1);
    server = await startWindlass({
      WINDLASS_DATA_DIR: `${folder.path}/data`,
      WINDLASS_FEED_URL: `${folder.path}/feed`,
    });
    const added = await server.call('POST', '/v2/registries', {
      json: {
        registry: registry.host,
        registry_user: '',
        registry_pass: '',
        registry_type: 'docker_v2',
        registry_verify: false,
        registry_name: 'local',
      },
    });
    if (added.status >= 400) throw new Error(added.text);
    const synced = await server.call('POST', '/v2/system/feeds');
    if (synced.status !== 200) throw new Error(synced.text);
  });
  afterAll(async () => {
    await server?.kill('SIGTERM');
    await registry?.kill('SIGTERM');
    folder.remove();
  });

  it('is added and analysed', async () => {
    digest = await server.add(`${registry.host}/team/app:v1`);
    expect(digest).toBe(image.digest);
    expect((await server.settled(digest)).analysis_status).toBe('analyzed');
  });

  it('shows its packages', async () => {
    const os = await server.call('GET', `/v2/images/${digest}/content/os`);
    expect(
      os.body.content.map((one: { package: string; version: string }) => [one.package, one.version]).sort(),
    ).toEqual(Object.entries(PACKAGES).sort());
    const npm = await server.call('GET', `/v2/images/${digest}/content/npm`);
    expect(npm.body.content.map((one: { package: string }) => one.package)).toEqual(['left']);
    expect(
      (await server.call('GET', `/v2/images/${digest}/content/files`)).body.content.map(
        (one: { filename: string }) => one.filename,
      ),
    ).toContain('/etc/passwd');
  });

  it('shows its vulnerabilities', async () => {
    const { body } = await server.call('GET', `/v2/images/${digest}/vuln/all`);
    expect(
      body.vulnerabilities.map((one: { vuln: string; fix: string; package_name: string }) => [
        one.vuln,
        one.package_name,
        one.fix,
      ]),
    ).toEqual([['CVE-2026-0001', 'openssl', '3.0.11-1~deb12u2']]);
  });

  it('is judged', async () => {
    const { status, body } = await server.call(
      'GET',
      `/v2/images/${digest}/check?tag=${registry.host}/team/app:v1&detail=true`,
    );
    expect(status).toBe(200);
    expect(JSON.stringify(body)).toMatch(/"status":"(pass|fail)"/);
  });

  it.each(['native-json', 'spdx-json', 'cyclonedx-json'])('gives an SBOM in %s', async (format) => {
    const { status, text } = await server.call('GET', `/v2/images/${digest}/sboms/${format}`);
    expect(status).toBe(200);
    for (const name of Object.keys(PACKAGES)) expect(text).toContain(name);
  });

  it('added twice is one image with one analysis', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => server.add(`${registry.host}/team/app:v1`)));
    expect(new Set(answers)).toEqual(new Set([digest]));
    const { body } = await server.call('GET', '/v2/images');
    expect(body.items).toHaveLength(1);
    expect(body.items[0].analysis_status).toBe('analyzed');
  });

  it('uploaded as an archive needs no registry', async () => {
    const other = buildOciImage([debianFiles({ bash: '5.1-2' })]);
    const answer = await server.call('POST', '/v2/windlass/image-archives?tag=archive.local/team/other:v2', {
      body: new Uint8Array(ociArchive([{ image: other, tag: 'v2' }])),
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect([answer.status, answer.text.slice(0, 5_000)]).toEqual([200, expect.stringContaining(other.digest)]);
    expect((await server.settled(other.digest)).analysis_status).toBe('analyzed');
    expect((await server.call('GET', `/v2/images/${other.digest}/content/os`)).body.content).toHaveLength(1);
  });

  it('deleted is gone, and can be added again', async () => {
    const removed = await server.call('DELETE', `/v2/images/${digest}?force=true`);
    expect([removed.status, removed.body.status]).toEqual([200, 'deleting']);
    await server.add(`${registry.host}/team/app:v1`);
    expect((await server.settled(digest)).image_status).toBe('active');
    expect((await server.call('DELETE', `/v2/images?image_digests=${digest}&force=true`)).body[0].status).toBe(
      'deleting',
    );
    expect((await server.call('GET', `/v2/images/${digest}/content/os`)).status).toBe(404);
  });
});

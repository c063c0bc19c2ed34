import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { DAY_1, DAY_2, PACKAGES, ZLIB } from './advisories.ts';
import { temporaryFolder, until } from './processes.ts';
import { type FakeRegistry, startFakeRegistry } from './registries.ts';
import { startWindlass, type Windlass } from './windlass.ts';

const folder = temporaryFolder('kill');
let registry: FakeRegistry;
let server: Windlass;
const settings = (): Record<string, string> => ({
  WINDLASS_DATA_DIR: `${folder.path}/data`,
  WINDLASS_FEED_URL: `${folder.path}/feed`,
});
const image = (index: number) => buildOciImage([debianFiles(PACKAGES), { 'etc/number': String(index) }]);

/** Kills the server without warning and starts it again. */
async function crash(): Promise<void> {
  await server.kill('SIGKILL');
  server = await startWindlass(settings());
}

beforeAll(async () => {
  registry = await startFakeRegistry();
  server = await startWindlass(settings());
  const added = await server.call('POST', '/v2/registries', {
    json: {
      registry: registry.host,
      registry_user: '',
      registry_pass: '',
      registry_type: 'docker_v2',
      registry_verify: false,
    },
  });
  if (added.status >= 400) throw new Error(added.text);
});
afterEach(() => {
  registry.interfere = undefined;
});
afterAll(async () => {
  await server?.kill('SIGKILL');
  await registry.close();
  folder.remove();
});

describe('a kill', () => {
  it('while images are added loses none that was acknowledged', async () => {
    for (let index = 0; index < 40; index += 1) registry.publish('many', `v${index}`, image(index));
    const acknowledged: string[] = [];
    const adding = (async () => {
      for (let index = 0; index < 40; index += 1) {
        acknowledged.push(await server.add(`${registry.host}/many:v${index}`));
        if (acknowledged.length === 10) server.child.kill('SIGKILL');
      }
    })().catch(() => undefined);
    await adding;
    expect(acknowledged.length).toBeGreaterThanOrEqual(10);
    await crash();
    for (const digest of acknowledged) expect((await server.settled(digest)).analysis_status).toBe('analyzed');
  });

  it('in the middle of an analysis: it goes on after the start', async () => {
    const { digest, blobs } = image(1001);
    registry.publish('app', 'v1', image(1001));
    const layer = blobs.at(-1)!;
    let stalled = false;
    registry.interfere = (request, response) => {
      if (!request.url?.includes(layer.digest)) return false;
      stalled = true;
      response.writeHead(200, { 'content-length': layer.bytes.length });
      response.write(layer.bytes.subarray(0, 20));
      return true;
    };
    await server.add(`${registry.host}/app:v1`);
    await until(async () => stalled || undefined, 'the layer is asked for');
    expect((await server.call('GET', `/v2/images/${digest}`)).body.analysis_status).toBe('analyzing');
    await server.kill('SIGKILL');
    registry.interfere = undefined;
    server = await startWindlass(settings());
    expect((await server.settled(digest)).analysis_status).toBe('analyzed');
    expect((await server.call('GET', `/v2/images/${digest}/content/os`)).body.content).toHaveLength(3);
  });

  it('during a synchronisation: the former build serves, the next try succeeds', async () => {
    const { digest } = image(1002);
    const upload = await server.call('POST', '/v2/windlass/image-archives?tag=archive.local/app:v1', {
      body: new Uint8Array(ociArchive([{ image: image(1002), tag: 'v1' }])),
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(upload.status).toBe(200);
    const before = publishDatabase(`${folder.path}/feed`, DAY_1);
    expect((await server.call('POST', '/v2/system/feeds')).status).toBe(200);
    await server.settled(digest);
    // Large enough to be killed in the middle.
    const many = Array.from({ length: 40_000 }, (_, index) => ({
      ...ZLIB,
      id: `CVE-2025-${10_000 + index}`,
      package: `package-${index}`,
    }));
    const after = publishDatabase(`${folder.path}/feed`, { ...DAY_2, advisories: [...DAY_2.advisories, ...many] });
    const request = server.call('POST', '/v2/system/feeds').catch(() => undefined);
    await until(async () => {
      const jobs = (await server.call('GET', '/v2/windlass/jobs?kind=feed-sync&state=active')).body.items;
      return jobs[0]?.progress?.step === 'indexing' || undefined;
    }, 'the index is made');
    await server.kill('SIGKILL');
    await request;
    server = await startWindlass(settings());
    const found = async (): Promise<number> =>
      (await server.call('GET', `/v2/images/${digest}/vuln/all`)).body.vulnerabilities.length;
    expect(await found()).toBeGreaterThanOrEqual(1);
    const builds = async () =>
      (await server.call('GET', '/v2/windlass/feeds/builds')).body.items as { state: string; checksum: string }[];
    expect((await builds()).filter((build) => build.state === 'current')).toHaveLength(1);
    await until(
      async () =>
        (await builds()).some((build) => build.checksum === after.checksum && build.state === 'current') || undefined,
      'the new build',
      60,
    );
    expect((await builds()).find((build) => build.checksum === before.checksum)?.state).toBe('previous');
    await until(async () => (await found()) === 2 || undefined, 'matches of the new build');
  });

  it('after a deletion: the image stays deleted', async () => {
    registry.publish('app', 'v3', image(1003));
    const digest = await server.add(`${registry.host}/app:v3`);
    await server.settled(digest);
    expect((await server.call('DELETE', `/v2/images/${digest}?force=true`)).status).toBe(200);
    await crash();
    const { status, body } = await server.call('GET', `/v2/images/${digest}`);
    expect(status === 404 || body.image_status === 'deleting').toBe(true);
  });

  it('twice in a row leaves a server that starts', async () => {
    registry.publish('app', 'v4', image(1004));
    const digest = await server.add(`${registry.host}/app:v4`);
    for (let times = 0; times < 2; times += 1) await crash();
    expect((await server.settled(digest)).analysis_status).toBe('analyzed');
  });
});

describe('a deletion during an analysis', () => {
  it('needs force, ends the analysis, and the image can be added again', async () => {
    const { digest, blobs } = image(1005);
    registry.publish('app', 'v5', image(1005));
    const layer = blobs.at(-1)!;
    let stalled = false;
    registry.interfere = (request) => {
      stalled ||= request.url?.includes(layer.digest) ?? false;
      return request.url?.includes(layer.digest) ?? false;
    };
    await server.add(`${registry.host}/app:v5`);
    await until(async () => stalled || undefined, 'the layer is asked for');
    const refused = await server.call('DELETE', `/v2/images/${digest}`);
    expect(refused.status).toBeLessThan(500);
    expect((await server.call('DELETE', `/v2/images/${digest}?force=true`)).body.status).toBe('deleting');
    registry.interfere = undefined;
    await server.add(`${registry.host}/app:v5`);
    expect((await server.settled(digest)).analysis_status).toBe('analyzed');
  });
});

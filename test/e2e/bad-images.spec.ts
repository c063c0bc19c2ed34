import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildTar } from '#engine/formats/tar/tar-builder.ts';
import { blob, buildOciImage, bytesBlob, debianFiles, descriptor, type LayerSource } from '../builders/oci-image.ts';
import { freePort, temporaryFolder } from './processes.ts';
import { type FakeRegistry, startFakeRegistry } from './registries.ts';
import { type Answer, startWindlass, type Windlass } from './windlass.ts';

const folder = temporaryFolder('bad-images');
let registry: FakeRegistry;
let server: Windlass;
const base = debianFiles({ bash: '5.2.15-2+b2' });
const good = buildOciImage([base]);

const tryAdd = (pullString: string): Promise<Answer> =>
  server.call('POST', '/v2/images', { json: { source: { tag: { pull_string: pullString } } } });
const register = (host: string, user = '', pass = ''): Promise<Answer> =>
  server.call('POST', '/v2/registries?validate=false', {
    json: {
      registry: host,
      registry_user: user,
      registry_pass: pass,
      registry_type: 'docker_v2',
      registry_verify: false,
    },
  });

beforeAll(async () => {
  registry = await startFakeRegistry();
  server = await startWindlass({ WINDLASS_DATA_DIR: `${folder.path}/data`, WINDLASS_FEED_URL: `${folder.path}/none` });
  const added = await register(registry.host);
  if (added.status >= 400) throw new Error(added.text);
});
afterEach(() => {
  registry.interfere = undefined;
  registry.credentials = undefined;
});
afterAll(async () => {
  await server?.kill('SIGTERM');
  await registry?.close();
  folder.remove();
});

describe('adding is refused with the reason', () => {
  const refused = async (answer: Answer, status: number, reason: RegExp): Promise<void> => {
    expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(reason)]);
    expect(
      (await server.call('GET', '/v2/images')).body.items.filter(
        (one: { analysis_status: string }) => one.analysis_status === 'not_analyzed',
      ),
    ).toEqual([]);
  };

  it('a registry that is not there', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    await refused(await tryAdd(`${host}/app:v1`), 400, /refused/);
  });
  it('a registry whose name does not exist', async () =>
    refused(await tryAdd('no-such-registry.invalid/app:v1'), 400, /no-such-registry\.invalid/));
  it('wrong credentials', async () => {
    registry.publish('private', 'v1', good);
    registry.credentials = { username: 'someone', password: 'else' };
    await refused(await tryAdd(`${registry.host}/private:v1`), 400, /credentials|unauthori[sz]ed|denied/i);
  });
  it('a tag that is not there', async () => refused(await tryAdd(`${registry.host}/app:none`), 404, /none/));
  it('a digest that is not there', async () => {
    const missing = `sha256:${'0'.repeat(64)}`;
    const source = { digest: { pull_string: `${registry.host}/app@${missing}`, tag: `${registry.host}/app:v1` } };
    await refused(await server.call('POST', '/v2/images', { json: { source } }), 404, /000000/);
  });
  it('a manifest whose bytes are not those of the digest', async () => {
    registry.publish('app', 'forged', good);
    registry.interfere = (request, response) => {
      if (!request.url?.includes('/manifests/')) return false;
      response
        .writeHead(200, { 'content-type': good.manifest.mediaType })
        .end(Buffer.concat([good.manifest.bytes, Buffer.from(' ')]));
      return true;
    };
    const source = {
      digest: { pull_string: `${registry.host}/app@${good.digest}`, tag: `${registry.host}/app:forged` },
    };
    await refused(await server.call('POST', '/v2/images', { json: { source } }), 400, /digest/);
  });
  it.each([
    ['a helm chart', 'application/vnd.cncf.helm.config.v1+json', 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'],
    ['a wasm module', 'application/vnd.wasm.config.v1+json', 'application/wasm'],
  ])('%s', async (name, configType, layerType) => {
    const config = blob(configType, {});
    const layer = bytesBlob(layerType, Buffer.from('content'));
    const manifest = blob(good.manifest.mediaType, {
      schemaVersion: 2,
      mediaType: good.manifest.mediaType,
      config: descriptor(config),
      layers: [descriptor(layer)],
    });
    const tag = name.replaceAll(' ', '-');
    registry.publish('artifacts', tag, { manifest, blobs: [config, layer] });
    await refused(await tryAdd(`${registry.host}/artifacts:${tag}`), 400, /not .*image|artifact|supported|media type/i);
  });
  it('an index of attestations alone', async () => {
    const attestation = descriptor(good.manifest);
    const index = blob('application/vnd.oci.image.index.v1+json', {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [
        {
          ...attestation,
          platform: { architecture: 'unknown', os: 'unknown' },
          annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
        },
      ],
    });
    registry.publish('attested', 'v1', { manifest: index, blobs: [] });
    await refused(await tryAdd(`${registry.host}/attested:v1`), 400, /platform|image/i);
  });
  it.each([
    '',
    ' ',
    'UPPER/Case:v1',
    '/app',
    'a b',
    'app@sha256:123',
    `app:${'x'.repeat(200)}`,
    'app:v1\u0000',
    `${'a/'.repeat(300)}b`,
    '\ud83d\ude00',
  ])('nonsense %j', async (text) => {
    const { status } = await tryAdd(text.includes('/') ? `${registry.host}/${text}` : text);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });
});

describe('an index with an attestation beside the image', () => {
  it('is the image', async () => {
    const platform = { architecture: 'amd64', os: 'linux' };
    const other = blob(good.manifest.mediaType, { schemaVersion: 2, config: descriptor(good.blobs[0]!), layers: [] });
    const index = blob('application/vnd.oci.image.index.v1+json', {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [
        {
          ...descriptor(other),
          platform: { architecture: 'unknown', os: 'unknown' },
          annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
        },
        { ...descriptor(good.manifest), platform },
      ],
    });
    registry.publish('with-attestation', 'none', good);
    registry.manifest('with-attestation', other);
    registry.publish('with-attestation', 'v1', { manifest: index, blobs: [] });
    expect((await tryAdd(`${registry.host}/with-attestation:v1`)).body.image_digest).toBe(good.digest);
    expect((await server.settled(good.digest)).analysis_status).toBe('analyzed');
  });
});

describe('analysis', () => {
  /** Adds an image of the layers; its end and the problems that are listed. */
  async function analysed(
    tag: string,
    layers: LayerSource[],
  ): Promise<{ status: string; problems: string[]; packages: number; error: string }> {
    const image = buildOciImage(layers);
    registry.publish('broken', tag, image);
    await server.add(`${registry.host}/broken:${tag}`);
    const { analysis_status: status } = await server.settled(image.digest);
    const coverage = await server.call('GET', `/v2/windlass/images/${image.digest}/coverage`);
    const progress = await server.call('GET', `/v2/windlass/images/${image.digest}/progress`);
    return {
      status,
      problems: (coverage.body.problems ?? []).map((one: { message: string }) => one.message),
      packages: coverage.body.packages ?? 0,
      error: progress.body.error ?? '',
    };
  }
  /** An ended analysis must say what is missing: as listed problems or as the reason of its failure. */
  const explained = ({ status, problems, error }: Awaited<ReturnType<typeof analysed>>): string => {
    expect(status === 'analyzed' ? problems.length : error.length).toBeGreaterThan(0);
    return [...problems, error].join('\n');
  };
  const tar = (entries: Parameters<typeof buildTar>[0], endBlocks = 2): Buffer =>
    Buffer.from(buildTar(entries, endBlocks));

  it('of a truncated layer', async () => {
    const whole = gzipSync(
      tar([
        { name: 'a', content: Buffer.alloc(50_000, 'x') },
        { name: 'b', content: Math.random().toString().repeat(3_000) },
      ]),
    );
    explained(await analysed('truncated', [base, { blob: whole.subarray(0, whole.length - 40) }]));
  });
  it('of a broken tar', async () => {
    const bytes = tar([
      { name: 'etc/one', content: 'one' },
      { name: 'etc/two', content: 'two' },
    ]);
    bytes.fill(0xff, 1024, 1536);
    explained(await analysed('tar', [base, { blob: gzipSync(bytes) }]));
  });
  it('of a layer that is no archive', async () => {
    explained(await analysed('nothing', [base, { blob: Buffer.from('this is not a layer at all, whatever it says') }]));
  });
  it('of an unknown media type', async () => {
    explained(
      await analysed('media', [
        base,
        { blob: Buffer.from('encrypted'), mediaType: 'application/vnd.oci.image.layer.v1.tar+encrypted' },
      ]),
    );
  });
  it('of a layer with another digest than the manifest says', async () => {
    const image = buildOciImage([base, { 'etc/x': 'x' }]);
    registry.publish('broken', 'swapped', image);
    const layer = image.blobs.at(-1)!;
    registry.interfere = (request, response) => {
      if (!request.url?.endsWith(layer.digest)) return false;
      const bytes = Buffer.from(layer.bytes);
      bytes[bytes.length - 1]! ^= 1;
      response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
      return true;
    };
    expect(explained(await analysed('swapped', [base, { 'etc/x': 'x' }]))).toMatch(/digest|sha256/);
    registry.interfere = undefined;
    // Nothing of the forged bytes was kept: the same layer in another image is whole.
    const whole = await analysed('whole', [{ 'etc/x': 'x' }, base]);
    expect([whole.status, whole.problems]).toEqual(['analyzed', []]);
  });
  it('of a corrupt rpm database', async () => {
    const rpm = {
      'etc/os-release': 'ID=rocky\nVERSION_ID="9.3"\nNAME="Rocky Linux"\n',
      'var/lib/rpm/rpmdb.sqlite': Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(9_000, 0x5a)]),
    };
    expect(explained(await analysed('rpm', [rpm]))).toMatch(/rpm/i);
  });
  it('of a zip bomb and a gzip bomb stays within bounds', async () => {
    const zeros = gzipSync(Buffer.alloc(256 * 1024 * 1024));
    const { status } = await analysed('bomb', [base, { 'srv/big.gz': zeros, 'srv/app.jar': zeros }]);
    expect(status).toBe('analyzed');
  });
  it('of a hundred layers', async () => {
    const layers = Array.from({ length: 99 }, (_, index) => ({ [`etc/file-${index}`]: String(index) }));
    const { status, packages } = await analysed('hundred', [base, ...layers]);
    expect([status, packages]).toEqual(['analyzed', 1]);
  });
  it('of an image without layers', async () => {
    expect((await analysed('empty', [])).status).toBe('analyzed');
  });
});

it('no request ended in a fault, and all is still there', async () => {
  expect(server.output()).not.toContain('"msg":"request failed"');
  expect((await server.call('GET', `/v2/images/${good.digest}`)).body.analysis_status).toBe('analyzed');
});

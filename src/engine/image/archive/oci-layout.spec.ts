import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../image-metadata.ts';
import { parsePlatform } from '../platform.ts';
import { openLayoutDirectory } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-layout-'));
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';

interface Entry {
  mediaType: string;
  digest: string;
  size: number;
  platform?: object;
  annotations?: object;
}

function put(value: object, mediaType: string, more: Partial<Entry> = {}): Entry {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = digestOf(bytes);
  writeFileSync(join(folder, 'blobs/sha256', digest.slice(7)), bytes);
  return { mediaType, digest, size: bytes.length, ...more };
}

/** An image that tells its platform in its environment. */
function image(platform: string, more: Partial<Entry> = {}): Entry {
  const { os, architecture, variant } = parsePlatform(platform);
  const config = put({ os, architecture, variant, config: { Env: [`P=${platform}`] } }, CONFIG);
  const entry = put({ schemaVersion: 2, config, layers: [] }, MANIFEST, more);
  return { ...entry, platform: { os, architecture, ...(variant ? { variant } : {}) } };
}

function index(manifests: object[], more: Partial<Entry> = {}): Entry {
  return put({ schemaVersion: 2, manifests }, INDEX, more);
}

function open(manifests: object[], options: { name?: string; platform?: string } = {}) {
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  const { platform, ...rest } = options;
  return openLayoutDirectory(folder, { ...rest, ...(platform ? { platform: parsePlatform(platform) } : {}) });
}

async function taken(manifests: object[], options: { name?: string; platform?: string } = {}): Promise<string> {
  const { config } = await open(manifests, options);
  return JSON.parse(Buffer.from(config).toString()).config.Env[0].slice(2);
}

describe('the platform', () => {
  const ALL = ['linux/amd64', 'linux/arm/v5', 'linux/arm/v6', 'linux/arm64/v8', 'windows/amd64'];
  it.each([
    [undefined, 'linux/amd64'],
    ['linux/arm/v7', 'linux/arm/v6'],
    ['linux/arm/v5', 'linux/arm/v5'],
    ['arm', 'linux/arm/v6'],
    ['arm64', 'linux/arm64/v8'],
    ['aarch64', 'linux/arm64/v8'],
    ['windows/amd64', 'windows/amd64'],
  ])('%s takes %s', async (platform, expected) => {
    const top = index(ALL.map((name) => image(name)));
    expect(await taken([top], platform === undefined ? {} : { platform })).toBe(expected);
  });

  it('that is not there is an error which lists the others', async () => {
    await expect(open([index([image('linux/arm/v6')])], { platform: 'linux/s390x' })).rejects.toMatchObject({
      code: 'manifest-unknown',
      message: expect.stringContaining('linux/arm/v6'),
    });
    await expect(open([index([image('linux/arm/v7')])], { platform: 'linux/arm/v6' })).rejects.toMatchObject({
      code: 'manifest-unknown',
    });
  });

  it('is not asked about when there is one image only', async () => {
    expect(await taken([index([image('linux/s390x')])])).toBe('linux/s390x');
  });

  it('is found in platforms that stand side by side', async () => {
    expect(await taken([image('linux/amd64'), image('linux/arm64')], { platform: 'linux/arm64' })).toBe('linux/arm64');
  });
});

describe('indexes', () => {
  it('may lie in indexes, with the digests of the outermost and of the image kept', async () => {
    const inner = index([image('linux/amd64'), image('linux/arm64')]);
    const outer = index([inner]);
    const { metadata } = await open([outer]);
    expect(metadata.parentDigest).toBe(outer.digest);
    expect(metadata.manifestDigest).toBe(image('linux/amd64').digest);
  });

  it('are not followed for ever', async () => {
    let top = image('linux/amd64');
    for (let i = 0; i < 8; i++) top = index([top]);
    await expect(open([top])).rejects.toMatchObject({ code: 'invalid' });
  });

  it('pass over attestations, and have no image when there is nothing else', async () => {
    const attestation = {
      ...image('linux/amd64'),
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    };
    expect(await taken([index([attestation, image('linux/arm64')])])).toBe('linux/arm64');
    await expect(open([index([attestation])])).rejects.toMatchObject({ code: 'unsupported' });
    await expect(open([attestation])).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('name images by annotation', async () => {
    const named = (platform: string, key: string, name: string) => image(platform, { annotations: { [key]: name } });
    const entries = [
      named('linux/amd64', 'org.opencontainers.image.ref.name', '1.0'),
      named('linux/arm64', 'io.containerd.image.name', 'host/app:2.0'),
    ];
    expect(await taken(entries, { name: '1.0' })).toBe('linux/amd64');
    expect(await taken(entries, { name: 'app:2.0' })).toBe('linux/arm64');
    expect(await taken(entries, { name: '2.0' })).toBe('linux/arm64');
    expect(await taken(entries, { name: entries[0]!.digest })).toBe('linux/amd64');
    await expect(open(entries)).rejects.toMatchObject({ code: 'manifest-unknown' });
    await expect(open(entries, { name: '3.0' })).rejects.toMatchObject({ code: 'manifest-unknown' });
  });
});

describe('what is not an image', () => {
  const empty = { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf(Buffer.from('{}')), size: 2 };
  it.each<[string, object]>([
    ['an artifact', { schemaVersion: 2, artifactType: 'application/vnd.example', config: empty, layers: [] }],
    [
      'a chart',
      { schemaVersion: 2, config: { ...empty, mediaType: 'application/vnd.cncf.helm.config.v1+json' }, layers: [] },
    ],
    [
      'an attestation',
      {
        schemaVersion: 2,
        config: { ...empty, mediaType: CONFIG },
        layers: [{ ...empty, mediaType: 'application/vnd.in-toto+json' }],
      },
    ],
  ])('%s is refused as unsupported', async (_, manifest) => {
    await expect(open([put(manifest, MANIFEST)])).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('a manifest that is missing, or other than its digest, is refused', async () => {
    const entry = image('linux/amd64');
    const path = join(folder, 'blobs/sha256', entry.digest.slice(7));
    writeFileSync(path, '{"schemaVersion":2}');
    await expect(open([entry])).rejects.toMatchObject({ code: 'digest-mismatch' });
    rmSync(path);
    await expect(open([entry])).rejects.toMatchObject({ code: 'manifest-unknown' });
  });

  it('a link out of the layout is not followed', async () => {
    const entry = image('linux/amd64');
    const path = join(folder, 'blobs/sha256', entry.digest.slice(7));
    rmSync(path);
    symlinkSync('/etc/passwd', path);
    await expect(open([entry])).rejects.toMatchObject({ code: 'manifest-unknown' });
  });
});

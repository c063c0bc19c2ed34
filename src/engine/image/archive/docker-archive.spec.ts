import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildTar, paxEntry, type TarSource } from '../../formats/tar/tar-builder.ts';
import { digestOf } from '../image-metadata.ts';
import type { OpenImage } from '../types.ts';
import { openArchive } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-docker-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const layer = buildTar([{ name: 'a', content: 'a' }]);
const other = buildTar([{ name: 'b', content: 'b' }]);
const config = (created: string): string =>
  JSON.stringify({ created, os: 'linux', architecture: 'arm64', rootfs: { type: 'layers', diff_ids: [] } });
const saved = (images: { Config: string; RepoTags: string[] | null; Layers: string[] }[]): TarSource => ({
  name: 'manifest.json',
  content: JSON.stringify(images),
});

async function open(entries: TarSource[], options = {}, pack: (tar: Uint8Array) => Uint8Array = (tar) => tar) {
  const path = join(folder, 'image.tar');
  writeFileSync(path, pack(buildTar(entries)));
  return openArchive(path, { kind: 'docker-archive', spoolDirectory: folder, ...options });
}

async function contents(image: OpenImage): Promise<Buffer[]> {
  return Promise.all(
    image.layers.map(async (descriptor) => {
      const parts: Uint8Array[] = [];
      for await (const part of await image.openBlob(descriptor)) parts.push(part);
      return Buffer.concat(parts);
    }),
  );
}

const one = saved([{ Config: 'c.json', RepoTags: null, Layers: ['l1/layer.tar', 'l2/layer.tar'] }]);

describe('docker archives', () => {
  it('of the legacy form, with the list last and a layer that is a link to another', async () => {
    const image = await open([
      { name: 'l1/layer.tar', content: layer },
      { name: 'l2/', flag: '5' },
      { name: 'l2/layer.tar', flag: '2', link: '../l1/layer.tar' },
      { name: 'c.json', content: config('2020-01-01T00:00:00Z') },
      one,
    ]);
    expect(await contents(image)).toEqual([Buffer.from(layer), Buffer.from(layer)]);
    expect(image.layers.map(({ digest, size }) => [digest, size])).toEqual(
      [layer, layer].map((bytes) => [digestOf(bytes), bytes.length]),
    );
    expect(image.metadata).toMatchObject({ os: 'linux', architecture: 'arm64', created: '2020-01-01T00:00:00Z' });
  });

  it('with extended headers and hard links, and compressed as a whole', async () => {
    const image = await open(
      [
        paxEntry([['path', 'l1/layer.tar']]),
        { name: 'cut', content: other },
        { name: 'l2/layer.tar', flag: '1', link: 'l1/layer.tar' },
        { name: 'c.json', content: config('2020-01-01T00:00:00Z') },
        one,
      ],
      {},
      gzipSync,
    );
    expect(await contents(image)).toEqual([Buffer.from(other), Buffer.from(other)]);
    await image.close();
    expect(readdirSync(folder)).toEqual(['image.tar']);
  });

  it('with several images, of which one is named', async () => {
    const entries = [
      { name: 'one.json', content: config('2020-01-01T00:00:00Z') },
      { name: 'two.json', content: config('2021-01-01T00:00:00Z') },
      { name: 'x.tar', content: layer },
      saved([
        { Config: 'one.json', RepoTags: ['host/app:1', 'host/app:latest'], Layers: ['x.tar'] },
        { Config: 'two.json', RepoTags: ['host/app:2'], Layers: ['x.tar'] },
      ]),
    ];
    const created = async (name: string) => (await open(entries, { name })).metadata.created;
    expect(await created('host/app:2')).toBe('2021-01-01T00:00:00Z');
    expect(await created('app:latest')).toBe('2020-01-01T00:00:00Z');
    await expect(open(entries)).rejects.toMatchObject({
      code: 'manifest-unknown',
      message: expect.stringContaining('host/app:2'),
    });
    await expect(open(entries, { name: 'app:3' })).rejects.toMatchObject({ code: 'manifest-unknown' });
  });

  it.each<[string, TarSource[]]>([
    ['has no list', [{ name: 'x', content: 'x' }]],
    ['has a list that is no JSON', [{ name: 'manifest.json', content: '{' }]],
    ['has an empty list', [{ name: 'manifest.json', content: '[]' }]],
    ['lacks the configuration', [one]],
    ['lacks a layer', [one, { name: 'c.json', content: config('') }]],
    [
      'has layers that link to each other',
      [
        one,
        { name: 'c.json', content: config('') },
        { name: 'l1/layer.tar', flag: '2', link: '../l2/layer.tar' },
        { name: 'l2/layer.tar', flag: '2', link: '../l1/layer.tar' },
      ],
    ],
    [
      'has a layer that links to the outside',
      [
        one,
        { name: 'c.json', content: config('') },
        { name: 'l1/layer.tar', flag: '2', link: '/etc/passwd' },
        { name: 'l2/layer.tar', flag: '2', link: '../../../etc/passwd' },
      ],
    ],
  ])('is refused when it %s', async (_, entries) => {
    await expect(open(entries)).rejects.toMatchObject({ name: 'RegistryError', code: 'invalid' });
  });

  it('is refused when it is no tar, or a damaged gzip file', async () => {
    await expect(open([], {}, () => Buffer.from('x'.repeat(2000)))).rejects.toMatchObject({ code: 'invalid' });
    await expect(open([one], {}, (tar) => gzipSync(tar).subarray(0, 60))).rejects.toMatchObject({ code: 'invalid' });
    expect(readdirSync(folder)).toEqual(['image.tar']);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTar } from '../formats/tar/tar-builder.ts';
import { openSource, recogniseSource } from './source.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-source-'));
  const put = (name: string, content: string | Uint8Array): void => writeFileSync(join(folder, name), content);
  mkdirSync(join(folder, 'plain'));
  mkdirSync(join(folder, 'layout'));
  put('layout/oci-layout', '{}');
  put(
    'oci.tar',
    buildTar([
      { name: 'oci-layout', content: '{}' },
      { name: 'index.json', content: '{}' },
    ]),
  );
  put('docker.tar', buildTar([{ name: './manifest.json', content: '[]' }]));
  put('both.tar', buildTar(['oci-layout', 'index.json', 'manifest.json'].map((name) => ({ name, content: '{}' }))));
  put('docker.tar.gz', gzipSync(buildTar([{ name: 'manifest.json', content: '[]' }])));
  put('bom.json', '\ufeff  {"bomFormat":"CycloneDX"}');
  put('bom.xml', '<?xml version="1.0"?><bom/>');
  put('bom.spdx', 'SPDXVersion: SPDX-2.3\n');
  put('other', 'hello');
  put('empty', '');
  put('with:colon.tar', buildTar([{ name: 'manifest.json', content: '[]' }]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what a text names', () => {
  it.each([
    ['plain', 'dir', undefined],
    ['layout', 'oci-dir', undefined],
    ['oci.tar', 'oci-archive', undefined],
    ['both.tar', 'oci-archive', undefined],
    ['docker.tar', 'docker-archive', undefined],
    ['docker.tar.gz', 'docker-archive', undefined],
    ['with:colon.tar', 'docker-archive', undefined],
    ['bom.json', 'sbom', undefined],
    ['bom.xml', 'sbom', undefined],
    ['bom.spdx', 'sbom', undefined],
  ])('%s is told by looking', async (name, kind) => {
    expect(await recogniseSource(join(folder, name))).toEqual({ kind, target: join(folder, name) });
  });

  it('is a reference when there is no such file', async () => {
    expect(await recogniseSource('debian:12')).toEqual({ kind: 'registry', target: 'debian:12' });
    expect(await recogniseSource('registry:host:5000/a/b:c')).toEqual({ kind: 'registry', target: 'host:5000/a/b:c' });
    expect(await recogniseSource('registry://host/a')).toEqual({ kind: 'registry', target: 'host/a' });
  });

  it('may name one image of an archive; a path that exists wins', async () => {
    const archive = join(folder, 'oci.tar');
    expect(await recogniseSource(`oci-archive:${archive}:app:1.0`)).toEqual({
      kind: 'oci-archive',
      target: archive,
      image: 'app:1.0',
    });
    const odd = join(folder, 'with:colon.tar');
    expect(await recogniseSource(`docker-archive:${odd}`)).toEqual({ kind: 'docker-archive', target: odd });
  });

  it.each(['other', 'empty'])('is refused when the file %s is nothing known', async (name) => {
    await expect(recogniseSource(join(folder, name))).rejects.toMatchObject({ code: 'unsupported' });
  });

  it.each(['./missing', '/missing/file', 'dir:/missing', 'docker-archive:missing.tar'])(
    'is refused when the path %s does not exist',
    async (text) => {
      await expect(recogniseSource(text)).rejects.toMatchObject({ code: 'invalid' });
    },
  );
});

it('opens directories and documents by their path, and refuses a platform that is none', async () => {
  const options = { fetcher: { request: () => Promise.reject(new Error('no network')) } };
  expect(await openSource(join(folder, 'plain'), options)).toEqual({ kind: 'directory', path: join(folder, 'plain') });
  expect(await openSource(`sbom:${join(folder, 'bom.json')}`, options)).toEqual({
    kind: 'sbom',
    path: join(folder, 'bom.json'),
  });
  await expect(openSource('a', { ...options, platform: 'linux/a/b/c' })).rejects.toMatchObject({ code: 'invalid' });
});

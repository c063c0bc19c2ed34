import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { analyzers } from '../analyzers/index.ts';
import { buildTar, paxEntry, type TarSource } from '../formats/tar/tar-builder.ts';
import { buildZip } from '../formats/zip/zip-builder.fixture.ts';
import { analyzeImage } from './analyze-image.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { memoryImage } from './memory-image.ts';

const analyze = (blobs: Uint8Array[], options = {}) =>
  analyzeImage(memoryImage(blobs), { settings: DEFAULT_SETTINGS, analyzers, ...options });

const manifest = (name: string): string => JSON.stringify({ name, version: '1.0.0' });
const pom = (name: string) => ({
  name: `META-INF/maven/g/${name}/pom.properties`,
  content: `groupId=g\nartifactId=${name}\nversion=1.0\n`,
});

it('takes an image of 100 layers, each hiding a file of the one below', async () => {
  const layers = Array.from({ length: 100 }, (_, i) =>
    buildTar([
      { name: `p${i}/package.json`, content: manifest(`p${i}`) },
      ...(i > 0 && i % 2 === 1 ? [{ name: `p${i - 1}/.wh.package.json` }] : []),
    ]),
  );
  const { packages, layers: summaries, problems } = await analyze(layers);
  expect(packages).toHaveLength(50);
  expect(summaries).toHaveLength(100);
  expect(problems).toEqual([]);
});

describe('archives in archives', () => {
  it('are read three levels deep', async () => {
    const inner = buildZip([pom('inner')]);
    const middle = buildZip([pom('middle'), { name: 'lib/inner.jar', content: inner, stored: true }]);
    const outer = buildZip([pom('outer'), { name: 'WEB-INF/lib/middle.jar', content: middle }]);
    const { packages, problems } = await analyze([buildTar([{ name: 'app.war', content: outer }])]);
    expect(packages.map(({ name, locations }) => `${name} ${locations[0]?.path}`)).toEqual([
      'inner /app.war!/WEB-INF/lib/middle.jar!/lib/inner.jar',
      'middle /app.war!/WEB-INF/lib/middle.jar',
      'outer /app.war',
    ]);
    expect(problems).toEqual([]);
  });

  it('that are bombs cost themselves only', async () => {
    const bomb = buildZip([{ name: 'x', content: Buffer.alloc(64 << 20) }]);
    const outer = buildZip([
      pom('outer'),
      { name: 'bomb.jar', content: Buffer.alloc(64 << 20) },
      { name: 'nested.jar', content: bomb },
    ]);
    const { packages, problems } = await analyze([buildTar([{ name: 'app.jar', content: outer }])]);
    expect(packages.map(({ name }) => name)).toContain('outer');
    expect(problems).toMatchObject([{ severity: 'partial', path: '/app.jar!/bomb.jar' }]);
  });
});

it('ends a layer that grows without measure, and keeps what came before', async () => {
  const blob = gzipSync(
    buildTar([
      { name: 'a/package.json', content: manifest('a') },
      { name: 'zeros', content: Buffer.alloc(32 << 20) },
      { name: 'b/package.json', content: manifest('b') },
    ]),
  );
  const { packages, problems, layers } = await analyze([blob], { limits: { ratioFloor: 1 << 20, ratio: 100 } });
  expect(packages.map(({ name }) => name)).toEqual(['a']);
  expect(problems).toMatchObject([{ code: 'layer-limit', severity: 'partial' }]);
  expect(layers[0]?.complete).toBe(false);
});

describe('sparse files', () => {
  /** 3 bytes of data at 1 MiB, in a file of 2 MiB. */
  const real = Buffer.alloc(2 << 20);
  real.write('abc', 1 << 20);
  const octal = (value: number): string => value.toString(8).padStart(11, '0');
  const gnu: TarSource = {
    name: 'sparse',
    flag: 'S',
    content: 'abc',
    edit(header) {
      const block = Buffer.from(header.buffer, header.byteOffset, header.length);
      block.write('ustar  \0', 257, 'latin1');
      block.write(octal(1 << 20), 386, 'latin1');
      block.write(octal(3), 398, 'latin1');
      block.write(octal(real.length), 483, 'latin1');
    },
  };
  const map = `1\n${1 << 20}\n3\n`;
  it.each<[string, TarSource[]]>([
    ['of GNU tar', [gnu]],
    [
      'of PAX 1.0',
      [
        paxEntry([
          ['GNU.sparse.major', '1'],
          ['GNU.sparse.minor', '0'],
          ['GNU.sparse.name', 'sparse'],
          ['GNU.sparse.realsize', String(real.length)],
        ]),
        { name: 'GNUSparseFile.0/sparse', content: `${map.padEnd(512, '\0')}abc` },
      ],
    ],
  ])('%s have the digest and size of what they stand for', async (_, entries) => {
    const { files, problems } = await analyze([buildTar(entries)]);
    expect(files).toMatchObject([
      { path: '/sparse', size: real.length, sha256: createHash('sha256').update(real).digest('hex') },
    ]);
    expect(problems).toEqual([]);
  });

  it('that claim to be huge are not expanded', async () => {
    const huge: TarSource = {
      ...gnu,
      edit(header) {
        gnu.edit?.(header);
        Buffer.from(header.buffer, header.byteOffset, header.length).write('77777777777', 483, 'latin1');
      },
    };
    const { problems } = await analyze([buildTar([huge])], { limits: { fileBytes: 1 << 30 } });
    expect(problems).toMatchObject([{ code: 'file-too-large', path: '/sparse' }]);
  });
});

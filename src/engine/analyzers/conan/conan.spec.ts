import { describe, expect, it } from 'vitest';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { conanAnalyzer } from './index.ts';
import { readConanInfo, readReference } from './info.ts';

const DATA = '/root/.conan/data';
const FREETYPE = `${DATA}/freetype/2.12.1/_/_/package/c0ffee/conaninfo.txt`;
const ZLIB = `${DATA}/zlib/1.2.13/team/stable/package/abc123/conaninfo.txt`;
const INFO = `[settings]
    arch=x86_64
    os=Linux

[requires]
    zlib/1.Y.Z

[options]
    shared=False

[full_requires]
    zlib/1.2.13@team/stable:abc123
    libpng/1.6.39#aabb:beef

[recipe_hash]
    deadbeef
`;

describe('conan', () => {
  it('reads packages and what they need', () => {
    const { packages, relationships } = analyzeFiles(conanAnalyzer, {
      [FREETYPE]: INFO,
      [ZLIB]: '[settings]\n  arch=armv8\n',
    });
    expect(rows(packages)).toEqual([`freetype@2.12.1 ${FREETYPE}`, `zlib@1.2.13 ${ZLIB}`, `libpng@1.6.39 ${FREETYPE}`]);
    expect(packages[0]).toMatchObject({
      arch: 'x86_64',
      purl: 'pkg:conan/freetype@2.12.1',
      metadata: { ref: 'freetype/2.12.1', package_id: 'c0ffee' },
    });
    expect(packages[1]).toMatchObject({ arch: 'armv8', purl: 'pkg:conan/team/zlib@1.2.13?channel=stable' });
    expect(packages[2]).toMatchObject({ purl: 'pkg:conan/libpng@1.6.39?rrev=aabb' });
    expect(packages[2]?.arch).toBeUndefined();
    expect(relationships).toHaveLength(2);
  });

  it('reports nothing of the cache of Conan 2', () => {
    expect(
      analyzeFiles(conanAnalyzer, { '/root/.conan2/p/b/zlib0a1b/p/conaninfo.txt': '[requires]\nzlib/1.3.Z\n' })
        .packages,
    ).toEqual([]);
  });

  it.each([
    ['zlib/1.2.13', { name: 'zlib', version: '1.2.13' }],
    ['zlib/1.2.13@', { name: 'zlib', version: '1.2.13' }],
    ['zlib/1.2.13@_/_#ab:cd#ef', { name: 'zlib', version: '1.2.13', revision: 'ab', packageId: 'cd' }],
    ['boost/1.82.0@conan/testing', { name: 'boost', version: '1.82.0', user: 'conan', channel: 'testing' }],
    ['zlib/1.3.Z', undefined],
    ['zlib/[>=1.2]', undefined],
    ['zlib', undefined],
    [`a/${'1'.repeat(1000)}`, undefined],
  ])('reads the reference %s', (text, expected) => {
    expect(readReference(text)).toEqual(expected);
  });

  it('bounds what it keeps', () => {
    const info = readConanInfo(
      `[full_requires]\n${'zlib/1.2\n'.repeat(5000)}[settings]\n${Array.from({ length: 500 }, (_, i) => `k${i}=v\n`).join('')}`,
    );
    expect(info.requires).toHaveLength(1000);
    expect(Object.keys(info.settings)).toHaveLength(100);
  });
});

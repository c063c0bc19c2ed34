import { describe, expect, it } from 'vitest';
import { runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { buildElf } from '../../formats/elf/elf-builder.fixture.ts';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { binaryAnalyzer } from '../binary/index.ts';
import { bitnamiAnalyzer } from './index.ts';

const PATH = '/opt/bitnami/redis/.spdx-redis.spdx';
const entry = (name: string, purl: string | undefined, more: object = {}): object => ({
  SPDXID: `SPDXRef-${name}`,
  name,
  externalRefs:
    purl === undefined
      ? []
      : [
          {
            referenceCategory: 'SECURITY',
            referenceType: 'cpe23Type',
            referenceLocator: `cpe:2.3:*:${name}:${name}:1:*:*:*:*:*:*:*`,
          },
          { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl },
        ],
  ...more,
});
const document = (...packages: object[]): string =>
  JSON.stringify({ SPDXID: 'SPDXRef-DOCUMENT', spdxVersion: 'SPDX-2.3', packages });
const REDIS = 'pkg:bitnami/redis@7.4.0-0?arch=amd64&distro=debian-12';

describe('bitnami', () => {
  it('reads the document beside a component, and only components of it', () => {
    const { packages, problems } = analyzeFiles(bitnamiAnalyzer, {
      [PATH]: document(
        entry('redis', REDIS, { licenseDeclared: 'BSD-3-Clause', licenseConcluded: 'NOASSERTION' }),
        entry('x/net', 'pkg:golang/golang.org/x/net@v0.1.0'),
        entry('nothing', undefined),
        entry('unversioned', 'pkg:bitnami/unversioned'),
      ),
    });
    expect(problems).toEqual([]);
    expect(rows(packages)).toEqual([`redis@7.4.0-0 ${PATH}`]);
    expect(packages[0]).toMatchObject({
      type: 'bitnami',
      arch: 'amd64',
      purl: REDIS,
      cpes: ['cpe:2.3:a:redis:redis:1:*:*:*:*:*:*:*'],
      metadata: { version: '7.4.0', revision: '0', distro: 'debian-12', path: '/opt/bitnami/redis' },
    });
    expect(packages[0]?.licenses.map(({ spdxExpression }) => spdxExpression)).toEqual(['BSD-3-Clause']);
  });

  it('reads the list of older images, for components without a document', () => {
    const list = {
      redis: { version: '7.4.0-0' },
      gosu: { arch: 'amd64', distro: 'debian-11', version: '1.14.0-1' },
      odd: 7,
    };
    const { packages } = analyzeFiles(bitnamiAnalyzer, {
      '/opt/bitnami/.bitnami_components.json': JSON.stringify(list),
      [PATH]: document(entry('redis', REDIS)),
    });
    expect(packages.map(({ name, purl }) => [name, purl])).toEqual([
      ['redis', REDIS],
      ['gosu', 'pkg:bitnami/gosu@1.14.0-1?arch=amd64&distro=debian-11'],
    ]);
  });

  it('counts programs in the directory of a component once', () => {
    const program = buildElf([{ name: '.rodata', content: Buffer.from('\x007.4.0\0c11-builtin\0') }]);
    const found = (path: string): string[] =>
      runAnalyzers([bitnamiAnalyzer, binaryAnalyzer], {
        [PATH]: document(entry('redis', REDIS)),
        [path]: program,
      }).packages.map(({ type }) => type);
    expect(found('/usr/bin/redis-server')).toEqual(['binary', 'bitnami']);
    expect(found('/opt/bitnami/redis/bin/redis-server')).toEqual(['bitnami']);
  });

  it.each([
    ['no JSON', 'SPDXVersion: SPDX-2.3'],
    ['another document', '{"bomFormat":"CycloneDX"}'],
    ['a list', '[]'],
  ])('says that %s cannot be read', (_, text) => {
    const { packages, problems } = analyzeFiles(bitnamiAnalyzer, { [PATH]: text });
    expect(packages).toEqual([]);
    expect(problems).toMatchObject([{ code: 'component-list-unreadable', path: PATH }]);
  });

  it('looks nowhere else', () => {
    expect(
      analyzeFiles(bitnamiAnalyzer, { '/home/.spdx-redis.spdx': document(entry('redis', REDIS)) }).packages,
    ).toEqual([]);
  });
});

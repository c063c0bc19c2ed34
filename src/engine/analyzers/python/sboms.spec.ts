import { describe, expect, it } from 'vitest';
import { runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { analyzeFiles } from '../analyze-files.fixture.ts';
import { binaryAnalyzer } from '../binary/index.ts';
import { distroAnalyzer } from '../distro/index.ts';
import { pythonAnalyzer } from './index.ts';
import { readWheelSbom } from './sboms.ts';

const INFO = '/usr/lib/python3/site-packages/my_wheel-1.0.dist-info';
const METADATA = { [`${INFO}/METADATA`]: 'Metadata-Version: 2.4\nName: My.Wheel\nVersion: 1.0\n' };

function cyclonedx(...purls: string[]): string {
  const components = purls.map((purl) => {
    const [, name, version] = /([^/@]+)@([^?#]*)/.exec(purl) ?? [];
    return { type: 'library', name, version: decodeURIComponent(version ?? ''), purl };
  });
  return JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: [...components, { type: 'library', name: 'nothing', version: '1' }],
  });
}

function contents(...purls: string[]) {
  const { packages, relationships } = analyzeFiles(pythonAnalyzer, {
    ...METADATA,
    [`${INFO}/sboms/a.cdx.json`]: cyclonedx(...purls),
  });
  return { packages: packages.slice(1), relationships };
}

describe('SBOMs in wheels', () => {
  it('gives what a wheel contains, each once', () => {
    const { packages, relationships } = analyzeFiles(pythonAnalyzer, {
      ...METADATA,
      [`${INFO}/sboms/a.cdx.json`]: cyclonedx(
        'pkg:cargo/pyo3@0.23.1',
        'pkg:pypi/my-wheel@1.0',
        'pkg:cargo/own@1.0?download_url=file://.',
      ),
      [`${INFO}/sboms/sub/b.cdx.json`]: cyclonedx('pkg:cargo/pyo3@0.23.1', 'pkg:generic/openssl@3.4.0'),
    });
    expect(packages.map(({ type, name, version }) => `${type} ${name} ${version}`)).toEqual([
      'python My.Wheel 1.0',
      'rust-crate pyo3 0.23.1',
      'binary openssl 3.4.0',
    ]);
    expect(packages[1]?.locations.map(({ evidence }) => evidence)).toEqual(['primary', 'supporting']);
    expect(packages[2]?.cpes).toEqual(['cpe:2.3:a:openssl:openssl:3.4.0:*:*:*:*:*:*:*']);
    expect(relationships.map(({ type }) => type)).toEqual(['contains', 'contains']);
  });

  it.each([
    ['pkg:rpm/almalinux/libXau@1.0.9-3.el8', 'rpm', 'almalinux', '8'],
    ['pkg:rpm/centos/cyrus-sasl-lib@2.1.26-24.el7_9', 'rpm', 'centos', '7'],
    ['pkg:rpm/redhat/libgomp@8.5.0-28.el8_10.alma.1', 'rpm', 'rhel', '8'],
    ['pkg:apk/alpine/libffi@3.4.4-r3?distro=alpine-3.19.1', 'apk', 'alpine', '3.19.1'],
    ['pkg:deb/debian/libffi8@3.4.4-1?distro=debian-12', 'deb', 'debian', '12'],
    ['pkg:deb/debian/libffi8@3.4.4-1', 'binary', undefined, undefined],
    ['pkg:apk/alpine/libffi@3.4.4-r3', 'binary', undefined, undefined],
    ['pkg:rpm/libffi@3.4.4-3.el8', 'binary', undefined, undefined],
  ])('%s is of the distribution that the wheel was built on', (purl, type, id, versionId) => {
    const [pkg] = contents(purl).packages;
    expect([pkg?.type, pkg?.distro?.id, pkg?.distro?.versionId]).toEqual([type, id, versionId]);
    expect(pkg?.cpes).toEqual([]);
  });

  it('does not hide programs of the image behind packages of a wheel', () => {
    const program = Buffer.concat([
      Buffer.from('\x7fELF\x02\x01\x01', 'latin1'),
      Buffer.alloc(64),
      Buffer.from('curl/8.7.1\0'),
    ]);
    const { packages } = runAnalyzers([distroAnalyzer, binaryAnalyzer, pythonAnalyzer], {
      ...METADATA,
      '/etc/os-release': 'ID=debian\nVERSION_ID=12\n',
      '/usr/bin/curl': program,
      [`${INFO}/sboms/a.cdx.json`]: cyclonedx('pkg:rpm/almalinux/curl@7.61.1-34.el8'),
    });
    expect(packages.map(({ type, name }) => `${type} ${name}`)).toEqual(['binary curl', 'python My.Wheel', 'rpm curl']);
  });

  it.each([
    '',
    '{',
    '[]',
    '{"bomFormat":"Other"}',
    '{"bomFormat":"CycloneDX","components":[{"purl":7,"name":{}}]}',
    '{"components":'.repeat(40_000),
  ])('survives a file that is no SBOM', (text) => {
    expect(readWheelSbom(Buffer.from(text)).components).toEqual([]);
    expect(analyzeFiles(pythonAnalyzer, { ...METADATA, [`${INFO}/sboms/a.json`]: text }).packages).toHaveLength(1);
  });

  it('notes an SBOM that cannot be read, and reads no other files', () => {
    const { problems } = analyzeFiles(pythonAnalyzer, {
      ...METADATA,
      [`${INFO}/sboms/a.json`]: '{',
      '/srv/sboms/b.json': '{',
    });
    expect(problems).toMatchObject([{ code: 'wheel-sbom-unreadable', severity: 'note', path: `${INFO}/sboms/a.json` }]);
  });
});

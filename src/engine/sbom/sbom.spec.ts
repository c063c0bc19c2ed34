import { describe, expect, it } from 'vitest';
import { buildAnalysis } from '../../../test/builders/analysis.ts';
import type { Analysis } from '../model/analysis.ts';
import { cyclonedxSbom } from './cyclonedx.ts';
import { nativeSbom } from './native.ts';
import { parsePurl } from './parse-purl.ts';
import { readSbom, SbomError } from './read.ts';
import { spdxSbom } from './spdx.ts';

const writers: [string, (analysis: Analysis) => unknown][] = [
  ['native', nativeSbom],
  ['cyclonedx', cyclonedxSbom],
  ['spdx', spdxSbom],
];

function identities(analysis: Analysis) {
  return analysis.packages
    .map(({ type, name, version, purl, upstreams }) => ({ type, name, version, purl, upstreams }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

describe.each(writers)('%s', (_name, write) => {
  it('keeps what decides a match through a round trip', () => {
    const analysis = buildAnalysis();
    const back = readSbom(JSON.stringify(write(analysis)));
    expect(identities(back)).toEqual(identities(analysis));
    expect(back.distro).toMatchObject({ id: 'debian', versionId: '12' });
    expect(back.packages.find((pkg) => pkg.type === 'deb')?.distro?.id).toBe('debian');
    const byName = new Map(back.packages.map((pkg) => [pkg.id, pkg.name]));
    expect(
      back.relationships.filter((r) => r.type === 'dependency-of').map((r) => [byName.get(r.from), byName.get(r.to)]),
    ).toEqual([['@scope/lib', 'app']]);
  });

  it('writes equal bytes for equal input', () => {
    expect(JSON.stringify(write(buildAnalysis()))).toBe(JSON.stringify(write(buildAnalysis())));
  });
});

describe('readSbom', () => {
  it.each([
    ['not json', 'not JSON'],
    ['[]', 'not a JSON object'],
    ['{}', 'neither'],
    ['{"spdxVersion":"SPDX-3.0"}', 'not supported'],
  ])('refuses %s', (input, message) => {
    expect(() => readSbom(input)).toThrow(SbomError);
    expect(() => readSbom(input)).toThrow(message);
  });

  it('survives members of the wrong shape', () => {
    const odd = {
      bomFormat: 'CycloneDX',
      components: [null, 1, { name: 3 }, { name: 'x', purl: 'pkg:' }],
      dependencies: { a: 1 },
    };
    expect(readSbom(odd).packages.map((pkg) => pkg.name)).toEqual(['x']);
  });
});

describe('spdx', () => {
  it('extracts licence texts that are no expression', () => {
    const document = spdxSbom(buildAnalysis());
    expect(document.hasExtractedLicensingInfos?.[0]).toMatchObject({ licenseId: 'LicenseRef-some-odd-text' });
    expect(document.packages.find((p) => p.name === 'libssl3')).toMatchObject({
      licenseDeclared: 'Apache-2.0 AND LicenseRef-some-odd-text',
    });
  });
});

describe('parsePurl', () => {
  it.each([
    ['pkg:npm/%40scope/lib@1.2.3', { type: 'npm', namespace: '@scope', name: 'lib', version: '1.2.3' }],
    ['pkg:npm/@scope/lib', { type: 'npm', namespace: '@scope', name: 'lib' }],
    ['pkg:npm/@scope/lib@1', { type: 'npm', namespace: '@scope', name: 'lib', version: '1' }],
    [
      'pkg:golang/github.com/a/b@v1.0.0#sub/dir',
      { type: 'golang', namespace: 'github.com/a', name: 'b', version: 'v1.0.0' },
    ],
    [
      'pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie',
      { type: 'deb', namespace: 'debian', name: 'curl', version: '7.50.3-1' },
    ],
  ])('%s', (text, expected) => {
    expect(parsePurl(text)).toMatchObject(expected);
  });
  it.each(['', 'pkg:', 'pkg:npm', 'npm/x', 'pkg:npm/'])('refuses %j', (text) => {
    expect(parsePurl(text)).toBeUndefined();
  });
});

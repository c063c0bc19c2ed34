import { describe, expect, it } from 'vitest';
import type { Package } from '../model/package.ts';
import { toMatchable } from './identity.ts';
import type { IdentityInput } from './identity-quality.ts';
import { identityQuality } from './identity-quality.ts';
import { distro } from './sample-index.ts';

const component = (more: Partial<IdentityInput>): IdentityInput => ({
  type: 'UnknownPackage',
  name: 'thing',
  version: '1.0',
  cpes: [],
  ...more,
});
const CPE = 'cpe:2.3:a:acme:thing:2.0:*:*:*:*:*:*:*';

describe('identityQuality', () => {
  it.each<[string, Partial<IdentityInput>, string, RegExp | undefined]>([
    ['an npm package', { type: 'npm', purl: 'pkg:npm/thing@1.0' }, 'exact', undefined],
    ['a type without purl', { type: 'npm' }, 'exact', /no package URL/],
    ['a purl without type', { purl: 'pkg:npm/thing@1.0' }, 'exact', /npm is taken/],
    ['a contradiction', { type: 'npm', purl: 'pkg:pypi/thing@1.0' }, 'partial', /says python/],
    ['a jar without group', { type: 'java-archive', purl: 'pkg:maven/thing@1' }, 'partial', /Maven group/],
    ['a jar', { type: 'java-archive', purl: 'pkg:maven/g/thing@1' }, 'exact', undefined],
    ['a deb of nowhere', { type: 'deb', purl: 'pkg:deb/debian/thing@1' }, 'partial', /which distribution/],
    ['a deb', { type: 'deb', purl: 'pkg:deb/debian/thing@1', distro: distro('debian', '12') }, 'exact', undefined],
    ['a CPE alone', { cpes: [CPE] }, 'weak', /no package URL/],
    ['a version in the CPE alone', { version: '', cpes: [CPE] }, 'weak', undefined],
    ['a CPE without vendor', { cpes: ['cpe:2.3:a:*:thing:1:*:*:*:*:*:*:*'] }, 'none', /where to search/],
    ['no version', { type: 'npm', version: 'unknown' }, 'none', /version is not known/],
    ['nothing', { purl: 'what' }, 'none', /cannot be read/],
  ])('%s', (_, more, level, problem) => {
    const quality = identityQuality(component(more));
    expect(quality.level).toBe(level);
    if (problem) expect(quality.problems.join('; ')).toMatch(problem);
  });
});

describe('toMatchable', () => {
  const pkg = (more: Partial<Package>): Package =>
    ({
      ...component({}),
      id: '0',
      licenses: [],
      locations: [],
      upstreams: [],
      foundBy: 'sbom',
      metadata: {},
      ...more,
    }) as Package;
  it('takes the type of the package URL where there is none, and the version where it stands', () => {
    expect(toMatchable(pkg({ purl: 'pkg:npm/thing@3.0', version: '' }))).toMatchObject({ type: 'npm', version: '3.0' });
    expect(toMatchable(pkg({ cpes: [CPE], version: 'unknown' }))).toMatchObject({ version: '2.0' });
    expect(toMatchable(pkg({ type: 'gem', purl: 'pkg:npm/thing@3.0' }))).toMatchObject({ type: 'gem', version: '1.0' });
  });
});

import { describe, expect, it } from 'vitest';
import type { Package } from '../model/package.ts';
import { toMatchable } from './identity.ts';

const CPE = 'cpe:2.3:a:acme:thing:2.0:*:*:*:*:*:*:*';

describe('toMatchable', () => {
  const pkg = (more: Partial<Package>): Package =>
    ({
      type: 'UnknownPackage',
      name: 'thing',
      version: '1.0',
      cpes: [],
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

import { describe, expect, it } from 'vitest';
import { packageIdentity, searchNames } from './identity.ts';
import { distro, pkg } from './sample-index.ts';

const base = pkg('deb', 'libssl3', '3.0.9-1', { source: 'openssl', distro: distro('debian', '12'), arch: 'amd64' });

describe('packageIdentity', () => {
  it('is 64 hex digits and does not depend on the order of fields', () => {
    expect(packageIdentity(base)).toMatch(/^[0-9a-f]{64}$/);
    expect(packageIdentity({ ...Object.fromEntries(Object.entries(base).reverse()) } as typeof base)).toBe(
      packageIdentity(base),
    );
    expect(packageIdentity({ ...base, metadata: { a: 1, b: 2 } })).toBe(
      packageIdentity({ ...base, metadata: { b: 2, a: 1 } }),
    );
  });

  it('does not depend on where the distribution was read', () => {
    expect(
      packageIdentity({
        ...base,
        distro: distro('debian', '12', { evidence: '/usr/lib/os-release', prettyName: 'Debian 12' }),
      }),
    ).toBe(packageIdentity(base));
  });

  it.each([
    { ...base, version: '3.0.9-2' },
    { ...base, arch: 'arm64' },
    { ...base, upstreams: [] },
    { ...base, module: '' },
    { ...base, distro: distro('debian', '13') },
    { ...base, distro: distro('debian', '12', { channel: 'esm' }) },
    { ...base, cpes: ['cpe:2.3:a:openssl:openssl:3:*:*:*:*:*:*:*'] },
  ])('differs for %o', (other) => expect(packageIdentity(other)).not.toBe(packageIdentity(base)));
});

describe('searchNames', () => {
  it('names packages, sources, CPEs and distributions', () => {
    expect(
      searchNames({ ...base, cpes: ['cpe:2.3:a:openssl:openssl:3:*:*:*:*:*:*:*', 'cpe:2.3:a:*:x:3:*:*:*:*:*:*:*'] }),
    ).toEqual(['deb/libssl3', 'deb/openssl', 'cpe/openssl/openssl', 'os/*', 'os/debian']);
    expect(searchNames(pkg('python', 'Jinja_2', '1'))).toEqual(['python/jinja-2']);
    expect(searchNames(pkg('java-archive', 'core', '1', { purl: 'pkg:maven/org.x/core@1' }))).toEqual([
      'java-archive/org.x:core',
    ]);
  });
});

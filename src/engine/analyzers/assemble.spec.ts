import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPackage } from '../../../test/builders/analysis.ts';
import { memoryImage } from '../../../test/builders/memory-image.ts';
import type { Package } from '../model/package.ts';
import { assembleEvidence } from './assemble.ts';
import { compareBytes } from './byte-order.ts';
import { distroLookup } from './distro-lookup.ts';
import { packageId } from './package-id.ts';
import type { Evidence } from './types.ts';

type Found = NonNullable<Evidence['packages']>[number];

function found(overrides: Partial<Package> & Pick<Package, 'type' | 'name'>, path = `/${overrides.name}`): Found {
  const { id: _, ...pkg } = buildPackage({
    id: '',
    version: '1',
    locations: [{ path, evidence: 'primary' }],
    ...overrides,
  });
  return pkg;
}

function assemble(packages: Found[], files = {}, more: Evidence = {}) {
  return assembleEvidence(memoryImage(files), [{ analyzer: 'a', evidence: { packages, ...more } }]);
}

/** Relations as `from -> to`, by name. */
function relations(result: ReturnType<typeof assemble>, type: string): string[] {
  const names = new Map(result.packages.map((pkg) => [pkg.id, pkg.name]));
  return result.relationships
    .filter((edge) => edge.type === type)
    .map(({ from, to }) => `${names.get(from)} -> ${names.get(to)}`)
    .sort();
}

describe('identity', () => {
  it('merges rows of one file', () => {
    const { packages } = assemble([
      found({ type: 'npm', name: 'a', licenses: [{ value: 'MIT' }] }),
      found({ type: 'npm', name: 'a', licenses: [{ value: 'ISC' }], cpes: ['cpe:x'], origin: 'me' }),
      found({ type: 'npm', name: 'a' }, '/elsewhere'),
    ]);
    expect(packages).toHaveLength(2);
    const merged = packages.find(({ locations }) => locations[0]?.path === '/a');
    expect(merged).toMatchObject({ licenses: [{ value: 'MIT' }, { value: 'ISC' }], cpes: ['cpe:x'], origin: 'me' });
  });

  it('is 16 hex digits and depends on each part', () => {
    const base = found({ type: 'deb', name: 'a' });
    const variants = [
      base,
      { ...base, type: 'rpm' as const },
      { ...base, name: 'b' },
      { ...base, version: '2' },
      { ...base, arch: 'arm64' },
      { ...base, locations: [] },
    ];
    const ids = variants.map(packageId);
    expect(ids.every((id) => /^[0-9a-f]{16}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(variants.length);
  });

  it('does not depend on the order of the evidence', () => {
    const packages = ['b', 'a', 'ü', 'Z'].flatMap((name) => [
      found({ type: 'npm', name }),
      found({ type: 'gem', name }),
    ]);
    const expected = JSON.stringify(assemble(packages).packages);
    fc.assert(
      fc.property(fc.shuffledSubarray(packages, { minLength: packages.length }), (shuffled) => {
        expect(JSON.stringify(assemble(shuffled).packages)).toBe(expected);
      }),
    );
  });

  it('compares as UTF-8 bytes do', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});

describe('ownership', () => {
  const tree = {
    '/usr/lib/python3/a.egg-info': 'x',
    '/lib': { link: 'usr/lib' },
    '/opt/b.jar': 'x',
    '/usr/bin/link': { link: '/opt/b.jar' },
  };

  it('compares real paths, so that a merged /usr is one place', () => {
    const result = assemble(
      [
        found({ type: 'deb', name: 'owner', files: [{ path: '/lib/python3/a.egg-info' }] }),
        found({ type: 'python', name: 'a' }, '/usr/lib/python3/a.egg-info'),
        found({ type: 'java-archive', name: 'inner' }, '/opt/b.jar!/c.jar'),
      ],
      tree,
    );
    expect(relations(result, 'ownership-by-file-overlap')).toEqual(['owner -> a']);
    expect(result.packages.find(({ name }) => name === 'a')?.ownedBy).toBe(
      result.packages.find(({ name }) => name === 'owner')?.id,
    );
  });

  it('owns what lies in an owned archive, but not what an owned link points to', () => {
    const owner = (path: string) => found({ type: 'rpm', name: 'owner', files: [{ path }] });
    const inner = found({ type: 'java-archive', name: 'inner' }, '/opt/b.jar!/c.jar');
    expect(relations(assemble([owner('/opt/b.jar'), inner], tree), 'ownership-by-file-overlap')).toEqual([
      'owner -> inner',
    ]);
    expect(relations(assemble([owner('/usr/bin/link'), inner], tree), 'ownership-by-file-overlap')).toEqual([]);
  });
});

describe('programs', () => {
  it('that an OS package owns are left out: the OS package stands for them', () => {
    const result = assemble(
      [
        found({ type: 'deb', name: 'curl', files: [{ path: '/bin/curl' }] }),
        found({ type: 'binary', name: 'curl' }, '/usr/bin/curl'),
        found({ type: 'binary', name: 'own' }, '/usr/local/bin/own'),
      ],
      { '/usr/bin/curl': 'x', '/usr/local/bin/own': 'x', '/bin': { link: 'usr/bin' } },
    );
    expect(result.packages.map(({ type, name }) => `${type} ${name}`)).toEqual(['binary own', 'deb curl']);
    expect(result.relationships).toEqual([]);
  });

  it('leaves out programs of packages that are listed without files, in places of the system', () => {
    const { packages } = assemble([
      found({ type: 'deb', name: 'zlib1g', upstreams: [{ name: 'zlib' }] }),
      found({ type: 'deb', name: 'libssl3', upstreams: [{ name: 'openssl' }] }),
      found({ type: 'deb', name: 'curl', files: [{ path: '/usr/bin/curl' }] }),
      found({ type: 'binary', name: 'zlib' }, '/lib/x86_64-linux-gnu/libz.so.1.2.13'),
      found({ type: 'binary', name: 'openssl' }, '/opt/own/bin/openssl'),
      found({ type: 'binary', name: 'curl' }, '/usr/local/bin/curl'),
      found({ type: 'binary', name: 'redis' }, '/usr/bin/redis-server'),
    ]);
    expect(packages.filter(({ type }) => type === 'binary').map(({ name }) => name)).toEqual([
      'curl',
      'openssl',
      'redis',
    ]);
  });
});

describe('dependencies', () => {
  it('resolves alternatives, provides and architectures of system packages', () => {
    const result = assemble([
      found({
        type: 'deb',
        name: 'app',
        arch: 'amd64',
        dependencies: ['libc6 (>= 2.36)', 'missing | mail-agent', 'perl:any', 'libc6 (>= 2)'],
      }),
      found({ type: 'deb', name: 'libc6', arch: 'amd64' }),
      found({ type: 'deb', name: 'libc6', arch: 'i386' }),
      found({ type: 'deb', name: 'exim', arch: 'all', metadata: { provides: ['mail-agent (= 1)'] } }),
      found({ type: 'deb', name: 'perl', arch: 'amd64' }),
    ]);
    expect(relations(result, 'dependency-of')).toEqual(['exim -> app', 'libc6 -> app', 'perl -> app']);
  });

  it('resolves capabilities and files of rpm', () => {
    const result = assemble([
      found({
        type: 'rpm',
        name: 'app',
        dependencies: ['rpmlib(X)', 'libc.so.6(GLIBC_2.4)(64bit)', '/bin/sh', '(a if b)'],
      }),
      found({ type: 'rpm', name: 'glibc', metadata: { provides: ['libc.so.6(GLIBC_2.4)(64bit)'] } }),
      found({ type: 'rpm', name: 'bash', files: [{ path: '/bin/sh' }] }),
    ]);
    expect(relations(result, 'dependency-of')).toEqual(['bash -> app', 'glibc -> app']);
  });

  it('keeps roots apart', () => {
    const distro = (evidence: string) => ({ id: 'debian', idLike: [], evidence });
    const result = assemble([
      found({ type: 'deb', name: 'app', dependencies: ['libc6'], distro: distro('/etc/os-release') }),
      found({ type: 'deb', name: 'libc6', distro: distro('/jail/etc/os-release') }),
    ]);
    expect(relations(result, 'dependency-of')).toEqual([]);
  });

  it('takes the nearest installation of a language package', () => {
    const at = (path: string, name: string, version: string, dependencies: string[] = []) =>
      found({ type: 'npm', name, version, dependencies }, path);
    const result = assemble([
      at('/app/node_modules/a/package.json', 'a', '1', ['dep', 'absent']),
      at('/app/node_modules/a/node_modules/dep/package.json', 'dep', '2'),
      at('/app/node_modules/dep/package.json', 'dep', '1'),
      at('/other/node_modules/absent/package.json', 'absent', '1'),
    ]);
    expect(relations(result, 'dependency-of')).toEqual(['dep -> a']);
    expect(result.packages.find(({ id }) => id === result.relationships[0]?.from)?.version).toBe('2');
  });

  it('leaves types alone whose analyzer states edges itself', () => {
    const [a, b, c] = [
      found({ type: 'gem', name: 'a', dependencies: ['b'] }),
      found({ type: 'gem', name: 'b' }),
      found({ type: 'gem', name: 'c' }),
    ];
    const stated = [{ from: packageId(c as Found), to: packageId(a as Found), type: 'dependency-of' as const }];
    expect(relations(assemble([a, b, c] as Found[], {}, { relationships: stated }), 'dependency-of')).toEqual([
      'c -> a',
    ]);
  });
});

describe('rest', () => {
  it('drops relations to unknown packages and sorts hits', () => {
    const hit = (path: string) => ({ path, name: 'X', regex: 'x', lines: [0] });
    const result = assemble(
      [],
      {},
      { relationships: [{ from: 'a', to: 'b', type: 'contains' }], secrets: [hit('/b'), hit('/a')] },
    );
    expect(result.relationships).toEqual([]);
    expect(result.secrets?.map(({ path }) => path)).toEqual(['/a', '/b']);
    expect(result).not.toHaveProperty('contentSearch');
  });

  it('looks distributions up by the nearest root', () => {
    const distro = (id: string) => ({ id, idLike: [], evidence: id });
    const lookup = distroLookup([
      { root: '/', distro: distro('debian') },
      { root: '/srv/jail/', distro: distro('alpine') },
    ]);
    expect(lookup('/srv/jail/lib/apk/db/installed')?.id).toBe('alpine');
    expect(lookup('/srv/jailed/x')?.id).toBe('debian');
    expect(distroLookup([])('/x')).toBeUndefined();
  });
});

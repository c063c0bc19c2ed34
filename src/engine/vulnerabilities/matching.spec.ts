import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_MATCH_SETTINGS } from './open-index.ts';
import type { SampleRecord } from './sample-database.ts';
import type { SampleIndex } from './sample-index.ts';
import { distro, openSample, pkg } from './sample-index.ts';
import type { MatchablePackage, MatchSettings } from './types.ts';

const S = DEFAULT_MATCH_SETTINGS;
const os = (
  id: string,
  provider: string,
  system: string,
  type: string,
  name: string,
  constraint: string,
  fix?: string,
  more: Partial<SampleRecord> = {},
): SampleRecord => ({
  id,
  provider,
  system,
  package: [type, name],
  ranges: [
    [type === 'deb' ? 'dpkg' : type, constraint, ...(fix === undefined ? [] : [fix])] as [string, string, string?],
  ],
  ...more,
});
const lang = (
  id: string,
  type: string,
  ecosystem: string,
  name: string,
  constraint: string,
  fix: string,
  more: Partial<SampleRecord> = {},
): SampleRecord => ({
  id,
  provider: 'github',
  package: [ecosystem, name],
  ranges: [[type, constraint, fix]],
  ...more,
});

const records: SampleRecord[] = [
  os('CVE-1', 'debian', 'bookworm', 'deb', 'openssl', '< 3.0.11-1', '3.0.11-1'),
  os('CVE-1', 'debian', 'sid', 'deb', 'openssl', '< 3.1-1', '3.1-1'),
  os('CVE-2', 'debian', 'bookworm', 'deb', 'linux', '', 'not-fixed'),
  os('CVE-3', 'debian', 'bookworm', 'deb', 'openssl', '', 'wont-fix'),
  os('CVE-3', 'debian', 'bookworm', 'deb', 'openssl', '>= 3.0.10', undefined, { affected: false }),
  os('CVE-4', 'ubuntu', 'jammy', 'deb', 'curl', '', 'not-fixed'),
  os('CVE-4', 'ubuntu', 'jammy+esm', 'deb', 'curl', '< 7.81-1+esm2', '7.81-1+esm2'),
  os('CVE-5', 'rhel', 'rhel9', 'rpm', 'perl', '< 4:5.32-481', '4:5.32-481'),
  os('CVE-6', 'rhel', 'rhel9', 'rpm', 'nodejs', '< 1:18.0-1', '1:18.0-1', {
    qualifiers: { rpm_modularity: 'nodejs:18' },
  }),
  os('CVE-7', 'rhel', 'rhel9', 'rpm', 'curl', '< 0:7.76-30', '0:7.76-30', { qualifiers: { rpm_modularity: '' } }),
  os('CVE-8', 'rhel', 'rhel9', 'rpm', 'glibc', '< 0:2.34-200.el9_6', '0:2.34-200.el9_6'),
  os('CVE-8', 'rhel', 'rhel9', 'rpm', 'glibc', '= 0:2.34-60.el9_2.7', undefined, { affected: false }),
  os('CVE-9', 'rhel', 'rhel9', 'rpm', 'sudo', '< 0:1.9-9.el9_4', '0:1.9-9.el9_4'),
  os('CVE-9', 'rhel', 'rhel9.2+eus', 'rpm', 'sudo', '< 0:1.9-7.el9_2.1', '0:1.9-7.el9_2.1'),
  os('ALSA-1', 'alma', 'alma9', 'rpm', 'perl', '>= 4:5.32-480.alma.1', undefined, {
    affected: false,
    aliases: ['CVE-5'],
  }),
  os('CVE-10', 'rhel', 'rhel9', 'rpm', 'bash', '< 0:5.1-9', '0:5.1-9', { qualifiers: { architecture: 'aarch64' } }),
  os('CVE-11', 'alpine', 'alpine3.20', 'apk', 'busybox', '< 1.36.1-r29', '1.36.1-r29'),
  { id: 'CVE-11', provider: 'nvd', cpe: ['busybox', 'busybox'], ranges: [['', '< 1.37.0', '1.37.0']] },
  { id: 'CVE-12', provider: 'nvd', cpe: ['busybox', 'busybox'], ranges: [['', '< 1.37.0', '1.37.0']] },
  lang('GHSA-a', 'python', 'python', 'jinja2', '<3.1.6', '3.1.6', {
    aliases: ['CVE-13'],
    severities: [{ scheme: 'CHML', value: 'high', rank: 0 }],
  }),
  lang('GHSA-b', 'maven', 'java-archive', 'org.springframework:spring-core', '>=5.3.0,<5.3.44', '5.3.44'),
  lang('GHSA-c', 'go', 'go-module', 'stdlib', '< 1.21.3', '1.21.3'),
  lang('GHSA-d', 'go', 'go-module', 'example.com/app', '< 1.0.0', '1.0.0'),
  lang('GHSA-e', 'npm', 'npm', '@babel/traverse', '<7.23.2', '7.23.2', { status: 'rejected' }),
  lang('GHSA-f', 'npm', 'npm', 'lodash', '~> broken', '1', {}),
  lang('GHSA-g', 'made-up-type', 'npm', 'minimist', '< 1.2.6', '1.2.6'),
  lang('GHSA-h', 'go', 'go-module', 'example.com/lib', '< 2.0.0', '2.0.0', {
    qualifiers: { go_imports: [{ path: 'example.com/lib', symbols: ['Parse'] }] },
  }),
  {
    id: 'BIT-1',
    provider: 'bitnami',
    package: ['Bitnami', 'redis'],
    ranges: [['bitnami', '>=7.0.0,<7.0.5', '7.0.5']],
    aliases: ['CVE-14'],
  },
  { id: 'CVE-15', provider: 'nvd', cpe: ['wordpress', 'button', 'wordpress'], ranges: [['', '< 2', '2']] },
  { id: 'CVE-16', provider: 'nvd', cpe: ['oracle', 'jdk'], ranges: [['jvm', '< 1.8.0_300', '1.8.0_300']] },
  {
    id: 'CVE-17',
    provider: 'nvd',
    cpe: ['php', 'php'],
    ranges: [['', '< 8', '8']],
    qualifiers: { platform_cpes: ['cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*'] },
  },
];

let sample: SampleIndex;
beforeAll(async () => {
  sample = await openSample({
    systems: {
      bookworm: ['debian', 'debian', '12', '', '', 'bookworm', '', '2026-06-10 00:00:00+00:00'],
      sid: ['debian', 'debian', '', '', 'unstable'],
      jammy: ['ubuntu', 'ubuntu', '22', '4', '', 'jammy'],
      'jammy+esm': ['ubuntu', 'ubuntu', '22', '4', '', 'jammy', 'esm'],
      rhel9: ['redhat', 'rhel', '9', ''],
      'rhel9.2+eus': ['redhat', 'rhel', '9', '2', '', '', 'eus'],
      alma9: ['almalinux', '', '9', ''],
      'alpine3.20': ['alpine', 'alpine', '3', '20'],
      empty: ['fedora', 'fedora', '40', ''],
    },
    overrides: [
      ['rocky', 'rhel'],
      ['centos', 'rhel'],
      ['almalinux', 'rhel'],
      ['raspbian', 'debian'],
    ],
    records,
    kev: ['CVE-13'],
    epss: [['CVE-13', 0.5, 0.9]],
  });
});
afterAll(() => sample.close());

const ids = (p: MatchablePackage, settings: MatchSettings = S): string[] =>
  sample.index
    .match(p, settings)
    .matches.map((m) => m.vulnerability)
    .sort();
const debian = distro('debian', '12');
const rhel = distro('rhel', '9.3');

describe('deb', () => {
  it('matches by source name and version, and says so', () => {
    const [match] = sample.index.match(
      pkg('deb', 'libssl3', '9:9', { source: 'openssl@3.0.9-1', distro: debian }),
      S,
    ).matches;
    expect(match).toMatchObject({
      vulnerability: 'CVE-1',
      namespace: 'debian:distro:debian:12',
      kind: 'exact-indirect',
      scheme: 'deb',
      constraint: '< 3.0.11-1',
      fix: { state: 'fixed', versions: ['3.0.11-1'], available: '2025-02-03' },
      searchedBy: { name: 'openssl', version: '3.0.9-1' },
    });
  });
  it('prefers the direct match', () =>
    expect(
      sample.index
        .match(pkg('deb', 'openssl', '3.0.9-1', { source: 'openssl', distro: debian }), S)
        .matches.map((m) => m.kind),
    ).toContain('exact-direct'));
  it('is not vulnerable at the fix', () =>
    expect(ids(pkg('deb', 'openssl', '3.0.11-1', { distro: debian }))).toEqual([]));
  it('leaves out what an unaffected record spares, with reason', () => {
    const result = sample.index.match(pkg('deb', 'openssl', '3.0.10-1', { distro: debian }), S);
    expect(result.matches.map((m) => m.vulnerability)).toEqual(['CVE-1']);
    expect(result.suppressed).toMatchObject([{ vulnerability: 'CVE-3', rule: 'unaffected-record' }]);
  });
  it('finds unstable by its pretty name', () =>
    expect(
      ids(
        pkg('deb', 'openssl', '3.0-1', {
          distro: distro('debian', undefined, { prettyName: 'Debian GNU/Linux trixie/sid' }),
        }),
      ),
    ).toEqual(['CVE-1']));
  it('resolves raspbian to debian', () =>
    expect(ids(pkg('deb', 'openssl', '3.0-1', { distro: distro('raspbian', '12') }))).toEqual(['CVE-1', 'CVE-3']));
  it('hides kernel headers that match through the kernel', () => {
    const result = sample.index.match(pkg('deb', 'linux-libc-dev', '6.1', { source: 'linux', distro: debian }), S);
    expect(result.matches).toEqual([]);
    expect(result.suppressed).toMatchObject([{ vulnerability: 'CVE-2', rule: 'kernel-headers' }]);
  });
  it('Ubuntu Pro: fixed by the extended release, or shows its fix', () => {
    const pro = distro('ubuntu', '22.04', { channel: 'esm' });
    expect(ids(pkg('deb', 'curl', '7.81-1+esm2', { distro: pro }))).toEqual([]);
    expect(sample.index.match(pkg('deb', 'curl', '7.81-1', { distro: pro }), S).matches[0]?.fix).toEqual({
      state: 'fixed',
      versions: ['7.81-1+esm2'],
    });
    expect(
      sample.index.match(pkg('deb', 'curl', '7.81-1+esm2', { distro: distro('ubuntu', '22.04') }), S).matches[0],
    ).toMatchObject({ namespace: 'ubuntu:distro:ubuntu:22.04', fix: { state: 'not-fixed' } });
  });
});

describe('rpm', () => {
  it('takes the epoch of the record for source packages only', () => {
    expect(ids(pkg('rpm', 'perl-Errno', '1.30-481', { source: 'perl@5.32-481', distro: rhel }))).toEqual([]);
    expect(ids(pkg('rpm', 'perl-Errno', '1.30-480', { source: 'perl@5.32-480', distro: rhel }))).toEqual(['CVE-5']);
    expect(ids(pkg('rpm', 'perl', '5.32-481', { distro: rhel }))).toEqual(['CVE-5']);
  });
  it.each([
    ['nodejs:18:9020', ['CVE-6']],
    ['nodejs:20:9020', []],
    ['', []],
    [undefined, ['CVE-6']],
  ])('modules: %s', (module, expected) => {
    expect(
      ids(pkg('rpm', 'nodejs', '1:16.0-1', { distro: rhel, ...(module === undefined ? {} : { module }) })),
    ).toEqual(expected);
  });
  it('a record for packages outside modules', () => {
    expect(ids(pkg('rpm', 'curl', '7.70-1', { distro: rhel, module: '' }))).toEqual(['CVE-7']);
    expect(ids(pkg('rpm', 'curl', '7.70-1', { distro: rhel, module: 'curl:1' }))).toEqual([]);
  });
  it('the fix of the own minor release decides', () => {
    expect(ids(pkg('rpm', 'glibc', '2.34-60.el9_2.7', { distro: rhel }))).toEqual([]);
    const [match] = sample.index.match(pkg('rpm', 'glibc', '2.34-60.el9_2.1', { distro: rhel }), S).matches;
    expect(match?.fix.versions).toEqual(['0:2.34-60.el9_2.7']);
    expect(ids(pkg('rpm', 'glibc', '2.34-60.el9', { distro: rhel }))).toEqual(['CVE-8']);
  });
  it('extended updates: fixes of this minor release or an earlier one count', () => {
    const eus = distro('rhel', '9.2', { channel: 'eus' });
    expect(ids(pkg('rpm', 'sudo', '1.9-7.el9_2.1', { distro: eus }))).toEqual([]);
    expect(sample.index.match(pkg('rpm', 'sudo', '1.9-6.el9_2', { distro: eus }), S).matches[0]?.fix).toEqual({
      state: 'fixed',
      versions: ['0:1.9-7.el9_2.1'],
    });
  });
  it('AlmaLinux: flaws of RHEL less its own errata', () => {
    const alma = distro('almalinux', '9.4');
    expect(ids(pkg('rpm', 'perl', '4:5.32-480.alma.1', { distro: alma }))).toEqual([]);
    expect(sample.index.match(pkg('rpm', 'perl', '4:5.32-479', { distro: alma }), S).matches[0]).toMatchObject({
      vulnerability: 'CVE-5',
      fix: { versions: ['4:5.32-480.alma.1'] },
    });
    expect(ids(pkg('rpm', 'perl', '4:5.32-480.alma.1', { distro: distro('rocky', '9.4') }))).toEqual(['CVE-5']);
  });
  it('architectures', () => {
    expect(ids(pkg('rpm', 'bash', '5.0-1', { distro: rhel, arch: 'x86_64' }))).toEqual([]);
    expect(ids(pkg('rpm', 'bash', '5.0-1', { distro: rhel, arch: 'aarch64' }))).toEqual(['CVE-10']);
    expect(ids(pkg('rpm', 'bash', '5.0-1', { distro: rhel, arch: 'noarch' }))).toEqual(['CVE-10']);
  });
  it('public keys are no software', () =>
    expect(ids(pkg('rpm', 'gpg-pubkey', '0-1', { distro: rhel, source: 'perl@1-1' }))).toEqual([]));
});

describe('apk', () => {
  const cpes = ['cpe:2.3:a:busybox:busybox:1.36.1-r29:*:*:*:*:*:*:*'];
  const alpine = distro('alpine', '3.20.3');
  it('reports NVD only where the security database does not say fixed, without NVD fixes', () => {
    const result = sample.index.match(
      pkg('apk', 'ssl_client', '1.36.1-r29', { source: 'busybox', distro: alpine, cpes }),
      S,
    );
    expect(result.matches).toMatchObject([
      {
        vulnerability: 'CVE-12',
        kind: 'cpe',
        namespace: 'nvd:cpe',
        fix: { state: 'unknown', versions: [] },
        searchedBy: { version: '1.36.1' },
      },
    ]);
    expect(result.suppressed).toMatchObject([{ vulnerability: 'CVE-11', rule: 'fixed-by-distro' }]);
  });
  it('the security database comes first', () => {
    expect(
      sample.index
        .match(pkg('apk', 'busybox', '1.36.1-r5', { distro: alpine, cpes }), S)
        .matches.find((m) => m.vulnerability === 'CVE-11')?.namespace,
    ).toBe('alpine:distro:alpine:3.20');
  });
  it('CPE search can be switched off', () =>
    expect(ids(pkg('apk', 'busybox', '1.36.1-r29', { distro: alpine, cpes }), { ...S, cpe: { apk: false } })).toEqual(
      [],
    ));
});

describe('languages', () => {
  it.each<[MatchablePackage, string[]]>([
    [pkg('python', 'Jinja_2', '3.1.5'), []],
    [pkg('python', 'JINJA2', '3.1.5'), ['GHSA-a']],
    [
      pkg('java-archive', 'spring-core', '5.3.43', {
        metadata: { pomProperties: { groupId: 'org.springframework', artifactId: 'spring-core' } },
      }),
      ['GHSA-b'],
    ],
    [
      pkg('java-archive', 'spring-core', '5.3.43', { purl: 'pkg:maven/org.springframework/spring-core@5.3.43' }),
      ['GHSA-b'],
    ],
    [pkg('java-archive', 'spring-core', '5.3.43'), []],
    [pkg('go-module', 'stdlib', 'go1.21.2'), ['GHSA-c']],
    [pkg('go-module', 'stdlib', 'go1.21.3'), []],
    [
      pkg('go-module', 'example.com/app', 'v0.0.0-20200101000000-aaaaaaaaaaaa', {
        metadata: { mainModule: 'example.com/app' },
      }),
      [],
    ],
    [pkg('go-module', 'example.com/app', 'v0.9.0', { metadata: { mainModule: 'example.com/app' } }), ['GHSA-d']],
    [pkg('go-module', 'example.com/app', '(devel)'), []],
    [pkg('go-module', 'example.com/lib', 'v1.0.0'), ['GHSA-h']],
    [pkg('go-module', 'example.com/lib', 'v1.0.0', { metadata: { goSymbols: ['example.com/lib.Print'] } }), []],
    [pkg('go-module', 'example.com/lib', 'v1.0.0', { metadata: { goSymbols: ['example.com/lib.Parse'] } }), ['GHSA-h']],
    [pkg('npm', '@babel/traverse', '7.0.0'), []],
    [pkg('npm', 'minimist', '1.2.5'), ['GHSA-g']],
    [pkg('bitnami', 'redis', '7.0.4-3'), ['BIT-1']],
    [pkg('python', 'jinja2', ''), []],
    [
      pkg('wordpress-plugin', 'button', '1.0', { cpes: ['cpe:2.3:a:wordpress:button:1.0:*:*:*:*:wordpress:*:*'] }),
      ['CVE-15'],
    ],
    [pkg('binary', 'jdk', '8', { cpes: ['cpe:2.3:a:oracle:jdk:1.8.0:update282:*:*:*:*:*:*'] }), ['CVE-16']],
    [pkg('binary', 'jdk', '8', { cpes: ['cpe:2.3:a:oracle:jdk:1.8.0:update301:*:*:*:*:*:*'] }), []],
    [pkg('binary', 'php', '7.0', { cpes: ['cpe:2.3:a:php:php:7.0:*:*:*:*:*:*:*'], distro: debian }), []],
    [pkg('binary', 'php', '7.0', { cpes: ['cpe:2.3:a:*:php:7.0:*:*:*:*:*:*:*'] }), []],
  ])('%o', (p, expected) => expect(ids(p)).toEqual(expected));

  it('keeps a range that cannot be read, and doubts it', () => {
    expect(sample.index.match(pkg('npm', 'lodash', '4.0.0'), S).matches).toMatchObject([
      { vulnerability: 'GHSA-f', doubt: expect.stringContaining('unknown operator') },
    ]);
  });
  it('doubts a range of unknown kind', () => {
    expect(sample.index.match(pkg('npm', 'minimist', '1.0.0'), S).matches[0]?.doubt).toContain('made-up-type');
  });
  it('leaves out excluded providers and types', () => {
    expect(ids(pkg('python', 'jinja2', '1'), { ...S, excludeProviders: ['github'] })).toEqual([]);
    expect(ids(pkg('python', 'jinja2', '1'), { ...S, excludePackageTypes: ['python'] })).toEqual([]);
  });
});

describe('coverage', () => {
  it.each<[MatchablePackage, string]>([
    [pkg('deb', 'x', '1', { distro: debian }), 'covered'],
    [pkg('deb', 'x', '1', { distro: distro('debian', '99') }), 'no-data-for-distro'],
    [pkg('rpm', 'x', '1', { distro: distro('fedora', '40') }), 'no-data-for-distro'],
    [pkg('deb', 'x', '1'), 'no-data-for-distro'],
    [pkg('hex', 'x', '1'), 'no-data-for-ecosystem'],
    [pkg('npm', 'x', '1'), 'covered'],
    [pkg('npm', 'x', 'unknown'), 'unknown-version'],
  ])('%o: %s', (p, expected) =>
    expect(sample.index.match(p, { ...S, now: '2026-01-01T00:00:00Z' }).coverage).toBe(expected),
  );

  it('end of life', () => {
    expect(
      sample.index.match(pkg('deb', 'x', '1', { distro: debian }), { ...S, now: '2027-01-01T00:00:00Z' }).coverage,
    ).toBe('distro-end-of-life');
    expect(sample.index.endOfLife(debian)).toBe('2026-06-10T00:00:00Z');
    expect(sample.index.endOfLife(distro('debian', '11'))).toBeUndefined();
  });
});

describe('details', () => {
  it('severity, exploitation and aliases', () => {
    expect(sample.index.detail('GHSA-a', 'github:language:python')).toMatchObject({
      severity: 'High',
      aliases: ['CVE-13'],
      publishedAt: '2025-01-02T00:00:00Z',
      kev: { cve: 'CVE-13', dateAdded: '2025-03-04', ransomware: true },
      epss: { cve: 'CVE-13', score: 0.5, percentile: 0.9, date: '2026-08-22' },
    });
  });
  it('finds by id and by alias in all namespaces', () => {
    expect(sample.index.find('cve-13').map((d) => d.id)).toEqual(['GHSA-a']);
    expect(sample.index.find('CVE-11').map((d) => d.namespace)).toEqual(['alpine:distro:alpine:3.20', 'nvd:cpe']);
    expect(sample.index.affectedPackages('CVE-1')).toEqual([
      { namespace: 'debian:distro:debian:12', packages: [{ ecosystem: 'deb', name: 'openssl' }] },
      { namespace: 'debian:distro:debian:unstable', packages: [{ ecosystem: 'deb', name: 'openssl' }] },
    ]);
  });
  it('lists providers with their records', () =>
    expect(sample.index.providers().find((p) => p.id === 'github')).toEqual({
      id: 'github',
      records: 8,
      capturedAt: '2026-08-22T00:00:00Z',
    }));
});

describe('explain', () => {
  it.each<[MatchablePackage, string, string, RegExp]>([
    [pkg('deb', 'openssl', '3.0.9-1', { distro: debian }), 'CVE-1', 'matched', /holds for < 3\.0\.11-1/],
    [
      pkg('deb', 'openssl', '3.0.11-1', { distro: debian }),
      'CVE-1',
      'not-matched',
      /does not lie in the affected range/,
    ],
    [pkg('deb', 'openssl', '3.0.10-1', { distro: debian }), 'CVE-3', 'suppressed', /not affected/],
    [pkg('rpm', 'nodejs', '1:16-1', { distro: rhel, module: 'nodejs:20' }), 'CVE-6', 'not-matched', /module nodejs:18/],
    [pkg('npm', 'jinja2', '1'), 'CVE-13', 'not-matched', /known in github:language:python/],
    [pkg('python', 'jinja2', '1'), 'CVE-13', 'matched', /GHSA-a/],
    [pkg('npm', '@babel/traverse', '7.0.0'), 'GHSA-e', 'not-matched', /withdrawn/],
    [pkg('python', 'jinja2', ''), 'CVE-13', 'not-matched', /no known version/],
  ])('%o %s: %s', (p, id, verdict, summary) => {
    const explanation = sample.index.explain(p, S, id);
    expect(explanation.verdict).toBe(verdict);
    expect(explanation.summary).toMatch(summary);
  });
});

describe('ruledOut', () => {
  it('names what the distribution has fixed or never had', () => {
    expect([...sample.index.ruledOut(pkg('deb', 'openssl', '3.0.11-1', { distro: debian }), S)].sort()).toEqual([
      'CVE-1',
      'CVE-3',
    ]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchNames } from './identity.ts';
import { DEFAULT_MATCH_SETTINGS } from './open-index.ts';
import type { SampleRecord } from './sample-database.ts';
import type { SampleIndex } from './sample-index.ts';
import { distro, openSample, pkg } from './sample-index.ts';
import type { MatchablePackage, MatchExclusion, MatchSettings } from './types.ts';

/** Rules of matching that settings switch, or that few records ask for; the main ones are in `matching.spec.ts`. */
const S = { ...DEFAULT_MATCH_SETTINGS, now: '2026-01-01T00:00:00Z' };

function record(
  id: string,
  provider: string,
  where: { system?: string; type: string; name: string },
  [type, constraint, fix]: [type: string, constraint: string, fix?: string],
  more: Partial<SampleRecord> = {},
): SampleRecord {
  return {
    id,
    provider,
    package: [where.type, where.name],
    ...(where.system === undefined ? {} : { system: where.system }),
    ranges: [fix === undefined ? [type, constraint] : [type, constraint, fix]],
    ...more,
  };
}

const nvd = (id: string, cpe: SampleRecord['cpe'] & object, constraint: string, fix: string): SampleRecord => ({
  id,
  provider: 'nvd',
  cpe,
  ranges: [['', constraint, fix]],
});

const records: SampleRecord[] = [
  record('CVE-1', 'rhel', { system: 'rhel9', type: 'rpm', name: 'bash' }, ['rpm', '< 0:5.1-9', '0:5.1-9'], {
    qualifiers: { architecture: 'src' },
  }),
  record('CVE-2', 'rhel', { system: 'rhel9', type: 'rpm', name: 'bash' }, ['rpm', '< 0:5.1-9', '0:5.1-9'], {
    qualifiers: { architecture: 'binary-no-arch-specified' },
  }),
  record('CVE-3', 'rhel', { system: 'rhel9', type: 'rpm', name: 'php' }, ['rpm', '< 0:8.1-1', '0:8.1-1'], {
    qualifiers: { rpm_modularity: 'php:8.1' },
  }),
  record('CVE-3', 'rhel', { system: 'rhel9', type: 'rpm', name: 'php' }, ['rpm', '< 0:8.2-1', '0:8.2-1'], {
    qualifiers: { rpm_modularity: 'php:8.2' },
  }),
  record('CVE-4', 'rhel', { system: 'rhel9', type: 'rpm', name: 'kernel' }, ['rpm', '', 'not-fixed']),
  record('CVE-5', 'rhel', { system: 'rhel9', type: 'rpm', name: 'sudo' }, ['rpm', '< 0:2-1.el9_4', '0:2-1.el9_4']),
  record('CVE-5', 'rhel', { system: 'rhel9.2+eus', type: 'rpm', name: 'sudo' }, [
    'rpm',
    '< 0:1-2.el9_2',
    '0:1-2.el9_2',
  ]),
  record('CVE-6', 'mariner', { system: 'azl3', type: 'rpm', name: 'golang' }, [
    'rpm',
    '< 0: 1.20.10-1.azl3',
    '0:1.20.10-1',
  ]),
  record('CVE-7', 'ubuntu', { system: 'jammy', type: 'deb', name: 'curl' }, ['dpkg', '', 'not-fixed']),
  record('CVE-7', 'ubuntu', { system: 'jammy+esm', type: 'deb', name: 'curl' }, ['dpkg', '< 7-2', '7-2']),
  record('CVE-8', 'debian', { system: 'bookworm', type: 'deb', name: 'libfoo' }, ['dpkg', '< 2-1', '2-1']),
  record('ROOT-8', 'rootio', { system: 'bookworm', type: 'deb', name: 'rootio-libfoo' }, ['dpkg', '>= 1-1.root.io.2'], {
    affected: false,
    aliases: ['CVE-8'],
    qualifiers: { rootio: true },
  }),
  record('CVE-2023-45853', 'debian', { system: 'bookworm', type: 'deb', name: 'zlib' }, ['dpkg', '', 'not-fixed']),
  record('CVE-9', 'alpine', { system: 'alpine3.20', type: 'apk', name: 'openssl' }, ['apk', '< 0']),
  nvd('CVE-9', ['openssl', 'openssl'], '< 4', '4'),
  nvd('CVE-10', ['openssl', 'openssl'], '< 4', '4'),
  nvd('CVE-11', ['haxx', 'curl'], '< 9', '9'),
  record('GHSA-12', 'github', { type: 'npm', name: 'semver' }, ['semver', '< 7.6.0', '7.6.0'], { aliases: ['CVE-12'] }),
  record('ROOT-12', 'rootio', { type: 'npm', name: '@rootio/semver' }, ['semver', '>= 7.5.4-root.io.1'], {
    affected: false,
    aliases: ['CVE-12'],
    qualifiers: { rootio: true },
  }),
  nvd('CVE-12', ['npmjs', 'semver', 'node.js'], '< 7.6.0', '7.6.0'),
  record('GHSA-13', 'github', { type: 'java-archive', name: 'com.microsoft:mssql' }, ['maven', '< 12.10.2', '12.10.2']),
  record('GHSA-jfh8-c2jp-5v3q', 'github', { type: 'java-archive', name: 'org.apache:log4j-api' }, [
    'maven',
    '< 2.15',
    '2.15',
  ]),
  record('CVE-14', 'msrc', { type: 'msrc-kb', name: '10855' }, ['kb', '4551762', '4551762']),
  record('CVE-15', 'arch', { system: 'arch', type: 'alpm', name: 'zstd' }, ['pacman', '< 1.5-2', '1.5-2']),
  record('GHSA-16', 'github', { type: 'hex', name: 'plug' }, ['semver', '< 1.5', '1.5']),
  record('GHSA-17', 'github', { type: 'dotnet', name: 'Newtonsoft.Json' }, ['semver', '< 13.0.1', '13.0.1']),
  record('GHSA-18', 'github', { type: 'github-action', name: 'tj-actions/changed-files' }, ['semver', '< 46', '46']),
  record('GHSA-19', 'github', { type: 'rust-crate', name: 'foo-bar' }, ['semver', '< 2', '2']),
];

let sample: SampleIndex;
beforeAll(async () => {
  sample = await openSample({
    systems: {
      rhel9: ['redhat', 'rhel', '9', ''],
      'rhel9.2+eus': ['redhat', 'rhel', '9', '2', '', '', 'eus'],
      azl3: ['azurelinux', 'azurelinux', '3', '0'],
      jammy: ['ubuntu', 'ubuntu', '22', '4', '', 'jammy'],
      'jammy+esm': ['ubuntu', 'ubuntu', '22', '4', '', 'jammy', 'esm'],
      bookworm: ['debian', 'debian', '12', '', '', 'bookworm', '', '2025-06-10 00:00:00+00:00'],
      'alpine3.20': ['alpine', 'alpine', '3', '20'],
      arch: ['archlinux', 'arch', '', ''],
    },
    overrides: [['arch', 'archlinux', true]],
    records,
  });
});
afterAll(() => sample.close());

const found = (p: MatchablePackage, settings: Partial<MatchSettings> = {}): string[] =>
  sample.index
    .match(p, { ...S, ...settings })
    .matches.map((match) => match.vulnerability)
    .sort();
const rules = (p: MatchablePackage, settings: Partial<MatchSettings> = {}): string[] =>
  sample.index
    .match(p, { ...S, ...settings })
    .suppressed.map((match) => `${match.vulnerability} ${match.rule}`)
    .sort();
const rhel = distro('rhel', '9.2');
const debian = distro('debian', '12');
const alpine = distro('alpine', '3.20.1');
const curl = (d: typeof rhel): MatchablePackage =>
  pkg('deb', 'curl', '7-3', { distro: d, cpes: ['cpe:2.3:a:haxx:curl:7:*:*:*:*:*:*:*'] });

describe('rules', () => {
  it.each<[string, MatchablePackage, string[], Partial<MatchSettings>?]>([
    [
      'what a source has, its binaries have',
      pkg('rpm', 'bash', '5.0-1', { distro: rhel, arch: 'x86_64' }),
      ['CVE-1', 'CVE-2'],
    ],
    ['a record of binaries is not for sources', pkg('rpm', 'sh', '5.0-1', { distro: rhel, source: 'bash' }), ['CVE-1']],
    ['an epoch with a blank', pkg('rpm', 'golang', '1.17-1', { distro: distro('azurelinux', '3.0') }), ['CVE-6']],
    ['no CPE for deb', curl(debian), []],
    ['CPE for deb where switched on', curl(debian), ['CVE-11'], { cpe: { deb: true } }],
    ['CPE for deb at end of life', curl(debian), ['CVE-11'], { cpeForEndOfLife: true }],
    ['not while it is supported', curl(debian), [], { cpeForEndOfLife: true, now: '2025-01-01T00:00:00Z' }],
    [
      'rebuilt, searched by its plain name',
      pkg('deb', 'rootio-libfoo', '1-1.root.io.1', { distro: debian }),
      ['CVE-8'],
    ],
    ['rebuilt and mended', pkg('deb', 'rootio-libfoo', '1-1.root.io.2', { distro: debian }), []],
    ['rebuilt under its old name', pkg('deb', 'libfoo', '1-1.root.io.2', { distro: debian }), []],
    ['not rebuilt', pkg('deb', 'libfoo', '1-1', { distro: debian }), ['CVE-8']],
    ['rebuilt npm package', pkg('npm', '@rootio/semver', '7.5.4-root.io.1'), []],
    ['rebuilt npm package, old name', pkg('npm', 'semver', '7.5.4-root.io.1'), []],
    ['plain npm package', pkg('npm', 'semver', '7.5.4'), ['GHSA-12']],
    [
      'a Java release in the version does not order',
      pkg('java-archive', 'mssql', '12.10.2.jre11', { purl: 'pkg:maven/com.microsoft/mssql@1' }),
      [],
    ],
    [
      'nor hides',
      pkg('java-archive', 'mssql', '12.10.1.jre11', { purl: 'pkg:maven/com.microsoft/mssql@1' }),
      ['GHSA-13'],
    ],
    ['updates of Windows match by equality', pkg('msrc-kb', '10855', 'KB4551762'), ['CVE-14']],
    ['and not by order', pkg('msrc-kb', '10855', '4551761'), []],
    ['Arch', pkg('alpm', 'zstd', '1.5-1', { distro: distro('arch') }), ['CVE-15']],
    ['Hex', pkg('hex', 'plug', '1.4.9'), ['GHSA-16']],
    ['NuGet names have no case', pkg('dotnet', 'newtonsoft.json', '13.0.0'), ['GHSA-17']],
    ['actions', pkg('github-action', 'tj-actions/changed-files', 'v45.0.1'), ['GHSA-18']],
    ['hyphens of crates count', pkg('rust-crate', 'foo_bar', '1.0.0'), []],
    [
      'NVD alone without a distribution',
      pkg('apk', 'openssl', '3-r1', { cpes: ['cpe:2.3:a:openssl:openssl:3-r1:*:*:*:*:*:*:*'] }),
      ['CVE-10', 'CVE-9'],
    ],
    [
      'extended updates on demand',
      pkg('rpm', 'sudo', '1-2.el9_2', { distro: rhel }),
      [],
      { rhelExtendedUpdates: 'always' },
    ],
    ['extended updates as the image tells', pkg('rpm', 'sudo', '1-2.el9_2', { distro: rhel }), ['CVE-5']],
    [
      'extended updates never',
      pkg('rpm', 'sudo', '1-2.el9_2', { distro: { ...rhel, channel: 'eus' } }),
      ['CVE-5'],
      { rhelExtendedUpdates: 'never' },
    ],
    [
      'Ubuntu Pro on demand',
      pkg('deb', 'curl', '7-2', { distro: distro('ubuntu', '22.04') }),
      [],
      { ubuntuPro: 'always' },
    ],
    [
      'Ubuntu Pro never',
      pkg('deb', 'curl', '7-2', { distro: distro('ubuntu', '22.04', { channel: 'esm' }) }),
      ['CVE-7'],
      { ubuntuPro: 'never' },
    ],
  ])('%s', (_, p, expected, settings) => expect(found(p, settings)).toEqual(expected));

  it('makes one match of several records of a flaw from one source', () => {
    const { matches } = sample.index.match(pkg('rpm', 'php', '8.0-1', { distro: rhel }), S);
    expect(matches).toMatchObject([
      { vulnerability: 'CVE-3', fix: { state: 'fixed', versions: ['0:8.1-1', '0:8.2-1'] } },
    ]);
  });

  it('searches NVD for the origin of an apk, and believes the security database that it never had the flaw', () => {
    const libssl = pkg('apk', 'libssl3', '3.3-r1', {
      source: 'openssl',
      distro: alpine,
      cpes: ['cpe:2.3:a:libssl3:libssl3:3.3-r1:*:*:*:*:*:*:*'],
    });
    const result = sample.index.match(libssl, S);
    expect(result.matches).toMatchObject([
      { vulnerability: 'CVE-10', kind: 'cpe', fix: { state: 'unknown', versions: [] }, searchedBy: { version: '3.3' } },
    ]);
    expect(result.suppressed).toMatchObject([{ vulnerability: 'CVE-9', rule: 'fixed-by-distro' }]);
    expect(searchNames(libssl)).toContain('cpe/openssl/openssl');
  });

  it('shows the fixes of NVD where there is no distribution to ask', () => {
    const p = pkg('apk', 'openssl', '3-r1', { cpes: ['cpe:2.3:a:openssl:openssl:3-r1:*:*:*:*:*:*:*'] });
    expect(sample.index.match(p, S).matches[0]?.fix).toMatchObject({ state: 'fixed', versions: ['4'] });
  });
});

describe('suppressed, each with its rule', () => {
  const zlib = pkg('deb', 'zlib1g', '1:1.2.13', { distro: debian, source: 'zlib' });
  const headers = pkg('rpm', 'kernel-headers', '5.14-1', { distro: rhel, source: 'kernel' });
  const kernel = pkg('rpm', 'kernel-core', '5.14-1', { distro: rhel, source: 'kernel' });
  const semver = pkg('npm', 'semver', '7.5.4', { cpes: ['cpe:2.3:a:npmjs:semver:7.5.4:*:*:*:*:node.js:*:*'] });
  const exclusion = (more: Partial<MatchExclusion>): Partial<MatchSettings> => ({
    exclusions: [{ vulnerability: 'CVE-12', justification: 'not reachable', ...more }],
  });

  it.each<[string, MatchablePackage, Partial<MatchSettings>, string[], string[]]>([
    ['built in', zlib, {}, [], ['CVE-2023-45853 exclusion']],
    ['built in, switched off', zlib, { builtInExclusions: false }, ['CVE-2023-45853'], []],
    [
      'the interface of Log4j',
      pkg('java-archive', 'log4j-api', '2.14', { purl: 'pkg:maven/org.apache/log4j-api@2' }),
      {},
      [],
      ['GHSA-jfh8-c2jp-5v3q exclusion'],
    ],
    ['headers', headers, {}, [], ['CVE-4 kernel-headers']],
    ['headers, reported', headers, { kernelHeaders: 'report' }, ['CVE-4'], []],
    ['the kernel', kernel, { kernelPackages: 'suppress' }, [], ['CVE-4 kernel-package']],
    ['the kernel, reported', kernel, {}, ['CVE-4'], []],
    ['both sources', semver, { cpe: { npm: true } }, ['CVE-12', 'GHSA-12'], []],
    [
      'one for each flaw',
      semver,
      { cpe: { npm: true }, duplicates: 'prefer-vendor' },
      ['GHSA-12'],
      ['CVE-12 duplicate'],
    ],
    ['excluded, alias too', semver, exclusion({}), [], ['GHSA-12 exclusion']],
    [
      'excluded by name',
      semver,
      exclusion({ package: { name: 'SemVer', type: 'npm', language: 'javascript' } }),
      [],
      ['GHSA-12 exclusion'],
    ],
    ['other version', semver, exclusion({ package: { versions: ['7.5.3'] } }), ['GHSA-12'], []],
    ['other namespace', semver, exclusion({ namespaces: ['nvd:cpe'] }), ['GHSA-12'], []],
  ])('%s', (_, p, settings, matches, suppressed) => {
    expect(found(p, settings)).toEqual(matches);
    expect(rules(p, settings)).toEqual(suppressed);
  });
});

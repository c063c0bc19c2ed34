import { describe, expect, it } from 'vitest';
import { osvEcosystem } from './ecosystems.ts';
import { osvProvider, readOsvRecord } from './read-record.ts';

const affected = (ecosystem: string, name: string, more: object = {}) => ({
  package: { ecosystem, name },
  ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2' }] }],
  ...more,
});

function read(record: object) {
  const lost: string[] = [];
  return { advisory: readOsvRecord(record as never, (text) => void lost.push(text)), lost };
}

describe('readOsvRecord', () => {
  it('reads ids, aliases, dates and the package', () => {
    const { advisory } = read({
      id: 'PYSEC-2026-1',
      aliases: ['CVE-2026-1', 'GHSA-x'],
      published: '2026-01-02T03:04:05Z',
      modified: '0001-01-01T00:00:00Z',
      details: 'text',
      references: [{ url: 'https://a.invalid' }, { url: 'https://a.invalid' }],
      affected: [affected('PyPI', 'Zope.Interface')],
    });
    expect(advisory).toMatchObject({
      id: 'PYSEC-2026-1',
      provider: 'pysec',
      status: 'active',
      published: '2026-01-02T03:04:05Z',
      modified: '',
      links: ['https://a.invalid'],
      aliases: ['CVE-2026-1', 'GHSA-x'],
      packages: [{ ecosystem: 'python', name: 'zope-interface', affected: true }],
    });
  });

  it('withdrawn records are rejected', () => {
    expect(read({ id: 'X-1', withdrawn: '2026-01-01T00:00:00Z', affected: [] }).advisory.status).toBe('rejected');
    expect(read({ id: 'X-1', summary: 'WITHDRAWN: no flaw', affected: [] }).advisory.status).toBe('rejected');
  });

  it.each<[string, object, string[]]>([
    ['a word of the database', { database_specific: { severity: 'MODERATE' } }, ['CHML moderate']],
    ['a vector', { severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N' }] }, ['CVSS CVSS:3.1/AV:N 3.1']],
    ['a vector of version 2', { severity: [{ type: 'CVSS_V2', score: 'AV:N/AC:L' }] }, ['CVSS AV:N/AC:L 2.0']],
    ['a word of Ubuntu', { severity: [{ type: 'Ubuntu', score: 'low' }] }, ['CHML low']],
    [
      'a vector of the package',
      { affected: [affected('npm', 'a', { severity: [{ type: 'CVSS_V4', score: 'CVSS:4.0/AV:N' }] })] },
      ['CVSS CVSS:4.0/AV:N 4.0'],
    ],
    [
      'an unmaintained crate',
      { affected: [affected('crates.io', 'a', { database_specific: { informational: 'unmaintained' } })] },
      ['CHML informational'],
    ],
    ['malware', { id: 'MAL-2026-1' }, ['CHML critical']],
    ['nothing', {}, []],
  ])('severity: %s', (_, more, expected) => {
    const { advisory } = read({ id: 'X-1', affected: [], ...more });
    expect(advisory.severities.map(([scheme, value, version]) => `${scheme} ${value} ${version}`.trim())).toEqual(
      expected,
    );
  });

  it('errata of AlmaLinux say from where on a package is mended', () => {
    const { advisory } = read({
      id: 'ALSA-2026:1',
      related: ['CVE-2026-1', 'CVE-2026-2'],
      affected: [affected('AlmaLinux:9', 'openssl')],
    });
    expect(advisory).toMatchObject({
      provider: 'alma',
      covers: ['CVE-2026-1', 'CVE-2026-2'],
      packages: [
        {
          ecosystem: 'rpm',
          affected: false,
          ranges: [['rpm', '>= 2', '2', 'fixed']],
          system: { name: 'almalinux', major: '9', minor: '' },
        },
      ],
    });
    expect(read({ id: 'ALBA-2026:1', affected: [affected('AlmaLinux:9', 'a')] }).advisory.packages).toEqual([]);
  });

  it('keeps symbols of Go', () => {
    const imports = [{ path: 'a/b', symbols: ['F'] }];
    const { advisory } = read({ id: 'GO-1', affected: [affected('Go', 'a', { ecosystem_specific: { imports } })] });
    expect(advisory.packages[0]?.qualifiers).toEqual({ goImports: [['a/b', ['F']]] });
  });

  it('tells what cannot concern an image', () => {
    const { advisory, lost } = read({ id: 'X-1', affected: [affected('Android', 'a'), {}, affected('npm', '')] });
    expect(advisory.packages).toEqual([]);
    expect(lost).toEqual([
      'ecosystem that images do not have: Android',
      'entry without package',
      'entry without package',
    ]);
  });

  it.each([
    ['GHSA-a', 'github'],
    ['GO-1', 'govulndb'],
    ['RUSTSEC-1', 'rustsec'],
    ['MAL-1', 'malicious-packages'],
    ['CVE-1', 'osv'],
    ['DSA-1-1', 'debian'],
    ['nothing', 'osv'],
  ])('%s is of %s', (id, provider) => expect(osvProvider(id)).toBe(provider));
});

describe('osvEcosystem', () => {
  it.each<[string, string | undefined]>([
    ['Debian:12', 'deb debian 12..'],
    ['Debian:unstable', 'deb debian ..unstable'],
    ['Ubuntu:22.04:LTS', 'deb ubuntu 22.4.'],
    ['Ubuntu:Pro:18.04:LTS', 'deb ubuntu 18.4.+esm'],
    ['Ubuntu:Pro:FIPS:20.04:LTS', undefined],
    ['Alpine:v3.10', 'apk alpine 3.10.'],
    ['AlmaLinux:9', 'rpm almalinux 9..'],
    ['Rocky Linux:9', undefined],
    ['Red Hat:enterprise_linux:9::baseos', 'rpm redhat 9..'],
    ['SUSE:Linux Enterprise Server 15 SP5', 'rpm sles 15.5.'],
    ['Azure Linux:3', 'rpm azurelinux 3.0.'],
    ['Wolfi', 'apk wolfi ..rolling'],
    ['Debian', undefined],
    ['Maven', 'java-archive'],
    ['Maven:https://repo.invalid/', 'java-archive'],
    ['OSS-Fuzz', undefined],
  ])('%s', (text, expected) => {
    const place = osvEcosystem(text);
    const system = place?.system;
    const shown = system
      ? ` ${system.name} ${system.major}.${system.minor}.${system.label}${system.channel && `+${system.channel}`}`
      : '';
    expect(place && `${place.ecosystem}${shown}`).toBe(expected);
  });
});

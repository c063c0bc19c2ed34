import { describe, expect, it } from 'vitest';
import type { Advisory, SourceItem } from '../sources/types.ts';
import { readEnvelope } from './envelope.ts';

const schema = (kind: string, version = '1.0.0') =>
  `https://schemas.invalid/schema/vulnerability/${kind}/schema-${version}.json`;
const read = (kind: string, item: object, folder?: string): SourceItem[] => [
  ...readEnvelope({ schema: schema(kind), identifier: 'x', item }, folder),
];
const advisory = (kind: string, item: object, folder?: string): Advisory => {
  const [found] = read(kind, item, folder);
  if (found?.kind !== 'advisory') throw new Error(`no advisory but ${JSON.stringify(found)}`);
  return found.advisory;
};

const os = (fix: object, more: object = {}) => ({
  Vulnerability: { Name: 'CVE-1', NamespaceName: 'debian:12', Severity: 'High', FixedIn: [fix], ...more },
});
const fixed = (more: object) => ({
  Name: 'a',
  NamespaceName: 'debian:12',
  Version: '1.2',
  VersionFormat: 'dpkg',
  ...more,
});

describe('results of kind os', () => {
  it.each<[string, object, object]>([
    ['fixed', {}, { ecosystem: 'deb', affected: true, ranges: [['dpkg', '< 1.2', '1.2', 'fixed']] }],
    ['not fixed', { Version: 'None' }, { ranges: [['dpkg', '', '', 'not-fixed']] }],
    [
      'will not be fixed',
      { Version: 'None', VendorAdvisory: { NoAdvisory: true } },
      { ranges: [['dpkg', '', '', 'wont-fix']] },
    ],
    ['never affected', { Version: '0' }, { affected: false, ranges: [['dpkg', '', '', 'not-affected']] }],
    [
      'never affected, apk',
      { Version: '0', VersionFormat: 'apk', NamespaceName: 'alpine:3.10' },
      { ecosystem: 'apk', affected: true, ranges: [['apk', '< 0', '0', 'fixed']], system: { major: '3', minor: '10' } },
    ],
    [
      'advisories and dates',
      { Available: { Date: '2026-01-02' }, VendorAdvisory: { AdvisorySummary: [{ ID: 'DSA-1' }] } },
      { ranges: [['dpkg', '< 1.2', '1.2', 'fixed', '2026-01-02', ['DSA-1']]] },
    ],
    ['a stated range', { VulnerableRange: '>= 1, < 1.2' }, { ranges: [['dpkg', '>= 1, < 1.2', '1.2', 'fixed']] }],
    [
      'no module',
      { VersionFormat: 'rpm', Module: null, NamespaceName: 'rhel:8.4+eus' },
      {
        ecosystem: 'rpm',
        qualifiers: { module: '' },
        system: { name: 'redhat', major: '8', minor: '4', channel: 'eus' },
      },
    ],
    ['a module', { VersionFormat: 'rpm', Module: 'php:7.4' }, { qualifiers: { module: 'php:7.4' } }],
  ])('%s', (_, fix, expected) => {
    expect(advisory('os', os(fixed(fix)), 'x').packages[0]).toMatchObject(expected);
  });

  it('names the flaws that an update covers, and the provider of the folder', () => {
    const found = advisory(
      'os',
      os(fixed({}), { Metadata: { CVE: [{ Name: 'CVE-2' }, { Name: 'CVE-3' }] } }),
      'oracle',
    );
    expect(found).toMatchObject({
      provider: 'oracle',
      covers: ['CVE-2', 'CVE-3'],
      severities: [['CHML', 'high', '', '', 1]],
    });
    expect(advisory('os', os(fixed({}))).provider).toBe('debian');
  });

  it('tells unknown version formats', () => {
    expect(read('os', os(fixed({ VersionFormat: 'odd' }))).at(-1)).toEqual({
      kind: 'anomaly',
      text: 'unknown version format odd',
    });
  });
});

describe('results of other kinds', () => {
  it('reads GitHub advisories', () => {
    const item = {
      Advisory: {
        ghsaId: 'GHSA-1',
        CVE: ['CVE-1'],
        Severity: 'Critical',
        namespace: 'github:java',
        FixedIn: [
          {
            ecosystem: 'java',
            name: 'g:a',
            identifier: '1.9',
            range: '>= 1.7.1 <= 1.8.3',
            available: { date: '2026-01-01' },
          },
          { ecosystem: 'npm', name: 'b', identifier: 'None', range: '< 2' },
        ],
      },
    };
    expect(advisory('github-security-advisory', item)).toMatchObject({
      id: 'GHSA-1',
      provider: 'github',
      aliases: ['CVE-1'],
      packages: [
        {
          ecosystem: 'java-archive',
          name: 'g:a',
          ranges: [['java', '>= 1.7.1, <= 1.8.3', '1.9', 'fixed', '2026-01-01']],
        },
        { ecosystem: 'npm', name: 'b', ranges: [['npm', '< 2', '', 'not-fixed']] },
      ],
    });
  });

  it('reads CPE configurations of NVD', () => {
    const cpe = (name: string) => `cpe:2.3:a:v\\.x:${name}:*:*:*:*:*:wordpress:*:*`;
    const item = {
      cve: {
        id: 'CVE-1',
        vulnStatus: 'Analyzed',
        metrics: {
          cvssMetricV2: [{ type: 'Primary', cvssData: { version: '2.0', vectorString: 'AV:N' } }],
          cvssMetricV31: [{ type: 'Secondary', cvssData: { version: '3.1', vectorString: 'CVSS:3.1/AV:N' } }],
        },
        weaknesses: [{ description: [{ value: 'CWE-79' }, { value: 'NVD-CWE-noinfo' }] }],
        configurations: [
          {
            operator: 'AND',
            nodes: [
              {
                cpeMatch: [
                  { vulnerable: true, criteria: cpe('p'), versionStartIncluding: '1', versionEndExcluding: '2' },
                ],
              },
              { cpeMatch: [{ vulnerable: false, criteria: 'cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*' }] },
            ],
          },
          {
            nodes: [
              { cpeMatch: [{ vulnerable: true, criteria: 'cpe:2.3:a:v:q:1.0:rc1:*:*:*:*:*:*' }] },
              { cpeMatch: [{ vulnerable: true, criteria: 'nonsense' }] },
            ],
          },
        ],
      },
    };
    const items = read('nvd', item);
    expect(items.at(-1)).toEqual({ kind: 'anomaly', text: 'unreadable CPE' });
    expect(advisory('nvd', item)).toMatchObject({
      provider: 'nvd',
      cwes: ['CWE-79'],
      severities: [
        ['CVSS', 'AV:N', '2.0', '', 1],
        ['CVSS', 'CVSS:3.1/AV:N', '3.1', '', 2],
      ],
      packages: [
        {
          cpe: ['a', 'v.x', 'p', '', '', '', '', 'wordpress', ''],
          ranges: [['', '>= 1, < 2', '2', 'fixed']],
          qualifiers: { platformCpes: ['cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*'] },
        },
        { cpe: ['a', 'v', 'q', '', '', '', '', '', ''], ranges: [['', '= 1.0-rc1']] },
      ],
    });
  });

  it('reads scores, exploited entries and life cycles', () => {
    expect(read('epss', { cve: 'CVE-1', epss: 0.5, percentile: 0.9, date: '2026-02-24' })).toEqual([
      { kind: 'epss', cve: 'CVE-1', score: 0.5, percentile: 0.9, date: '2026-02-24T00:00:00Z' },
    ]);
    expect(
      read('known-exploited', { cveID: 'CVE-2024-1', dateAdded: '2026-01-01', knownRansomwareCampaignUse: 'Known' }),
    ).toEqual([{ kind: 'known-exploited', cve: 'CVE-2024-1', entry: ['2026-01-01', '', true, '', '', ''] }]);
    const eol = {
      schema: 'https://s.invalid/schema/eol/schema-1.0.0.json',
      item: { product: 'rhel', name: '7', eolFrom: '2024-06-30' },
    };
    expect([...readEnvelope(eol, 'eol')]).toMatchObject([
      { kind: 'end-of-life', endOfLife: '2024-06-30', system: { major: '7' } },
    ]);
  });

  it('tells kinds and schemas that it does not know', () => {
    expect(read('weather', {})).toEqual([{ kind: 'anomaly', text: 'results of kind weather' }]);
    expect([...readEnvelope({ schema: schema('os', '2.0.0'), item: {} }, 'x')]).toEqual([
      { kind: 'anomaly', text: 'results of schema os/schema-2.0.0.json' },
    ]);
  });
});

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBuildReport } from '../build-report.ts';
import { FeedError } from '../feed-error.ts';
import { DEFAULT_MATCH_SETTINGS, openIndex } from '../open-index.ts';
import type { Sample, SampleRecord } from '../sample-database.ts';
import { writeSampleDatabase } from '../sample-database.ts';
import { distro, pkg } from '../sample-index.ts';
import type { MatchablePackage, VulnerabilityIndex } from '../types.ts';
import { buildIndex } from './build-index.ts';

let directory: string;
let builds = 0;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'windlass-further-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const osv = (id: string, ecosystem: string, name: string, more: object = {}) => ({
  id,
  modified: '2026-01-01T00:00:00Z',
  affected: [
    { package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2' }] }] },
  ],
  ...more,
});

const base: SampleRecord = {
  id: 'GHSA-1',
  provider: 'github',
  package: ['python', 'a'],
  ranges: [['python', '<2', '2']],
  aliases: ['CVE-2026-1'],
  severities: [{ scheme: 'CHML', value: 'high', rank: 0 }],
};

async function build(sources: Record<string, unknown>, sample?: Sample) {
  const further = Object.entries(sources).map(([name, value]) => {
    const path = join(directory, `${name}-${++builds}.json`);
    writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
    return { name, path, capturedAt: '2026-03-01T00:00:00Z' };
  });
  const database = join(directory, `base-${++builds}.db`);
  if (sample) writeSampleDatabase(database, sample);
  return buildIndex({
    ...(sample ? { database } : {}),
    further,
    directory,
    checksum: `sha256:${String(builds).padStart(64, '0')}`,
  });
}

async function opened<T>(built: { directory: string }, look: (index: VulnerabilityIndex) => T): Promise<T> {
  const index = openIndex(built.directory);
  try {
    return look(index);
  } finally {
    await index.close();
  }
}

const found = (index: VulnerabilityIndex, of: MatchablePackage): string[] =>
  index
    .match(of, DEFAULT_MATCH_SETTINGS)
    .matches.map(({ vulnerability, namespace }) => `${namespace} ${vulnerability}`)
    .sort();

describe('further sources', () => {
  it('add what the database leaves out, and repeat nothing', async () => {
    const built = await build(
      {
        osv: [
          osv('PYSEC-1', 'PyPI', 'A', { aliases: ['CVE-2026-1'] }),
          osv('PYSEC-2', 'PyPI', 'a', { aliases: ['CVE-2026-2'] }),
          osv('PYSEC-3', 'PyPI', 'a', { aliases: ['GHSA-3'] }),
          osv('GHSA-3', 'PyPI', 'a', { aliases: ['CVE-2026-3'] }),
          osv('GHSA-1', 'PyPI', 'a'),
          osv('MAL-1', 'npm', 'left-padd'),
          osv('PYSEC-4', 'PyPI', 'a', { withdrawn: '2026-01-01T00:00:00Z' }),
        ],
      },
      { records: [base] },
    );
    await opened(built, (index) => {
      expect(found(index, pkg('python', 'a', '1.0'))).toEqual([
        'github:language:python GHSA-1',
        'github:language:python GHSA-3',
        'pysec:language:python PYSEC-2',
      ]);
      expect(found(index, pkg('python', 'a', '2.0'))).toEqual([]);
      expect(found(index, pkg('npm', 'left-padd', '1.0.0'))).toEqual(['malicious-packages:language:javascript MAL-1']);
      expect(index.find('PYSEC-1').map(({ id }) => id)).toContain('GHSA-1'.replace('GHSA-1', 'PYSEC-1'));
      expect(index.detail('MAL-1', 'malicious-packages:language:javascript')?.severity).toBe('Critical');
      expect(index.affectedPackages('PYSEC-2')).toEqual([
        { namespace: 'pysec:language:python', packages: [{ ecosystem: 'python', name: 'a' }] },
      ]);
      expect(index.providers().find(({ id }) => id === 'pysec')).toEqual({
        id: 'pysec',
        records: 4,
        capturedAt: '2026-03-01T00:00:00Z',
      });
    });
    expect(readBuildReport(built.directory)?.sources).toEqual([
      { name: 'osv', records: 7, duplicates: 3, anomalies: {} },
    ]);
    expect(readdirSync(directory).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('fill in severities from NVD', async () => {
    const nvd: SampleRecord = {
      id: 'CVE-2026-2',
      provider: 'nvd',
      cpe: ['v', 'p'],
      severities: [{ scheme: 'CHML', value: 'low', rank: 0 }],
    };
    const built = await build({ osv: osv('PYSEC-2', 'PyPI', 'a', { aliases: ['CVE-2026-2'] }) }, { records: [nvd] });
    await opened(built, (index) => expect(index.detail('PYSEC-2', 'pysec:language:python')?.severity).toBe('Low'));
  });

  it('lay newer facts over older ones, and older ones under', async () => {
    const kev = (cve: string, released: string, date: string) => ({
      catalogVersion: '1',
      dateReleased: released,
      vulnerabilities: [{ cveID: cve, dateAdded: date }],
    });
    const sample: Sample = { records: [base], kev: ['CVE-2026-1', 'CVE-2020-9'], epss: [['CVE-2026-1', 0.1, 0.2]] };
    // The sample's providers have no entry for kev: any catalogue is newer.
    const built = await build(
      {
        kev: kev('CVE-2026-1', '2026-10-01T00:00:00Z', '2026-09-30'),
        epss: '#model_version:1,score_date:2026-10-01T00:00:00Z\ncve,epss,percentile\nCVE-2026-1,0.7,0.8\n',
        eol: { result: [{ name: 'debian', releases: [{ name: '12', eolFrom: '2028-06-30' }] }] },
      },
      { ...sample, systems: { d: ['debian', 'debian', '12', ''] } },
    );
    await opened(built, (index) => {
      const detail = index.detail('GHSA-1', 'github:language:python');
      expect(detail?.kev?.dateAdded).toBe('2026-09-30');
      expect(detail?.epss).toEqual({ cve: 'CVE-2026-1', score: 0.7, percentile: 0.8, date: '2026-10-01' });
      expect(index.endOfLife(distro('debian', '12'))).toBe('2028-06-30T00:00:00Z');
      expect(index.providers().find(({ id }) => id === 'kev')).toMatchObject({ records: 1 });
    });
    const older = await build(
      {
        epss: '#model_version:1,score_date:2020-01-01T00:00:00Z\ncve,epss,percentile\nCVE-2026-1,0.7,0.8\nCVE-2026-9,0.5,0.5\n',
      },
      sample,
    );
    await opened(older, (index) =>
      expect(index.detail('GHSA-1', 'github:language:python')?.epss).toMatchObject({ score: 0.1, date: '2026-08-22' }),
    );
  });

  it('reach every minor release, and leave other channels alone', async () => {
    const systems: Sample['systems'] = {
      r: ['redhat', 'rhel', '9', ''],
      r4: ['redhat', 'rhel', '9', '4'],
      eus: ['redhat', 'rhel', '9', '4', '', '', 'eus'],
    };
    const records: SampleRecord[] = ['r', 'r4', 'eus'].map((system) => ({
      id: 'CVE-2026-1',
      provider: 'rhel',
      package: ['rpm', 'openssl'],
      system,
      ranges: [['rpm', '< 0:1-1', '0:1-1']],
    }));
    const envelope = {
      schema: 'https://s.invalid/schema/vulnerability/os/schema-1.1.0.json',
      identifier: 'x',
      item: {
        Vulnerability: {
          Name: 'CVE-2026-7',
          NamespaceName: 'rhel:9',
          FixedIn: [{ Name: 'openssl', NamespaceName: 'rhel:9', Version: '0:3-1', VersionFormat: 'rpm' }],
        },
      },
    };
    const built = await build({ results: envelope }, { records, systems });
    await opened(built, (index) => {
      for (const version of ['9', '9.4', '9.2'])
        expect(found(index, pkg('rpm', 'openssl', '0:2-1', { distro: distro('rhel', version) }))).toEqual([
          'redhat:distro:redhat:9 CVE-2026-7',
        ]);
    });
  });

  it('make an index by themselves', async () => {
    const built = await build({
      osv: [
        osv('DSA-1-1', 'Debian:12', 'openssl', { upstream: ['CVE-2026-1'] }),
        osv('CGA-1', 'Wolfi', 'curl'),
        osv('GO-1', 'Go', 'a.invalid/b'),
      ],
    });
    await opened(built, (index) => {
      expect(index.builtAt).toBe('2026-03-01T00:00:00Z');
      expect(found(index, pkg('deb', 'openssl', '1', { distro: distro('debian', '12') }))).toEqual([
        'debian:distro:debian:12 DSA-1-1',
      ]);
      expect(found(index, pkg('deb', 'openssl', '1', { distro: distro('debian', '11') }))).toEqual([]);
      expect(found(index, pkg('apk', 'curl', '1', { distro: distro('wolfi', '20230201') }))).toHaveLength(1);
      expect(found(index, pkg('go-module', 'a.invalid/b', 'v1.0.0'))).toEqual(['govulndb:language:go GO-1']);
    });
  });

  it('an update of which one flaw is new is taken, one that brings nothing new is not', async () => {
    const systems: Sample['systems'] = { d: ['debian', 'debian', '12', ''] };
    const known: SampleRecord = {
      id: 'CVE-2026-1',
      provider: 'debian',
      package: ['deb', 'openssl'],
      system: 'd',
      ranges: [['dpkg', '< 9', '9']],
    };
    const built = await build(
      {
        osv: [
          osv('DSA-1-1', 'Debian:12', 'openssl', { upstream: ['CVE-2026-1'] }),
          osv('DSA-2-1', 'Debian:12', 'openssl', { upstream: ['CVE-2026-1', 'CVE-2026-2'] }),
        ],
      },
      { records: [known], systems },
    );
    await opened(built, (index) =>
      expect(found(index, pkg('deb', 'openssl', '1', { distro: distro('debian', '12') }))).toEqual([
        'debian:distro:debian:12 CVE-2026-1',
        'debian:distro:debian:12 DSA-2-1',
      ]),
    );
  });

  it('name the source that is to blame, and leave nothing behind', async () => {
    const error = await build({ good: osv('A-1', 'npm', 'a'), bad: 'nonsense' }, { records: [base] }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(FeedError);
    expect(error).toMatchObject({ code: 'corrupt', source: 'bad' });
    expect((error as Error).message).toMatch(/^source bad: /);
    expect(readdirSync(directory).filter((name) => name.startsWith('.') || name.startsWith('index-'))).toEqual([]);
  });

  it('counts ranges that cannot be read, and keeps them', async () => {
    const odd: SampleRecord = {
      id: 'GHSA-9',
      provider: 'github',
      package: ['npm', 'b'],
      ranges: [
        ['npm', '~> 1.0'],
        ['moon', '< 2'],
      ],
    };
    const built = await build({}, { records: [odd] });
    expect(readBuildReport(built.directory)?.anomalies).toEqual({
      'constraint that cannot be read': 1,
      'range of unknown type moon': 1,
    });
    await opened(built, (index) => expect(found(index, pkg('npm', 'b', '99.0.0'))).toHaveLength(1));
  });
});

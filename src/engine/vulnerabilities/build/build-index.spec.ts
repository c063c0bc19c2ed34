import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FeedError } from '../feed-error.ts';
import { DEFAULT_MATCH_SETTINGS, openIndex } from '../open-index.ts';
import type { Sample, SampleRecord } from '../sample-database.ts';
import { writeSampleDatabase } from '../sample-database.ts';
import { pkg } from '../sample-index.ts';
import { buildIndex } from './build-index.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'windlass-build-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const record = (id: string, name: string, constraint: string, more: Partial<SampleRecord> = {}): SampleRecord => ({
  id,
  provider: 'github',
  package: ['npm', name],
  ranges: [['npm', constraint, '9.0.0']],
  ...more,
});
const database = (sample: Sample, name = 'vulnerability.db'): string => {
  const path = join(directory, name);
  writeSampleDatabase(path, sample);
  return path;
};
const code = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'built',
    (error: unknown) => (error instanceof FeedError ? error.code : `other: ${String(error)}`),
  );

describe('buildIndex', () => {
  it('builds once, leaves nothing else behind, and reuses', async () => {
    const path = database({ records: [record('GHSA-1', 'a', '< 1')] });
    const built = await buildIndex({ database: path, directory, checksum: 'sha256:abc' });
    expect(built).toEqual({ directory: join(directory, 'index-abc'), checksum: 'sha256:abc', reused: false });
    expect((await buildIndex({ database: path, directory, checksum: 'sha256:abc' })).reused).toBe(true);
    expect(readdirSync(directory).sort()).toEqual(['index-abc', 'vulnerability.db']);
  });

  it('reports progress up to the total', async () => {
    const seen: number[] = [];
    await buildIndex({
      database: database({ records: [record('GHSA-1', 'a', '< 1')] }),
      directory,
      onProgress: ({ records, total }) => seen.push(records / total),
    });
    expect(seen.at(-1)).toBe(1);
  });

  it.each<[string, Partial<Sample>, string]>([
    ['schema 5', { model: 5 }, 'unsupported-schema'],
    ['schema 7', { model: 7 }, 'unsupported-schema'],
    ['no metadata', { without: ['db_metadata'] }, 'missing-table'],
    ['no records table', { without: ['affected_package_handles'] }, 'missing-table'],
    [
      'no optional tables',
      {
        without: [
          'unaffected_package_handles',
          'cpes',
          'affected_cpe_handles',
          'epss_handles',
          'epss_metadata',
          'known_exploited_vulnerability_handles',
          'vulnerability_aliases',
          'operating_system_specifier_overrides',
          'architecture_aliases',
          'providers',
        ],
      },
      'built',
    ],
  ])('%s: %s', async (_, more, expected) => {
    expect(
      await code(buildIndex({ database: database({ records: [record('GHSA-1', 'a', '< 1')], ...more }), directory })),
    ).toBe(expected);
    expect(readdirSync(directory).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('refuses what is no database, and one cut off', async () => {
    writeFileSync(join(directory, 'text.db'), 'no database at all, but text of some length');
    expect(await code(buildIndex({ database: join(directory, 'text.db'), directory }))).toBe('corrupt');
    expect(await code(buildIndex({ database: join(directory, 'absent.db'), directory }))).toBe('unreachable');
    const path = database({
      records: Array.from({ length: 400 }, (_, at) => record(`GHSA-${at}`, `name-${at}`, '< 1')),
    });
    const { readFileSync } = await import('node:fs');
    writeFileSync(join(directory, 'cut.db'), readFileSync(path).subarray(0, 40_000));
    expect(await code(buildIndex({ database: join(directory, 'cut.db'), directory }))).toBe('corrupt');
    expect(readdirSync(directory).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('can be cancelled', async () => {
    const path = database({ records: [record('GHSA-1', 'a', '< 1')] });
    expect(await code(buildIndex({ database: path, directory, signal: AbortSignal.abort() }))).toBe('aborted');
    expect(readdirSync(directory)).toEqual(['vulnerability.db']);
  });

  it('joins names that differ in case alone', async () => {
    const built = await buildIndex({
      database: database({ records: [record('GHSA-1', 'Name', '< 2'), record('GHSA-2', 'name', '< 2')] }),
      directory,
    });
    const index = openIndex(built.directory);
    expect(
      index
        .match(pkg('npm', 'NAME', '1.0.0'), DEFAULT_MATCH_SETTINGS)
        .matches.map((match) => match.vulnerability)
        .sort(),
    ).toEqual(['GHSA-1', 'GHSA-2']);
    await index.close();
  });

  it('is closed to other formats', async () => {
    expect(() => openIndex(directory)).toThrow(/no vulnerability index/);
  });
});

describe('contentHashes', () => {
  async function hashes(name: string, records: SampleRecord[], kind: 'match' | 'detail'): Promise<Map<string, string>> {
    const built = await buildIndex({
      database: database({ records, systems: { d: ['debian', 'debian', '12', ''] } }, `${name}.db`),
      directory,
      checksum: name,
    });
    const index = openIndex(built.directory);
    const found = new Map([...index.contentHashes(kind)].map((entry) => [entry.key, entry.hash]));
    await index.close();
    return found;
  }
  const changed = (a: Map<string, string>, b: Map<string, string>): string[] =>
    [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key)).sort();
  const base = [
    record('GHSA-1', 'a', '< 1'),
    record('GHSA-2', 'b', '< 1'),
    {
      id: 'CVE-1',
      provider: 'nvd',
      cpe: ['v', 'p'] as [string, string],
      ranges: [['', '< 3', '3']] as [string, string, string][],
    },
  ];

  it('names what changed, whatever the order of rows', async () => {
    const before = await hashes('one', base, 'match');
    expect(changed(before, await hashes('two', [...base].reverse(), 'match'))).toEqual([]);
    expect(changed(before, await hashes('three', [base[0]!, record('GHSA-2', 'b', '< 2'), base[2]!], 'match'))).toEqual(
      ['pkg/npm/b@'],
    );
    expect(changed(before, await hashes('four', [base[0]!, base[1]!], 'match'))).toEqual(['cpe/v/p', 'ecosystem/cpe']);
  });

  it('severities count as details, not as matches', async () => {
    const louder = [{ ...base[0]!, severities: [{ scheme: 'CHML', value: 'critical', rank: 0 }] }, base[1]!, base[2]!];
    expect(changed(await hashes('five', base, 'match'), await hashes('six', louder, 'match'))).toEqual([]);
    expect(changed(await hashes('seven', base, 'detail'), await hashes('eight', louder, 'detail'))).toEqual([
      'vuln/github/ghsa-1',
    ]);
  });
});

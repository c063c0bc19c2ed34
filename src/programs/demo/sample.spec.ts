import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { openArchive } from '#engine/image/index.ts';
import { writeDatabase } from './database.ts';
import { sampleAdvisories } from './sample-advisories.ts';
import { sampleImage } from './sample-image.ts';

const folder = mkdtempSync(join(tmpdir(), 'windlass-sample-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('sample advisories', () => {
  const { records, systems } = sampleAdvisories('2025-01-01T00:00:00Z');
  it('are about a hundred, of many ecosystems', () => {
    expect(records.length).toBeGreaterThanOrEqual(100);
    const ecosystems = new Set(records.flatMap(({ affected }) => affected.map(({ ecosystem }) => ecosystem)));
    expect([...ecosystems].sort()).toEqual(['apk', 'deb', 'gem', 'go-module', 'java-archive', 'npm', 'python']);
    expect(systems.length).toBeGreaterThan(3);
  });
  it.each(records.map((record) => [record.id, record]))('%s is whole', (_id, record) => {
    expect(record.id).toMatch(/^(CVE-\d{4}-\d{4,}|GHSA(-[23456789cfghjmpqrvwx]{4}){3}|GO-\d{4}-\d{4})$/);
    expect(record.links?.[0]).toContain(record.id);
    for (const { ranges } of record.affected) {
      for (const { range, fix } of ranges)
        expect([range, fix]).toEqual([expect.stringMatching(/^(<|<=|>|>=|=)/), expect.stringMatching(/\d/)]);
    }
  });
});

describe('writeDatabase', () => {
  it('writes the tables of schema 6', () => {
    const path = join(folder, 'sample.db');
    writeDatabase(path, sampleAdvisories('2025-01-01T00:00:00Z'));
    const database = new DatabaseSync(path, { readOnly: true });
    const one = (sql: string) => database.prepare(sql).get();
    expect(one('SELECT * FROM db_metadata')).toEqual({
      build_timestamp: '2025-01-01 00:00:00+00:00',
      model: 6,
      revision: 1,
      addition: 9,
    });
    expect(one("SELECT count(*) AS n FROM vulnerability_handles WHERE name = 'cve-2023-5363'")).toEqual({ n: 2 });
    expect(
      one(
        `SELECT b.value FROM affected_package_handles a JOIN packages p ON p.id = a.package_id JOIN blobs b ON b.id = a.blob_id WHERE p.name = 'openssl' AND p.ecosystem = 'deb' ORDER BY a.id LIMIT 1`,
      ),
    ).toEqual({
      value:
        '{"cves":["CVE-2023-0464"],"ranges":[{"version":{"type":"dpkg","constraint":"< 3.0.9-1"},"fix":{"version":"3.0.9-1","state":"fixed"}}]}',
    });
    database.close();
  });
  it('refuses a system that is not listed', () => {
    const affected = [{ ecosystem: 'deb', package: 'a', distro: 'debian:99', ranges: [] }];
    const records = [{ id: 'CVE-2000-0001', provider: 'debian', severity: 'Low' as const, affected }];
    expect(() =>
      writeDatabase(join(folder, 'bad.db'), { builtAt: '2025-01-01T00:00:00Z', systems: [], records }),
    ).toThrow('debian:99, which is not listed');
  });
});

describe('sample image', () => {
  it('is an OCI archive that verifies, and the same each time', async () => {
    const path = join(folder, 'image.tar');
    writeFileSync(path, sampleImage());
    expect(sampleImage().equals(readFileSync(path))).toBe(true);
    const image = await openArchive(path);
    expect(image.layers).toHaveLength(3);
    expect(image.claimedDiffIds).toHaveLength(3);
    await image.close();
  });
});

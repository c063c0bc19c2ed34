import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Match } from '#engine/vulnerabilities/types.ts';
import { json } from '#platform/database/json.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { writeBatch } from './match-packages.ts';
import { settleResult } from './match-result.ts';
import { packagesById, packagesToMatch, vulnerabilityKeys, writeVulnerabilities } from './match-store.ts';

let database: Database;
let packageId: number;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.deleteFrom('package').execute();
  await database.db.deleteFrom('vulnerability').execute();
  await database.db.deleteFrom('vulnerability_change').execute();
  const row = await database.db
    .insertInto('package')
    .values({
      identity: 'i1',
      type: 'deb',
      name: 'openssl',
      version: '1',
      matchable: json({ type: 'deb', name: 'openssl' }),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  packageId = row.id;
});

function match(vulnerability: string, fix: string[] = []): Match {
  return {
    vulnerability,
    namespace: 'debian:distro:debian:12',
    provider: 'debian',
    fix: { state: fix.length > 0 ? 'fixed' : 'not-fixed', versions: fix },
    constraint: '< 2',
    scheme: 'deb',
    kind: 'exact-direct',
    searchedBy: { name: 'openssl', version: '1' },
    aliases: [],
  };
}

async function write(build: string, run: number, ...matches: Match[]) {
  const result = settleResult({ matches, suppressed: [], coverage: 'covered' });
  const index = { checksum: build, detail: () => undefined } as unknown as Parameters<typeof writeBatch>[1]['index'];
  return database.transaction(async (tx) => {
    const packages = (await packagesById(tx, [packageId])).map((pkg) => ({ ...pkg, result }));
    return writeBatch(tx, { index, stamp: `${build}|1` }, packages, run);
  });
}

function rows() {
  return database.db
    .selectFrom('package_match')
    .select(['vulnerability', 'fix_versions', 'first_seen_at', 'opened_by_build', 'closed_by_build', 'opened_run'])
    .where('package_id', '=', packageId)
    .orderBy('id')
    .execute();
}

describe('writeBatch', () => {
  it('opens, keeps and closes matches, and never rewrites one', async () => {
    expect(await write('b1', 1, match('CVE-1'), match('CVE-2'))).toEqual({ opened: 2, closed: 0 });
    expect(await write('b1', 1, match('CVE-2'), match('CVE-1'))).toEqual({ opened: 0, closed: 0 });
    expect(await write('b2', 2, match('CVE-2'), match('CVE-3'))).toEqual({ opened: 1, closed: 1 });
    const stored = await rows();
    expect(stored.map((r) => [r.vulnerability, r.opened_by_build, r.closed_by_build])).toEqual([
      ['CVE-1', 'b1', 'b2'],
      ['CVE-2', 'b1', null],
      ['CVE-3', 'b2', null],
    ]);
  });

  it('tells of what is new to a known package, not of the first result', async () => {
    await write('b1', 1, match('CVE-1'));
    await write('b2', 2, match('CVE-1'), match('CVE-2'));
    expect((await rows()).map((row) => row.opened_run)).toEqual([null, 2]);
  });

  it('reopens a match whose fix appeared, keeping its first sighting', async () => {
    await write('b1', 1, match('CVE-1'));
    const [before] = await rows();
    expect(await write('b2', 2, match('CVE-1', ['2.0']))).toEqual({ opened: 1, closed: 1 });
    const [, after] = await rows();
    expect(after).toMatchObject({ fix_versions: ['2.0'], first_seen_at: before!.first_seen_at });
  });

  it('reopens a match whose evidence changed, but not for the day of its fix', async () => {
    const fixed = match('CVE-1', ['2.0']);
    await write('b1', 1, fixed);
    const later = { ...fixed, fix: { ...fixed.fix, available: '2026-01-02' } };
    expect(await write('b2', 2, later)).toEqual({ opened: 0, closed: 0 });
    expect(await write('b3', 3, { ...fixed, aliases: ['GHSA-1'] })).toEqual({ opened: 1, closed: 1 });
  });

  it('stamps the package, so that it is not matched twice in a run', async () => {
    const wanted = { run: 7, validToo: false };
    expect(await packagesToMatch(database.db, [packageId], wanted)).toHaveLength(1);
    await write('b1', 7);
    expect(await packagesToMatch(database.db, [packageId], wanted)).toEqual([]);
    expect(await packagesToMatch(database.db, [packageId], 'never')).toEqual([]);
    expect(await packagesToMatch(database.db, [packageId], { run: 8, validToo: false })).toHaveLength(1);
  });
});

describe('writeVulnerabilities', () => {
  const detail = {
    id: 'CVE-1',
    namespace: 'n',
    provider: 'p',
    severity: 'High' as const,
    links: [],
    aliases: [],
    cvss: [],
    cwes: [],
  };

  it('updates only what differs, keeps what people act on as a change, and pages by key', async () => {
    await writeVulnerabilities(database.db, [detail, { ...detail, id: 'CVE-2' }, detail], 'b1', 1);
    const epss = { cve: 'CVE-1', score: 0.5, percentile: 0.9 };
    const low = { ...detail, id: 'CVE-2', severity: 'Low' as const };
    expect(await writeVulnerabilities(database.db, [{ ...detail, epss }, low], 'b2', 2)).toBe(1);
    const stored = await database.db
      .selectFrom('vulnerability')
      .select(['id', 'severity', 'updated_by_build'])
      .orderBy('id')
      .execute();
    expect(stored).toEqual([
      { id: 'CVE-1', severity: 'High', updated_by_build: 'b1' },
      { id: 'CVE-2', severity: 'Low', updated_by_build: 'b2' },
    ]);
    expect(await vulnerabilityKeys(database.db, { id: 'CVE-1', namespace: 'n' }, 10)).toEqual([
      { id: 'CVE-2', namespace: 'n' },
    ]);
    const changes = await database.db
      .selectFrom('vulnerability_change')
      .select(['run', 'id', 'before', 'after'])
      .execute();
    expect(changes).toEqual([
      {
        run: 2,
        id: 'CVE-2',
        before: { severity: 'High', kev: null, cvss: [] },
        after: { severity: 'Low', kev: null, cvss: [] },
      },
    ]);
  });
});

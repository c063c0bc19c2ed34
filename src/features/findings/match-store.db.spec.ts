import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Match, MatchResult } from '#engine/vulnerabilities/types.ts';
import { json } from '#platform/database/json.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { unmatchedPackages, vulnerabilityKeys, writeResults, writeVulnerabilities } from './match-store.ts';

let database: Database;
let packageId: number;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.deleteFrom('package').execute();
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

function write(build: string, ...matches: Match[]) {
  const result: MatchResult = { matches, suppressed: [], coverage: 'covered' };
  return writeResults(database.db, [{ id: packageId, result }], build, `${build}|1`);
}

function rows() {
  return database.db
    .selectFrom('package_match')
    .select(['vulnerability', 'fix_versions', 'first_seen_at', 'opened_by_build', 'closed_by_build'])
    .where('package_id', '=', packageId)
    .orderBy('id')
    .execute();
}

describe('writeResults', () => {
  it('opens, keeps and closes matches, and never rewrites one', async () => {
    expect(await write('b1', match('CVE-1'), match('CVE-2'))).toEqual({ opened: 2, closed: 0 });
    expect(await write('b1', match('CVE-1'), match('CVE-2'))).toEqual({ opened: 0, closed: 0 });
    expect(await write('b2', match('CVE-2'), match('CVE-3'))).toEqual({ opened: 1, closed: 1 });
    const stored = await rows();
    expect(stored.map((r) => [r.vulnerability, r.opened_by_build, r.closed_by_build])).toEqual([
      ['CVE-1', 'b1', 'b2'],
      ['CVE-2', 'b1', null],
      ['CVE-3', 'b2', null],
    ]);
  });

  it('reopens a match whose fix appeared, keeping its first sighting', async () => {
    await write('b1', match('CVE-1'));
    const [before] = await rows();
    expect(await write('b2', match('CVE-1', ['2.0']))).toEqual({ opened: 1, closed: 1 });
    const [, after] = await rows();
    expect(after).toMatchObject({ fix_versions: ['2.0'], first_seen_at: before!.first_seen_at });
  });

  it('stamps the package, so that it is not matched twice', async () => {
    expect(await unmatchedPackages(database.db, 'b1|1', { ids: [packageId] })).toHaveLength(1);
    await write('b1');
    expect(await unmatchedPackages(database.db, 'b1|1', { ids: [packageId] })).toEqual([]);
    expect(await unmatchedPackages(database.db, 'b2|1', { afterId: 0, limit: 10 })).toHaveLength(1);
  });
});

describe('writeVulnerabilities', () => {
  it('updates only what differs and pages by key', async () => {
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
    await writeVulnerabilities(database.db, [detail, { ...detail, id: 'CVE-2' }, detail], 'b1');
    await writeVulnerabilities(database.db, [detail, { ...detail, id: 'CVE-2', severity: 'Low' }], 'b2');
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
  });
});

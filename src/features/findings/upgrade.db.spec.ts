import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeIndex } from '#engine/vulnerabilities/build/write-index.ts';
import { DEFAULT_MATCH_SETTINGS, openIndex, packageIdentity, searchNames } from '#engine/vulnerabilities/index.ts';
import { type SampleRecord, writeSampleDatabase } from '#engine/vulnerabilities/sample-database.ts';
import { distro, pkg } from '#engine/vulnerabilities/sample-index.ts';
import type { Match, MatchablePackage, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { rematch } from './match-run.ts';

const BUILD = 'sha256:of-before';
const SEEN = new Date('2025-05-05T05:05:05Z');
const debian = distro('debian', '12', { codename: 'bookworm' });
const OPENSSL = pkg('deb', 'openssl', '3.0.1-1', { distro: debian });
const BASH = pkg('deb', 'bash', '5.2-1', { distro: debian });

const record = (id: string, name: string): SampleRecord => ({
  id,
  provider: 'debian',
  package: ['deb', name],
  system: 'debian12',
  ranges: [['dpkg', '< 9', '9']],
  severities: [{ scheme: 'CHML', value: 'high', rank: 1 }],
});

const MATCH: Match = {
  vulnerability: 'CVE-1',
  namespace: 'debian:distro:debian:12',
  provider: 'debian',
  fix: { state: 'fixed', versions: ['9'] },
  constraint: '< 9',
  scheme: 'deb',
  kind: 'exact-direct',
  searchedBy: { name: 'openssl', version: '3.0.1-1' },
  aliases: [],
};

const folder = mkdtempSync(join(tmpdir(), 'windlass-upgrade-'));
let database: Database;
let index: VulnerabilityIndex;

/** What an installation of before runs of matching had stored: two packages, one of them with a finding. */
async function fill(pool: pg.Pool): Promise<void> {
  await pool.query(`insert into account (name, type) values ('team', 'user')`);
  for (const one of [OPENSSL, BASH]) await savePackage(pool, one);
  await pool.query(
    `insert into package_match (package_id, vulnerability, namespace, kind, fix_state, fix_versions, constraint_text,
       evidence, first_seen_at, opened_at, opened_by_build)
     select id, 'CVE-1', 'debian:distro:debian:12', 'exact-direct', 'fixed', '{9}', '< 9', $1, $2, $2, $3
     from package where name = 'openssl'`,
    [JSON.stringify(MATCH), SEEN, BUILD],
  );
  await pool.query(
    `insert into vulnerability (id, namespace, provider, severity, detail, updated_by_build)
     values ('CVE-1', 'debian:distro:debian:12', 'debian', 'High', '{}', $1)`,
    [BUILD],
  );
  await pool.query(
    `insert into feed_build (checksum, schema_version, built_at, source, state, archive_key, archive_size, switched_at)
     values ($1, '6.1.0', $2, '/feed', 'current', 'feeds/x', 10, $2)`,
    [BUILD, SEEN],
  );
  await pool.query(
    `insert into event (event_id, account, type, category, level, message, resource_type, resource_id)
     values (gen_random_uuid(), 'team', 'user.image.analysis.completed', 'user', 'INFO', 'done', 'image_tag', 'app:1')`,
  );
}

async function savePackage(pool: pg.Pool, one: MatchablePackage): Promise<void> {
  await pool.query(
    `insert into package (identity, type, name, version, search_names, matchable, matched_with)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [packageIdentity(one), one.type, one.name, one.version, searchNames(one), JSON.stringify(one), `${BUILD}|1`],
  );
}

beforeAll(async () => {
  database = await testDatabase({ last: '0004_policies', fill });
  writeSampleDatabase(join(folder, 'vulnerability.db'), {
    systems: { debian12: ['debian', 'debian', '12', '', '', 'bookworm'] },
    records: [record('CVE-1', 'openssl'), record('CVE-2', 'bash')],
  });
  await writeIndex({
    database: join(folder, 'vulnerability.db'),
    directory: folder,
    checksum: BUILD,
    further: [],
    onProgress: () => undefined,
    check: () => undefined,
  });
  index = openIndex(folder);
});
afterAll(async () => {
  await index?.close();
  await database?.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = () =>
  database.db
    .selectFrom('package_match')
    .select(['vulnerability', 'first_seen_at'])
    .where('closed_at', 'is', null)
    .orderBy('vulnerability')
    .execute();

describe('a database of an earlier version', () => {
  it('keeps its findings and its build, and tells nobody of old events', async () => {
    expect(await open()).toEqual([{ vulnerability: 'CVE-1', first_seen_at: SEEN }]);
    const builds = await database.db.selectFrom('feed_build').select(['checksum', 'state', 'sources']).execute();
    expect(builds).toEqual([{ checksum: BUILD, state: 'current', sources: [] }]);
    expect(await database.db.selectFrom('event').select('dispatched').execute()).toEqual([{ dispatched: true }]);
  });

  it('is matched as a whole by the first run, which goes on from what is there', async () => {
    const run = () =>
      rematch(
        {
          database,
          settings: DEFAULT_MATCH_SETTINGS,
          matcherVersion: 2,
          completed: async () => undefined,
          caughtUp: async () => undefined,
        },
        index,
      );
    expect(await run()).toMatchObject({ kind: 'full', matched: 2 });
    const [first, second] = await open();
    expect(first).toEqual({ vulnerability: 'CVE-1', first_seen_at: SEEN });
    expect(second?.vulnerability).toBe('CVE-2');
    expect(await run()).toMatchObject({ kind: 'catch-up', matched: 0 });
  });
});

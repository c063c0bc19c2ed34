import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_MATCH_SETTINGS, searchNames } from '#engine/vulnerabilities/index.ts';
import type { SampleRecord } from '#engine/vulnerabilities/sample-database.ts';
import { distro, openSample, pkg, type SampleIndex } from '#engine/vulnerabilities/sample-index.ts';
import { json } from '#platform/database/json.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { announceRun } from './match-events.ts';
import { noteAffectedImages } from './match-fan-out-store.ts';
import { rematch } from './match-run.ts';

let database: Database;
let told: { run: number; accounts: string[] }[] = [];
const opened: SampleIndex[] = [];

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  for (const sample of opened) await sample.close();
  await database.close();
});

const systems = { d: ['debian', 'debian', '12', '', '', 'bookworm'] as ['debian', 'debian', '12', '', '', 'bookworm'] };

async function build(records: SampleRecord[]): Promise<SampleIndex> {
  const sample = await openSample({ systems, records });
  opened.push(sample);
  return sample;
}

function advisory(id: string, name: string, bound: string, more: Partial<SampleRecord> = {}): SampleRecord {
  return {
    id,
    provider: 'debian',
    package: ['deb', name],
    system: 'd',
    ranges: [['dpkg', bound, '9']],
    severities: [{ scheme: 'CHML', value: 'high', rank: 1 }],
    ...more,
  };
}

async function bring({ index }: SampleIndex) {
  return rematch(
    {
      database,
      settings: DEFAULT_MATCH_SETTINGS,
      matcherVersion: 1,
      async completed(tx, run, to) {
        told.push({ run: run.id, accounts: await noteAffectedImages(tx, run.id) });
        await announceRun(tx, { run, to, settings: DEFAULT_MATCH_SETTINGS });
      },
      caughtUp: async () => undefined,
    },
    index,
    {
      openFormer: async (checksum) => {
        const found = opened.find((one) => one.index.checksum === checksum);
        return found && { ...found.index, close: async () => undefined };
      },
    },
  );
}

/** An image with one tag; the packages lie in /lib/N. */
async function image(account: string, name: string, packages: { name: string; left?: boolean }[], watched: boolean) {
  const digest = `sha256:${Buffer.from(`${account}${name}`).toString('hex').padEnd(64, '0')}`;
  const { db } = database;
  await db
    .insertInto('account')
    .values({ name: account, type: 'user' })
    .onConflict((c) => c.doNothing())
    .execute();
  const { id } = await db
    .insertInto('analysis')
    .values({ digest, analyzer_version: '1', document_key: name, image_id: name })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('image')
    .values({ account, digest, analysis_id: id, analysis_status: 'analyzed', annotations: json({ team: 'a' }) })
    .execute();
  await db.insertInto('tag_mapping').values({ account, registry: 'r', repository: name, tag: 'v1', digest }).execute();
  const key = `r/${name}:v1`;
  await db
    .insertInto('subscription')
    .values({
      subscription_id: `${account} ${key}`,
      account,
      subscription_type: 'vuln_update',
      subscription_key: key,
      active: watched,
    })
    .execute();
  for (const [at, { name: pkgName, left = false }] of packages.entries()) {
    const matchable = pkg('deb', pkgName, '1.0', { distro: distro('debian', '12') });
    const values = {
      identity: pkgName,
      type: 'deb',
      name: pkgName,
      version: '1.0',
      search_names: searchNames(matchable),
      matchable: json(matchable),
    };
    await db
      .insertInto('package')
      .values(values)
      .onConflict((c) => c.doNothing())
      .execute();
    const row = await db.selectFrom('package').select('id').where('identity', '=', pkgName).executeTakeFirstOrThrow();
    await db
      .insertInto('analysis_package')
      .values({ analysis_id: id, package_id: row.id, document_id: `d${at}`, path: `/lib/${at}`, left_to_owner: left })
      .execute();
  }
  return digest;
}

const events = () =>
  database.db
    .selectFrom('event')
    .select(['account', 'type', 'resource_id', 'details'])
    .orderBy('resource_id')
    .execute();

beforeEach(async () => {
  told = [];
  for (const table of [
    'event',
    'image',
    'analysis',
    'package',
    'match_run',
    'vulnerability',
    'vulnerability_change',
    'match_run_image',
    'subscription',
    'tag_mapping',
  ] as const)
    await database.db.deleteFrom(table).execute();
});

describe('announceRun', () => {
  it('tells watchers of the tags whose images changed, once each, and nobody of the first build', async () => {
    const digest = await image('one', 'app', [{ name: 'openssl' }, { name: 'curl' }], true);
    await image('one', 'quiet', [{ name: 'openssl' }], false);
    await image('two', 'other', [{ name: 'curl' }], true);
    const first = await build([advisory('CVE-1', 'openssl', '< 9'), advisory('CVE-2', 'openssl', '< 9')]);
    await bring(first);
    expect(await events()).toEqual([]);
    expect(told[0]?.accounts.sort()).toEqual(['one', 'two']);
    const second = await build([
      advisory('CVE-1', 'openssl', '< 5'),
      advisory('CVE-3', 'openssl', '< 9', { severities: [{ scheme: 'CHML', value: 'critical', rank: 1 }] }),
    ]);
    await bring(second);
    expect(told[1]?.accounts).toEqual(['one']);
    const [event, ...more] = await events();
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      account: 'one',
      type: 'user.checks.tag.vulnerabilities.update',
      resource_id: 'r/app:v1',
      details: {
        image_digest: digest,
        subscription_type: 'vuln_update',
        subscription_key: 'r/app:v1',
        annotations: { team: 'a' },
        cause: { kind: 'vulnerability_data', from_build: first.index.checksum, to_build: second.index.checksum },
        diff_vulnerability_result: {
          added: [
            {
              vuln: 'CVE-3',
              feed_group: 'debian:distro:debian:12',
              package_name: 'openssl',
              package_version: '1.0',
              package_path: '/lib/0',
              severity: 'Critical',
              fix: '9',
              reason: { record: 'CVE-3', provider: 'debian', range: '< 9' },
            },
          ],
          updated: [{ vuln: 'CVE-1', reason: { range: '< 5', previous_range: '< 9' } }],
          removed: [{ vuln: 'CVE-2', reason: { previous_range: '< 9' } }],
        },
      },
    });
    await bring(first);
    expect(await events()).toHaveLength(2);
  });

  it('says nothing of packages that are left to their owner', async () => {
    await image('one', 'app', [{ name: 'openssl', left: true }], true);
    await bring(await build([]));
    await bring(await build([advisory('CVE-1', 'openssl', '< 9')]));
    expect(await events()).toEqual([]);
    expect(told.at(-1)?.accounts).toEqual([]);
  });

  it('tells of another severity without a match being touched', async () => {
    await image('one', 'app', [{ name: 'openssl' }], true);
    await bring(await build([advisory('CVE-1', 'openssl', '< 9')]));
    const low = [{ scheme: 'CHML', value: 'low', rank: 1 }];
    expect(await bring(await build([advisory('CVE-1', 'openssl', '< 9', { severities: low })]))).toMatchObject({
      matched: 0,
    });
    expect((await events()).map((event) => event.details)).toMatchObject([
      {
        diff_vulnerability_result: {
          added: [],
          updated: [{ vuln: 'CVE-1', severity: 'Low', previous: { severity: 'High' } }],
          removed: [],
        },
      },
    ]);
  });
});

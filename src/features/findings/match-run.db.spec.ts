import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeIndex } from '#engine/vulnerabilities/build/write-index.ts';
import { DEFAULT_MATCH_SETTINGS, openIndex, packageIdentity, searchNames } from '#engine/vulnerabilities/index.ts';
import { type Sample, type SampleRecord, writeSampleDatabase } from '#engine/vulnerabilities/sample-database.ts';
import { distro, pkg } from '#engine/vulnerabilities/sample-index.ts';
import type { MatchablePackage, MatchSettings, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import { json } from '#platform/database/json.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { previewDelta } from './match-preview.ts';
import { matchIdentity } from './match-result.ts';
import { type RematchResult, rematch } from './match-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'windlass-delta-'));
let database: Database;
let builds = 0;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Makes and opens an index of a sample in this process. */
async function build(sample: Sample): Promise<{ open(): VulnerabilityIndex; checksum: string }> {
  const checksum = `sha256:build-${++builds}`;
  const directory = join(folder, String(builds));
  mkdirSync(directory);
  writeSampleDatabase(join(directory, 'vulnerability.db'), sample);
  await writeIndex({
    database: join(directory, 'vulnerability.db'),
    directory,
    checksum,
    further: [],
    onProgress: () => undefined,
    check: () => undefined,
  });
  return { checksum, open: () => openIndex(directory) };
}

const SYSTEMS: NonNullable<Sample['systems']> = {
  debian12: ['debian', 'debian', '12', '', '', 'bookworm'],
  debian13: ['debian', 'debian', '13', '', '', 'trixie'],
  alpine: ['alpine', 'alpine', '3', '20'],
  redhat: ['redhat', 'rhel', '9', ''],
  alma: ['almalinux', 'almalinux', '9', ''],
};

const PACKAGES: MatchablePackage[] = [
  pkg('deb', 'libssl3', '3.0.1-1', {
    distro: distro('debian', '12', { codename: 'bookworm' }),
    source: 'openssl@3.0.1-1',
  }),
  pkg('deb', 'openssl', '3.0.2-1', { distro: distro('debian', '13', { codename: 'trixie' }) }),
  pkg('deb', 'openssl', '3.0.1-1', { distro: distro('ubuntuish', '9', { idLike: ['debian'], codename: 'bookworm' }) }),
  pkg('apk', 'openssl', '3.0.1-r1', {
    distro: distro('alpine', '3.20.1'),
    cpes: ['cpe:2.3:a:openssl:openssl:3.0.1:*:*:*:*:*:*:*'],
  }),
  pkg('rpm', 'openssl', '3.0.1-1.el9', {
    distro: distro('almalinux', '9.2', { idLike: ['rhel', 'centos'] }),
    metadata: { epoch: 0 },
  }),
  pkg('rpm', 'openssl', '3.0.2-1.el9', { distro: distro('centos', '9', { idLike: ['rhel'] }) }),
  pkg('rpm', 'curl', '8.1-1.el9', { distro: distro('rhel', '9.2') }),
  pkg('npm', 'curl', '1.0.0'),
  pkg('python', 'Open_SSL', '2.0.0'),
  pkg('java-archive', 'core', '1.5', { metadata: { groupId: 'org.demo', artifactId: 'core' } }),
  pkg('binary', 'openssl', '3.0.1', { cpes: ['cpe:2.3:a:openssl:openssl:3.0.1:*:*:*:*:*:*:*'] }),
];

/** Places that records are about. */
const PLACES: Pick<SampleRecord, 'provider' | 'package' | 'system' | 'cpe'>[] = [
  { provider: 'debian', package: ['deb', 'openssl'], system: 'debian12' },
  { provider: 'debian', package: ['deb', 'openssl'], system: 'debian13' },
  { provider: 'debian', package: ['deb', 'libssl3'], system: 'debian12' },
  { provider: 'alpine', package: ['apk', 'openssl'], system: 'alpine' },
  { provider: 'rhel', package: ['rpm', 'openssl'], system: 'redhat' },
  { provider: 'rhel', package: ['rpm', 'curl'], system: 'redhat' },
  { provider: 'alma', package: ['rpm', 'openssl'], system: 'alma' },
  { provider: 'github', package: ['npm', 'curl'] },
  { provider: 'github', package: ['python', 'open-ssl'] },
  { provider: 'github', package: ['java-archive', 'org.demo:core'] },
  { provider: 'nvd', cpe: ['openssl', 'openssl'] },
];

const record: fc.Arbitrary<SampleRecord> = fc
  .record({
    place: fc.constantFrom(...PLACES),
    number: fc.integer({ min: 1, max: 4 }),
    affected: fc.boolean(),
    bound: fc.constantFrom('< 1.6', '< 3.0.1-1', '< 3.0.2', '< 9', ''),
    fix: fc.constantFrom('1.6', '9', 'not-fixed', 'wont-fix'),
    alias: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    severity: fc.constantFrom('low', 'high', 'critical'),
    withdrawn: fc.boolean(),
  })
  .map(({ place, number, affected, bound, fix, alias, severity, withdrawn }) => ({
    ...place,
    id: `CVE-2026-000${number}`,
    // Only these providers say of packages that they are not affected.
    affected: place.provider === 'alma' ? false : affected || !['debian', 'rhel'].includes(place.provider),
    ranges: [[place.package?.[0] === 'deb' ? 'dpkg' : (place.package?.[0] ?? ''), bound, fix]],
    aliases: alias === undefined || alias === number ? [] : [`CVE-2026-000${alias}`],
    severities: [{ scheme: 'CHML', value: severity, rank: 1 }],
    status: withdrawn && number === 4 ? 'withdrawn' : 'active',
  }));

const sample: fc.Arbitrary<Sample> = fc.record({
  systems: fc
    .subarray(Object.keys(SYSTEMS))
    .map((names) => Object.fromEntries(names.map((name) => [name, SYSTEMS[name]!]))),
  // One record of a flaw for a place: which of two contradicting ones comes first is not told by the data.
  records: fc.uniqueArray(record, {
    maxLength: 12,
    selector: placeOf,
  }),
  overrides: fc.subarray<[string, string]>([
    ['almalinux', 'redhat'],
    ['centos', 'redhat'],
  ]),
  kev: fc.subarray(['CVE-2026-0001', 'CVE-2026-0002']),
});

function placeOf({ id, provider, package: of, system, affected }: SampleRecord): string {
  return JSON.stringify([id, provider, of, system, affected]);
}

/** A build and one that shares much with it, as builds of two days do. */
const pair: fc.Arbitrary<[Sample, Sample]> = fc
  .record({
    first: sample,
    second: sample,
    shared: fc.record({ systems: fc.boolean(), records: fc.nat(12), overrides: fc.boolean(), kev: fc.boolean() }),
  })
  .map(({ first, second, shared }) => {
    const kept = first.records.slice(0, shared.records);
    const places = new Set(kept.map(placeOf));
    const later: Sample = {
      records: [...kept, ...second.records.filter((one) => !places.has(placeOf(one))).slice(0, 12 - shared.records)],
    };
    for (const name of ['systems', 'overrides', 'kev'] as const)
      Object.assign(later, { [name]: (shared[name] ? first : second)[name] });
    return [first, later];
  });

/** Facts of a flaw belong to its provider and id: the first record of the pair tells them. */
function consistent({ records, systems = {}, ...rest }: Sample): Sample {
  const first = new Map<string, SampleRecord>();
  const kept = records.flatMap((one) => {
    if (one.system !== undefined && !(one.system in systems)) return [];
    const key = `${one.provider} ${one.id}`;
    const { aliases, severities, status } = first.get(key) ?? one;
    if (!first.has(key)) first.set(key, one);
    return [{ ...one, aliases: aliases ?? [], severities: severities ?? [], status: status ?? 'active' }];
  });
  return { ...rest, systems, records: kept };
}

async function savePackages(): Promise<void> {
  for (const matchable of PACKAGES) {
    await database.db
      .insertInto('package')
      .values({
        identity: packageIdentity(matchable),
        type: matchable.type,
        name: matchable.name,
        version: matchable.version,
        search_names: searchNames(matchable),
        matchable: json(matchable),
      })
      .execute();
  }
}

async function reset(): Promise<void> {
  for (const table of ['package', 'match_run', 'vulnerability', 'vulnerability_change'] as const)
    await database.db.deleteFrom(table).execute();
  await savePackages();
}

type Build = Awaited<ReturnType<typeof build>>;

async function bring(
  to: Build,
  known: Build[],
  options: { settings?: MatchSettings; fails?: boolean } = {},
): Promise<RematchResult | undefined> {
  const index = to.open();
  try {
    return await rematch(
      {
        database,
        settings: { now: '2026-06-01T00:00:00Z', ...(options.settings ?? DEFAULT_MATCH_SETTINGS) },
        matcherVersion: 1,
        completed: async () => {
          if (options.fails) throw new Error('killed');
        },
        caughtUp: async () => undefined,
      },
      index,
      { openFormer: async (checksum) => known.find((one) => one.checksum === checksum)?.open() },
    );
  } catch (error) {
    if (!options.fails || (error as Error).message !== 'killed') throw error;
    return undefined;
  } finally {
    await index.close();
  }
}

/** Everything that is shown, in a form that does not depend on row ids and times. */
async function state() {
  const { rows: open } = await sql<{
    identity: string;
    evidence: Parameters<typeof matchIdentity>[0];
    severity: string;
    kev: unknown;
    links: unknown;
  }>`
    select p.identity, m.evidence, v.severity, v.detail -> 'kev' as kev, v.detail -> 'links' as links
    from package_match m join package p on p.id = m.package_id
    left join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace
    where m.closed_at is null`.execute(database.db);
  const { rows: suppressed } = await sql<{
    identity: string;
    rule: string;
    reason: string;
    evidence: Parameters<typeof matchIdentity>[0];
  }>`
    select p.identity, s.rule, s.reason, s.evidence
    from suppressed_match s join package p on p.id = s.package_id`.execute(database.db);
  const packages = await database.db.selectFrom('package').select(['identity', 'coverage']).execute();
  return {
    open: open.map(({ evidence, ...row }) => JSON.stringify([row, matchIdentity(evidence)])).sort(),
    suppressed: suppressed.map(({ evidence, ...row }) => JSON.stringify([row, matchIdentity(evidence)])).sort(),
    packages: packages.map((row) => `${row.identity} ${row.coverage}`).sort(),
  };
}

async function fullState(to: Build) {
  await reset();
  await bring(to, []);
  return state();
}

describe('a run from one build to another', () => {
  it('ends where matching everything anew ends, forwards and backwards, also after one that was broken off', async () => {
    await fc.assert(
      fc.asyncProperty(pair, fc.boolean(), async ([first, second], broken) => {
        const [a, b] = [await build(consistent(first)), await build(consistent(second))];
        const expected = { a: await fullState(a), b: await fullState(b) };
        await reset();
        await bring(a, [a, b]);
        expect(await state()).toEqual(expected.a);
        if (broken) {
          await bring(b, [a, b], { fails: true });
          await bring(a, [a, b]);
          expect(await state()).toEqual(expected.a);
          await bring(b, [a, b], { fails: true });
        }
        await bring(b, [a, b]);
        expect(await state()).toEqual(expected.b);
        await bring(a, [a, b]);
        expect(await state()).toEqual(expected.a);
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  const openssl = (id: string, bound: string): SampleRecord => ({
    id,
    provider: 'debian',
    package: ['deb', 'openssl'],
    system: 'debian12',
    ranges: [['dpkg', bound, '9']],
    severities: [{ scheme: 'CHML', value: 'high', rank: 1 }],
  });
  const other: SampleRecord = {
    id: 'GHSA-1',
    provider: 'github',
    package: ['npm', 'curl'],
    ranges: [['npm', '< 2', '2']],
  };
  const systems = { debian12: SYSTEMS.debian12! };

  it('matches what is touched alone, and previews it', async () => {
    const a = await build({ systems, records: [openssl('CVE-1', '< 9'), other] });
    const b = await build({ systems, records: [openssl('CVE-1', '< 9'), openssl('CVE-2', '< 9'), other] });
    await reset();
    expect(await bring(a, [])).toMatchObject({ kind: 'full', matched: PACKAGES.length, opened: 3 });
    const [from, to] = [a.open(), b.open()];
    const preview = await previewDelta({ database, settings: DEFAULT_MATCH_SETTINGS }, from, to);
    expect(preview).toMatchObject({
      kind: 'delta',
      packages: { differing: 2 },
      providers: {
        debian: { open: 2, opens: 2, closes: 0, changes: 0 },
        github: { open: 1, opens: 0, closes: 0, changes: 0 },
      },
    });
    await Promise.all([from.close(), to.close()]);
    const run = await bring(b, [a, b]);
    expect(run).toMatchObject({ kind: 'delta', opened: 2, closed: 0 });
    expect(run?.matched).toBe(preview.packages.matched);
    expect(run?.matched).toBeLessThan(PACKAGES.length);
    expect(await bring(b, [a, b])).toMatchObject({ kind: 'catch-up', matched: 0 });
  });

  it('refreshes facts without matching', async () => {
    const a = await build({ systems, records: [openssl('CVE-1', '< 9')] });
    const b = await build({
      systems,
      records: [{ ...openssl('CVE-1', '< 9'), severities: [{ scheme: 'CHML', value: 'low', rank: 1 }] }],
      kev: ['CVE-1'],
    });
    await reset();
    await bring(a, []);
    expect(await bring(b, [a, b])).toMatchObject({ kind: 'delta', matched: 0, opened: 0, refreshed: 1 });
    const rows = await database.db.selectFrom('vulnerability').select(['severity', 'detail']).execute();
    expect(rows).toMatchObject([{ severity: 'Low', detail: { kev: { cve: 'CVE-1' } } }]);
  });

  it('matches everything without the former build, and after a change of settings', async () => {
    const a = await build({ systems, records: [openssl('CVE-1', '< 9')] });
    const b = await build({ systems, records: [openssl('CVE-1', '< 9'), other] });
    await reset();
    await bring(a, []);
    expect(await bring(b, [])).toMatchObject({ kind: 'full', matched: PACKAGES.length, opened: 1 });
    const settings = { ...DEFAULT_MATCH_SETTINGS, excludeProviders: ['github'] };
    expect(await bring(b, [a, b], { settings })).toMatchObject({ kind: 'full', closed: 1 });
  });

  it('includes packages that came meanwhile', async () => {
    const a = await build({ systems, records: [openssl('CVE-1', '< 9')] });
    await reset();
    await bring(a, []);
    await database.db.deleteFrom('package_result').execute();
    expect(await bring(a, [a])).toMatchObject({ kind: 'catch-up', matched: PACKAGES.length, opened: 0, closed: 0 });
  });
});

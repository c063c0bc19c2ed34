/**
 * Reports over a generated fleet on PostgreSQL: the first page of each list against the best statement that was written by
 * hand for the same rows, and whether a list reads one of the large tables as a whole. Prints a line of JSON for each.
 * Targets: ≤ 1.5 × the statement by hand; images by vulnerability of a severity ≤ 300 ms; no whole table.
 *
 *   node bench/reports/run.ts [images]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RawBuilder, sql } from 'kysely';
import { DEFAULT_MATCH_SETTINGS, MATCHER_VERSION } from '#engine/vulnerabilities/index.ts';
import { createFindingService } from '#features/findings/index.ts';
import { createReportExecution } from '#features/reports/index.ts';
import { openDatabase } from '#platform/database/index.ts';
import type { Database } from '#platform/database/types.ts';
import { postgresPrograms, startPostgres } from '../../test/scale/backing.ts';
import { generateBuild } from '../fleet/builds.ts';
import { generateFleet } from '../fleet/fleet.ts';

const ACCOUNT = 'bench-1';
const LARGE = ['analysis_package', 'package_match', 'package', 'evaluation'];

async function fill(to: Database, directory: string, images: number): Promise<void> {
  const started = performance.now();
  const size = {
    images,
    packagesPerImage: 400,
    distinctPackages: images * 10,
    names: images * 2,
    accounts: 5,
    watched: 0,
  };
  await generateFleet(to, size);
  const build = await generateBuild(directory, 'reports', size.names, () => false);
  const index = build.open();
  const findings = createFindingService({
    database: to,
    currentIndex: () => index,
    settings: DEFAULT_MATCH_SETTINGS,
    matcherVersion: MATCHER_VERSION,
    changed: async () => undefined,
  } as unknown as Parameters<typeof createFindingService>[0]);
  await findings.rematch(index, { openFormer: async () => undefined });
  await index.close();
  await sql`
    insert into policy (account, policy_id, name, active, document, digest)
    select name, 'p', 'p', true, '{}', 'd' from account where name like 'bench-%'`.execute(to.db);
  await sql`
    insert into evaluation (account, digest, tag, policy_id, policy_digest, input_digest, status, final_action,
                            final_action_reason, result, evaluated_at)
    select t.account, t.digest, t.registry || '/' || t.repository || ':' || t.tag, 'p', 'd', n::text,
           case when t.id % 3 = 0 then 'pass' else 'fail' end, 'stop', 'policy_evaluation', '{}', now() - n * interval '1 day'
    from tag_mapping t cross join generate_series(1, 3) n`.execute(to.db);
  for (const table of [...LARGE, 'vulnerability', 'tag_mapping', 'image'])
    await sql`vacuum analyze ${sql.table(table)}`.execute(to.db);
  const { rows } = await sql`
    select (select count(*) from package_match)::int as matches, (select count(*) from vulnerability)::int as vulnerabilities,
      (select count(*) from analysis_package)::int as packages`.execute(to.db);
  console.log(JSON.stringify({ filled: rows[0], seconds: Math.round((performance.now() - started) / 1000) }));
}

interface Case {
  name: string;
  query: string;
  byHand: RawBuilder<unknown>;
}

/** Vulnerabilities of the account with how often each occurs, as one would write it for this question alone. */
function byHand(of: string, where: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    with k as materialized (
      select v.id collate "C" as id from vulnerability v
      where ${where} and exists (
        select 1 from package_match m join analysis_package ap on ap.package_id = m.package_id
        join image i on i.analysis_id = ap.analysis_id
        where m.vulnerability = v.id and m.closed_at is null and i.account = ${ACCOUNT} offset 0)
      group by 1 order by 1 desc limit 1000)
    select k.id, ${sql.raw(of)} from k
    join package_match m on m.vulnerability = k.id and m.closed_at is null
    join package p on p.id = m.package_id
    join analysis_package ap on ap.package_id = m.package_id
    join image i on i.analysis_id = ap.analysis_id and i.account = ${ACCOUNT}
    join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace and ${where}
    group by k.id`;
}

const IMAGES = 'count(distinct i.digest), array_agg(distinct i.digest)';
const high = sql`v.severity = 'High'`;
const CASES: Case[] = [
  {
    name: 'imagesByVulnerability, severity',
    query:
      '{ imagesByVulnerability(filter: {vulnerability: {severity: High}}) { results { vulnerabilityId imagesCount } } }',
    byHand: byHand('count(distinct i.digest)', high),
  },
  {
    name: 'imagesByVulnerability, severity, images',
    query:
      '{ imagesByVulnerability(filter: {vulnerability: {severity: High}}) { results { vulnerabilityId imagesCount images { digest } } } }',
    byHand: byHand(IMAGES, high),
  },
  {
    name: 'imagesByVulnerability',
    query: '{ imagesByVulnerability { results { vulnerabilityId imagesCount images { digest } } } }',
    byHand: byHand(IMAGES, sql`true`),
  },
  {
    name: 'artifactsByVulnerability',
    query:
      '{ artifactsByVulnerability { results { vulnerabilityId artifactsCount artifacts { artifactName artifactVersion } } } }',
    byHand: byHand('count(distinct (p.name, p.version)), array_agg(distinct p.name || p.version)', sql`true`),
  },
  {
    name: 'policyEvaluationsByTag',
    query:
      '{ policyEvaluationsByTag { results { registryName repositories { repositoryName tags { tagName evaluations { result } } } } } }',
    byHand: sql`
      select t.registry, t.repository, t.tag, e.status from (
        select distinct registry collate "C" as registry, repository collate "C" as repository from tag_mapping
        where account = ${ACCOUNT} and closed_at is null order by 1, 2 limit 1000) r
      join tag_mapping t on t.account = ${ACCOUNT} and t.registry = r.registry and t.repository = r.repository and t.closed_at is null
      cross join lateral (
        select status from evaluation e where e.account = t.account and e.digest = t.digest
          and e.tag = t.registry || '/' || t.repository || ':' || t.tag and e.policy_id = 'p'
        order by evaluated_at desc limit 1) e`,
  },
  {
    name: 'vulnerabilityMatches',
    query:
      '{ vulnerabilityMatches { results { vulnerabilityId digest artifactName artifactVersion severity fixedIn } } }',
    byHand: sql`
      select m.vulnerability, i.digest, p.name, p.version, v.severity, m.fix_versions
      from vulnerability v
      join package_match m on m.vulnerability = v.id and m.namespace = v.namespace and m.closed_at is null
      join package p on p.id = m.package_id
      join analysis_package ap on ap.package_id = m.package_id
      join image i on i.analysis_id = ap.analysis_id and i.account = ${ACCOUNT}
      order by v.id collate "C" desc limit 1000`,
  },
];

async function measure(on: Database): Promise<void> {
  const reports = createReportExecution({
    database: on,
    currentIndex: () => undefined,
    settings: DEFAULT_MATCH_SETTINGS,
    runningSince: () => new Date(0),
    userBaseImages: true,
    onError: (error) => console.error(error),
  });
  for (const { name, query, byHand: statement } of CASES) {
    const before = await scans(on);
    let rows = 0;
    const report = await best(async () => {
      const { data, errors } = await reports.executeReport({ scope: { account: ACCOUNT }, query });
      if (errors) throw errors[0];
      rows = (Object.values(data ?? {})[0] as { results: unknown[] }).results.length;
    });
    const after = await scans(on);
    const hand = await best(() =>
      on.transaction(async (tx) => {
        await sql`set local jit = off`.execute(tx);
        return statement.execute(tx);
      }),
    );
    const whole = LARGE.filter((table) => after.get(table) !== before.get(table));
    const ratio = Math.round((report / hand) * 100) / 100;
    console.log(
      JSON.stringify({ name, rows, ms: Math.round(report), by_hand_ms: Math.round(hand), ratio, whole_tables: whole }),
    );
  }
}

/** Milliseconds of the fastest of some runs: the machine has other work. */
async function best(work: () => Promise<unknown>): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run++) {
    const started = performance.now();
    await work();
    fastest = Math.min(fastest, performance.now() - started);
  }
  return fastest;
}

/** How often each large table was read as a whole. */
async function scans(on: Database): Promise<Map<string, number>> {
  // The server counts a moment after the statement.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  const { rows } = await sql<{ relname: string; seq_scan: number }>`
    select relname, seq_scan::int from pg_stat_user_tables where relname = any(${LARGE}::text[])`.execute(on.db);
  return new Map(rows.map((row) => [row.relname, row.seq_scan]));
}

const programs = postgresPrograms();
if (!programs) throw new Error('PostgreSQL 15 or newer is not installed');
const folder = mkdtempSync(join(tmpdir(), 'windlass-reports-'));
const server = await startPostgres(folder, programs);
const database = await openDatabase({
  server: { data_dir: folder },
  database: { url: server.url, pool_size: 4, connect_timeout_seconds: 20, checkpoint_seconds: 3_600 },
} as Parameters<typeof openDatabase>[0]);
try {
  await fill(database, folder, Number(process.argv[2] ?? 10_000));
  await measure(database);
} finally {
  await database.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

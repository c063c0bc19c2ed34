import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { createMetricService } from '#features/report-metrics/index.ts';
import { createScheduleService, executeJob } from '#features/report-schedules/index.ts';
import { createReportExecution } from '#features/reports/index.ts';
import { loadConfig } from '#platform/config/index.ts';
import { openDatabase } from '#platform/database/index.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import { openObjectStore } from '#platform/objects/index.ts';
import { postgresPrograms, startPostgres } from '../test/scale/backing.ts';
import { generateFleet } from './fleet/fleet.ts';
import { processorSeconds } from './fleet/processor-seconds.ts';

/**
 * Claims, on PostgreSQL: a sample of all metrics of 10,000 images of 400 packages computes for less than 10 seconds, and a
 * result of 5 million rows is stored and downloaded as CSV with less than 300 MB of memory.
 * Run: `node bench/report-results.ts [images] [rows] [reports]`; needs PostgreSQL's programs on this machine. Rows are made
 * up, unless `reports` asks for those of a report over the fleet: then the same rows are copied out by the database alone, too,
 * for comparison. Seconds are processor seconds of this process and of the database.
 */
const [images = '10000', rows = '5000000', source = 'generated'] = process.argv.slice(2);
const SIZE = {
  images: Number(images),
  packagesPerImage: 400,
  distinctPackages: 20_000,
  names: 5_000,
  accounts: 1,
  watched: 0,
};
const ACCOUNT = 'bench-1';
const SAME_ROWS = `
  select m.vulnerability, v.severity, p.name, p.version, p.type, i.digest, greatest(i.analyzed_at, m.first_seen_at)
  from package_match m join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace
  join package p on p.id = m.package_id join analysis_package ap on ap.package_id = m.package_id
  join image i on i.analysis_id = ap.analysis_id and i.account = '${ACCOUNT}'
  where m.closed_at is null
  order by m.vulnerability collate "C" desc, i.digest collate "C", ap.document_id collate "C", m.namespace collate "C", m.id`;

if (process.argv[2] === 'export')
  await exportRows(process.argv[3]!, process.argv[4]!, Number(process.argv[5]), process.argv[6] === 'reports');
else await main();

function open(url: string, folder: string) {
  return loadConfig({
    env: { DATABASE_URL: url, WINDLASS_DATA_DIR: folder, WINDLASS_LOG_LEVEL: 'fatal' },
    file: '/dev/null',
  });
}

async function main(): Promise<void> {
  const programs = postgresPrograms();
  if (!programs) throw new Error('PostgreSQL is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'windlass-bench-'));
  chmodSync(folder, 0o755);
  const postgres = await startPostgres(folder, programs);
  try {
    const database = await openDatabase(open(postgres.url, folder));
    const { db } = database;
    await generateFleet(database, SIZE);
    await sql`update image set analysis_status = 'analyzed', analyzed_at = now()`.execute(db);
    await sql`insert into vulnerability (id, namespace, provider, severity, detail, updated_by_build)
      select 'CVE-2026-' || n, 'ns', 'p', (array['Critical', 'High', 'Medium', 'Low', 'Negligible', 'Unknown'])[1 + n % 6], '{}', 'b'
      from generate_series(1, 20000) n`.execute(db);
    // Every other package has one to five.
    await sql`insert into package_match (package_id, vulnerability, namespace, kind, fix_state, constraint_text, evidence, opened_by_build)
      select p.id, 'CVE-2026-' || (1 + (p.id * 7 + k) % 20000), 'ns', 'k', 'fixed', '', '{}', 'b'
      from package p, generate_series(1, 5) k where p.id % 2 = 0 and k <= 1 + p.id % 5 on conflict do nothing`.execute(
      db,
    );
    await sql`analyze`.execute(db);
    const { rows: counted } = await sql<{ images: number; findings: number }>`
      select (select count(*) from image)::float8 as images,
        (select count(*) from package_match m join analysis_package a on a.package_id = m.package_id)::float8 as findings`.execute(
      db,
    );
    console.log(`fleet: ${counted[0]?.images} images, ${counted[0]?.findings} findings`);
    const data = join(folder, 'postgres');
    let before = processorSeconds(data);
    await createMetricService({ database }).sample(undefined);
    console.log(`sample of all metrics: ${(processorSeconds(data) - before).toFixed(1)} s`);
    await database.close();
    const child = fork(import.meta.filename, ['export', postgres.url, folder, rows, source]);
    await once(child, 'exit');
    if (source !== 'reports') return;
    before = processorSeconds(data);
    const copy = `copy (${SAME_ROWS}) to stdout`;
    execFileSync(join(programs, 'psql'), [postgres.url, '-qc', 'set jit = off', '-qc', copy], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    console.log(`the same rows copied out: ${(processorSeconds(data) - before).toFixed(1)} s`);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In a process of its own, whose memory is measured. */
async function exportRows(url: string, folder: string, count: number, real: boolean): Promise<void> {
  const config = open(url, folder);
  const database = await openDatabase(config);
  const objects = await openObjectStore(config);
  const settings = { database, currentIndex: () => undefined, runningSince: () => new Date(0), userBaseImages: false };
  const reports = createReportExecution({
    ...settings,
    settings: {} as never,
    limits: { seconds: 900 },
    onError: console.error,
  });
  const sent: string[] = [];
  const jobs = {
    send: async (_: unknown, __: string, { execution }: { execution: string }) => void sent.push(execution),
  } as unknown as Jobs;
  const schedules = createScheduleService({ database, jobs, objects, reports, settings: { run_timeout: 7_200 } });
  const schedule = await schedules.create(
    { account: ACCOUNT },
    {
      name: 'all',
      cron_schedule: '0 0 * * *',
      query:
        '{ vulnerabilityMatches { results { vulnerabilityId severity artifactName artifactVersion artifactType digest detectedAt } } }',
    },
    null,
  );
  const access = { account: ACCOUNT, global: false };
  const uuid = await schedules.run(access, schedule.uuid, null);
  const job = executeJob({
    database,
    objects,
    reports,
    settings: { max_concurrent_runs: 1, max_rows: count },
    onError: console.error,
    ...(real ? {} : { stream: () => ({ field: 'vulnerabilityMatches', rows: generated(count) }) }),
  });
  console.log(`before: peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
  const data = join(folder, 'postgres');
  let before = processorSeconds(data);
  const megabytes = () => Math.round(process.resourceUsage().maxRSS / 1024);
  await job.run(
    { execution: uuid },
    { id: 'j', attempt: 1, last: true, signal: new AbortController().signal, progress: async () => undefined },
  );
  const row = await schedules.execution(access, uuid);
  const seconds = processorSeconds(data) - before;
  console.log(
    `${row.status}: ${row.row_count} rows in ${seconds.toFixed(1)} s (${Math.round(row.row_count / seconds)} a second), peak ${megabytes()} MB`,
  );
  if (row.error_message) console.log(row.error_message);
  console.log(
    Object.entries(process.memoryUsage())
      .map(([name, value]) => `${name} ${Math.round(value / 1e6)}`)
      .join(' '),
  );
  before = processorSeconds(data);
  let bytes = 0;
  const content = await schedules.content(access, uuid, 'csv');
  for await (const part of content.bytes) bytes += part.length;
  console.log(
    `CSV: ${Math.round(bytes / 1e6)} MB in ${(processorSeconds(data) - before).toFixed(1)} s, peak ${megabytes()} MB`,
  );
  await database.close();
}

/** Rows like those of the report, in pages that come one after the other. */
async function* generated(count: number): AsyncGenerator<Record<string, unknown>> {
  for (let n = 0; n < count; n++) {
    if (n % 5_000 === 0) await new Promise((resolve) => setImmediate(resolve));
    yield {
      vulnerabilityId: `CVE-2026-${n % 20_000}`,
      severity: 'High',
      artifactName: `package-${n % 7_919}`,
      artifactVersion: `1.2.${n % 97}-1`,
      artifactType: 'deb',
      digest: `sha256:${(n % 10_000).toString(16).padStart(64, '0')}`,
      detectedAt: '2026-01-01T00:00:00.000',
    };
  }
}

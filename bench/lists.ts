/**
 * Every reading operation against 10,000 images, 1,000,000 rows of packages and 100 accounts on PostgreSQL, with 20,000
 * rows in every other table of accounts: p50 and p99 of each, and the big tables that its statements read from end to
 * end. The targets are for milliseconds of work, by the process and its sessions, because others use the machine as well;
 * the time on the clock is given beside them. Needs the server on this machine. Prints a line for each operation that
 * misses a target (with `--table`: for each), and a line of JSON. Targets: p99 ≤ 10 × p50 or ≤ 20 ms, no big table read
 * whole.
 *
 *   TEST_DATABASE_URL=postgres://… node bench/lists.ts [images] [calls per operation] [--table]
 */
import { existsSync, readFileSync } from 'node:fs';
import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';
import { startCrowded } from '../test/safety/crowded-application.ts';
import { readDocument } from '../test/safety/document.ts';
import { listCalls } from '../test/safety/list-calls.ts';
import { bigTables, recordStatements, tablesReadWhole } from '../test/safety/statements.ts';

const images = Number(process.argv[2] ?? 10_000);
const calls = Number(process.argv[3] ?? 60);
const table = process.argv.includes('--table');

/** The sessions of this database, as processes of this machine; empty when the server is elsewhere. */
async function backendsOf(db: Db): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend'`.execute(
    db,
  );
  return rows.map(({ pid }) => pid).filter((pid) => existsSync(`/proc/${pid}/schedstat`));
}

/** Milliseconds of work by the main thread of this process and by the sessions. */
function workedMs(backends: readonly number[]): number {
  const { user, system } = process.threadCpuUsage();
  const sessions = backends.map((pid) => {
    const file = `/proc/${pid}/schedstat`;
    return existsSync(file) ? Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6 : 0;
  });
  return sessions.reduce((sum, work) => sum + work, (user + system) / 1000);
}

function percentiles(values: number[]): { p50: number; p99: number } {
  values.sort((a, b) => a - b);
  const at = (share: number): number =>
    Number(values[Math.min(values.length - 1, Math.floor(values.length * share))]!.toFixed(1));
  return { p50: at(0.5), p99: at(0.99) };
}

const { app, reader, account, startMs, refused } = await startCrowded({
  images,
  packages: 100,
  accounts: 100,
  rows: 200,
});
const { db } = app.platform.database;
const big = await bigTables(db, 10_000);
const lists = await listCalls(await readDocument(app.server), reader, db, account);
/** How many calls of an operation do not count: code is compiled, and caches of connections are filled, by the first. */
const WARM = 3;
const results = [];
for (const { operation, path } of lists) {
  const recording = recordStatements();
  await reader.get(path);
  recording.stop();
  const whole = new Set<string>();
  for (const statement of recording.statements)
    for (const name of await tablesReadWhole(db, statement)) if (big.has(name)) whole.add(name);
  const backends = await backendsOf(db);
  const times: number[] = [];
  const works: number[] = [];
  for (let call = -WARM; call < calls; call += 1) {
    const [from, before] = [performance.now(), workedMs(backends)];
    await reader.get(path);
    const [time, work] = [performance.now() - from, workedMs(backends) - before];
    if (call < 0) continue;
    times.push(time);
    works.push(work);
  }
  const [work, time] = [percentiles(works), percentiles(times)];
  const result = { id: operation.id, ...work, wall_p50: time.p50, wall_p99: time.p99, whole: [...whole] };
  results.push(result);
  if (table || result.p99 > Math.max(20, 10 * result.p50) || whole.size > 0 || result.p50 > 100)
    console.log(JSON.stringify(result));
}
results.sort((a, b) => b.p50 - a.p50);
console.log(
  JSON.stringify({
    bench: 'lists',
    images,
    big_tables: big.size,
    not_multiplied: [...refused.keys()],
    operations: results.length,
    start_ms: Math.round(startMs),
    worst_ratio: Math.max(...results.map(({ p50, p99 }) => p99 / Math.max(p50, 0.1))).toFixed(1),
    slowest: results.slice(0, 5),
    reading_whole_tables: results.filter(({ whole }) => whole.length > 0).map(({ id }) => id),
  }),
);
await app.close();

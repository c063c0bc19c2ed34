/**
 * Every reading operation against 10,000 images, 1,000,000 rows of packages and 100 accounts on PostgreSQL, with 20,000
 * rows in every other table of accounts: p50 and p99 of each, and the big tables that its statements read from end to
 * end. Prints a line for each operation that misses a target, and a line of JSON. Targets: p99 ≤ 10 × p50 or ≤ 20 ms, no
 * big table read whole.
 *
 *   TEST_DATABASE_URL=postgres://… node bench/lists.ts [images] [calls per operation]
 */
import { startCrowded } from '../test/safety/crowded-application.ts';
import { readDocument } from '../test/safety/document.ts';
import { listCalls } from '../test/safety/list-calls.ts';
import { bigTables, recordStatements, tablesReadWhole } from '../test/safety/statements.ts';

const images = Number(process.argv[2] ?? 10_000);
const calls = Number(process.argv[3] ?? 60);
const { app, reader, account, startMs, refused } = await startCrowded({
  images,
  packages: 100,
  accounts: 100,
  rows: 200,
});
const { db } = app.platform.database;
const big = await bigTables(db, 10_000);
const lists = await listCalls(await readDocument(app.server), reader, db, account);
const results = [];
for (const { operation, path } of lists) {
  const recording = recordStatements();
  await reader.get(path);
  recording.stop();
  const whole = new Set<string>();
  for (const statement of recording.statements)
    for (const table of await tablesReadWhole(db, statement)) if (big.has(table)) whole.add(table);
  const times: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const from = performance.now();
    await reader.get(path);
    times.push(performance.now() - from);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    Number(times[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(1));
  const result = { id: operation.id, p50: at(0.5), p99: at(0.99), whole: [...whole] };
  results.push(result);
  if (result.p99 > Math.max(20, 10 * result.p50) || whole.size > 0 || result.p50 > 100)
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
    worst_ratio: Math.max(...results.map(({ p50, p99 }) => p99 / p50)).toFixed(1),
    slowest: results.slice(0, 5),
    reading_whole_tables: results.filter(({ whole }) => whole.length > 0).map(({ id }) => id),
  }),
);
await app.close();

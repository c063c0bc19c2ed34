/**
 * Reports over a generated fleet on PostgreSQL: the first page of each list against the best statement that was written by
 * hand for the same rows, and whether a list reads one of the large tables as a whole. Prints a line of JSON for each.
 * Targets: ≤ 1.5 × the statement by hand; images by vulnerability of a severity ≤ 300 ms; no whole table.
 *
 *   node bench/reports/run.ts [--images 10000] [--url postgres://…/fleet] [--account bench-all] [--only text] [--statements]
 *
 * With `--url` the fleet is kept in that database and filled only once.
 */
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import pg from 'pg';
import { DEFAULT_MATCH_SETTINGS } from '#engine/vulnerabilities/index.ts';
import { createReportExecution } from '#features/reports/index.ts';
import type { Database } from '#platform/database/types.ts';
import { recordStatements, tablesReadWhole } from '../../test/safety/statements.ts';
import { CASES } from './cases.ts';
import { openFleet } from './database.ts';
import { LARGE, WHOLE_FLEET } from './fleet.ts';

const { values: options } = parseArgs({
  options: {
    images: { type: 'string', default: '10000' },
    url: { type: 'string' },
    account: { type: 'string', default: WHOLE_FLEET },
    only: { type: 'string', default: '' },
    runs: { type: 'string', default: '3' },
    statements: { type: 'boolean', default: false },
  },
});

async function measure(on: Database): Promise<void> {
  const reports = createReportExecution({
    database: on,
    currentIndex: () => undefined,
    settings: DEFAULT_MATCH_SETTINGS,
    runningSince: () => new Date(0),
    userBaseImages: true,
    onError: (error) => console.error(error),
  });
  const scope = options.account === 'global' ? ('global' as const) : { account: options.account };
  for (const { name, query, byHand } of CASES.filter((one) => one.name.startsWith(options.only))) {
    let rows = 0;
    const ask = async () => {
      const { data, errors } = await reports.executeReport({ scope, query });
      if (errors) throw errors[0];
      rows = (Object.values(data ?? {})[0] as { results?: unknown[] }).results?.length ?? 0;
    };
    const recording = recordStatements();
    try {
      await ask();
    } catch (error) {
      console.log(JSON.stringify({ name, error: String(error) }));
      continue;
    } finally {
      recording.stop();
    }
    const whole = new Set<string>();
    for (const statement of recording.statements)
      for (const table of await tablesReadWhole(on.db, statement)) if (LARGE.includes(table)) whole.add(table);
    const report = await best(ask);
    const hand = byHand
      ? await best(() =>
          on.transaction(async (tx) => {
            await sql`select set_config('jit', 'off', true), set_config('work_mem', '64MB', true)`.execute(tx);
            await byHand(options.account).execute(tx);
          }),
        )
      : undefined;
    const ratio = hand === undefined ? undefined : Math.round((report / hand) * 100) / 100;
    console.log(
      JSON.stringify({
        name,
        rows,
        ms: Math.round(report),
        by_hand_ms: hand && Math.round(hand),
        ratio,
        statements: recording.statements.length,
        whole_tables: [...whole],
      }),
    );
    if (options.statements) await explain(recording.statements);
  }
}

/** Prints each statement of a report with its time in the server. */
async function explain(statements: readonly { text: string; values: unknown[] }[]): Promise<void> {
  const client = new pg.Client({ connectionString: options.url });
  await client.connect();
  await client.query(`select set_config('jit', 'off', false), set_config('work_mem', '64MB', false)`);
  for (const { text, values } of statements) {
    if (!/^\s*(select|with)\b/i.test(text) || text.includes('set_config')) continue;
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (analyze, buffers) ${text}`, values);
    console.log(`--- ${text.replace(/\s+/g, ' ')}`);
    console.log(rows.map((row) => row['QUERY PLAN']).join('\n'));
  }
  await client.end();
}

/** Milliseconds of the fastest of some runs: the machine has other work. */
async function best(work: () => Promise<unknown>): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < Number(options.runs); run++) {
    const started = performance.now();
    await work();
    fastest = Math.min(fastest, performance.now() - started);
  }
  return fastest;
}

const { database, close } = await openFleet(Number(options.images), options.url);
try {
  await measure(database);
} finally {
  await close();
}

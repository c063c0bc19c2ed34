import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantValue } from '../api/tenant-rows.ts';
import { type ApiDocument, readDocument } from './document.ts';
import { type FurnishedTenants, startFurnishedTenants } from './furnished-tenants.ts';
import { type FuzzOutcome, fuzz } from './fuzz-run.ts';
import type { FuzzRequest } from './requests.ts';
import { vocabulary } from './vocabulary.ts';

const SEED = Number(process.env.TEST_FUZZ_SEED ?? 20_260_101);
/** Of odd requests, for each caller. */
const SECONDS = Number(process.env.TEST_FUZZ_SECONDS ?? 5);
/** Operations that answer with success, to one caller or the other. Raise it; never lower it. */
const RATCHET = 415;
const LIMIT_MS = SECONDS * 2_000 + 300_000;

/** They would take away what the run itself stands on: its credentials, its silence. */
const LEFT_OUT = /(add|create|delete)_(user_)?credential|create_session|oauth_token|log_level/;
/** Ids by which things are asked for; a request may name those of the other tenant. */
const ID = /(^|_)(id|uuid|digest|name|key|registry|repository|tag|type)$/;

let two: FurnishedTenants;
let document: ApiDocument;

beforeAll(async () => {
  two = await startFurnishedTenants();
  document = await readDocument(two.app.server);
}, LIMIT_MS);
afterAll(() => two?.close());

/** Values of columns called like a field, else those that it ends with: of the table that it names, if there is one. */
function valuesFor(name: string, values: readonly TenantValue[]): string[] {
  const same = values.filter(({ column }) => column === name);
  const alike = values.filter(({ column }) => name.endsWith(`_${column}`));
  const owner = (column: string): string => name.slice(0, -column.length - 1);
  const exact = alike.filter(({ table, column }) => table === owner(column));
  const named = alike.filter(({ table, column }) => table.includes(owner(column)));
  const chosen = [exact, same, named, alike].find((list) => list.length > 0) ?? [];
  return [...new Set(chosen.map(({ value }) => value))].slice(0, 20);
}

/** What is known to be meant, else names of what is there. */
function wordsFor(name: string, ...from: readonly TenantValue[][]): readonly string[] {
  const known = vocabulary(name);
  return known.length ? known : from.flatMap((values) => valuesFor(name, values));
}

function operations() {
  return document.operations.filter(({ id }) => !LEFT_OUT.test(id));
}

/** For whoever wants to know how deep a run went. */
function report(who: string, { requests, rounds, statuses, succeeded, refusals, wrong }: FuzzOutcome): void {
  if (!process.env.TEST_FUZZ_REPORT) return;
  const never = operations().filter(({ id }) => !succeeded.has(id));
  const lines = never.map(({ id }) => `  ${id}: ${refusals.get(id) ?? ''}`);
  process.stdout.write(
    `${who}: ${requests} requests in ${rounds} odd rounds, by status ${JSON.stringify([...statuses].sort())}, ` +
      `no success of ${never.length}:\n${lines.join('\n')}\nwrong: ${wrong.join('\n')}\n`,
  );
}

/** A fingerprint of all rows of an account, by table; without what the dispatcher of events marks in its own time. */
async function rowsOf(account: string): Promise<Record<string, string>> {
  const { db } = two.app.platform.database;
  const { rows: tables } = await sql<{ table_name: string }>`
    select c.table_name from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = current_schema() and c.column_name = 'account' and t.table_type = 'BASE TABLE'
    order by 1`.execute(db);
  const found: Record<string, string> = {};
  for (const { table_name } of tables) {
    const { rows } = await sql<{ content: string | null }>`
      select string_agg((to_jsonb(t) - 'dispatched')::text, e'\n' order by t::text) as content from ${sql.table(table_name)} t
      where account = ${account}`.execute(db);
    found[table_name] = rows[0]?.content ?? '';
  }
  return found;
}

const succeeded = new Set<string>();

describe('made-up requests to every operation', () => {
  it(
    'of one tenant get sound answers, show nothing of the other and change nothing there',
    async () => {
      const before = await rowsOf('tenant-two');
      // What is never sent by a writing request cannot have come back from the own account.
      const asked = two.foreign.filter(({ column }) => ID.test(column));
      const secret = two.foreign.filter(({ column, value }) => !ID.test(column) && value.includes('tenant-two'));
      expect(secret.length).toBeGreaterThan(20);
      const outcome = await fuzz({
        scene: two.tenantScene,
        document,
        operations: operations(),
        words: (name) => wordsFor(name, two.own, asked),
        seed: SEED,
        seconds: SECONDS,
        inspect(_request: FuzzRequest, { body }) {
          const seen = secret.find(({ value }) => body.includes(value));
          return seen && `shows ${seen.table}.${seen.column} of the other tenant`;
        },
      });
      report('tenant', outcome);
      expect(outcome.wrong).toEqual([]);
      expect(await rowsOf('tenant-two')).toEqual(before);
      for (const id of outcome.succeeded) succeeded.add(id);
    },
    LIMIT_MS,
  );

  it(
    'of an administrator get sound answers',
    async () => {
      const outcome = await fuzz({
        scene: two.adminScene,
        document,
        operations: operations(),
        words: (name) => wordsFor(name, two.own),
        seed: SEED + 100_000,
        seconds: SECONDS,
      });
      report('administrator', outcome);
      expect(outcome.wrong).toEqual([]);
      for (const id of outcome.succeeded) succeeded.add(id);
    },
    LIMIT_MS,
  );

  it('reach what they are about', () => {
    const never = document.operations.filter(({ id }) => !succeeded.has(id)).map(({ id }) => id);
    if (process.env.TEST_FUZZ_REPORT) process.stdout.write(`${succeeded.size} succeed; not ${never.join(' ')}\n`);
    expect(succeeded.size).toBeGreaterThanOrEqual(RATCHET);
  });
});

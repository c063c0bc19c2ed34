import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantValue } from '../api/tenant-rows.ts';
import type { TwoTenants } from '../api/two-tenants.ts';
import { type ApiDocument, readDocument } from './document.ts';
import { type FuzzOutcome, fuzz } from './fuzz-run.ts';
import { startLoadedTenants } from './loaded-tenants.ts';
import type { FuzzRequest } from './requests.ts';
import { vocabulary } from './vocabulary.ts';

const SEED = Number(process.env.TEST_FUZZ_SEED ?? 20_260_101);
const ROUNDS = Number(process.env.TEST_FUZZ_ROUNDS ?? 12);
const SECONDS = Number(process.env.TEST_FUZZ_SECONDS ?? 25);

/** They would take away what the run itself stands on: its credentials, its silence. */
const LEFT_OUT = /credential|session|oauth|password|log_level/;
/** Ids by which things are asked for; a request may name those of the other tenant. */
const ID = /(^|_)(id|uuid|digest|name|key|registry|repository|tag|type)$/;

let two: TwoTenants;
let document: ApiDocument;

beforeAll(async () => {
  two = await startLoadedTenants();
  document = await readDocument(two.app.server);
});
afterAll(() => two?.app.close());

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
function summary({ requests, rounds, statuses, succeeded }: FuzzOutcome): string {
  const never = operations().filter(({ id }) => !succeeded.has(id));
  return `${requests} requests in ${rounds} rounds, by status ${JSON.stringify([...statuses].sort())}, no success of ${never.length}: ${never.map(({ id }) => id).join(' ')}`;
}

/** A fingerprint of all rows of an account, by table. */
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
      select string_agg(t::text, e'\n' order by t::text) as content from ${sql.table(table_name)} t
      where account = ${account}`.execute(db);
    found[table_name] = rows[0]?.content ?? '';
  }
  return found;
}

describe('made-up requests to every operation', () => {
  it('of one tenant get sound answers, show nothing of the other and change nothing there', async () => {
    const before = await rowsOf('tenant-two');
    // What is never sent by a writing request cannot have come back from the own account.
    const asked = two.foreign.filter(({ column }) => ID.test(column));
    const secret = two.foreign.filter(({ column, value }) => !ID.test(column) && value.includes('tenant-two'));
    expect(secret.length).toBeGreaterThan(20);
    const outcome = await fuzz({
      client: two.tenant,
      document,
      operations: operations(),
      words: (name) => wordsFor(name, two.own, asked),
      seed: SEED,
      rounds: ROUNDS,
      seconds: SECONDS,
      inspect(_request: FuzzRequest, { body }) {
        const seen = secret.find(({ value }) => body.includes(value));
        return seen && `shows ${seen.table}.${seen.column} of the other tenant`;
      },
    });
    if (process.env.TEST_FUZZ_REPORT) process.stdout.write(`${summary(outcome)}\n`);
    expect(outcome.wrong).toEqual([]);
    expect(await rowsOf('tenant-two')).toEqual(before);
  }, 120_000);

  it('of an administrator get sound answers', async () => {
    const outcome = await fuzz({
      client: two.admin,
      document,
      operations: operations(),
      words: (name) => wordsFor(name, two.own),
      seed: SEED + 100_000,
      rounds: ROUNDS,
      seconds: SECONDS,
    });
    if (process.env.TEST_FUZZ_REPORT) process.stdout.write(`${summary(outcome)}\n`);
    expect(outcome.wrong).toEqual([]);
  }, 120_000);
});

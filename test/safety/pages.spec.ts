import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Db } from '#platform/database/types.ts';
import { type Churn, churnOf } from './churn.ts';
import { type CrowdedApplication, startCrowded } from './crowded-application.ts';
import { readDocument } from './document.ts';
import { complaintAbout } from './fuzz-run.ts';
import { listCalls } from './list-calls.ts';
import { type PagedList, pageUrl, pagingOf, readAll } from './paged-lists.ts';

/** Lists that begin with the newest: with this parameter a reader keeps to what was there when he began. */
const PINNED_BY: Readonly<Record<string, string>> = {
  list_events: 'before',
  get_compliance_violation_alerts: 'created_before',
  get_alert_summaries: 'created_before',
  list_runtime_compliance_checks: 'created_before',
};
/** Lists in an order of which new rows take the last places, or whose rows never change once they are there. */
const OLDEST_FIRST = new Set(['query_images_by_package', 'list_runtime_compliance_rules', 'query_vulnerabilities']);
const SIZE = 3;
const LIMIT_MS = 200_000;

let crowded: CrowdedApplication;
let churn: Churn;
let lists: PagedList[];

beforeAll(async () => {
  crowded = await startCrowded({ images: 60, packages: 6, accounts: 7, rows: 9 });
  const { app, reader, account } = crowded;
  churn = await churnOf(app.platform.database.db);
  await churn.levelTimes(account);
  const document = await readDocument(app.server);
  const paged = { ...document, operations: document.operations.filter((operation) => pagingOf(operation)) };
  const { db } = app.platform.database;
  const words = await wordsOf(db, account);
  const calls = await listCalls(paged, reader, db, account, words);
  const open = new Set(calls.map(({ operation }) => operation.id));
  const rest = { ...paged, operations: paged.operations.filter(({ id }) => !open.has(id)) };
  const others = await listCalls(rest, crowded.admin, db, account, words);
  lists = [
    ...calls.map((call) => ({ ...call, client: reader, ...pagingOf(call.operation)! })),
    ...others.map((call) => ({ ...call, client: crowded.admin, ...pagingOf(call.operation)! })),
  ];
}, 200_000);
afterAll(() => crowded?.app.close());

/** Lists with enough rows for several pages, with all their rows. */
async function longLists(): Promise<{ list: PagedList; rows: string[] }[]> {
  const found: { list: PagedList; rows: string[] }[] = [];
  for (const list of lists) {
    const rows = await readAll(list, 50);
    if (rows.length > SIZE) found.push({ list, rows });
  }
  return found;
}

/** Names of a package and of vulnerabilities that many images of the account have. */
async function wordsOf(db: Db, account: string): Promise<Record<string, string>> {
  const { rows } = await sql<{ name: string }>`
    select p.name from image_package i join package p on p.id = i.package_id where i.account = ${account}
    group by 1 order by count(distinct i.digest) desc, 1 limit 1`.execute(db);
  const { rows: ids } = await sql<{ id: string }>`select distinct id from vulnerability order by id limit 9`.execute(
    db,
  );
  return { ...(rows[0] ?? {}), ...(ids.length ? { id: ids.map(({ id }) => id).join(',') } : {}) };
}

/** Rows that stand in the second list more often than in the first. */
function repeated(rows: readonly string[], again: readonly string[]): string[] {
  const count = (list: readonly string[], row: string) => list.filter((one) => one === row).length;
  return [...new Set(rows)].filter((row) => count(again, row) > count(rows, row));
}

describe('lists in pages', () => {
  it('are found in the document, and have rows to turn pages over', async () => {
    const long = (await longLists()).map(({ list }) => list.operation.id);
    if (process.env.TEST_FUZZ_REPORT)
      process.stdout.write(`paged ${lists.map(({ operation }) => operation.id).join(' ')}\nlong ${long.join(' ')}\n`);
    expect(long.length).toBeGreaterThanOrEqual(12);
  });

  it(
    'give the same rows in the same order whatever the size of the page, while rows are changed',
    async () => {
      const wrong: string[] = [];
      for (const { list, rows } of await longLists()) {
        const again = await readAll(list, SIZE, {
          between: async (read) => (read === 0 ? churn.update(crowded.account) : undefined),
        });
        if (again.join('\n') !== rows.join('\n')) wrong.push(`${list.operation.id}: ${difference(rows, again)}`);
      }
      expect(wrong).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'lose no row while others are added, and repeat none where the reader can hold on to a place',
    async () => {
      const wrong: string[] = [];
      for (const { list, rows } of await longLists()) {
        const { id } = list.operation;
        const pin = PINNED_BY[id];
        const more = pin ? `${pin}=${new Date().toISOString()}` : '';
        const again = await readAll(list, SIZE, {
          more,
          between: async (read) => {
            if (read === 0) expect(await churn.insert(crowded.account)).toBeGreaterThan(20);
          },
        });
        await churn.remove(crowded.account);
        const lost = rows.filter((row) => !again.includes(row));
        if (lost.length) wrong.push(`${id} loses ${lost.length} of ${rows.length}: ${lost[0]}`);
        const exact = pin !== undefined || list.kind === 'token' || OLDEST_FIRST.has(id);
        const twice = exact ? repeated(rows, again) : [];
        if (twice.length) wrong.push(`${id} repeats ${twice[0]}`);
      }
      expect(wrong).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'that lead on by a token show each remaining row once while others are removed',
    async () => {
      const wrong: string[] = [];
      const tokens = lists.filter(({ kind }) => kind === 'token');
      expect(tokens.length).toBeGreaterThan(0);
      for (const list of tokens) {
        await churn.insert(crowded.account);
        const before = await readAll(list, 50);
        const again = await readAll(list, SIZE, {
          between: async (read) => (read === 0 ? churn.remove(crowded.account) : undefined),
        });
        const after = await readAll(list, 50);
        const lost = after.filter((row) => before.includes(row) && !again.includes(row));
        const twice = repeated(after, again);
        if (lost.length || twice.length) wrong.push(`${list.operation.id}: ${lost[0] ?? twice[0]}`);
      }
      expect(wrong).toEqual([]);
    },
    LIMIT_MS,
  );
});

describe('numbers of pages', () => {
  const ODD = ['0', '-1', '1.5', 'x', '', '99999999999999999999', '9007199254740991', '1e3', ' ', '2147483648'];

  it(
    'and sizes that make no sense are refused, or give an empty page',
    async () => {
      const wrong: string[] = [];
      for (const list of lists) {
        const urls = ODD.flatMap((odd) => [
          pageUrl(list, odd, SIZE),
          ...(list.size ? [pageUrl({ ...list, by: list.size }, odd, SIZE)] : []),
        ]);
        for (const url of urls) {
          const response = await list.client.get(url);
          const complaint = complaintAbout(response, list.path);
          if (complaint || ![200, 400].includes(response.statusCode))
            wrong.push(`${url}: ${complaint ?? response.statusCode}`);
        }
        const below = await list.client.get(pageUrl(list, '-1', SIZE));
        if (list.kind === 'number' && below.statusCode !== 400) wrong.push(`${list.operation.id} takes page -1`);
        const last = await list.client.get(pageUrl(list, list.kind === 'number' ? '2000000000' : undefined, SIZE));
        if (last.statusCode !== 200) wrong.push(`${list.operation.id} refuses a far page: ${last.statusCode}`);
      }
      expect(wrong).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'are no way to the rows of another list or account: tokens are refused or lead to own rows',
    async () => {
      const wrong: string[] = [];
      const tokens = lists.filter(({ kind, client }) => kind === 'token' && client === crowded.reader);
      const foreign = await tokensOf(tokens, crowded.neighbour);
      for (const list of tokens)
        for (const token of foreign) {
          const response = await list.client.get(pageUrl(list, token, SIZE));
          if (![200, 400].includes(response.statusCode))
            wrong.push(`${list.operation.id} ${token}: ${response.statusCode}`);
          if (response.body.includes('bench-6')) wrong.push(`${list.operation.id} shows rows of another account`);
        }
      expect(wrong).toEqual([]);
    },
    LIMIT_MS,
  );
});

async function tokensOf(tokens: readonly PagedList[], client: CrowdedApplication['reader']): Promise<string[]> {
  const found: string[] = [];
  for (const list of tokens) {
    const answer = (await client.get(pageUrl(list, undefined, SIZE))).json<Record<string, unknown>>();
    const token = answer[`next_${list.by.replace(/^next_/, '')}`];
    if (token !== null && token !== undefined) found.push(String(token));
  }
  return found;
}

function difference(rows: readonly string[], again: readonly string[]): string {
  const at = rows.findIndex((row, index) => row !== again[index]);
  return `${rows.length} rows, then ${again.length}; first at ${at}: ${rows[at]?.slice(0, 300)} and ${again[at]?.slice(0, 300)}`;
}

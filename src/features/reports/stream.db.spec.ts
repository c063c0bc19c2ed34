import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_MATCH_SETTINGS } from '#engine/vulnerabilities/index.ts';
import { testDatabase, testServer } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import type { ReportPages } from './execution/execute.ts';
import { createReportExecution, inSnapshot, type ReportExecution, type ReportScope, streamReport } from './index.ts';
import { fillFleet } from './reports.fixture.ts';

let database: Database;
/** Each document by itself, as callers ask; and the way through cursors, whichever the database is. */
let reports: ReportExecution;
let throughCursors: ReportExecution;

beforeAll(async () => {
  database = await testDatabase();
  await fillFleet(database, 11);
  const settings = {
    currentIndex: () => undefined,
    settings: DEFAULT_MATCH_SETTINGS,
    runningSince: () => new Date(0),
    userBaseImages: true,
    now: () => new Date('2026-03-01T00:00:00Z'),
    onError: (error: unknown) => {
      throw error;
    },
  };
  reports = createReportExecution({ ...settings, database });
  throughCursors = createReportExecution({ ...settings, database: { ...database, kind: 'postgres' } });
}, 120_000);
afterAll(() => database?.close());

type Row = Record<string, unknown>;
const ACCOUNT: ReportScope = { account: 'team-a' };

async function all(rows: AsyncIterable<Row>): Promise<Row[]> {
  const found: Row[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

/** The rows of a list in one answer. */
async function whole(query: string, scope: ReportScope): Promise<Row[]> {
  const { data, errors } = await reports.executeReport({ scope, query });
  expect(errors).toBeUndefined();
  return (Object.values(data ?? {})[0] as { results: Row[] }).results;
}

const PLAIN =
  'vulnerabilityId severity artifactName type: artifactType fixedIn willNotFix detectedAt digest accountName';
const LISTS: [name: string, list: string, selection: string][] = [
  ['plain members', 'vulnerabilityMatches', PLAIN],
  ['in the other order', 'vulnerabilityMatches(orderBy: VULNERABILITY_ID_ASC)', 'vulnerabilityId digest feedNamespace'],
  [
    'with a filter',
    'vulnerabilityMatches(filter: {vulnerability: {severities: [High, Low], currentOnly: false}})',
    PLAIN,
  ],
  ['of a tag', 'vulnerabilityMatches(filter: {tag: {name: "*1*"}})', 'vulnerabilityId artifactPath purl'],
  ['looked-up members', 'vulnerabilityMatches', `${PLAIN} isKev annotationStatus inheritedFromBase tags { tagName }`],
  ['an inline fragment', 'vulnerabilityMatches', '... on VulnerabilityMatch { vulnerabilityId } digest'],
  ['a directive', 'vulnerabilityMatches', 'vulnerabilityId digest @include(if: false)'],
  ['another list', 'imagesByVulnerability', 'vulnerabilityId images { digest }'],
];

describe('a list read to its end', () => {
  it.each(LISTS)('is the same as in one answer: %s', async (name, list, selection) => {
    const scope = name === 'plain members' ? 'global' : ACCOUNT;
    const argument = list.replace(/\(|$/, (end) => (end ? '(limit: 10000, ' : '(limit: 10000)'));
    const expected = await whole(`{ ${argument} { results { ${selection} } } }`, scope);
    expect(expected.length).toBeGreaterThan(10);
    const query = `{ ${list} { results { ${selection} } pageInfo { totalCount } } }`;
    for (const execution of [reports, throughCursors]) {
      const pageRows = Math.ceil(expected.length / 3);
      const rows = await all(streamReport(execution, { scope, query, pageRows }).rows);
      expect(rows).toEqual(expected);
      // Members keep their order: columns of a table.
      expect(Object.keys(rows[0] ?? {})).toEqual(Object.keys(expected[0] ?? {}));
    }
  });

  it('goes on behind any row by the token of its page', async () => {
    const list = (rest: string) =>
      `query ($n: Int, $token: String) { vulnerabilityMatches(limit: $n, nextToken: $token) { ${rest} } }`;
    const query = list('pageInfo { nextToken } results { vulnerabilityId digest artifactName feedNamespace }');
    const expected = await whole(query.replace('limit: $n', 'limit: 10000').replace('$n: Int, ', ''), ACCOUNT);
    for (const before of [1, 40, expected.length - 1])
      for (const execution of [reports, throughCursors]) {
        const first = await reports.executeReport({ scope: ACCOUNT, query, variables: { n: before } });
        const { pageInfo } = first.data!.vulnerabilityMatches as { pageInfo: { nextToken: string } };
        const pages = await execution.openPages({ scope: ACCOUNT, query });
        const rest = await read(pages, pageInfo.nextToken, 101);
        expect(rest).toEqual(expected.slice(before));
      }
  });

  it('of one document that names it anew takes another position', async () => {
    const query =
      'query ($n: Int, $token: String) { vulnerabilityMatches(limit: $n, nextToken: $token) { pageInfo { nextToken } results { digest } } }';
    const pages = await throughCursors.openPages({ scope: ACCOUNT, query });
    try {
      const [first, again] = [await pages.run({ n: 5 }), await pages.run({ n: 5 })];
      expect(again.data).toEqual(first.data);
    } finally {
      await pages.end();
    }
  });

  it('ends when it is cancelled, and lets its connection go', async () => {
    const controller = new AbortController();
    const query = `{ vulnerabilityMatches { results { ${PLAIN} } } }`;
    // A statement is cancelled through another connection, which only a server has.
    const execution = testServer ? throughCursors : reports;
    const { rows } = streamReport(execution, { scope: ACCOUNT, query, pageRows: 5, signal: controller.signal });
    let read = 0;
    await expect(async () => {
      for await (const _ of rows) if (++read === 3) controller.abort('cancelled');
    }).rejects.toThrow('cancelled');
    expect(read).toBe(5);
    // Also when the reader stops by itself.
    for await (const _ of streamReport(throughCursors, { scope: ACCOUNT, query, pageRows: 5 }).rows) break;
    const { rows: open } = await inSnapshot(database, { signal: new AbortController().signal, seconds: 10 }, (db) =>
      db
        .selectFrom('account')
        .select('name')
        .execute()
        .then((rows) => ({ rows })),
    );
    expect(open.length).toBeGreaterThan(0);
  });
});

async function read(pages: ReportPages, start: string, limit: number): Promise<Row[]> {
  const rows: Row[] = [];
  try {
    for (let token: string | null = start; token !== null; ) {
      const { data } = await pages.run({ n: limit, token });
      const list = data?.vulnerabilityMatches as { pageInfo: { nextToken: string | null }; results: Row[] };
      rows.push(...list.results);
      token = list.pageInfo.nextToken;
    }
    return rows;
  } finally {
    await pages.end();
  }
}

describe('times', () => {
  const times = async (query: string, variables?: Row) => {
    const { data, errors } = await reports.executeReport({
      scope: ACCOUNT,
      query,
      ...(variables ? { variables } : {}),
    });
    expect(errors).toBeUndefined();
    const { results } = data!.vulnerabilityMatches as { results: { detectedAt: string }[] };
    return results.map(({ detectedAt }) => detectedAt);
  };
  const list = 'vulnerabilityMatches { results { detectedAt } }';

  it('have no zone, and one when the document asks for it', async () => {
    const plain = await times(`{ ${list} }`);
    expect(plain[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
    const zoned = plain.map((time) => `${time}Z`);
    expect(await times(`query @timeFormat { ${list} }`)).toEqual(zoned);
    expect(await times(`query @timeFormat(is: RFC3339) { ${list} }`)).toEqual(zoned);
    expect(await times(`query @timeFormat(is: NAIVE) { ${list} }`)).toEqual(plain);
    const byVariable = `query ($is: TimeFormat! = NAIVE) @timeFormat(is: $is) { ${list} }`;
    expect(await times(byVariable)).toEqual(plain);
    expect(await times(byVariable, { is: 'RFC3339' })).toEqual(zoned);
    for (const execution of [reports, throughCursors]) {
      const { rows } = streamReport(execution, { scope: ACCOUNT, query: `query @timeFormat { ${list} }` });
      expect((await all(rows)).map(({ detectedAt }) => detectedAt)).toEqual(zoned);
    }
    const { errors } = await reports.executeReport({
      scope: ACCOUNT,
      query: `query @timeFormat(is: UNIX) { ${list} }`,
    });
    expect(errors?.[0]?.message).toContain('"UNIX" does not exist in "TimeFormat"');
  });

  it('are taken with a zone by every filter', async () => {
    const [one] = (await times(`{ ${list} }`)).sort().slice(40);
    const since = (time: string) =>
      times(`{ vulnerabilityMatches(filter: {vulnerability: {after: "${time}"}}) { results { detectedAt } } }`);
    const expected = await since(one!);
    expect(expected.length).toBeGreaterThan(1);
    const east = `${new Date(Date.parse(`${one}Z`) + 2 * 3_600_000).toISOString().slice(0, -1)}+02:00`;
    for (const form of [`${one}Z`, `${one}z`, `${one}+00:00`, east]) expect(await since(form), form).toEqual(expected);
  });
});

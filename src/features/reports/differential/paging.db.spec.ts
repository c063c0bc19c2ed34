import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricResolvers } from '#features/report-metrics/index.ts';
import { type ScheduleService, scheduleResolvers } from '#features/report-schedules/index.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import type { ReportScope } from '../index.ts';
import { ask, type Bench, benchOf, documentOf, type Question, storedFleet } from './ask.ts';
import { chanceOf, counted } from './chance.ts';
import { METRIC_IDS } from './collected-oracle.ts';
import type { Fleet } from './facts.ts';
import type { SentFilter } from './filter-oracle.ts';
import { generateFleet } from './fleet.ts';
import { randomFilter } from './generate-filters.ts';
import { identityOf, LISTS, type List } from './lists.ts';
import type { Row } from './vulnerability-oracle.ts';

const SEED = Number(process.env.WINDLASS_TEST_REPORT_SEED ?? 1) + 5_000;
const LONG = process.env.WINDLASS_TEST_REPORT_CASES !== undefined;
/** Lists by names that are no aliases of others. */
const OWN = LISTS.filter(
  ({ name }) =>
    !['artifactsByVulnerabilities', 'unscannedRuntimeInventoryImages', 'vulnerabilitiesByKubernetesNamespace'].includes(
      name,
    ),
);

/** What other features fill; lists do not touch the service of schedules. */
const provided = { ...metricResolvers, ...scheduleResolvers({} as ScheduleService) };

let database: Database;
let fleet: Fleet;
let bench: Bench;
beforeAll(async () => {
  database = await testDatabase();
  ({ fleet, bench } = await storedFleet(database, seedWithRows(), { provided }));
});
afterAll(() => database?.close());

/** The first seed whose fleet has several rows in each list. */
function seedWithRows(): number {
  for (let seed = SEED; ; seed++) {
    const on = benchOf(database, generateFleet(seed, METRIC_IDS));
    if (OWN.every((list) => list.expected(on.asked('global', {})).length > 2)) return seed;
  }
}

/** All pages of a list, with what every page must say. */
async function walk(on: Bench, question: Question, { length: total }: readonly Row[]): Promise<Row[]> {
  const rows: Row[] = [];
  let token: string | null | undefined;
  for (let page = 0; page <= total + 1; page++) {
    const answer = await ask(on, { ...question, token, uncounted: page !== 1 });
    expect(answer.code, documentOf({ ...question, token })).toBeUndefined();
    expect(answer.pageInfo.count).toBe(answer.rows.length);
    if (page === 1) expect(answer.pageInfo.totalCount).toBe(total);
    expect(answer.pageInfo.hasNextPage).toBe(answer.pageInfo.nextToken !== null);
    rows.push(...answer.rows);
    token = answer.pageInfo.nextToken;
    if (token === null) return rows;
    expect(answer.rows.length).toBeGreaterThan(0);
  }
  throw new Error('the list does not end');
}

/** All limits of a short list, of a long one some; one outside of a long run. */
const limitsOf = (total: number): number[] => {
  if (!LONG) return [1 + Math.floor(total / 3)];
  return total <= 5 ? counted(total + 1).map((n) => n + 1) : [1 + Math.floor(total / 4), total - 1];
};

/** In a long run with a filter, too. */
const SCOPES_PAGED: readonly ReportScope[] = LONG ? ['global', { account: 'acme' }] : ['global'];

/** A filter of the list that lets something pass; undefined: a few attempts found none. */
function filterWithRows(list: List, scope: ReportScope, seed: number): SentFilter | undefined {
  const chance = chanceOf(seed);
  for (const _ of counted(20)) {
    const filter = randomFilter(chance, fleet, list.filter, scope === 'global');
    if (list.expected(bench.asked(scope, filter)).length > 2) return filter;
  }
  return undefined;
}

describe.each(OWN.map((list) => [list.name, list] as const))('pages of %s', (_, list) => {
  const selection = identityOf(list);

  it('have no row twice, and none is missing', async () => {
    for (const [at, scope] of SCOPES_PAGED.entries()) {
      const filter = at === 0 ? {} : filterWithRows(list, scope, SEED + at);
      if (!filter) continue;
      for (const [place, orderBy] of (at === 0 && list.orders.length > 0 ? list.orders : [undefined]).entries()) {
        const question = { list, scope, filter, orderBy, selection };
        const { rows: whole } = await ask(bench, question);
        expect(whole.length).toBeGreaterThan(0);
        const limits = limitsOf(whole.length).slice(0, place === 0 ? undefined : 1);
        for (const limit of limits) expect(await walk(bench, { ...question, limit }, whole), `${limit}`).toEqual(whole);
      }
    }
  });

  it('take their own token only', async () => {
    const scope = 'global';
    const first = await ask(bench, { list, scope, filter: {}, limit: 1, selection });
    const token = first.pageInfo.nextToken!;
    expect(token).not.toBeNull();
    const next = await ask(bench, { list, scope, filter: {}, limit: 5, token, selection });
    expect(next.code).toBeUndefined();
    // Members that do not filter change nothing.
    if (list.filter !== 'none' && !['metric data', 'schedules', 'executions'].includes(list.filter))
      expect(await ask(bench, { list, scope, filter: { image: null }, limit: 5, token, selection })).toEqual(next);
    const other = OWN.find(({ name }) => name !== list.name)!;
    const parts = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[];
    const forged = (...changed: unknown[]) => Buffer.from(JSON.stringify(changed)).toString('base64url');
    const questions: Question[] = [
      { list, scope: { account: 'acme' }, filter: {}, token },
      { list: other, scope, filter: {}, token },
      ...list.orders.slice(1).map((orderBy) => ({ list, scope, filter: {}, orderBy, token }) as const),
      ...(list.filter === 'none' ? [] : [{ list, scope, filter: otherFilter(list), token } as const]),
      ...['garbage', token.slice(0, -3), forged(...parts, 'more'), forged(...parts.slice(0, -1))].map(
        (text) => ({ list, scope, filter: {}, token: text }) as const,
      ),
      { list, scope, filter: {}, token: forged(...parts.map((part, at) => (at < 3 ? part : { part }))) },
      { list, scope, filter: {}, token: forged(...parts.map((part, at) => (at < 3 ? part : `${part}'x`))) },
    ];
    for (const question of questions) {
      const { code, rows } = await ask(bench, { ...question, selection: identityOf(question.list), uncounted: true });
      expect({ code, rows, failures: bench.failures }, documentOf({ ...question, selection: '…' })).toEqual({
        code: 'TOKEN_INVALID',
        rows: [],
        failures: [],
      });
    }
  });

  it.each(LONG ? [0, -1, 10_001, 2_147_483_647] : [0, 10_001])('refuse a limit of %i', async (limit) => {
    expect((await ask(bench, { list, scope: 'global', filter: {}, limit, selection })).code).toBe('LIMIT_OUT_OF_RANGE');
  });
});

function otherFilter({ filter }: List): SentFilter {
  if (filter === 'metric data') return { last: 90 };
  if (filter === 'schedules') return { name: '*' };
  if (filter === 'executions') return { after: '2020-01-01' };
  return { account: { name: '*' } };
}

/** Lists that are cut where what is below their rows would be too much, and what is foreseen of it. */
const CUT: [list: string, below: string][] = [
  ['imagesByVulnerability', 'images { digest }'],
  ['artifactsByVulnerability', 'artifacts { artifactName }'],
  ['tagsByVulnerability', 'registries { repositories { tags { tagName } } }'],
  ['policyEvaluationsByTag', 'repositories { repositoryName tags { tagName } }'],
  ['vulnerabilitiesByKubernetesContainer', 'vulnerabilities { vulnerabilityId }'],
];

describe('answers that would become too long', () => {
  it.each(CUT)('end earlier and go on by token: %s', async (name, below) => {
    const list = LISTS.find((one) => one.name === name)!;
    const question = { list, scope: 'global', filter: {}, uncounted: true, selection: `accountName ${below}` } as const;
    const { rows: whole } = await ask(bench, question);
    const narrow = benchOf(database, fleet, { limits: { answerRows: 150 } });
    const rows: Row[] = [];
    let pages = 0;
    let token: string | null | undefined;
    do {
      const answer = await ask(narrow, { ...question, token });
      expect([answer.code, narrow.failures]).toEqual([undefined, []]);
      rows.push(...answer.rows);
      token = answer.pageInfo.nextToken;
      pages++;
    } while (token && pages < 200);
    expect(rows).toEqual(whole);
  });
});

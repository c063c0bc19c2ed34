import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricResolvers } from '#features/report-metrics/index.ts';
import { type ScheduleService, scheduleResolvers } from '#features/report-schedules/index.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { ask, type Bench, benchOf, documentOf, type Question, readStream, SCOPES, storedFleet, WAYS } from './ask.ts';
import { type Chance, chanceOf } from './chance.ts';
import type { Fleet } from './facts.ts';
import { filterMembers, filterOf, randomFilter } from './generate-filters.ts';
import { identities, identityOf, LISTS, type List } from './lists.ts';

/** Random filters of each list. A long run names more, and asks every list with each member for all that it can show. */
const CASES = Number(process.env.WINDLASS_TEST_REPORT_CASES ?? 1);
const LONG = process.env.WINDLASS_TEST_REPORT_CASES !== undefined;
const FIRST_SEED = Number(process.env.WINDLASS_TEST_REPORT_SEED ?? 1);
/** Filters asked of one fleet, before another one takes its place. */
const OF_A_FLEET = 25;

/** What other features fill; lists do not touch the service of schedules. */
const provided = { ...metricResolvers, ...scheduleResolvers({} as ScheduleService) };

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());

/** Reports that go a way of their own to the same rows. */
interface Way {
  way: string;
  bench: Bench;
}

const waysOf = (fleet: Fleet): Way[] =>
  WAYS.map((limits = {}) => ({ way: JSON.stringify(limits), bench: benchOf(database, fleet, { provided, limits }) }));

/** Asks, and compares with what the facts say. */
async function compare({ bench, way }: Way, question: Question): Promise<number> {
  const { list, scope, filter, orderBy } = question;
  const expected = list.expected(bench.asked(scope, filter), orderBy);
  const answer = await ask(bench, question);
  const about = `${way} ${JSON.stringify(scope)} ${documentOf({ ...question, selection: '…' })}`;
  expect({ code: answer.code, failures: bench.failures }, about).toEqual({ code: undefined, failures: [] });
  expect(answer.rows, about).toEqual(question.selection ? identities(list, expected) : expected);
  const { length } = expected;
  expect(answer.pageInfo, about).toMatchObject({
    nextToken: null,
    count: length,
    totalCount: length,
    hasNextPage: false,
  });
  return length;
}

/** Read to its end, in pages behind the scenes, the list is the same. */
async function compareStream({ bench, way }: Way, question: Question): Promise<void> {
  const { list, scope, filter, orderBy } = question;
  expect(await readStream(bench, question, 3), `${way} ${documentOf({ ...question, selection: '…' })}`).toEqual(
    list.expected(bench.asked(scope, filter), orderBy),
  );
}

const orderOf = (chance: Chance, list: List) =>
  chance.often(0.5) && list.orders.length > 0 ? chance.pick(list.orders) : undefined;

describe('every list answers what the facts say', () => {
  it('with each member of its filter alone', { timeout: LONG ? 36_000_000 : 120_000 }, async () => {
    const { fleet } = await storedFleet(database, FIRST_SEED);
    const ways = waysOf(fleet);
    const chance = chanceOf(FIRST_SEED);
    const asked = new Set<string>();
    for (const kind of new Set(LISTS.map(({ filter }) => filter))) {
      const alike = LISTS.filter(({ filter }) => filter === kind);
      for (const [at, path] of filterMembers(kind).entries()) {
        // Kinds of filters share most of their members, and what reads them.
        if (asked.has(path) && !LONG) continue;
        asked.add(path);
        for (const list of LONG ? alike : [alike[at % alike.length]!]) {
          const scope = path === 'account.name' ? 'global' : chance.pick(SCOPES);
          const filter = filterOf(chance, fleet, kind, path, scope === 'global');
          await compare(chance.pick(ways), { list, scope, filter, ...(LONG ? {} : { selection: identityOf(list) }) });
        }
      }
    }
  });

  it('in the order of the highest severity that counts, not of one that a distribution answers for', async () => {
    // In this fleet it is Unknown for one vulnerability, and High with what does not count.
    const { fleet } = await storedFleet(database, 101);
    const list = LISTS.find(({ name }) => name === 'imagesByVulnerability')!;
    const filter = { artifact: { type: 'python' }, vulnerability: { missingAnnotation: true } };
    const [usual, , , many] = waysOf(fleet);
    for (const way of [usual!, many!])
      for (const scope of [{ account: 'b-team' }, 'global'] as const)
        await compare(way, { list, scope, filter, orderBy: 'SEVERITY_DESC', selection: identityOf(list) });
  });

  it('with random filters', { timeout: 36_000_000 }, async () => {
    let rows = 0;
    for (let done = 0; done < CASES; done += OF_A_FLEET) {
      const seed = FIRST_SEED + 1 + done;
      const { fleet } = await storedFleet(database, seed);
      const ways = waysOf(fleet);
      const chance = chanceOf(seed);
      for (let at = done; at < Math.min(CASES, done + OF_A_FLEET); at++)
        for (const list of LISTS) {
          const scope = chance.pick(SCOPES);
          const filter = randomFilter(chance, fleet, list.filter, scope === 'global');
          const question = { list, scope, filter, orderBy: orderOf(chance, list) };
          rows += await compare(chance.pick(ways), question);
          if (chance.often(0.3)) await compareStream(chance.pick(ways), question);
        }
    }
    expect(rows).toBeGreaterThan(0);
  });
});

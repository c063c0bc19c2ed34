import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_MATCH_SETTINGS } from '#engine/vulnerabilities/index.ts';
import { createMetricService, metricResolvers } from '#features/report-metrics/index.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { ownedMatches } from '../index.ts';
import { ask, type Bench, storedFleet } from './ask.ts';
import { moment, STEPS } from './chance.ts';
import type { Fleet } from './facts.ts';
import type { Asked } from './filter-oracle.ts';
import { indexOf } from './fleet.ts';
import { LISTS } from './lists.ts';
import { policyEvaluationsByTag } from './policy-oracle.ts';
import { type Row, tagsByVulnerability } from './vulnerability-oracle.ts';

const SEED = Number(process.env.WINDLASS_TEST_REPORT_SEED ?? 1) + 8_000;
const LONG = process.env.WINDLASS_TEST_REPORT_CASES !== undefined;
const FLEETS = LONG ? 10 : 1;

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());

/** Numbers of an account, by id, from the reports that tell the same. */
function numbersOf(asked: (filter: Asked['filter']) => Asked, tags: 'all' | 'current'): Record<string, number> {
  const numbers: Record<string, number> = {};
  const add = (id: string, n = 1) => {
    numbers[id] = (numbers[id] ?? 0) + n;
  };
  const tag = { currentOnly: tags === 'current' };
  for (const severity of ['Critical', 'High', 'Medium', 'Low', 'Negligible', 'Unknown'])
    for (const { registries } of tagsByVulnerability(asked({ vulnerability: { severity }, tag })))
      for (const { repositories } of registries as { repositories: { tags: Row[] }[] }[])
        for (const repository of repositories)
          add(`vulnerabilities.tags.${tags}.${severity.toLowerCase()}`, repository.tags.length);
  for (const { repositories } of policyEvaluationsByTag(asked({ tag })))
    for (const { tags: judged } of repositories as { tags: { evaluations: Row[] }[] }[])
      for (const { evaluations } of judged)
        for (const { result, reason } of evaluations)
          add(`evaluations.bundle.active.tags.${tags}.${String(result).toLowerCase()}.${reason}`);
  return numbers;
}

async function measured(bench: Bench, account: string): Promise<Record<string, number>> {
  const list = LISTS.find(({ name }) => name === 'metricData')!;
  const { rows } = await ask(bench, { list, scope: { account }, filter: { start: moment(STEPS + 1) } });
  return Object.fromEntries(rows.map((row) => [row.metricId, Number(row.value)]).filter(([, value]) => value !== 0));
}

/** A verdict is counted while its policy is the one that judges: as evaluations are made. */
function onlyByActive(fleet: Fleet): void {
  for (const evaluation of fleet.evaluations) evaluation.by_active_policy = true;
}

it('metrics count what the reports list', { timeout: LONG ? 36_000_000 : 60_000 }, async () => {
  for (let seed = SEED; seed < SEED + FLEETS; seed++) {
    const { fleet, bench } = await storedFleet(database, seed, { provided: metricResolvers, change: onlyByActive });
    const index = indexOf(fleet);
    const metrics = createMetricService({
      database,
      now: () => new Date(moment(STEPS + 2)),
      answeredMatches: (db) =>
        ownedMatches(
          { index, settings: DEFAULT_MATCH_SETTINGS, rows: async (statement) => (await statement.execute(db)).rows },
          undefined,
        ),
    });
    await metrics.sampleWhenDue(0, AbortSignal.timeout(60_000));
    for (const account of fleet.accounts) {
      const asked = (filter: Asked['filter']) => bench.asked({ account }, filter);
      const expected = { ...numbersOf(asked, 'all'), ...numbersOf(asked, 'current') };
      expect(await measured(bench, account), `${seed} ${account}`).toEqual(expected);
    }
  }
});

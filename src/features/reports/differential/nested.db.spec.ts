import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { type Bench, benchOf, storedFleet, WAYS } from './ask.ts';
import { METRIC_IDS } from './collected-oracle.ts';
import { generateFleet } from './fleet.ts';
import { LISTS } from './lists.ts';
import type { Row } from './vulnerability-oracle.ts';

const SEED = Number(process.env.WINDLASS_TEST_REPORT_SEED ?? 1) + 6_000;
const LONG = process.env.WINDLASS_TEST_REPORT_CASES !== undefined;

let database: Database;
let bench: Bench;
/** Inner lists are read in pages in the ways for many, as a whole in the others. */
let ofMany: Bench;
const ACCOUNT = { account: 'acme' };
beforeAll(async () => {
  database = await testDatabase();
  const stored = await storedFleet(database, seedWithRows());
  bench = stored.bench;
  ofMany = benchOf(database, stored.fleet, { limits: WAYS.at(-1)! });
});
afterAll(() => database?.close());

/** The first seed whose fleet has several rows in an inner list of each list. */
function seedWithRows(): number {
  for (let seed = SEED; ; seed++) {
    const asked = benchOf(database, generateFleet(seed, METRIC_IDS)).asked(ACCOUNT, {});
    const isLong = ([name, , inner]: (typeof NESTED)[number]) =>
      flat(LISTS.find((list) => list.name === name)!.expected(asked)).some((row) => (row[inner] as Row[]).length > 2);
    if (NESTED.every(isLong)) return seed;
  }
}

/** Rows of lists that have their inner list below repositories, one for each repository. */
function flat(rows: readonly Row[]): Row[] {
  return rows.flatMap(
    (row) => (row.repositories as Row[] | undefined)?.map((one) => ({ ...row, ...one, repositories: null })) ?? [row],
  );
}

/** Lists with lists inside them that are read in pages. */
const NESTED: [list: string, identity: string, inner: string, row: string][] = [
  ['imagesByVulnerability', 'vulnerabilityId accountName', 'images', 'digest artifacts { artifactName artifactPath }'],
  [
    'artifactsByVulnerability',
    'vulnerabilityId accountName',
    'artifacts',
    'artifactName artifactVersion artifactType feedNamespace imagesCount',
  ],
  ['runtimeInventoryImagesByVulnerability', 'vulnerabilityId accountName', 'images', 'digest inventory { context }'],
  ['policyEvaluationsByTag', 'registryName accountName', 'tags', 'tagName imageDigest evaluations { lastEvaluatedAt }'],
  [
    'kubernetesRuntimeVulnerabilitiesByNamespace',
    'accountName clusterName namespace { uid } imageTag imageDigest',
    'vulnerabilities',
    'vulnerabilityId artifacts { artifactName }',
  ],
  ['vulnerabilitiesByKubernetesContainer', 'accountName containerId', 'vulnerabilities', 'vulnerabilityId'],
  ['vulnerabilitiesByEcsContainer', 'accountName containerArn', 'vulnerabilities', 'vulnerabilityId'],
];

async function run(list: string, selection: string, filter = ''): Promise<{ rows: Row[]; code: unknown }> {
  const inner = list === 'policyEvaluationsByTag' ? `repositories { repositoryName ${selection} }` : selection;
  const identity = NESTED.find(([name]) => name === list)![1];
  const query = `{ list: ${list}${filter} { results { ${identity} ${inner} } } }`;
  const on = selection.includes('NextToken') ? ofMany : bench;
  const { data, errors } = await on.reports.executeReport({ scope: ACCOUNT, query });
  expect(on.failures).toEqual([]);
  const rows = (data?.list as { results: Row[] } | null)?.results ?? [];
  return { rows: flat(rows), code: errors?.[0]?.extensions.code };
}

describe.each(NESTED)('in %s', (list, _identity, inner, row) => {
  const paged = (args: string) => `${inner}(${args}) { ${row} } next: ${inner}NextToken(${args})`;

  it(`${inner} are read in pages like as a whole`, async () => {
    const whole = (await run(list, `${inner} { ${row} }`)).rows;
    const longest = whole.reduce((a, b) => ((b[inner] as Row[]).length > (a[inner] as Row[]).length ? b : a));
    expect((longest[inner] as Row[]).length).toBeGreaterThan(2);
    for (const limit of LONG ? [1, 2, (longest[inner] as Row[]).length] : [2]) {
      const pages = (await run(list, paged(`limit: ${limit}`))).rows;
      expect(pages.map((one) => one[inner])).toEqual(whole.map((one) => (one[inner] as Row[]).slice(0, limit)));
      expect(pages.map(({ next }) => next !== null)).toEqual(whole.map((one) => (one[inner] as Row[]).length > limit));
      const at = whole.indexOf(longest);
      const found = [...(pages[at]![inner] as Row[])];
      for (let token = pages[at]!.next; token; ) {
        const { rows, code } = await run(list, paged(`limit: ${limit}, nextToken: "${token}"`));
        expect(code).toBeUndefined();
        found.push(...(rows[at]![inner] as Row[]));
        // Rows that the token is not of have nothing to go on with.
        expect(rows.filter((_row, place) => place !== at).flatMap((one) => one[inner])).toEqual([]);
        token = rows[at]!.next;
      }
      expect(found).toEqual(longest[inner]);
    }
  });

  it(`tokens of ${inner} belong to their row and list`, async () => {
    const { rows } = await run(list, paged('limit: 1'));
    const token = rows.map(({ next }) => next).find((next) => next !== null);
    const filter = '(filter: {image: {digest: "*"}})';
    for (const [refused, given] of [
      [token, filter],
      ['garbage', ''],
      [String(token).slice(0, -2), ''],
    ] as const) {
      const answer = await run(list, paged(`limit: 1, nextToken: "${refused}"`), given);
      expect(answer.code).toBe('TOKEN_INVALID');
    }
    for (const limit of [0, -1, 10_001])
      expect((await run(list, paged(`limit: ${limit}`))).code).toBe('LIMIT_OUT_OF_RANGE');
  });
});

describe('lists of one document', () => {
  it('have their own filters, however deep', async () => {
    const part = (type: string) =>
      `runtimeInventoryImagesByVulnerability(filter: {runtimeInventory: {type: ${type}}}) { results { vulnerabilityId accountName images { digest inventory { inventoryType context } } } }`;
    const other =
      'policyEvaluationsByTag(filter: {policyBundle: {active: false}, policyEvaluation: {result: Fail}}) { results { registryName repositories { repositoryName tagsCount tags { tagName evaluations { result lastEvaluatedAt } } } } }';
    const another =
      'policyEvaluationsByTag(filter: {policyBundle: {active: false}, policyEvaluation: {result: Pass}}) { results { registryName repositories { repositoryName tagsCount tags { tagName evaluations { result lastEvaluatedAt } } } } }';
    const running = (reason: string) =>
      `policyEvaluationsByRuntimeInventoryImage(filter: {policyBundle: {active: false}, policyEvaluation: {reason: ${reason}}}) { results { imageTag imageDigest evaluations { reason } } }`;
    const severe = (severity: string) =>
      `imagesByVulnerability(filter: {vulnerability: {severity: ${severity}, currentOnly: false}}) { results { vulnerabilityId accountName imagesCount images(limit: 3) { digest tags { tagName } artifacts { severity inheritedFromBase annotationStatus } } } }`;
    const parts = [
      part('ecs'),
      part('kubernetes'),
      other,
      another,
      running('whitelisted'),
      running('policy_evaluation'),
      severe('High'),
      severe('Low'),
    ];
    const ask = async (query: string) => {
      const { data, errors } = await bench.reports.executeReport({ scope: 'global', query });
      expect([errors, bench.failures]).toEqual([undefined, []]);
      return Object.values(data ?? {});
    };
    const together = await ask(`{ ${parts.map((text, at) => `a${at}: ${text}`).join('\n')} }`);
    for (const [at, text] of parts.entries()) expect(together[at]).toEqual((await ask(`{ ${text} }`))[0]);
  });
});

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricResolvers } from '#features/report-metrics/index.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { type Bench, benchOf } from './ask.ts';
import { counted, digestOf, moment } from './chance.ts';
import { METRIC_IDS } from './collected-oracle.ts';
import type { EvaluationFact, Fleet, TagFact } from './facts.ts';
import { storeFleet } from './fleet.ts';
import type { Row } from './vulnerability-oracle.ts';

const [A, B] = [digestOf(1), digestOf(2)];
const IDS = counted(7).map((n) => `CVE-2026-${100 + n}`);
const NAMESPACE = 'nvd:cpe';

const tag = (
  id: number,
  digest: string,
  step: number,
  closed: number | null,
  name: Partial<TagFact> = {},
): TagFact => ({
  ...{ id, account: 'acme', registry: 'docker.io', repository: 'library/node', tag: 'latest', digest },
  ...{ detected_at: moment(step), closed_at: closed === null ? null : moment(closed), ...name },
});
const evaluation = (id: number, digest: string, policy_id: string, step: number, active: boolean): EvaluationFact => ({
  ...{
    id,
    account: 'acme',
    digest,
    tag: 'docker.io/library/node:latest',
    policy_id,
    policy_digest: `${policy_id}-${id}`,
  },
  ...{ status: 'fail', final_action_reason: 'policy_evaluation', broken: false, findings: 1 },
  ...{ by_active_policy: active, evaluated_at: moment(step) },
});

/** A tag that was moved from A to B, judged by two policies over time; all vulnerabilities are in both images. */
const FLEET: Fleet = {
  accounts: ['acme', 'other'],
  vulnerabilities: IDS.map((id) => ({
    ...{ id, namespace: NAMESPACE, severity: 'High' },
    detail: { id, namespace: NAMESPACE, severity: 'High', links: [], aliases: [], cvss: [], cwes: [] },
  })),
  presentEpss: new Map(),
  packages: ['openssl', 'a*b', 'axb', '100%', '100x'].map((name, n) => ({
    ...{ id: n + 1, type: 'npm', name, version: '1', purl: null, matchable: { ruledOut: [] } },
  })),
  matches: IDS.flatMap((vulnerability, n) =>
    (n === 0 ? [1, 2, 3, 4, 5] : [1]).map((package_id) => ({
      ...{
        id: n * 10 + package_id,
        package_id,
        vulnerability,
        namespace: NAMESPACE,
        fix_state: 'unknown',
        fix_versions: [],
      },
      evidence: { vulnerability, namespace: NAMESPACE, aliases: [], fix: {}, scheme: 'semver', searchedBy: {} },
      ...{ first_seen_at: moment(20 + n), opened_at: moment(20 + n), closed_at: n === 6 ? moment(40) : null },
    })),
  ),
  analyses: [A, B].map((digest, n) => ({ id: n + 1, digest, image_id: `i${n}`, arch: null, layer_digests: [`l${n}`] })),
  contained: [1, 2].flatMap((analysis_id) =>
    [1, 2, 3, 4, 5].map((package_id) => ({
      ...{ analysis_id, package_id, document_id: `d${package_id}`, path: '/p', owned_by: null, left_to_owner: false },
    })),
  ),
  overrides: [],
  images: [A, B].map((digest, n) => ({
    ...{
      account: 'acme',
      digest,
      parent_digest: null,
      image_id: `i${n}`,
      image_status: 'active',
      analysis_status: 'analyzed',
    },
    ...{ annotations: {}, analysis_id: n + 1, created_at: moment(n), analyzed_at: moment(1) },
  })),
  tags: [
    tag(1, A, 2, 10),
    tag(2, B, 10, null),
    tag(3, B, 4, null, { registry: 'r.example', repository: 'team/app', tag: 'v*' }),
    tag(4, A, 5, null, { registry: 'r.example', repository: 'team/app', tag: 'v1' }),
  ],
  ...{ annotations: [], documents: [], statements: [] },
  policies: [
    { account: 'acme', policy_id: 'now', name: 'Now', active: true },
    { account: 'acme', policy_id: 'past', name: 'Past', active: false },
  ],
  evaluations: [
    ...[evaluation(1, A, 'past', 3, true), evaluation(2, A, 'now', 5, true)],
    ...[evaluation(3, B, 'now', 11, true), evaluation(4, B, 'now', 12, true), evaluation(5, B, 'past', 11, true)],
    // Asked for by hand, of a policy that never was active.
    evaluation(6, B, 'trial', 13, false),
  ],
  ...{ clusters: [], contexts: [], running: [], nodes: [], pods: [], containers: [], tasks: [], services: [] },
  samples: [
    { account: 'acme', collected_at: moment(30), readings: Object.fromEntries(METRIC_IDS.map((id) => [id, 1])) },
  ],
  ...{ schedules: [], executions: [] },
};

let database: Database;
let bench: Bench;
beforeAll(async () => {
  database = await testDatabase();
  await storeFleet(database, FLEET);
  bench = benchOf(database, FLEET, { provided: metricResolvers });
});
afterAll(() => database?.close());

async function run(
  query: string,
  account = 'acme',
): Promise<{ results: Row[]; pageInfo: { nextToken: string | null } }> {
  const { data, errors } = await bench.reports.executeReport({ scope: { account }, query });
  expect([errors, bench.failures]).toEqual([undefined, []]);
  return Object.values(data!)[0] as never;
}

const idsOf = async (filter: string) =>
  (await run(`{ imagesByVulnerability(filter: {${filter}}) { results { vulnerabilityId } } }`)).results.map(
    (row) => row.vulnerabilityId,
  );
const namesOf = async (name: string) => {
  const { results } = await run(
    `{ vulnerabilityMatches(filter: {artifact: {name: "${name}"}, image: {digest: "${A}"}, tag: {currentOnly: false}, vulnerability: {id: "${IDS[0]}"}}) { results { artifactName } } }`,
  );
  return results.map((row) => row.artifactName).sort();
};

describe('a tag that was moved', () => {
  const tags = async (filter: string) => {
    const { results } = await run(
      `{ imagesByVulnerability(filter: {vulnerability: {id: "${IDS[0]}"}, repository: {name: "library/node"}${filter}}) { results { images { digest tags { tagName detectedAt current } } } } }`,
    );
    return results.flatMap((row) => row.images as Row[]);
  };
  const now = { digest: B, tags: [{ tagName: 'latest', detectedAt: moment(10).slice(0, -1), current: true }] };
  const before = { digest: A, tags: [{ tagName: 'latest', detectedAt: moment(2).slice(0, -1), current: false }] };

  it('shows what it points to', async () => expect(await tags('')).toEqual([now]));
  it('shows what it pointed to, with the time of then, when history is asked for', async () =>
    expect(await tags(', tag: {currentOnly: false}')).toEqual([before, now]));
});

describe('each switch adds its own history alone', () => {
  const evaluations = async (filter: string) => {
    const { results } = await run(
      `{ policyEvaluationsByTag(filter: {${filter}}) { results { repositories { tags { imageDigest evaluations { lastEvaluatedAt policyBundle { bundleId } } } } } } }`,
    );
    const found = results.flatMap((row) =>
      (row.repositories as { tags: { imageDigest: string; evaluations: Row[] }[] }[]).flatMap(({ tags }) => tags),
    );
    const at = new Map(FLEET.evaluations.map((one) => [`${one.policy_id} ${one.digest} ${one.evaluated_at}`, one.id]));
    return found
      .flatMap(({ imageDigest, evaluations }) =>
        evaluations.map((one) =>
          at.get(`${(one.policyBundle as Row).bundleId} ${imageDigest} ${one.lastEvaluatedAt}Z`),
        ),
      )
      .sort();
  };
  it.each([
    ['', [4]],
    ['tag: {currentOnly: false}', [2, 4]],
    ['policyEvaluation: {latestOnly: false}', [3, 4]],
    ['policyBundle: {active: false}', [4, 5]],
    [
      'tag: {currentOnly: false}, policyEvaluation: {latestOnly: false}, policyBundle: {active: false}',
      [1, 2, 3, 4, 5],
    ],
    ['policyBundle: {active: true, id: "trial"}', [6]],
    ['policyBundle: {digest: "past-*"}', [5]],
  ])('evaluations: %s', async (filter, expected) => expect(await evaluations(filter)).toEqual(expected));

  it('closed matches', async () => {
    expect(await idsOf('')).toEqual(IDS.slice(0, 6).reverse());
    expect(await idsOf('vulnerability: {currentOnly: false}')).toEqual([...IDS].reverse());
  });
});

it('a window takes the moment at which it begins, and not that at which it ends', async () => {
  const at = moment(22).slice(0, -1);
  expect(await idsOf(`vulnerability: {after: "${at}"}`)).toEqual(IDS.slice(2, 6).reverse());
  expect(await idsOf(`vulnerability: {before: "${at}"}`)).toEqual(IDS.slice(0, 2).reverse());
  expect(await idsOf(`vulnerability: {after: "${at}", before: "${at}"}`)).toEqual([]);
});

describe('wildcards', () => {
  it('stand for any text', async () => {
    expect((await idsOf('repository: {name: "library/*"}')).length).toBe(6);
    expect(await idsOf('repository: {name: "librar_/node"}')).toEqual([]);
    expect(await namesOf('a*b')).toEqual(['a*b', 'axb']);
  });
  it('are nothing but text in what is stored', async () => {
    expect(await namesOf('100%')).toEqual(['100%']);
    // The tag `v*` is joined by its own name: `v1` of the other image does not come with it.
    const { results } = await run(
      `{ tagsByVulnerability(filter: {image: {digest: "${B}"}, registry: {name: "r.example"}, vulnerability: {id: "${IDS[0]}"}}) { results { registries { repositories { tagsCount tags { tagName imageDigest } } } } } }`,
    );
    expect(results).toEqual([
      { registries: [{ repositories: [{ tagsCount: 1, tags: [{ tagName: 'v*', imageDigest: B }] }] }] },
    ]);
  });
});

it('N + 1 rows with a limit of N are two pages, whatever else changes between them', async () => {
  const page = (token: string | null) =>
    run(
      `{ imagesByVulnerability(limit: 5, nextToken: ${JSON.stringify(token)}) { pageInfo { nextToken } results { vulnerabilityId } } }`,
    );
  const first = await page(null);
  await sql`update package_match set closed_at = now() where vulnerability = ${IDS[4]!}`.execute(database.db);
  const second = await page(first.pageInfo.nextToken);
  await sql`update package_match set closed_at = null where vulnerability = ${IDS[4]!}`.execute(database.db);
  expect([...first.results, ...second.results].map((row) => row.vulnerabilityId)).toEqual(IDS.slice(0, 6).reverse());
  expect(second.pageInfo.nextToken).toBeNull();
});

it('there are 22 metrics', async () => {
  const { results } = await run('{ metrics { results { id } } }');
  expect(results.map(({ id }) => id)).toEqual(METRIC_IDS);
  expect(METRIC_IDS).toHaveLength(22);
});

it('another account sees nothing of it', async () => {
  for (const list of [
    'imagesByVulnerability',
    'tagsByVulnerability',
    'artifactsByVulnerability',
    'vulnerabilityMatches',
    'policyEvaluationsByTag',
    'metricData',
  ])
    expect((await run(`{ ${list} { results { accountName } } }`, 'other')).results).toEqual([]);
});

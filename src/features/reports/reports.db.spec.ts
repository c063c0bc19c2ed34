import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_MATCH_SETTINGS } from '#engine/vulnerabilities/index.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { createReportExecution, type ReportExecution, type ReportScope, streamReport } from './index.ts';
import { fillFleet } from './reports.fixture.ts';

let database: Database;
let reports: ReportExecution;
/** What the server would log. */
const failures: unknown[] = [];

beforeAll(async () => {
  database = await testDatabase();
  await fillFleet(database, 7);
  reports = createReportExecution({
    database,
    currentIndex: () => undefined,
    settings: DEFAULT_MATCH_SETTINGS,
    runningSince: () => new Date(0),
    userBaseImages: true,
    now: () => new Date('2026-03-01T00:00:00Z'),
    onError: (error) => void failures.push(error),
  });
}, 120_000);
afterAll(() => database?.close());

type Row = Record<string, unknown>;
const ACCOUNT: ReportScope = { account: 'team-a' };

async function ask(query: string, scope: ReportScope = ACCOUNT, variables?: Record<string, unknown>): Promise<Row> {
  const { data, errors } = await reports.executeReport({ scope, query, ...(variables ? { variables } : {}) });
  expect([errors, failures]).toEqual([undefined, []]);
  return data as Row;
}

/** All rows of a list, read by pages of a size. */
async function pages(
  field: string,
  args: string,
  selection: string,
  limit: number,
  scope: ReportScope = ACCOUNT,
): Promise<Row[]> {
  const rows: Row[] = [];
  let token: string | null = null;
  for (let page = 0; page < 500; page++) {
    const data = await ask(
      `query ($token: String) { list: ${field}(limit: ${limit}, nextToken: $token${args ? `, ${args}` : ''}) { pageInfo { nextToken count hasNextPage } results { ${selection} } } }`,
      scope,
      { token },
    );
    const list = data.list as { pageInfo: { nextToken: string | null; count: number }; results: Row[] };
    rows.push(...list.results);
    token = list.pageInfo.nextToken;
    if (token === null) return rows;
  }
  throw new Error('the list does not end');
}

/** Findings by the plainest statement: nothing is shared with the statements under test. */
async function findings(
  where: string,
  options: { tag?: string; history?: boolean; scope?: ReportScope } = {},
): Promise<Row[]> {
  const { tag = 't.closed_at is null', history = false, scope = ACCOUNT } = options;
  const untagged = options.tag === undefined || options.tag === 'true';
  const { rows } = await sql<Row>`
    select m.vulnerability as id, i.account, i.digest, coalesce(o.package_id, ap.package_id) as package_id,
      f.name, f.version, f.type, m.namespace, ap.document_id, m.id as match_id
    from image i
    join analysis_package ap on ap.analysis_id = i.analysis_id
    left join analysis_package_override o on o.account = i.account and o.analysis_id = ap.analysis_id and o.document_id = ap.document_id
    join package f on f.id = ap.package_id
    join package_match m on m.package_id = coalesce(o.package_id, ap.package_id)
    join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace
    where i.image_status = 'active' and not ap.left_to_owner
      and (${sql.raw(history ? 'true' : 'm.closed_at is null')})
      and (${sql.raw(scope === 'global' ? 'true' : `i.account = '${scope.account}'`)})
      and (exists (select 1 from tag_mapping t where t.account = i.account and t.digest = i.digest and ${sql.raw(tag)})
        or (${sql.raw(String(untagged))} and not exists (select 1 from tag_mapping t where t.account = i.account and t.digest = i.digest)))
      and ${sql.raw(where)}`.execute(database.db);
  return rows;
}

const distinct = (values: unknown[]) => [...new Set(values as string[])];
const descending = (ids: string[]) => [...ids].sort((a, b) => (a < b ? 1 : -1));

/** Some filters with the condition that they stand for; every member is held against a model in `differential`. */
const FILTERS: [filter: string, where: string, options?: Parameters<typeof findings>[1]][] = [
  ['', 'true'],
  ['vulnerability: {severities: [High, Critical]}', "v.severity in ('High', 'Critical')"],
  ['vulnerability: {id: "GHSA-*"}', "m.vulnerability like 'GHSA-%'"],
  [
    'vulnerability: {after: "2026-01-10T00:00:00"}',
    "greatest(i.analyzed_at, m.first_seen_at) >= '2026-01-10T00:00:00Z'",
  ],
  ['vulnerability: {detectedInLast: 40}', "greatest(i.analyzed_at, m.first_seen_at) >= '2026-01-20T00:00:00Z'"],
  [
    'vulnerability: {epssPercentile: {lt: 0.3, gt: 0.1}}',
    "(v.detail #>> '{epss,percentile}')::float < 0.3 and (v.detail #>> '{epss,percentile}')::float > 0.1",
  ],
  ['vulnerability: {willNotFix: false, fixAvailable: true}', "m.fix_state = 'fixed'"],
  ['vulnerability: {currentOnly: false}', 'true', { history: true }],
  ['artifact: {name: "*_ird%", version: "1.*"}', "f.name = 'we_ird%'"],
  ['artifact: {type: "*p*"}', "f.type in ('deb', 'rpm', 'python', 'npm')"],
  ['tag: {currentOnly: false}', 'true', { tag: 'true' }],
  ['tag: {name: "t3"}', 'true', { tag: "t.closed_at is null and t.tag = 't3'" }],
  [
    'registry: {name: "docker.io"}, repository: {name: "library/*"}',
    'true',
    { tag: "t.closed_at is null and t.registry = 'docker.io' and t.repository = 'library/node'" },
  ],
  [
    'repository: {name: "team/*"}, tag: {currentOnly: false, after: "2026-01-05"}',
    'true',
    { tag: "t.repository like 'team/%' and t.detected_at >= '2026-01-05Z'" },
  ],
];

describe('vulnerability reports', () => {
  it.each(FILTERS)('list what plain SQL finds: %s', async (filter, where, options) => {
    for (const scope of filter.length % 3 === 0 ? [ACCOUNT, 'global' as const] : [ACCOUNT]) {
      const expected = await findings(where, { ...options, scope });
      const args = filter ? `filter: {${filter}}` : '';
      const keys = distinct(expected.map((row) => `${row.id} ${row.account}`));
      const images = await pages(
        'imagesByVulnerability',
        args,
        'vulnerabilityId accountName imagesCount images { digest }',
        1000,
        scope,
      );
      expect(images.map((row) => `${row.vulnerabilityId} ${row.accountName}`).sort()).toEqual([...keys].sort());
      expect(images.map((row) => row.vulnerabilityId)).toEqual(
        descending(images.map((row) => row.vulnerabilityId as string)),
      );
      for (const row of images) {
        const of = distinct(
          expected
            .filter((one) => one.id === row.vulnerabilityId && one.account === row.accountName)
            .map((one) => one.digest),
        ).sort();
        expect((row.images as Row[]).map((image) => image.digest)).toEqual(of);
        expect(row.imagesCount).toBe(of.length);
      }
      const artifacts = await pages(
        'artifactsByVulnerability',
        args,
        'vulnerabilityId accountName artifactsCount artifacts { artifactName artifactVersion feedNamespace imagesCount images { digest } }',
        1000,
        scope,
      );
      for (const row of artifacts) {
        const of = expected.filter((one) => one.id === row.vulnerabilityId && one.account === row.accountName);
        const names = distinct(of.map((one) => [one.name, one.version, one.type, one.namespace].join(' ')));
        expect((row.artifacts as Row[]).length).toBe(names.length);
        expect(row.artifactsCount).toBe(names.length);
      }
      expect(artifacts.length).toBe(keys.length);
      const matches = await pages(
        'vulnerabilityMatches',
        args,
        'vulnerabilityId accountName digest artifactName artifactVersion feedNamespace',
        1000,
        scope,
      );
      const line = (row: Row) =>
        [
          row.vulnerabilityId ?? row.id,
          row.accountName ?? row.account,
          row.digest,
          row.artifactName ?? row.name,
          row.artifactVersion ?? row.version,
          row.feedNamespace ?? row.namespace,
        ].join(' ');
      expect(matches.map(line).sort()).toEqual(expected.map(line).sort());
      const total = await ask(
        `{ a: imagesByVulnerability${args ? `(${args})` : ''} { pageInfo { totalCount } } m: vulnerabilityMatches${args ? `(${args})` : ''} { pageInfo { totalCount } } }`,
        scope,
      );
      expect(total).toEqual({
        a: { pageInfo: { totalCount: keys.length } },
        m: { pageInfo: { totalCount: expected.length } },
      });
    }
  });

  it.each([
    ['imagesByVulnerability', '', 'vulnerabilityId accountName'],
    ['imagesByVulnerability', 'orderBy: ID_ASC', 'vulnerabilityId accountName'],
    ['imagesByVulnerability', 'orderBy: SEVERITY_DESC', 'vulnerabilityId accountName'],
    [
      'vulnerabilityMatches',
      'orderBy: VULNERABILITY_ID_ASC, filter: {artifact: {name: "zlib"}}',
      'vulnerabilityId accountName digest artifactPath feedNamespace',
    ],
    ['policyEvaluationsByTag', '', 'registryName repositories { repositoryName }'],
    ['policyEvaluationsByTag', 'orderBy: NAME_DESC', 'registryName repositories { repositoryName }'],
    ['vulnerabilitiesByKubernetesContainer', '', 'accountName containerId'],
    ['vulnerabilitiesByEcsContainer', 'orderBy: NAME_DESC', 'accountName containerArn'],
    ['kubernetesRuntimeVulnerabilitiesByNamespace', '', 'accountName imageTag imageDigest'],
    ['policyEvaluationsByRuntimeInventoryImage', '', 'accountName imageTag imageDigest'],
    ['runtimeInventoryUnscannedImages', '', 'accountName imageTag imageDigest'],
  ])('page through %s(%s) without a gap or a row twice', async (field, args, selection) => {
    const whole = await pages(field, args, selection, 1000, 'global');
    expect(whole.length).toBeGreaterThan(0);
    const paged = await pages(field, args, selection, Math.max(1, Math.ceil(whole.length / 3)), 'global');
    const flat = (rows: Row[]) =>
      field === 'policyEvaluationsByTag'
        ? rows.flatMap((row) => (row.repositories as Row[]).map((one) => `${row.registryName} ${one.repositoryName}`))
        : rows;
    expect(flat(paged)).toEqual(flat(whole));
  });

  it('are read to their end as a stream of rows', async () => {
    const query = '{ vulnerabilityMatches(filter: {artifact: {name: "zlib"}}) { results { vulnerabilityId digest } } }';
    const whole = (await ask(query)).vulnerabilityMatches as { results: Row[] };
    const { field, rows } = streamReport(reports, { scope: ACCOUNT, query, pageRows: 20 });
    const streamed: Row[] = [];
    for await (const row of rows) streamed.push(row);
    expect(field).toBe('vulnerabilityMatches');
    expect(streamed).toEqual(whole.results);
    expect(() =>
      streamReport(reports, {
        scope: ACCOUNT,
        query: '{ a: metrics { results { id } } b: metrics { results { id } } }',
      }),
    ).toThrow(/exactly one/);
  });

  it('page through the images of a vulnerability', async () => {
    const images = async (id: string, token?: string) => {
      const data = await reports.executeReport({
        scope: ACCOUNT,
        query: `query ($t: String) { imagesByVulnerability(filter: {tag: {currentOnly: false}}) { results { vulnerabilityId imagesCount images(limit: 2, nextToken: $t) { digest } imagesNextToken(limit: 2, nextToken: $t) } } }`,
        variables: { t: token },
      });
      const rows = (data.data!.imagesByVulnerability as { results: Row[] }).results;
      return rows.find((row) => row.vulnerabilityId === id)!;
    };
    const whole = (
      await ask(
        '{ imagesByVulnerability(filter: {tag: {currentOnly: false}}) { results { vulnerabilityId images { digest } } } }',
      )
    ).imagesByVulnerability as { results: Row[] };
    const wanted = whole.results.find((row) => (row.images as Row[]).length > 4)!;
    const found: unknown[] = [];
    let token: string | undefined;
    do {
      const page = await images(wanted.vulnerabilityId as string, token);
      found.push(...(page.images as Row[]));
      token = (page.imagesNextToken as string | null) ?? undefined;
    } while (token);
    expect(found).toEqual(wanted.images);
  });
});

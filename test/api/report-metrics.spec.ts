import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json } from '#platform/database/json.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

let app: Application;
let admin: Client;
let other: Client;

interface Datum {
  metricId: string;
  value: string;
  collectedAt: string;
  accountName?: string;
}

async function ask(client: Client, query: string, path = '/reports/graphql') {
  const answer = (await client.post(path, { query })).json();
  expect(answer.errors).toBeUndefined();
  return answer.data;
}

async function values(client: Client, filter = ''): Promise<Record<string, number>> {
  const { metricData } = await ask(client, `{ metricData(limit: 22${filter}) { results { metricId value } } }`);
  return Object.fromEntries(metricData.results.map((row: Datum) => [row.metricId, Number(row.value)]));
}

const digest = (n: number) => `sha256:${String(n).repeat(64).slice(0, 64)}`;

/** Two images: the tag `app:1` pointed to the first and points to the second; `app:2` points to the first. */
async function fill(): Promise<void> {
  const { db } = app.platform.database;
  const severities = { 'CVE-1': 'Critical', 'CVE-2': 'High', 'CVE-3': 'High', 'GHSA-1': 'Unknown' };
  for (const [id, severity] of Object.entries(severities))
    await sql`insert into vulnerability (id, namespace, provider, severity, detail, updated_by_build)
      values (${id}, 'ns', 'p', ${severity}, ${json(id === 'CVE-1' ? { kev: {} } : {})}, 'b')`.execute(db);
  for (const n of [1, 2, 3])
    await sql`insert into package (identity, type, name, version, matchable) values (${`p${n}`}, 'deb', ${`p${n}`}, '1', '{}')`.execute(
      db,
    );
  // CVE-2 is in two packages of an image and counts once.
  const matches = [
    [1, 'CVE-1', 'fixed'],
    [1, 'CVE-2', 'unknown'],
    [2, 'CVE-2', 'fixed'],
    [2, 'CVE-3', 'unknown'],
    [3, 'GHSA-1', 'unknown'],
  ] as const;
  for (const [pkg, id, fix] of matches)
    await sql`insert into package_match (package_id, vulnerability, namespace, kind, fix_state, constraint_text, evidence, opened_by_build)
      select id, ${id}, 'ns', 'k', ${fix}, '', '{}', 'b' from package where identity = ${`p${pkg}`}`.execute(db);
  await sql`insert into package_match (package_id, vulnerability, namespace, kind, fix_state, constraint_text, evidence, opened_by_build, closed_at)
    select id, 'CVE-1', 'ns', 'k', 'unknown', '', '{}', 'b', now() from package where identity = 'p3'`.execute(db);
  const packages: Record<number, number[]> = { 1: [1, 2], 2: [3] };
  for (const n of [1, 2]) {
    await sql`insert into analysis (digest, analyzer_version, document_key, image_id) values (${digest(n)}, '1', 'k', 'i')`.execute(
      db,
    );
    await sql`insert into image (account, digest, analysis_status, analysis_id, analyzed_at)
      select 'admin', digest, 'analyzed', id, now() from analysis where digest = ${digest(n)}`.execute(db);
    for (const pkg of packages[n] ?? [])
      await sql`insert into analysis_package (analysis_id, package_id, document_id, path)
        select a.id, p.id, p.identity, '/' from analysis a, package p where a.digest = ${digest(n)} and p.identity = ${`p${pkg}`}`.execute(
        db,
      );
  }
  const mappings = [
    ['1', 1, true],
    ['1', 2, false],
    ['2', 1, false],
  ] as const;
  for (const [tag, n, closed] of mappings) {
    await sql`insert into tag_mapping (account, registry, repository, tag, digest, closed_at)
      values ('admin', 'r.example.org', 'app', ${tag}, ${digest(n)}, ${closed ? new Date() : null})`.execute(db);
  }
  const { policy_id: policy } = await db
    .selectFrom('policy')
    .select('policy_id')
    .where('account', '=', 'admin')
    .where('active', '=', true)
    .executeTakeFirstOrThrow();
  const verdicts = [
    ['1', 1, 'fail', 'denylisted', policy, 5],
    ['1', 2, 'fail', 'policy_evaluation', policy, 4],
    ['1', 2, 'pass', 'policy_evaluation', policy, 3],
    ['2', 1, 'pass', 'allowlisted', policy, 2],
    ['2', 1, 'fail', 'policy_evaluation', 'another', 1],
  ] as const;
  for (const [tag, n, status, reason, policyId, minutes] of verdicts)
    await sql`insert into evaluation (account, digest, tag, policy_id, policy_digest, input_digest, status, final_action, final_action_reason, result, evaluated_at)
      values ('admin', ${digest(n)}, ${`r.example.org/app:${tag}`}, ${policyId}, 'd', 'i', ${status}, ${status === 'pass' ? 'go' : 'stop'}, ${reason}, '{}', now() - make_interval(mins => ${minutes}))`.execute(
      db,
    );
}

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  await admin.post('/accounts', { name: 'other' });
  await admin.post('/accounts/other/users', { username: 'other-user', password: 'pass-word' });
  await admin.post('/rbac-manager/roles/full-control/members', { username: 'other-user', domain_name: 'other' });
  other = clientFor(app.server, { basic: ['other-user', 'pass-word'] });
  await fill();
});
afterAll(() => app?.close());

describe('metrics', () => {
  it('are 22, by id, in pages', async () => {
    const { metrics } = await ask(
      admin,
      '{ metrics { pageInfo { count nextToken totalCount } results { id name description metricType } } }',
    );
    expect(metrics.pageInfo).toEqual({ count: 22, nextToken: null, totalCount: 22 });
    const ids = metrics.results.map(({ id }: { id: string }) => id);
    expect(ids).toEqual([...ids].sort());
    expect(metrics.results[0]).toMatchObject({
      id: 'evaluations.bundle.active.tags.all.fail.blacklisted',
      name: 'Fail Check (blacklisted) - All Tags',
      metricType: 'counter',
    });
    const first = await ask(admin, '{ metrics(limit: 20) { pageInfo { nextToken } results { id } } }');
    const second = await ask(
      admin,
      `{ metrics(limit: 20, nextToken: "${first.metrics.pageInfo.nextToken}") { pageInfo { nextToken } results { id } } }`,
    );
    expect([...first.metrics.results, ...second.metrics.results].map(({ id }) => id)).toEqual(ids);
    expect(second.metrics.pageInfo.nextToken).toBeNull();
  });

  it('count tags with vulnerabilities and verdicts', async () => {
    expect((await admin.post('/windlass/metrics/samples')).statusCode).toBe(200);
    const counted = await values(admin);
    expect(Object.keys(counted)).toHaveLength(22);
    expect(Object.fromEntries(Object.entries(counted).filter(([, value]) => value > 0))).toEqual({
      // the first image by two tags, one of them former: one critical and two high; the second one by one
      'vulnerabilities.tags.all.critical': 2,
      'vulnerabilities.tags.all.high': 4,
      'vulnerabilities.tags.all.unknown': 1,
      'vulnerabilities.tags.current.critical': 1,
      'vulnerabilities.tags.current.high': 2,
      'vulnerabilities.tags.current.unknown': 1,
      'evaluations.bundle.active.tags.all.fail.blacklisted': 1,
      'evaluations.bundle.active.tags.all.pass.policy_evaluation': 1,
      'evaluations.bundle.active.tags.current.pass.policy_evaluation': 1,
      'evaluations.bundle.active.tags.all.pass.whitelisted': 1,
      'evaluations.bundle.active.tags.current.pass.whitelisted': 1,
    });
  });

  it('are read newest first, in pages, by window, id and pattern', async () => {
    const { db } = app.platform.database;
    for (const [hours, value] of [
      [1, 7],
      [2, 8],
      [60, 9],
    ] as const)
      await sql`insert into metric_sample (account, collected_at, readings)
        values ('admin', date_trunc('milliseconds', now()) - make_interval(hours => ${hours}),
          jsonb_build_object('vulnerabilities.tags.all.low', ${value}::int, 'vulnerabilities.tags.all.high', 1, 'images.total', 3))`.execute(
        db,
      );
    const all: Datum[] = [];
    for (let token: string | null = null, pages = 0; pages === 0 || token; pages++) {
      const { metricData }: { metricData: { pageInfo: { nextToken: string | null }; results: Datum[] } } = await ask(
        admin,
        `{ metricData(limit: 5${token ? `, nextToken: "${token}"` : ''}) { pageInfo { nextToken } results { metricId value collectedAt } } }`,
      );
      all.push(...metricData.results);
      token = metricData.pageInfo.nextToken;
      expect(pages).toBeLessThan(10);
    }
    expect(all).toHaveLength(22 + 6);
    const keys = all.map(({ collectedAt, metricId }) => `${collectedAt} ${metricId}`);
    expect(keys).toEqual([...keys].sort().reverse());
    expect(new Set(keys).size).toBe(28);
    const low = async (filter: string) =>
      (await ask(admin, `{ metricData(filter: {${filter}}) { pageInfo { totalCount } results { value valueInt } } }`))
        .metricData;
    expect(await low('metricId: "vulnerabilities.tags.all.low"')).toEqual({
      pageInfo: { totalCount: 4 },
      results: [0, 7, 8, 9].map((value) => ({ value: String(value), valueInt: value })),
    });
    expect((await low('metricId: "vulnerabilities.tags.all.low", last: 1')).results).toHaveLength(3);
    const hour = new Date(Date.now() - 90 * 60_000).toISOString();
    expect((await low(`metricId: "vulnerabilities.tags.all.low", start: "${hour}"`)).results).toHaveLength(2);
    expect((await low(`metricId: "vulnerabilities.tags.all.low", end: "${hour}"`)).results).toHaveLength(2);
    expect((await low('metricId: "vulnerabilities.*.low"')).results).toHaveLength(5);
    expect((await low('metricId: "evaluations.policy.active.tags.all.fail.denylisted"')).results).toHaveLength(1);
    expect((await low('metricId: "nothing"')).results).toEqual([]);
    expect((await low('metricId: "images.total"')).results).toHaveLength(4);
  });

  it('are of one account, and of all on the global endpoint', async () => {
    expect(await values(other)).toEqual({});
    await other.post('/windlass/metrics/samples');
    expect(Object.values(await values(other)).every((value) => value === 0)).toBe(true);
    const filter = 'filter: {metricId: "vulnerabilities.tags.all.critical"}';
    const { metricData } = await ask(
      admin,
      `{ metricData(${filter}) { results { accountName value } } }`,
      '/reports/global/graphql',
    );
    expect(metricData.results).toEqual([
      { accountName: 'other', value: '0' },
      { accountName: 'admin', value: '2' },
    ]);
  });

  it('make series for charts', async () => {
    const answer = await admin.get(
      '/windlass/metrics?metric=images.*,vulnerabilities.tags.current.known_exploited&step_seconds=86400',
    );
    expect(answer.json()).toMatchObject({
      step_seconds: 86_400,
      items: [
        { id: 'images.analysis_failed' },
        { id: 'images.analyzed', points: expect.arrayContaining([{ at: expect.any(String), value: 2 }]) },
        { id: 'images.total' },
        { id: 'vulnerabilities.tags.current.known_exploited', points: [{ value: 1 }] },
      ],
    });
    expect((await admin.get('/windlass/metrics?metric=nothing')).json().message).toBe("there is no metric 'nothing'");
    expect((await admin.get('/windlass/metrics?start=2020-01-01&end=2026-01-01&step_seconds=60')).statusCode).toBe(400);
    expect((await admin.get('/windlass/metrics?start=2026-01-02&end=2026-01-01')).statusCode).toBe(400);
  });
});

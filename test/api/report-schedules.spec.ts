import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PREPARED_REPORTS } from '#contract/prepared-reports.ts';
import { DUE_JOB, EXPIRE_JOB } from '#features/report-schedules/index.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

const METRICS = '{ metrics { results { id name } } }';
const WEEKLY = '0 12 * * 1';

let app: Application;
let admin: Client;
let one: Client;
let other: Client;

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: documents of tests ask for anything
  data?: any;
  errors?: { message: string; extensions?: { code?: string } }[];
}

async function ask(client: Client, query: string, variables: object = {}, path = '/reports/graphql'): Promise<Answer> {
  return (await client.post(path, { query, variables })).json<Answer>();
}

async function create(client: Client, fields: object = {}): Promise<string> {
  const answer = await client.post('/windlass/report-schedules', {
    name: 'metrics',
    query: METRICS,
    cron_schedule: WEEKLY,
    ...fields,
  });
  expect(answer.json()).toMatchObject({ uuid: expect.stringMatching(/^[0-9a-f]{32}$/) });
  return answer.json().uuid;
}

async function run(client: Client, schedule: string): Promise<string> {
  const started = await client.post(`/windlass/report-schedules/${schedule}/runs`);
  expect(started.statusCode).toBe(202);
  await app.idle();
  return started.json().uuid;
}

async function job(kind: string): Promise<void> {
  await app.platform.jobs.send(app.platform.database.db, kind, {});
  await app.idle();
}

async function objects(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of app.platform.objects.list('report-results/')) keys.push(key);
  return keys;
}

async function tenant(name: string): Promise<Client> {
  await admin.post('/accounts', { name });
  await admin.post(`/accounts/${name}/users`, { username: `${name}-user`, password: 'pass-word' });
  await admin.post('/rbac-manager/roles/full-control/members', { username: `${name}-user`, domain_name: name });
  return clientFor(app.server, { basic: [`${name}-user`, 'pass-word'] });
}

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  one = await tenant('one');
  other = await tenant('other');
});
afterAll(() => app?.close());

describe('scheduled queries by GraphQL', () => {
  it('are made, changed, run and removed', async () => {
    const created = await ask(
      one,
      `mutation($q: String!) { createScheduledQuery(name: "nightly", description: "d", cronSchedule: "0 2 * * *", query: $q, enabled: true) {
        ok scheduledQuery { uuid name cronSchedule enabled nextExecutionAt lastExecutedAt executions { results { uuid } } } } }`,
      { q: METRICS },
    );
    expect(created.errors).toBeUndefined();
    const { ok, scheduledQuery } = created.data.createScheduledQuery;
    expect(ok).toBe(true);
    expect(scheduledQuery).toMatchObject({
      uuid: expect.stringMatching(/^[0-9a-f]{32}$/),
      name: 'nightly',
      enabled: true,
      nextExecutionAt: expect.stringMatching(/T02:00:00/),
      lastExecutedAt: null,
      executions: { results: [] },
    });
    const { uuid } = scheduledQuery;

    const waited = await ask(
      one,
      `mutation { executeScheduledQuery(uuid: "${uuid}") { ok execution { uuid queryUuid status rowCount pageCount startedAt finishedAt errorMessage } } }`,
    );
    expect(waited.data.executeScheduledQuery).toMatchObject({
      ok: true,
      execution: { queryUuid: uuid, status: 'complete', rowCount: 22, pageCount: 1, errorMessage: null },
    });
    const started = await ask(one, `mutation { executeScheduledQueryAsync(uuid: "${uuid}") { ok resultUuid } }`);
    const { resultUuid } = started.data.executeScheduledQueryAsync;
    await app.idle();

    const listed = await ask(
      one,
      `{ scheduledQueries(filter: {name: "night*"}) { pageInfo { count totalCount } results { name lastExecutedAt executions(limit: 1) { pageInfo { nextToken count totalCount } results { uuid status } } } }
         scheduledQueryExecutions(filter: {queryUuid: "${uuid}", status: complete}) { pageInfo { count nextToken } results { uuid } } }`,
    );
    expect(listed.data.scheduledQueries).toMatchObject({
      pageInfo: { count: 1, totalCount: 1 },
      results: [
        {
          name: 'nightly',
          lastExecutedAt: expect.any(String),
          executions: {
            pageInfo: { nextToken: expect.any(String), count: 1, totalCount: 2 },
            results: [{ uuid: resultUuid, status: 'complete' }],
          },
        },
      ],
    });
    expect(listed.data.scheduledQueryExecutions.pageInfo).toEqual({ count: 2, nextToken: null });
    const token = listed.data.scheduledQueries.results[0].executions.pageInfo.nextToken;
    const second = await ask(
      one,
      `{ scheduledQueries { results { executions(limit: 1, nextToken: "${token}") { pageInfo { nextToken } results { uuid } } } } }`,
    );
    expect(second.data.scheduledQueries.results[0].executions).toEqual({
      pageInfo: { nextToken: null },
      results: [{ uuid: waited.data.executeScheduledQuery.execution.uuid }],
    });

    const changed = await ask(
      one,
      `mutation { updateScheduledQuery(uuid: "${uuid}", name: "off", enabled: false) { ok scheduledQuery { name enabled cronSchedule nextExecutionAt } } }`,
    );
    expect(changed.data.updateScheduledQuery.scheduledQuery).toEqual({
      name: 'off',
      enabled: false,
      cronSchedule: '0 2 * * *',
      nextExecutionAt: null,
    });
    const ended = await ask(one, `mutation { cancelScheduledQueryExecution(uuid: "${resultUuid}") { ok } }`);
    expect(ended.errors?.[0]?.message).toContain('has ended: complete');
    expect((await ask(one, `mutation { deleteScheduledQueryExecution(uuid: "${resultUuid}") { ok } }`)).data).toEqual({
      deleteScheduledQueryExecution: { ok: true },
    });
    expect((await objects()).some((key) => key.includes(resultUuid))).toBe(false);
    expect((await ask(one, `mutation { deleteScheduledQuery(uuid: "${uuid}") { ok } }`)).data).toEqual({
      deleteScheduledQuery: { ok: true },
    });
    expect(await objects()).toEqual([]);
    expect((await ask(one, '{ scheduledQueries { results { uuid } } }')).data.scheduledQueries.results).toEqual([]);
  });

  it.each([
    ['four fields', '* * * *', METRICS, 'five fields'],
    ['a step of nothing', '*/0 * * * *', METRICS, 'a step must be at least 1'],
    ['a day that no month has', '0 0 31 2 *', METRICS, 'there is no such day'],
    ['a schedule without end', `${'0-59/1,'.repeat(5_000)}1 * * * *`, METRICS, 'at most 400 characters'],
    ['no query', WEEKLY, '', 'query: Syntax Error'],
    ['an unknown field', WEEKLY, '{ metrics { results { nothing } } }', 'Cannot query field "nothing"'],
    ['two reports', WEEKLY, '{ metrics { results { id } } metricData { results { value } } }', 'exactly one report'],
    ['no rows', WEEKLY, '{ metrics { pageInfo { count } } }', 'must ask for results'],
    ['a mutation', WEEKLY, 'mutation { deleteScheduledQuery(uuid: "x") { ok } }', 'Only a query'],
    [
      'a variable without value',
      WEEKLY,
      'query($id: String!) { metricData(filter: {metricId: $id}) { results { value } } }',
      '"$id" of required type',
    ],
    ['a query without end', WEEKLY, `{ metrics { ${'results { id } '.repeat(9_000)} } }`, 'characters'],
  ])('refuse %s', async (_, cronSchedule, query, message) => {
    const mutation =
      'mutation($c: String!, $q: String!) { createScheduledQuery(name: "n", cronSchedule: $c, query: $q) { ok } }';
    const answer = await ask(one, mutation, { c: cronSchedule, q: query });
    expect(answer.errors?.[0]?.message).toContain(message);
    expect(
      (await ask(one, '{ scheduledQueries(filter: {name: "n"}) { results { uuid } } }')).data.scheduledQueries.results,
    ).toEqual([]);
  });
});

describe('results', () => {
  it('are read by page and downloaded in three forms', async () => {
    const schedule = await create(one, {
      columns: [{ path: 'name', heading: 'What' }, { path: 'id' }],
      time_zone: 'Europe/Berlin',
    });
    const result = await run(one, schedule);
    const page = await one.get(`/reporting/scheduled-query-results/${result}`);
    expect(page.json()).toMatchObject({
      result_uuid: result,
      query_uuid: schedule,
      report: 'metrics',
      page: 1,
      page_count: 1,
      row_count: 22,
    });
    expect(page.json().results).toHaveLength(22);
    expect((await one.get(`/reporting/scheduled-query-results/${result}?page=1`)).body).toBe(page.body);
    for (const past of ['2', '0', '-1', '999999999'])
      expect((await one.get(`/reporting/scheduled-query-results/${result}?page=${past}`)).statusCode).toBe(404);
    expect((await one.get(`/reporting/scheduled-query-results/${result}?page=x`)).statusCode).toBe(400);
    expect((await one.get(`/reporting/scheduled-query-results/${'0'.repeat(32)}`)).statusCode).toBe(404);

    const details = (await one.get(`/windlass/report-results/${result}`)).json();
    expect(details).toMatchObject({
      status: 'complete',
      cause: 'request',
      requested_by: 'one-user',
      manifest: {
        query: METRICS,
        variables: {},
        scope: 'account',
        account_name: 'one',
        complete: true,
        row_count: 22,
        digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        delta_since: null,
      },
    });
    const content = (format: string) => one.get(`/windlass/report-results/${result}/content?format=${format}`);
    const ndjson = await content('ndjson');
    expect(ndjson.headers['content-type']).toContain('ndjson');
    expect(
      ndjson.body
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(page.json().results);
    expect((await content('json')).json()).toEqual({ manifest: details.manifest, results: page.json().results });
    const csv = (await content('csv')).body.split('\r\n');
    expect(csv.slice(0, 2)).toEqual([
      'What,id',
      'Fail Check (blacklisted) - All Tags,evaluations.bundle.active.tags.all.fail.blacklisted',
    ]);
    expect(csv).toHaveLength(24);
    expect((await content('xls')).statusCode).toBe(400);
    expect((await one.get('/events?event_type=user.reports.scheduled_query.complete')).json()).toMatchObject({
      item_count: expect.any(Number),
      results: expect.arrayContaining([
        expect.objectContaining({
          event: expect.objectContaining({ resource: expect.objectContaining({ id: schedule }) }),
        }),
      ]),
    });
  });

  it('of a query without rows have one empty page', async () => {
    const schedule = await create(one, {
      query:
        '{ imagesByVulnerability(filter: {vulnerability: {id: "none"}}) { results { vulnerabilityId images { digest } } } }',
    });
    const result = await run(one, schedule);
    expect((await one.get(`/reporting/scheduled-query-results/${result}`)).json()).toMatchObject({
      row_count: 0,
      results: [],
    });
    expect((await one.get(`/reporting/scheduled-query-results/${result}?page=2`)).statusCode).toBe(404);
    expect((await one.get(`/windlass/report-results/${result}/content?format=csv`)).body).toBe(
      'vulnerabilityId,images.digest\r\n',
    );
    expect((await one.get(`/windlass/report-results/${result}/content`)).body).toBe('');
  });

  it('are of one account', async () => {
    const schedule = await create(one);
    const result = await run(one, schedule);
    for (const path of [
      `/reporting/scheduled-query-results/${result}`,
      `/windlass/report-results/${result}`,
      `/windlass/report-results/${result}/content`,
      `/windlass/report-schedules/${schedule}`,
    ])
      expect((await other.get(path)).statusCode, path).toBe(404);
    expect((await other.post(`/windlass/report-schedules/${schedule}/runs`)).statusCode).toBe(404);
    expect((await other.patch(`/windlass/report-schedules/${schedule}`, { name: 'mine' })).statusCode).toBe(404);
    expect((await other.delete(`/windlass/report-schedules/${schedule}`)).statusCode).toBe(404);
    expect((await other.delete(`/windlass/report-results/${result}`)).statusCode).toBe(404);
    for (const mutation of ['deleteScheduledQuery', 'executeScheduledQueryAsync', 'executeScheduledQuery'])
      expect((await ask(other, `mutation { ${mutation}(uuid: "${schedule}") { ok } }`)).errors?.[0]?.message).toContain(
        'not found',
      );
    expect(
      (await ask(other, '{ scheduledQueries { results { uuid } } scheduledQueryExecutions { results { uuid } } }'))
        .data,
    ).toEqual({
      scheduledQueries: { results: [] },
      scheduledQueryExecutions: { results: [] },
    });
    expect((await other.get('/windlass/report-results')).json().items).toEqual([]);
  });

  it('over all accounts are for administrators', async () => {
    const refused = await one.post('/windlass/report-schedules', {
      name: 'all',
      query: METRICS,
      cron_schedule: WEEKLY,
      scope: 'global',
    });
    expect(refused.statusCode).toBe(403);
    expect((await one.get('/windlass/report-schedules?scope=global')).statusCode).toBe(403);
    const schedule = await create(admin, {
      scope: 'global',
      query: '{ metricData { results { accountName metricId } } }',
    });
    await admin.post('/windlass/metrics/samples');
    await one.post('/windlass/metrics/samples');
    const result = await run(admin, schedule);
    expect((await admin.get(`/reporting/reports/global/scheduled-query-results/${result}`)).json().row_count).toBe(44);
    expect((await one.get(`/reporting/reports/global/scheduled-query-results/${result}`)).statusCode).toBe(403);
    expect((await admin.get(`/reporting/scheduled-query-results/${result}`)).statusCode).toBe(404);
    expect((await one.get(`/windlass/report-results/${result}/content`)).statusCode).toBe(404);
    const global = await ask(admin, '{ scheduledQueries { results { uuid } } }', {}, '/reports/global/graphql');
    expect(global.data.scheduledQueries.results).toEqual([{ uuid: schedule }]);
    expect((await ask(admin, '{ scheduledQueries { results { uuid } } }')).data.scheduledQueries.results).toEqual([]);
  });

  it('of a run that fails tell why', async () => {
    const schedule = await create(one, {
      query: 'query($n: Int) { metricData(filter: {last: $n}) { results { value } } }',
      variables: { n: -1 },
    });
    const result = await run(one, schedule);
    const details = (await one.get(`/windlass/report-results/${result}`)).json();
    expect(details).toMatchObject({
      status: 'failed',
      error_message: 'A number of days must be from 0 to 36500, not -1',
      manifest: { complete: false, row_count: 0 },
    });
    expect((await one.get('/events?event_type=user.reports.scheduled_query.failed')).json().item_count).toBe(1);
  });

  it('of delta runs hold what is new', async () => {
    const schedule = await create(one, {
      query: '{ scheduledQueries(filter: {name: "delta*"}) { results { name } } }',
      name: 'delta 1',
      delta: true,
    });
    const rows = async (result: string) =>
      (await one.get(`/reporting/scheduled-query-results/${result}`))
        .json()
        .results.map((row: { name: string }) => row.name);
    const first = await run(one, schedule);
    expect(await rows(first)).toEqual(['delta 1']);
    await create(one, { name: 'delta 2' });
    const second = await run(one, schedule);
    expect(await rows(second)).toEqual(['delta 2']);
    expect((await one.get(`/windlass/report-results/${second}`)).json().manifest.delta_since).toBe(first);
    expect(await rows(await run(one, schedule))).toEqual([]);
    await one.patch(`/windlass/report-schedules/${schedule}`, {
      query: '{ scheduledQueries(filter: {name: "delta *"}) { results { name } } }',
    });
    expect(await rows(await run(one, schedule))).toEqual(['delta 1', 'delta 2']);
  });

  it('are kept by number and age, and go with their schedule and their account', async () => {
    const schedule = await create(one, { keep_count: 2, keep_days: 10 });
    const results = [await run(one, schedule), await run(one, schedule), await run(one, schedule)];
    await app.platform.objects.put(
      `report-results/${randomUUID().replaceAll('-', '')}/1/rows.ndjson.gz`,
      Buffer.from('x'),
    );
    await job(EXPIRE_JOB);
    const left = async () =>
      (await one.get(`/windlass/report-results?schedule_uuid=${schedule}`))
        .json()
        .items.map((row: { uuid: string }) => row.uuid);
    expect(await left()).toEqual(results.slice(1).reverse());
    await sql`update scheduled_query_execution set finished_at = now() - interval '11 days' where uuid = ${results[1]}`.execute(
      app.platform.database.db,
    );
    await job(EXPIRE_JOB);
    expect(await left()).toEqual([results[2]]);
    const stored = new Set((await objects()).map((key) => key.split('/')[1]));
    const { rows } = await sql<{ uuid: string }>`select uuid from scheduled_query_execution`.execute(
      app.platform.database.db,
    );
    expect([...stored].sort()).toEqual(rows.map(({ uuid }) => uuid).sort());

    const leaving = await tenant('leaving');
    const theirs = await run(leaving, await create(leaving));
    expect((await objects()).some((key) => key.includes(theirs))).toBe(true);
    await admin.patch('/accounts/leaving/state', { state: 'disabled' });
    await admin.put('/accounts/leaving/state', { state: 'disabled' });
    expect((await admin.delete('/accounts/leaving')).statusCode).toBeLessThan(300);
    await app.idle();
    expect((await objects()).some((key) => key.includes(theirs))).toBe(false);
  });
});

describe('prepared queries', () => {
  it.each(PREPARED_REPORTS.map((prepared) => [prepared.name, prepared.query]))(
    '%s runs at once and by a schedule',
    async (name, query) => {
      const answer = await ask(one, query);
      expect(answer.errors).toBeUndefined();
      expect(Object.values(answer.data)).toEqual([expect.objectContaining({ results: expect.any(Array) })]);
      const schedule = await create(one, { name, query });
      const result = (await one.post(`/windlass/report-schedules/${schedule}/runs`)).json().uuid;
      await app.idle();
      expect((await one.get(`/windlass/report-results/${result}`)).json()).toMatchObject({
        status: 'complete',
        error_message: null,
      });
    },
  );
});

describe('the clock', () => {
  it('starts one run for all that was missed, none of what is disabled, and goes on', async () => {
    const missed = await create(one, { name: 'missed', cron_schedule: '*/5 * * * *' });
    const disabled = await create(one, { name: 'disabled', cron_schedule: '*/5 * * * *', enabled: false });
    await sql`update scheduled_query set next_execution_at = now() - interval '3 days' where uuid in (${missed}, ${disabled})`.execute(
      app.platform.database.db,
    );
    await job(DUE_JOB);
    await job(DUE_JOB);
    const runs = async (uuid: string) => (await one.get(`/windlass/report-results?schedule_uuid=${uuid}`)).json().items;
    expect(await runs(missed)).toEqual([
      expect.objectContaining({ cause: 'schedule', status: 'complete', requested_by: null }),
    ]);
    expect(await runs(disabled)).toEqual([]);
    const { next_execution_at: next } = (await one.get(`/windlass/report-schedules/${missed}`)).json();
    expect(Date.parse(next)).toBeGreaterThan(Date.now());
    // Switched on again, it does not make up for what it missed.
    await one.patch(`/windlass/report-schedules/${disabled}`, { enabled: true });
    await job(DUE_JOB);
    expect(await runs(disabled)).toEqual([]);
  });

  it('ends runs whose job is gone', async () => {
    const schedule = await create(one, { name: 'lost' });
    const uuid = randomUUID().replaceAll('-', '');
    await sql`insert into scheduled_query_execution (uuid, account, query_uuid, status, request, job_id, created_at)
      values (${uuid}, 'one', ${schedule}, 'running', '{"query": "{ metrics { results { id } } }", "columns": null}', ${randomUUID()}, now() - interval '1 hour')`.execute(
      app.platform.database.db,
    );
    await job(DUE_JOB);
    expect((await one.get(`/windlass/report-results/${uuid}`)).json()).toMatchObject({
      status: 'failed',
      error_message: 'the job of the run is gone',
    });
  });

  it('refuses times that make no sense', async () => {
    const attempt = (fields: object) =>
      one.post('/windlass/report-schedules', { name: 'n', query: METRICS, cron_schedule: WEEKLY, ...fields });
    expect((await attempt({ time_zone: 'Mars/Base' })).json().message).toContain("'Mars/Base' is not a time zone");
    expect((await attempt({ cron_schedule: '61 * * * *' })).json().message).toContain('minute: 61 is not from 0 to 59');
    expect((await attempt({ columns: [{ path: 'results.id' }] })).json().message).toContain(
      "does not select 'results.id'",
    );
    expect((await attempt({ keep_count: 0 })).statusCode).toBe(400);
    expect((await attempt({ surprise: true })).statusCode).toBe(400);
  });
});

describe('numbers of the installation', () => {
  it('count schedules and runs', async () => {
    const statistics = (await admin.get('/system/statistics')).json();
    const value = (name: string) => statistics.items.find((item: { name: string }) => item.name === name)?.value;
    expect(value('report_inventory')).toBeGreaterThan(3);
    expect(value('report_generation')).toBeGreaterThan(value('report_execution_inventory') - 2);
    const limits = (await admin.get('/system/resource-limits')).json();
    expect(limits.items.find((item: { name: string }) => item.name === 'report_inventory').current_value).toBe(
      value('report_inventory'),
    );
  });
});

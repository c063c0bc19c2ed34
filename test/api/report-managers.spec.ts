import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

const METRICS = '{ metrics { results { id } } }';
const NEW = { name: 'weekly', cron_schedule: '0 6 * * 1', query: METRICS };

let app: Application;
let admin: Client;
let viewer: Client;
let manager: Client;
let schedule: string;
let result: string;

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  await admin.post('/accounts', { name: 'team' });
  for (const role of ['report-viewer', 'report-admin']) {
    await admin.post('/accounts/team/users', { username: role, password: 'pass-word' });
    await admin.post(`/rbac-manager/roles/${role}/members`, { username: role, domain_name: 'team' });
  }
  viewer = clientFor(app.server, { basic: ['report-viewer', 'pass-word'] });
  manager = clientFor(app.server, { basic: ['report-admin', 'pass-word'] });
  schedule = (await manager.post('/windlass/report-schedules', NEW)).json().uuid;
  result = (await manager.post(`/windlass/report-schedules/${schedule}/runs`)).json().uuid;
  await app.idle();
});
afterAll(() => app?.close());

const DENIED = 'Not authorized. Requires permissions: domain=team action=manageReports target=*';
const mutate = (client: Client, query: string, variables: object = {}, path = '/reports/graphql') =>
  client.post(path, { query, variables });

describe('who only views reports', () => {
  it('reads them, their schedules and their results', async () => {
    for (const path of [
      '/windlass/report-schedules',
      `/windlass/report-schedules/${schedule}`,
      '/windlass/report-results',
      `/windlass/report-results/${result}`,
      `/windlass/report-results/${result}/content`,
      `/reporting/scheduled-query-results/${result}`,
      '/windlass/metrics',
    ])
      expect((await viewer.get(path)).statusCode, path).toBe(200);
    const query = '{ scheduledQueries { results { uuid } } scheduledQueryExecutions { results { uuid } } }';
    expect((await mutate(viewer, query)).json().data).toMatchObject({
      scheduledQueries: { results: [{ uuid: schedule }] },
    });
  });

  it('changes nothing by REST', async () => {
    const refused = [
      await viewer.post('/windlass/report-schedules', NEW),
      await viewer.patch(`/windlass/report-schedules/${schedule}`, { name: 'mine' }),
      await viewer.post(`/windlass/report-schedules/${schedule}/runs`),
      await viewer.post(`/windlass/report-results/${result}/cancellation`),
      await viewer.delete(`/windlass/report-results/${result}`),
      await viewer.delete(`/windlass/report-schedules/${schedule}`),
      await viewer.post('/windlass/metrics/samples'),
    ];
    expect(refused.map((answer) => [answer.statusCode, answer.json().message])).toEqual(
      refused.map(() => [403, DENIED]),
    );
  });

  it.each([
    ['create', `mutation { createScheduledQuery(name: "n", cronSchedule: "0 6 * * 1", query: "${METRICS}") { ok } }`],
    ['update', 'mutation ($id: String!) { updateScheduledQuery(uuid: $id, name: "mine") { ok } }'],
    ['delete', 'mutation ($id: String!) { deleteScheduledQuery(uuid: $id) { ok } }'],
    ['run', 'mutation ($id: String!) { executeScheduledQuery(uuid: $id) { ok } }'],
    ['start', 'mutation ($id: String!) { executeScheduledQueryAsync(uuid: $id) { ok } }'],
    ['cancel', 'mutation ($run: String!) { cancelScheduledQueryExecution(uuid: $run) { ok } }'],
    ['delete a run', 'mutation ($run: String!) { deleteScheduledQueryExecution(uuid: $run) { ok } }'],
    [
      'hide it',
      'query Q { metrics { results { id } } } mutation M($id: String!) { ...F } fragment F on Mutation { a: deleteScheduledQuery(uuid: $id) { ok } }',
    ],
  ])('changes nothing by GraphQL: %s', async (_, query) => {
    const variables = query.includes('$run') ? { run: result } : query.includes('$id') ? { id: schedule } : {};
    const payload = { query, variables, ...(query.startsWith('query') ? { operationName: 'M' } : {}) };
    const authorization = `Basic ${Buffer.from('report-viewer:pass-word').toString('base64')}`;
    for (const url of ['/v2/reports/graphql', '/v1/reports/graphql']) {
      const answer = await app.server.inject({ method: 'POST', url, headers: { authorization }, payload });
      expect([answer.statusCode, answer.json().message], url).toEqual([403, DENIED]);
    }
  });
});

describe('the audit log', () => {
  const entries = async (operation: string) =>
    (await admin.get(`/windlass/audit?operation=${operation}`)).json().items as {
      username: string;
      account_name: string;
      params: Record<string, unknown>;
      outcome: string;
      status: number;
      reason: string | null;
    }[];

  it('has each mutation with its field, and no query', async () => {
    const before = (await entries('run_report')).length;
    await mutate(manager, METRICS);
    await mutate(manager, 'no document');
    await mutate(manager, 'mutation { unknownField }');
    expect(await entries('run_report')).toHaveLength(before);
    const made = (
      await mutate(
        manager,
        `mutation { createScheduledQuery(name: "secret name", cronSchedule: "0 6 * * 1", query: "${METRICS}") { ok scheduledQuery { uuid } } }`,
      )
    ).json().data.createScheduledQuery.scheduledQuery.uuid as string;
    await mutate(
      manager,
      'mutation ($id: String!, $none: String!) { first: updateScheduledQuery(uuid: $id, enabled: false) { ok } second: deleteScheduledQuery(uuid: $none) { ok } }',
      { id: made, none: 'f'.repeat(32) },
    );
    const run = (
      await mutate(manager, 'mutation ($id: String!) { executeScheduledQueryAsync(uuid: $id) { resultUuid } }', {
        id: made,
      })
    ).json().data.executeScheduledQueryAsync.resultUuid as string;
    await app.idle();
    await mutate(manager, 'mutation ($id: String!) { cancelScheduledQueryExecution(uuid: $id) { ok } }', { id: run });
    await mutate(manager, 'mutation ($id: String!) { deleteScheduledQuery(uuid: $id) { ok } }', { id: made });
    const told = (await entries('run_report')).slice(0, -before || undefined).reverse();
    expect(told.map(({ params, outcome, status, reason }) => [params, outcome, status, reason])).toEqual([
      [{ mutation: 'createScheduledQuery' }, 'success', 200, null],
      [{ mutation: 'updateScheduledQuery', uuid: made }, 'success', 200, null],
      [
        { mutation: 'deleteScheduledQuery', uuid: 'f'.repeat(32) },
        'failure',
        404,
        expect.stringContaining('not found'),
      ],
      [{ mutation: 'executeScheduledQueryAsync', uuid: made }, 'success', 200, null],
      [{ mutation: 'cancelScheduledQueryExecution', uuid: run }, 'failure', 409, 'the run has ended: complete'],
      [{ mutation: 'deleteScheduledQuery', uuid: made }, 'success', 200, null],
    ]);
    expect(told[0]).toMatchObject({ username: 'report-admin', account_name: 'team' });
    expect(JSON.stringify(told)).not.toContain('secret name');
  });

  it('has what was refused, and what is done on the global endpoint and under the former address', async () => {
    const refused = (await entries('run_report')).find(({ username }) => username === 'report-viewer');
    expect(refused).toMatchObject({ outcome: 'failure', status: 403, reason: DENIED });
    expect((await entries('v1_run_report')).length).toBeGreaterThan(0);
    const mutation = `mutation { createScheduledQuery(name: "all", cronSchedule: "0 6 * * 1", query: "${METRICS}") { ok } }`;
    expect((await mutate(admin, mutation, {}, '/reports/global/graphql')).json().data.createScheduledQuery.ok).toBe(
      true,
    );
    expect(await entries('run_global_report')).toMatchObject([
      { params: { mutation: 'createScheduledQuery' }, outcome: 'success', username: 'admin' },
    ]);
  });
});

import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';
import { addTenant } from './two-tenants.ts';

let app: Application;
let admin: Client;
let agent: Client;
let stranger: Client;

const registration = {
  registration_id: 'fe75a4ab-0000-4000-8000-000000000001',
  registration_instance_id: 'anchore-k8s-inventory-7d4f8-x2x9z',
  type: 'k8s_inventory_agent',
  name: 'agent',
  description: 'a description',
  version: '1.8.2',
  started_at: '2026-01-01T10:00:00.123456789Z',
  uptime: 2.5,
  username: 'agent',
  explicitly_account_bound: [],
  namespaces: null,
  cluster_name: 'c1',
  namespace: 'anchore',
  health_report_interval: 60,
};
const health = (uuid: string, more: object = {}) => ({
  uuid,
  protocol_version: 1,
  timestamp: '2026-01-01T10:01:00Z',
  uptime: 62.5,
  health_report_interval: 60,
  health_data: { type: 'k8s_inventory_agent', version: 1, errors: [], account_k8s_inventory_reports: {}, ...more },
});

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  agent = await addTenant(app, 'team');
  stranger = await addTenant(app, 'other');
}, 120_000);
afterAll(() => app?.close());

const path = '/system/integrations';
const silent = (seconds: number) =>
  sql`update integration set last_seen = now() - make_interval(secs => ${seconds})`.execute(app.platform.database.db);
const watch = async () => {
  await app.platform.jobs.send(app.platform.database.db, 'integration-watch', {});
  await app.idle();
};

it('an agent registers, reports, falls silent and comes back', async () => {
  const first = await agent.post(`${path}/registration`, registration);
  expect(first.statusCode).toBe(201);
  const { uuid } = first.json();
  expect(first.json()).toMatchObject({
    started_at: '2026-01-01T10:00:00.123Z',
    uptime: 2.5,
    account_name: 'team',
    explicitly_account_bound: [],
    accounts: [],
    namespaces: [],
    configuration: {},
    reported_status: { details: {} },
    integration_status: { state: 'registered', details: {}, updated_at: expect.stringMatching(/Z$/) },
  });
  const again = await agent.post(`${path}/registration`, { ...registration, version: '1.8.3' });
  expect([again.statusCode, again.json().uuid, again.json().version]).toEqual([200, uuid, '1.8.3']);

  const account_k8s_inventory_reports = {
    second: {
      report_timestamp: '2026-01-01T10:00:30Z',
      account_name: 'second',
      sent_as_user: 'agent',
      batch_size: 1,
      last_successful_index: 1,
      has_errors: false,
      batches: [{ batch_index: 1, send_timestamp: '2026-01-01T10:00:31Z' }],
    },
  };
  const reportId = '11111111-1111-4111-8111-111111111111';
  const reported = await agent.post(
    `${path}/${uuid}/health-report`,
    health(reportId, { account_k8s_inventory_reports }),
  );
  expect([reported.statusCode, reported.body]).toEqual([201, '']);
  const read = async () => (await agent.get(`${path}/${uuid}`)).json();
  expect(await read()).toMatchObject({
    integration_status: { state: 'active' },
    reported_status: { state: 'healthy' },
    accounts: ['second'],
    uptime: 62.5,
  });

  await agent.post(`${path}/${uuid}/health-report`, health(reportId, { errors: ['no route to host'] }));
  expect((await read()).reported_status).toMatchObject({ state: 'unhealthy', reason: 'no route to host' });
  const broken = { second: { ...account_k8s_inventory_reports.second, has_errors: true } };
  await agent.post(`${path}/${uuid}/health-report`, health(reportId, { account_k8s_inventory_reports: broken }));
  expect((await read()).reported_status.state).toBe('unhealthy');
  expect((await agent.get(`${path}?only_degraded=true`)).json().items).toHaveLength(1);

  await silent(179);
  expect((await read()).integration_status.state).toBe('active');
  await silent(181);
  expect((await read()).integration_status.state).toBe('inactive');
  await watch();
  await watch();
  const events = (await agent.get('/events?event_type=system.integrations.inactive')).json().results;
  expect(events).toHaveLength(1);
  await agent.post(`${path}/${uuid}/health-report`, health(reportId));
  expect(await read()).toMatchObject({
    integration_status: { state: 'active' },
    reported_status: { state: 'healthy' },
  });

  expect((await agent.delete(`${path}/${uuid}`)).statusCode).toBe(409);
  expect((await stranger.get(`${path}/${uuid}`)).statusCode).toBe(404);
  expect((await stranger.delete(`${path}/${uuid}?force=true`)).statusCode).toBe(404);
  expect((await stranger.post(`${path}/${uuid}/health-report`, health(reportId))).statusCode).toBe(404);
  expect((await stranger.get(path)).json().items).toEqual([]);
  expect((await admin.get(path)).json().items).toHaveLength(1);
  expect((await agent.delete(`${path}/${uuid}?force=true`)).statusCode).toBe(204);
  expect((await agent.post(`${path}/${uuid}/health-report`, health(reportId))).statusCode).toBe(404);
});

it('old health reports are forgotten', async () => {
  const { uuid } = (await agent.post(`${path}/registration`, registration)).json();
  const { db } = app.platform.database;
  for (let n = 0; n < 2; n++) await agent.post(`${path}/${uuid}/health-report`, health(uuid));
  await sql`update integration_health_report set received_at = now() - interval '49 hours'
    where id = (select min(id) from integration_health_report)`.execute(db);
  await watch();
  expect((await sql`select 1 from integration_health_report`.execute(db)).rows).toHaveLength(1);
});

it.each([
  ['an interval below 30 seconds', { health_report_interval: 29 }],
  ['an interval above 600 seconds', { health_report_interval: 601 }],
  ['another type', { type: 'ecs' }],
  ['no registration id', { registration_id: '' }],
])('a registration is refused: %s', async (_, change) => {
  expect((await agent.post(`${path}/registration`, { ...registration, ...change })).statusCode).toBe(400);
});

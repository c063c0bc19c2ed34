import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD, type IdentityApp, startIdentityApp } from './identity-app.ts';

let app: IdentityApp;
let admin: Client;
let user: Client;
let anonymous: Client;

beforeAll(async () => {
  app = await startIdentityApp({ env: { WINDLASS_EVENT_DAYS: '30', WINDLASS_S3_SECRET_KEY: 'hidden-secret' } });
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  anonymous = clientFor(app.server, undefined);
  await admin.post('/accounts', { name: 'team' });
  await admin.post('/accounts/team/users', { username: 'ann', password: 'pass-word' });
  user = clientFor(app.server, { basic: ['ann', 'pass-word'] });
});
afterAll(() => app?.close());

describe('state', () => {
  it('answers without credentials: version, health, ping', async () => {
    expect((await anonymous.get('/')).json()).toBe('v2');
    const health = await anonymous.get('/health');
    expect([health.statusCode, health.body]).toEqual([200, '']);
    const version = (await app.server.inject('/version')).json<{ service: { version: string } }>();
    expect(version).toMatchObject({
      api: { version: '2' },
      db: { schema_version: '0003_identity' },
      windlass: { version: '0.1.0' },
    });
    const [major, minor] = version.service.version.split('.').map(Number) as [number, number];
    expect(major * 100 + minor).toBeGreaterThanOrEqual(511);
    expect((await anonymous.get('/status')).statusCode).toBe(401);
    expect((await user.get('/status')).json()).toMatchObject({ available: true, up: true });
  });

  it('lists the services that clients wait for', async () => {
    const services = (await admin.get('/system/services')).json<
      { service_name: string; service_detail: { up: boolean } }[]
    >();
    for (const name of ['catalog', 'apiext', 'policy_engine', 'simplequeue', 'analyzer']) {
      expect(services.find((service) => service.service_name === name)?.service_detail.up).toBe(true);
    }
    expect((await user.get('/system')).json<{ service_states: unknown[] }>().service_states).toHaveLength(
      services.length,
    );
    expect((await user.get('/system/services')).statusCode).toBe(403);
    expect((await admin.get('/system/services/catalog')).json()).toHaveLength(1);
    expect((await admin.get('/system/services/catalog/test-host')).json()).toHaveLength(1);
    expect((await admin.get('/system/services/none')).json()).toEqual([]);
    expect((await admin.get('/system/services/catalog/none')).statusCode).toBe(404);
  });

  it('shows a silent service as down and lets it be removed; a live one stays', async () => {
    const stop = (name: string, age: string): Promise<unknown> =>
      sql`
      insert into service (service_name, host_id, base_url, version, heartbeat_at)
      values (${name}, 'old-host', 'http://old-host', '0.1.0', now() - ${age}::interval)`.execute(app.database.db);
    await stop('analyzer', '10 minutes');
    await stop('catalog', '3 days');
    const [row] = (await admin.get('/system/services/analyzer/old-host')).json<
      { status: boolean; status_message: string }[]
    >();
    expect(row).toMatchObject({ status: false, status_message: 'down', service_detail: { up: false } });
    await app.system.services.sweep();
    expect((await admin.get('/system/services/catalog/old-host')).statusCode).toBe(404);
    expect((await admin.delete('/system/services/analyzer/test-host')).statusCode).toBe(409);
    expect((await admin.delete('/system/services/analyzer/old-host')).statusCode).toBe(200);
    expect((await admin.delete('/system/services/analyzer/old-host')).statusCode).toBe(404);
  });

  it('explains error codes, history and numbers to any user', async () => {
    expect((await user.get('/system/error-codes')).json()).toContainEqual(
      expect.objectContaining({ name: 'REGISTRY_NOT_ACCESSIBLE' }),
    );
    expect((await user.get('/system/deployment-history')).json()).toMatchObject({
      items: [{ to_system_version: '0.1.0', to_database_version: '0003_identity', outcome: 'succeeded' }],
    });
    const numbers = async (): Promise<Record<string, number>> => {
      const { items } = (await user.get('/system/statistics')).json<{ items: { name: string; value: number }[] }>();
      return Object.fromEntries(items.map((item) => [item.name, item.value]));
    };
    expect(await numbers()).toMatchObject({
      account_creation: 2,
      account_inventory: 2,
      user_creation: 2,
      user_inventory: 2,
      image_analysis: 0,
    });
    await admin.post('/accounts/team/users', { username: 'temp', password: 'pass-word' });
    await admin.delete('/accounts/team/users/temp');
    expect(await numbers()).toMatchObject({ user_creation: 3, user_inventory: 2 });
    expect((await admin.get('/system/resource-limits')).json()).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({
          name: 'account_inventory',
          current_value: 2,
          limit_value: null,
          limit_exceeded: false,
        }),
      ]),
    });
    expect((await user.get('/system/resource-limits')).statusCode).toBe(403);
  });

  it('changes log levels', async () => {
    const changed = await admin.post('/system/logging', { service_name: 'api', logging_level: 'debug' });
    expect(changed.json()).toContainEqual({ service_name: 'api', logging_level: 'debug' });
    const all = await admin.post('/system/logging', { service_name: 'all', logging_level: 'default' });
    expect(all.json<{ logging_level: string }[]>().every((entry) => entry.logging_level === 'default')).toBe(true);
    expect((await admin.post('/system/logging', { service_name: 'none', logging_level: 'debug' })).statusCode).toBe(
      400,
    );
    expect((await user.post('/system/logging', { service_name: 'api', logging_level: 'debug' })).statusCode).toBe(403);
  });
});

describe('configurations', () => {
  const KEY = 'auth.max_api_keys_per_user';

  it('are listed with value, source and whether they may be changed', async () => {
    const { items } = (await admin.get('/system/configurations')).json<{ items: Record<string, unknown>[] }>();
    const find = (key: string): Record<string, unknown> | undefined => items.find((item) => item.key === key);
    expect(find(KEY)).toMatchObject({
      value: 100,
      source: 'default',
      is_editable: true,
      requires_system_restart: false,
      config_schema: { data_type: 'integer', ge: 1 },
    });
    expect(find('retention.event_days')).toMatchObject({ value: 30, source: 'config_file', is_editable: false });
    expect(find('auth.admin_password')).toMatchObject({ value: '********', is_secret: true, is_editable: false });
    expect(JSON.stringify(items)).not.toMatch(/hidden-secret|correct horse/);
    expect((await user.get('/system/configurations')).statusCode).toBe(403);
    expect((await admin.get('/system/configurations/schema')).json()).toMatchObject({
      [KEY]: { data_type: 'integer' },
    });
  });

  it('change, take effect at once, and go back', async () => {
    const put = await admin.put(`/system/configurations/${KEY}`, { key: KEY, value: 1 });
    expect(put.json()).toMatchObject({ key: KEY, value: 1, source: 'api' });
    const expires_at = new Date(app.now() + 60_000).toISOString().replace(/\.\d+Z/, 'Z');
    expect((await user.post('/user/api-keys', { name: 'a', expires_at })).statusCode).toBe(201);
    expect((await user.post('/user/api-keys', { name: 'b', expires_at })).statusCode).toBe(400);
    expect((await admin.delete(`/system/configurations/${KEY}`)).statusCode).toBe(204);
    expect((await admin.get(`/system/configurations/${KEY}`)).json()).toMatchObject({ value: 100, source: 'default' });
    expect((await user.post('/user/api-keys', { name: 'b', expires_at })).statusCode).toBe(201);
  });

  it('change together or not at all', async () => {
    const bad = [
      { key: KEY, value: 7 },
      { key: 'no.such.key', value: 1 },
    ];
    expect((await admin.patch('/system/configurations', bad)).statusCode).toBe(404);
    expect((await admin.get(`/system/configurations/${KEY}`)).json()).toMatchObject({ value: 100 });
    const good = await admin.patch('/system/configurations', [{ key: KEY, value: 7 }]);
    expect(good.json()).toMatchObject({ items: [{ key: KEY, value: 7, source: 'api' }] });
    await admin.delete(`/system/configurations/${KEY}`);
  });

  it.each([
    ['retention.event_days', 5, 409],
    ['auth.admin_password', 'other-password', 409],
    ['database.pool_size', 5, 409],
    [KEY, 0, 400],
    [KEY, 'many', 400],
    [KEY, null, 400],
    [KEY, [1], 400],
    ['no.such.key', 1, 404],
  ])('%s = %j is answered with %i', async (key, value, status) => {
    expect((await admin.put(`/system/configurations/${key}`, { key, value })).statusCode).toBe(status);
  });

  it('keep path and body together', async () => {
    expect(
      (await admin.put(`/system/configurations/${KEY}`, { key: 'auth.disallow_native_users', value: true })).statusCode,
    ).toBe(400);
  });
});

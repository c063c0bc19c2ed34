import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD, type IdentityApp, startIdentityApp } from './identity-app.ts';

const HOUR_MS = 3_600_000;

/** An account `home` with a user `native`, all made while everything was allowed. */
async function prepare(app: IdentityApp): Promise<Client> {
  const admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  await admin.post('/accounts', { name: 'home' });
  await admin.post('/accounts/home/users', { username: 'native', password: 'pass-word' });
  await admin.post('/rbac-manager/roles/account-user-admin/members', { username: 'native', domain_name: 'home' });
  return admin;
}

function expiry(app: IdentityApp, ms = HOUR_MS): string {
  return new Date(app.now() + ms).toISOString().replace(/\.\d+Z/, 'Z');
}

describe('disallow_native_users', () => {
  const settings = { disallow_native_users: false };
  let app: IdentityApp;
  beforeAll(async () => {
    app = await startIdentityApp({ settings });
  });
  afterAll(() => app?.close());

  it('ends every way in of native users at once, but for admin', async () => {
    const admin = await prepare(app);
    const native = clientFor(app.server, { basic: ['native', 'pass-word'] });
    const key = (await native.post('/user/api-keys', { name: 'k', expires_at: expiry(app) })).json().value;
    const form = { username: 'native', password: 'pass-word' };
    const { access_token, refresh_token } = (await native.post('/oauth/token', undefined, { form })).json();
    const opened = await native.post('/windlass/session', form);
    const cookie = String(opened.headers['set-cookie']).split(';')[0] ?? '';
    const anyone = clientFor(app.server, undefined);
    const ways = async () => [
      (await native.get('/user')).statusCode,
      (await clientFor(app.server, { apiKey: key }).get('/user')).statusCode,
      (await clientFor(app.server, { bearer: access_token }).get('/user')).statusCode,
      (await anyone.get('/user', { headers: { cookie } })).statusCode,
    ];
    expect(await ways()).toEqual([200, 200, 200, 200]);
    // the same settings object is read at each request, as settings changed at run time are
    app.settings.disallow_native_users = true;
    expect(await ways()).toEqual([401, 401, 401, 401]);
    const refreshed = await anyone.post('/oauth/token', undefined, {
      form: { grant_type: 'refresh_token', refresh_token },
    });
    expect(refreshed.json()).toMatchObject({ error: 'invalid_grant' });
    expect((await anyone.post('/oauth/token', undefined, { form })).json()).toMatchObject({ error: 'invalid_grant' });
    expect((await anyone.post('/windlass/session', form)).statusCode).toBe(401);
    const created = await admin.post('/accounts/home/users', { username: 'another', password: 'pass-word' });
    expect(created.statusCode).toBe(400);
    expect((await admin.get('/user')).statusCode).toBe(200);
    app.settings.disallow_native_users = false;
    expect(await ways()).toEqual([200, 200, 200, 200]);
  });
});

describe('API keys', () => {
  let app: IdentityApp;
  let admin: Client;
  let native: Client;
  beforeAll(async () => {
    app = await startIdentityApp({
      settings: { max_api_keys_per_user: 3, max_api_key_age_days: 10, remove_deleted_api_keys_after_days: 5 },
    });
    admin = await prepare(app);
    native = clientFor(app.server, { basic: ['native', 'pass-word'] });
  });
  afterAll(() => app?.close());

  it('are limited in number and age, deleted ones apart', async () => {
    const make = async (name: string, ms = HOUR_MS) =>
      (await native.post('/user/api-keys', { name, expires_at: expiry(app, ms) })).statusCode;
    expect(await make('old', 11 * 24 * HOUR_MS)).toBe(400);
    expect(await make('past', -HOUR_MS)).toBe(400);
    expect([await make('a'), await make('b'), await make('c'), await make('d')]).toEqual([201, 201, 201, 400]);
    await native.delete('/user/api-keys/a');
    expect([await make('a'), await make('d')]).toEqual([201, 400]);
  });

  it('of others are managed by administrators of users', async () => {
    await admin.post('/accounts/home/users', { username: 'plain', password: 'pass-word' });
    const keys = '/accounts/home/users/plain/api-keys';
    const made = await native.post(keys, { name: 'k', expires_at: expiry(app) });
    expect(made.json()).toMatchObject({ name: 'k', status: 'active', value: expect.stringMatching(/^wl_/) });
    expect((await native.get(`${keys}/k`)).json().value).toBeUndefined();
    expect((await native.patch(`${keys}/k`, { status: 'revoked' })).json()).toMatchObject({ status: 'revoked' });
    expect((await clientFor(app.server, { apiKey: made.json().value }).get('/user')).statusCode).toBe(401);
    expect((await native.delete(`${keys}/k`)).statusCode).toBe(204);
    const plain = clientFor(app.server, { basic: ['plain', 'pass-word'] });
    expect((await plain.get('/accounts/home/users/native/api-keys')).statusCode).toBe(403);
  });

  it('are all revoked together with tokens and sessions', async () => {
    await admin.post('/accounts/home/users', { username: 'leaver', password: 'pass-word' });
    const leaver = clientFor(app.server, { basic: ['leaver', 'pass-word'] });
    const value = (await leaver.post('/user/api-keys', { name: 'k', expires_at: expiry(app) })).json().value;
    const form = { username: 'leaver', password: 'pass-word' };
    const { access_token, refresh_token } = (await leaver.post('/oauth/token', undefined, { form })).json();
    const cookie = String((await leaver.post('/windlass/session', form)).headers['set-cookie']).split(';')[0] ?? '';
    const revoked = await native.post('/windlass/accounts/home/users/leaver/revoke-access');
    expect(revoked.json()).toEqual({ api_keys: 1 });
    const anyone = clientFor(app.server, undefined);
    expect((await clientFor(app.server, { apiKey: value }).get('/user')).statusCode).toBe(401);
    expect((await clientFor(app.server, { bearer: access_token }).get('/user')).statusCode).toBe(401);
    expect((await anyone.get('/user', { headers: { cookie } })).statusCode).toBe(401);
    const refresh = { grant_type: 'refresh_token', refresh_token };
    expect((await anyone.post('/oauth/token', undefined, { form: refresh })).statusCode).toBe(400);
    app.advance(1000);
    const { access_token: fresh } = (await leaver.post('/oauth/token', undefined, { form })).json();
    expect((await clientFor(app.server, { bearer: fresh }).get('/user')).statusCode).toBe(200);
    expect((await leaver.post('/windlass/accounts/home/users/native/revoke-access')).statusCode).toBe(403);
    expect((await native.post('/windlass/accounts/admin/users/admin/revoke-access')).statusCode).toBe(403);
  });

  it('are forgotten long after their end, or never', async () => {
    const count = async () => (await native.get('/user/api-keys')).json().items.length;
    const before = await count();
    expect(before).toBeGreaterThan(0);
    app.advance(8 * 24 * HOUR_MS);
    app.settings.remove_deleted_api_keys_after_days = -1;
    await app.accounts.maintain();
    expect(await count()).toBe(before);
    expect((await native.get('/user/api-keys')).json().items[0].status).toBe('expired');
    app.settings.remove_deleted_api_keys_after_days = 5;
    await app.accounts.maintain();
    expect(await count()).toBe(0);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientFor } from './client.ts';
import { ADMIN_PASSWORD, type IdentityApp, startIdentityApp } from './identity-app.ts';

let app: IdentityApp;
const ORIGIN = { origin: 'http://localhost:80', host: 'localhost:80' };

beforeAll(async () => {
  app = await startIdentityApp();
  const admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  await admin.post('/accounts', { name: 'team' });
  await admin.post('/accounts/team/users', { username: 'ann', password: 'pass-word' });
  await admin.post('/rbac-manager/roles/policy-editor/members', { username: 'ann', domain_name: 'team' });
});
afterAll(() => app?.close());

async function signIn(password = 'pass-word', headers: Record<string, string> = ORIGIN) {
  const response = await clientFor(app.server, undefined).post(
    '/windlass/session',
    { username: 'ann', password },
    { headers },
  );
  return { response, cookie: String(response.headers['set-cookie'] ?? '').split(';')[0] ?? '' };
}

function request(method: string, path: string, cookie: string, headers: Record<string, string> = {}, body?: unknown) {
  return clientFor(app.server, undefined).request(method, path, { headers: { cookie, ...headers }, body });
}

describe('browser sessions', () => {
  it('start with a password and say what the user may do', async () => {
    const { response, cookie } = await signIn();
    expect(response.statusCode).toBe(200);
    expect(response.headers['set-cookie']).toMatch(/HttpOnly; SameSite=Lax/);
    const me = await request('GET', '/windlass/session', cookie);
    expect(me.json()).toMatchObject({
      username: 'ann',
      account_name: 'team',
      is_admin: false,
      scope_account: 'team',
      system_actions: [],
      domains: [{ domain_name: 'team', roles: ['policy-editor'] }],
    });
    expect(me.json<{ actions: string[] }>().actions).toContain('createPolicy');
  });

  it('use the host-bound cookie over TLS', async () => {
    const { response } = await signIn('pass-word', { origin: 'https://localhost', host: 'localhost' });
    expect(response.headers['set-cookie']).toMatch(/^__Host-windlass_session=.*; Secure$/);
  });

  it('are refused with a wrong password, without a challenge that opens the window of the browser', async () => {
    const { response } = await signIn('wrong');
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toBeUndefined();
    expect(response.headers['set-cookie']).toBeUndefined();
  });

  it('take changes from our own pages only', async () => {
    const { cookie } = await signIn();
    const body = { name: 'k', expires_at: new Date(app.now() + 60_000).toISOString().replace(/\.\d+Z/, 'Z') };
    const post = (headers: Record<string, string>) => request('POST', '/user/api-keys', cookie, headers, body);
    expect((await post({})).statusCode).toBe(403);
    expect((await post({ origin: 'https://evil.example.net' })).statusCode).toBe(403);
    expect((await post({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect((await post(ORIGIN)).statusCode).toBe(201);
    expect(
      (await signIn('pass-word', { origin: 'https://evil.example.net', host: 'localhost' })).response.statusCode,
    ).toBe(403);
  });

  it('end by signing out', async () => {
    const { cookie } = await signIn();
    const out = await request('DELETE', '/windlass/session', cookie, ORIGIN);
    expect(out.statusCode).toBe(204);
    expect(out.headers['set-cookie']).toContain('Max-Age=0');
    expect((await request('GET', '/windlass/session', cookie)).statusCode).toBe(401);
  });

  it('end when idle for long, and go on while used', async () => {
    const { cookie } = await signIn();
    const hour = 3_600_000;
    for (let step = 0; step < 3; step += 1) {
      app.advance(6 * hour);
      expect((await request('GET', '/windlass/session', cookie)).statusCode).toBe(200);
    }
    app.advance(9 * hour);
    expect((await request('GET', '/windlass/session', cookie)).statusCode).toBe(401);
  });

  it('end for all other browsers when the password changes', async () => {
    const [here, there] = [await signIn(), await signIn()];
    const changed = await request('POST', '/user/credentials', here.cookie, ORIGIN, {
      type: 'password',
      value: 'next-pass',
    });
    expect(changed.statusCode).toBe(200);
    expect((await request('GET', '/windlass/session', here.cookie)).statusCode).toBe(200);
    expect((await request('GET', '/windlass/session', there.cookie)).statusCode).toBe(401);
  });

  it.each(['windlass_session=', `windlass_session=${'a'.repeat(43)}`, 'windlass_session=%00', 'other=1'])(
    'are not found by %j',
    async (cookie) => {
      expect((await request('GET', '/windlass/session', cookie)).statusCode).toBe(401);
    },
  );
});

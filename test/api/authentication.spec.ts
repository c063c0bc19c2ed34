import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD, type IdentityApp, startIdentityApp } from './identity-app.ts';

let app: IdentityApp;
let admin: Client;
let anonymous: Client;
const HOUR = 3_600_000;

beforeAll(async () => {
  app = await startIdentityApp();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  anonymous = clientFor(app.server, undefined);
  await admin.post('/accounts', { name: 'team-a' });
  await admin.post('/accounts', { name: 'team-b' });
});
afterAll(() => app?.close());

async function createUser(username: string, account = 'team-a', password = 'pass-word'): Promise<Client> {
  const response = await admin.post(`/accounts/${account}/users`, { username, password });
  expect(response.statusCode, response.body).toBe(200);
  return clientFor(app.server, { basic: [username, password] });
}

function expiry(ms = HOUR): string {
  return new Date(app.now() + ms).toISOString().replace(/\.\d+Z/, 'Z');
}

async function tokensOf(username: string, password = 'pass-word'): Promise<{ access: string; refresh: string }> {
  const response = await anonymous.post('/oauth/token', undefined, {
    form: { grant_type: 'password', username, password, client_id: 'anonymous' },
  });
  expect(response.statusCode, response.body).toBe(200);
  const body = response.json<{ access_token: string; refresh_token: string }>();
  return { access: body.access_token, refresh: body.refresh_token };
}

function refresh(token: string): ReturnType<Client['post']> {
  return anonymous.post('/oauth/token', undefined, { form: { grant_type: 'refresh_token', refresh_token: token } });
}

describe('Basic authentication', () => {
  it('lets in with the right password only', async () => {
    const ann = await createUser('ann');
    const user = await ann.get('/user');
    expect(user.statusCode).toBe(200);
    expect(user.json()).toMatchObject({ username: 'ann', account_name: 'team-a', type: 'native', source: null });
    const wrong = await clientFor(app.server, { basic: ['ann', 'wrong'] }).get('/user');
    expect(wrong.statusCode).toBe(401);
    expect(wrong.headers['www-authenticate']).toMatch(/^basic realm=/);
    expect(wrong.body).toBe('Unauthorized');
  });

  it.each([
    ['no credentials', {}],
    ['an unknown user', { authorization: `Basic ${btoa('nobody:pass-word')}` }],
    ['a user name with a NUL', { authorization: `Basic ${btoa('a\0b:pass-word')}` }],
    ['nonsense', { authorization: 'Basic ###' }],
    ['a forged token', { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' }],
    ['a made-up API key', { authorization: `Basic ${btoa(`_api_key:wl_${'a'.repeat(16)}_${'b'.repeat(43)}`)}` }],
  ])('answers 401 to %s', async (_, headers) => {
    expect((await anonymous.get('/user', { headers })).statusCode).toBe(401);
  });

  it('hashes the password for an unknown user too, so that the time tells nothing', async () => {
    await createUser('tim');
    app.verified.length = 0;
    await clientFor(app.server, { basic: ['tim', 'wrong'] }).get('/user');
    await clientFor(app.server, { basic: ['nobody-here', 'wrong'] }).get('/user');
    expect(app.verified).toEqual(['tim', 'nobody-here']);
  });

  it('hashes once for many requests', async () => {
    const tina = await createUser('tina');
    app.verified.length = 0;
    for (let round = 0; round < 3; round += 1) expect((await tina.get('/user')).statusCode).toBe(200);
    expect(app.verified).toEqual(['tina']);
  });

  it('slows down guessing, known and unknown names alike, and stops nobody else', async () => {
    await createUser('gus');
    for (const username of ['gus', 'ghost']) {
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 8; attempt += 1) {
        const guess = clientFor(app.server, { basic: [username, `guess-${attempt}`] });
        statuses.push((await guess.get('/user')).statusCode);
      }
      expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429, 429]);
    }
    const blocked = await clientFor(app.server, { basic: ['gus', 'pass-word'] }).get('/user');
    expect(blocked.statusCode).toBe(429);
    expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(0);
    expect((await clientFor(app.server, { basic: ['ann', 'pass-word'] }).get('/user')).statusCode).toBe(200);
    app.advance(2000);
    expect((await clientFor(app.server, { basic: ['gus', 'pass-word'] }).get('/user')).statusCode).toBe(200);
  });

  it('slows down guessing at several processes as at one', async () => {
    await createUser('greg');
    const beside = await startIdentityApp({ beside: app });
    try {
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 8; attempt += 1) {
        const { server } = attempt % 2 === 0 ? app : beside;
        statuses.push((await clientFor(server, { basic: ['greg', `spread-${attempt}`] }).get('/user')).statusCode);
      }
      expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429, 429]);
      app.advance(2000);
      const greg = clientFor(beside.server, { basic: ['greg', 'pass-word'] });
      expect((await greg.get('/user')).statusCode).toBe(200);
      // the success counts everywhere
      expect((await clientFor(app.server, { basic: ['greg', 'wrong'] }).get('/user')).statusCode).toBe(401);
    } finally {
      await beside.close();
    }
  });

  it('gains nothing from guessing at once', async () => {
    await createUser('gwen');
    const guesses = Array.from({ length: 12 }, (_, n) =>
      clientFor(app.server, { basic: ['gwen', `all-${n}`] }).get('/user'),
    );
    const statuses = (await Promise.all(guesses)).map((response) => response.statusCode);
    expect(statuses.filter((status) => status === 401)).toHaveLength(6);
    expect(statuses.filter((status) => status === 429)).toHaveLength(6);
  });
});

describe('passwords', () => {
  it('a change voids the old password, tokens and refresh tokens at once', async () => {
    const cleo = await createUser('cleo');
    const tokens = await tokensOf('cleo');
    expect((await cleo.get('/user')).statusCode).toBe(200);
    app.advance(1000);
    const changed = await cleo.post('/user/credentials', { type: 'password', value: 'new-pass-word' });
    expect(changed.statusCode).toBe(200);
    expect(changed.body).not.toContain('new-pass-word');
    expect((await cleo.get('/user')).statusCode).toBe(401);
    expect((await clientFor(app.server, { bearer: tokens.access }).get('/user')).statusCode).toBe(401);
    expect((await refresh(tokens.refresh)).statusCode).toBe(400);
    expect((await clientFor(app.server, { basic: ['cleo', 'new-pass-word'] }).get('/user')).statusCode).toBe(200);
    const fresh = await tokensOf('cleo', 'new-pass-word');
    expect((await clientFor(app.server, { bearer: fresh.access }).get('/user')).statusCode).toBe(200);
  });

  it.each(['12345', 'x'.repeat(129), 'with\nbreak'])('refuses the form of %j', async (value) => {
    const ann = clientFor(app.server, { basic: ['ann', 'pass-word'] });
    expect((await ann.post('/user/credentials', { type: 'password', value })).statusCode).toBe(400);
  });

  it('a user cannot delete the own credential; without one nobody gets in', async () => {
    const dan = await createUser('dan');
    const path = '/accounts/team-a/users/dan/credentials';
    const masked = (await dan.get('/user/credentials')).json<{ type: string; value: string }[]>();
    expect(masked).toMatchObject([{ type: 'password', value: '********' }]);
    const own = await admin.delete('/accounts/admin/users/admin/credentials?credential_type=password');
    expect(own.statusCode).toBe(400);
    expect((await admin.delete(`${path}?credential_type=password`)).statusCode).toBe(204);
    expect((await admin.get(path)).json()).toEqual([]);
    expect((await dan.get('/user')).statusCode).toBe(401);
  });
});

describe('tokens', () => {
  it('carry the uuid of the user and nothing about rights', async () => {
    await createUser('tess');
    const { access } = await tokensOf('tess');
    const claims = JSON.parse(Buffer.from(access.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
    expect(Object.keys(claims).sort()).toEqual(['exp', 'iat', 'iss', 'jti', 'sub']);
    expect(claims).toMatchObject({ iss: 'anchore-engine', sub: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect((claims.exp as number) - (claims.iat as number)).toBe(3600);
    const user = await clientFor(app.server, { bearer: access }).get('/user');
    expect(user.json()).toMatchObject({ username: 'tess' });
  });

  it('come from Basic credentials without a body too', async () => {
    const response = await clientFor(app.server, { basic: ['tess', 'pass-word'] }).post('/oauth/token');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    expect(response.headers['cache-control']).toContain('no-store');
  });

  it.each([
    [{ grant_type: 'password', username: 'tess', password: 'wrong' }, 400, 'invalid_grant'],
    [{ grant_type: 'password', username: 'nobody', password: 'wrong' }, 400, 'invalid_grant'],
    [{ grant_type: 'password', username: 'tess' }, 400, 'invalid_request'],
    [{ grant_type: 'client_credentials' }, 400, 'unsupported_grant_type'],
    [{ grant_type: 'refresh_token' }, 400, 'invalid_request'],
    [{ grant_type: 'refresh_token', refresh_token: 'x.y.z' }, 400, 'invalid_grant'],
  ])('are refused for %j', async (form, status, error) => {
    const response = await anonymous.post('/oauth/token', undefined, { form: form as Record<string, string> });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ error, code: status });
  });

  it('expire', async () => {
    await createUser('theo');
    const tokens = await tokensOf('theo');
    const bearer = clientFor(app.server, { bearer: tokens.access });
    app.advance(HOUR + 1000);
    expect((await bearer.get('/user')).statusCode).toBe(401);
    expect((await refresh(tokens.refresh)).statusCode).toBe(200);
    const late = await tokensOf('theo');
    app.advance(24 * HOUR + 1000);
    expect((await refresh(late.refresh)).statusCode).toBe(400);
  });

  it('access and refresh tokens are not taken for each other, nor damaged ones', async () => {
    const tokens = await tokensOf('tess');
    expect((await clientFor(app.server, { bearer: tokens.refresh }).get('/user')).statusCode).toBe(401);
    expect((await refresh(tokens.access)).statusCode).toBe(400);
    const damaged = `${tokens.access.slice(0, -4)}AAAA`;
    expect((await clientFor(app.server, { bearer: damaged }).get('/user')).statusCode).toBe(401);
  });

  it('a refresh token works once; a second use much later revokes what came of it', async () => {
    const first = await tokensOf('tess');
    const second = (await refresh(first.refresh)).json<{ refresh_token: string }>().refresh_token;
    expect((await refresh(first.refresh)).statusCode).toBe(400);
    const third = (await refresh(second)).json<{ refresh_token: string }>().refresh_token;
    expect(third).toBeTypeOf('string');
    app.advance(60_000);
    expect((await refresh(first.refresh)).statusCode).toBe(400);
    expect((await refresh(third)).statusCode).toBe(400);
  });

  it('can be revoked', async () => {
    const { refresh: token } = await tokensOf('tess');
    const revoke = (form: Record<string, string>): ReturnType<Client['post']> =>
      anonymous.post('/oauth/revoke', undefined, { form });
    const done = await revoke({ token, token_type_hint: 'refresh_token' });
    expect([done.statusCode, done.body]).toEqual([200, '']);
    expect((await refresh(token)).statusCode).toBe(400);
    expect((await revoke({ token: 'unknown' })).statusCode).toBe(200);
    const missing = await revoke({ token_type_hint: 'refresh_token' });
    expect([missing.statusCode, missing.json<{ error: string }>().error]).toEqual([400, 'invalid_request']);
    expect((await revoke({ token, token_type_hint: 'access_token' })).statusCode).toBe(401);
  });

  it('of a deleted user are void, also when a user of that name comes again', async () => {
    await createUser('tom');
    const tokens = await tokensOf('tom');
    expect((await admin.delete('/accounts/team-a/users/tom')).statusCode).toBe(204);
    await createUser('tom');
    expect((await clientFor(app.server, { bearer: tokens.access }).get('/user')).statusCode).toBe(401);
    expect((await refresh(tokens.refresh)).statusCode).toBe(400);
  });
});

describe('API keys', () => {
  it('log in as their user until revoked, deleted or expired', async () => {
    const kim = await createUser('kim');
    const created = await kim.post('/user/api-keys', { name: 'ci', description: 'build', expires_at: expiry() });
    expect(created.statusCode).toBe(201);
    const key = created.json<{ value: string; status: string; version: string }>();
    expect(key).toMatchObject({ name: 'ci', status: 'active', version: 'v1' });
    expect(key.value).toMatch(/^wl_\w+$/);
    const holder = clientFor(app.server, { apiKey: key.value });
    expect((await holder.get('/user')).json()).toMatchObject({ username: 'kim' });
    for (const path of ['/user/api-keys', '/user/api-keys/ci'])
      expect((await kim.get(path)).body).not.toContain(key.value);

    const revoked = await kim.patch('/user/api-keys/ci', { status: 'revoked' });
    expect(revoked.json()).toMatchObject({ status: 'revoked' });
    expect((await holder.get('/user')).statusCode).toBe(401);
    expect((await kim.delete('/user/api-keys/ci')).statusCode).toBe(204);
    expect((await kim.get('/user/api-keys/ci')).statusCode).toBe(404);

    const again = await kim.post('/user/api-keys', { name: 'ci', expires_at: expiry() });
    expect(again.statusCode).toBe(201);
    const next = clientFor(app.server, { apiKey: again.json<{ value: string }>().value });
    expect((await next.get('/user')).statusCode).toBe(200);
    app.advance(2 * HOUR);
    expect((await next.get('/user')).statusCode).toBe(401);
    expect((await kim.get('/user/api-keys/ci')).json()).toMatchObject({ status: 'expired' });
  });

  it('cannot make more lasting credentials', async () => {
    const kay = await createUser('kay');
    const { value } = (await kay.post('/user/api-keys', { name: 'k', expires_at: expiry() })).json<{ value: string }>();
    const holder = clientFor(app.server, { apiKey: value });
    const attempts = [
      holder.post('/user/api-keys', { name: 'more', expires_at: expiry() }),
      holder.patch('/user/api-keys/k', { description: 'changed' }),
      holder.post('/user/credentials', { type: 'password', value: 'new-pass-word' }),
      holder.post('/oauth/token'),
      anonymous.post('/oauth/token', undefined, { form: { username: '_api_key', password: value } }),
    ];
    for (const response of await Promise.all(attempts)) {
      expect(response.statusCode).toBe(403);
      expect(response.json<{ message: string }>().message).toMatch(/^Not authorized\. Requires permissions/);
    }
  });

  it.each([
    ['fractions of a second', () => new Date(app.now() + HOUR).toISOString()],
    ['the past', () => expiry(-HOUR)],
    ['beyond the longest life', () => expiry(366 * 24 * HOUR)],
    ['no such date', () => '2026-02-31T99:00:00Z'],
    ['an offset', () => '2030-01-01T00:00:00+01:00'],
  ])('refuse an expiry with %s', async (_, text) => {
    const ann = clientFor(app.server, { basic: ['ann', 'pass-word'] });
    expect((await ann.post('/user/api-keys', { name: 'bad', expires_at: text() })).statusCode).toBe(400);
  });

  it('refuse a second key of the same name, empty patches and other states', async () => {
    const kit = await createUser('kit');
    await kit.post('/user/api-keys', { name: 'one', expires_at: expiry() });
    await kit.post('/user/api-keys', { name: 'two', expires_at: expiry() });
    expect((await kit.post('/user/api-keys', { name: 'one', expires_at: expiry() })).statusCode).toBe(400);
    expect((await kit.patch('/user/api-keys/one', {})).statusCode).toBe(400);
    expect((await kit.patch('/user/api-keys/one', { status: 'active' })).statusCode).toBe(400);
    expect((await kit.patch('/user/api-keys/one', { expires_at: expiry() })).statusCode).toBe(400);
    expect((await kit.patch('/user/api-keys/one', { name: 'two' })).statusCode).toBe(400);
    expect((await kit.patch('/user/api-keys/one', { name: 'three' })).json()).toMatchObject({ name: 'three' });
    expect((await kit.patch('/user/api-keys/none', { name: 'x' })).statusCode).toBe(404);
  });
});

describe('disabled accounts', () => {
  it('keep their members out, whatever the credential, until enabled again', async () => {
    await admin.post('/accounts', { name: 'paused' });
    const pat = await createUser('pat', 'paused');
    const tokens = await tokensOf('pat');
    const { value } = (await pat.post('/user/api-keys', { name: 'k', expires_at: expiry() })).json<{ value: string }>();
    const callers = [pat, clientFor(app.server, { bearer: tokens.access }), clientFor(app.server, { apiKey: value })];
    await admin.put('/accounts/paused/state', { state: 'disabled' });
    for (const caller of callers) {
      const response = await caller.get('/user');
      expect(response.statusCode).toBe(403);
      expect(response.json()).toMatchObject({ message: 'Not authorized. Account paused not enabled.' });
    }
    const wrong = clientFor(app.server, { basic: ['pat', 'wrong'] });
    expect((await wrong.get('/user')).statusCode).toBe(401);
    expect((await admin.get('/account', { account: 'paused' })).statusCode).toBe(200);
    await admin.put('/accounts/paused/state', { state: 'enabled' });
    for (const caller of callers) expect((await caller.get('/user')).statusCode).toBe(200);
  });
});

describe('x-anchore-account', () => {
  beforeAll(async () => {
    await createUser('max');
    await createUser('mia');
    await admin.post('/rbac-manager/roles/read-only/members', { username: 'mia', domain_name: 'team-b' });
    await admin.post('/accounts', { name: 'asleep' });
    await admin.post('/rbac-manager/roles/read-only/members', { username: 'mia', domain_name: 'asleep' });
    await admin.put('/accounts/asleep/state', { state: 'disabled' });
  });

  it.each([
    ['admin', undefined, 200, 'admin'],
    ['admin', '', 200, 'admin'],
    ['admin', 'team-b', 200, 'team-b'],
    ['admin', 'asleep', 200, 'asleep'],
    ['admin', 'nowhere', 404, 'User account not found. Name=nowhere'],
    ['max', undefined, 200, 'team-a'],
    ['max', '', 200, 'team-a'],
    ['max', '  ', 200, 'team-a'],
    ['max', 'team-a', 200, 'team-a'],
    ['max', 'team-b', 403, 'Not authorized. Requires permissions: domain=team-b action=* target=*'],
    ['max', 'nowhere', 403, 'Not authorized. Requires permissions: domain=nowhere action=* target=*'],
    ['max', 'admin', 403, 'Not authorized. Requires permissions: domain=admin action=* target=*'],
    ['max', 'system', 403, 'Not authorized. Requires permissions: domain=system action=* target=*'],
    ['mia', 'team-b', 200, 'team-b'],
    ['mia', 'asleep', 403, 'Not authorized. Account asleep not enabled.'],
  ])('%s with %j: %i %s', async (username, account, status, expected) => {
    const password = username === 'admin' ? ADMIN_PASSWORD : 'pass-word';
    const caller = clientFor(app.server, { basic: [username, password] });
    const response = await caller.get('/account', account === undefined ? {} : { account });
    const body = response.json<{ name?: string; message?: string }>();
    expect([response.statusCode, body.name ?? body.message]).toEqual([status, expected]);
  });
});

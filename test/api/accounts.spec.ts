import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD, type IdentityApp, startIdentityApp } from './identity-app.ts';

let app: IdentityApp;
let admin: Client;
const created: string[] = [];

beforeAll(async () => {
  app = await startIdentityApp();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  app.accounts.onAccountCreated(async (_tx, account) => {
    if (account === 'unlucky') throw new Error('the default policy cannot be stored');
    created.push(account);
  });
});
afterAll(() => app?.close());

async function makeUser(account: string, username: string, ...roles: string[]): Promise<Client> {
  expect((await admin.post(`/accounts/${account}/users`, { username, password: 'pass-word' })).statusCode).toBe(200);
  for (const role of roles) {
    const path = `/rbac-manager/roles/${role}/members`;
    expect((await admin.post(path, { username, domain_name: account })).statusCode).toBe(200);
  }
  return clientFor(app.server, { basic: [username, 'pass-word'] });
}

describe('accounts', () => {
  it('are created with what other features add, or not at all', async () => {
    const response = await admin.post('/accounts', { name: 'acme', email: 'ops@acme.example' });
    expect(response.json()).toMatchObject({ name: 'acme', type: 'user', state: 'enabled', email: 'ops@acme.example' });
    expect(created).toContain('acme');
    expect((await admin.post('/accounts', { name: 'unlucky' })).statusCode).toBe(500);
    expect((await admin.get('/accounts/unlucky')).statusCode).toBe(404);
  });

  it.each([
    [{ name: 'acme' }, 409],
    [{ name: 'admin' }, 400],
    [{ name: 'System' }, 400],
    [{ name: 'anchore-system' }, 400],
    [{ name: 'ab' }, 400],
    [{ name: '-leading' }, 400],
    [{ name: 'with/slash' }, 400],
    [{ name: 'x'.repeat(129) }, 400],
    [{ name: 'mail', email: 'nobody' }, 400],
    [{}, 400],
  ])('%j is answered with %i', async (body, status) => {
    expect((await admin.post('/accounts', body)).statusCode).toBe(status);
  });

  it('allow spaces and signs in names', async () => {
    expect((await admin.post('/accounts', { name: 'A team @home $1' })).statusCode).toBe(200);
    const read = await admin.get(`/accounts/${encodeURIComponent('A team @home $1')}`);
    expect(read.json()).toMatchObject({ name: 'A team @home $1' });
  });

  it('change their email only', async () => {
    const changed = await admin.put('/accounts/acme', { email: 'new@acme.example', state: 'disabled', type: 'admin' });
    expect(changed.json()).toMatchObject({ email: 'new@acme.example', state: 'enabled', type: 'user' });
    expect((await admin.put('/accounts/nowhere', { email: 'a@b.example' })).statusCode).toBe(404);
  });

  it('go from enabled to disabled to deleting, and not otherwise', async () => {
    await admin.post('/accounts', { name: 'brief' });
    await makeUser('brief', 'bree', 'read-only');
    await admin.post('/rbac-manager/roles/read-only/members', { username: 'bree', domain_name: 'acme' });
    const early = await admin.delete('/accounts/brief');
    expect(early.statusCode).toBe(400);
    expect(early.json<{ message: string }>().message).toMatch(/^Invalid account state change requested/);
    expect((await admin.put('/accounts/brief/state', { state: 'deleting' })).statusCode).toBe(400);
    expect((await admin.put('/accounts/brief/state', {})).statusCode).toBe(400);
    expect((await admin.put('/accounts/brief/state', { state: 'disabled' })).json()).toEqual({ state: 'disabled' });
    expect((await admin.get('/accounts?state=disabled')).json()).toMatchObject([{ name: 'brief' }]);
    expect((await admin.delete('/accounts/brief')).statusCode).toBe(204);
    expect((await admin.delete('/accounts/brief')).statusCode).toBe(204);
    expect((await admin.put('/accounts/brief/state', { state: 'enabled' })).statusCode).toBe(400);
    expect((await admin.post('/accounts/brief/users', { username: 'bert', password: 'pass-word' })).statusCode).toBe(
      400,
    );
    // Users are gone at once, the name is free when all is removed.
    expect((await admin.get('/accounts/brief/users/bree')).statusCode).toBe(404);
    expect((await admin.post('/accounts', { name: 'brief' })).statusCode).toBe(409);
    await app.runJobs();
    expect((await admin.get('/accounts/brief')).statusCode).toBe(404);
    expect((await admin.post('/accounts', { name: 'brief' })).statusCode).toBe(200);
    expect((await admin.get('/accounts/brief/users-with-roles')).json()).toEqual({ items: [], total_rows: 0 });
  });

  it('the admin account can be neither disabled nor deleted', async () => {
    expect((await admin.put('/accounts/admin/state', { state: 'disabled' })).statusCode).toBe(400);
    expect((await admin.delete('/accounts/admin')).statusCode).toBe(400);
    expect((await admin.put('/accounts/admin/state', { state: 'enabled' })).statusCode).toBe(200);
  });
});

describe('users', () => {
  it('are created in an account and listed there', async () => {
    const response = await admin.post('/accounts/acme/users', { username: 'uma', password: 'pass-word' });
    expect(response.statusCode).toBe(200);
    expect(response.body).not.toContain('pass-word');
    expect(response.json()).toMatchObject({ username: 'uma', account_name: 'acme', type: 'native', unified_roles: [] });
    expect((await admin.get('/accounts/acme/users')).json()).toMatchObject([{ username: 'uma' }]);
    const all = (await admin.get('/accounts/users')).json<{ items: unknown[]; total_rows: number }>();
    expect(all.total_rows).toBe(all.items.length);
    expect((await admin.get('/accounts/brief/users/uma')).statusCode).toBe(404);
  });

  it.each([
    [{ username: 'uma', password: 'pass-word' }, 400],
    [{ username: 'short', password: '12345' }, 400],
    [{ username: 'nopassword' }, 400],
    [{ username: 'with:colon', password: 'pass-word' }, 400],
    [{ username: 'anchore-system', password: 'pass-word' }, 400],
    [{ username: '_api_key', password: 'pass-word' }, 400],
    [{ username: 'federated', user_type: 'saml' }, 400],
    [{ username: 'federated', user_type: 'saml', idp_name: 'unknown' }, 400],
    [{ username: 'federated', user_type: 'saml', password: 'pass-word', idp_name: 'unknown' }, 400],
    [{ password: 'pass-word' }, 400],
  ])('%j is answered with %i', async (body, status) => {
    expect((await admin.post('/accounts/acme/users', body)).statusCode).toBe(status);
  });

  it('need an account that exists', async () => {
    expect((await admin.post('/accounts/nowhere/users', { username: 'nick', password: 'pass-word' })).statusCode).toBe(
      404,
    );
    expect((await admin.get('/accounts/nowhere/users')).statusCode).toBe(404);
  });

  it('cannot be deleted when they are admin, or the caller', async () => {
    expect((await admin.delete('/accounts/admin/users/admin')).statusCode).toBe(400);
    const vera = await makeUser('acme', 'vera', 'account-user-admin');
    expect((await vera.delete('/accounts/acme/users/vera')).statusCode).toBe(400);
    expect((await vera.delete('/accounts/acme/users/uma')).statusCode).toBe(204);
    expect((await vera.delete('/accounts/acme/users/uma')).statusCode).toBe(404);
  });
});

describe('roles', () => {
  it('are listed with their permissions', async () => {
    const roles = (await admin.get('/rbac-manager/roles')).json<{ name: string }[]>();
    expect(roles.map((role) => role.name)).toEqual(
      expect.arrayContaining(['full-control', 'read-only', 'inventory-agent']),
    );
    const role = (await admin.get('/rbac-manager/roles/policy-editor')).json<{
      permissions: { action: string; target: string }[];
    }>();
    expect(role.permissions).toContainEqual({ action: 'createPolicy', target: '*' });
    expect((await admin.get('/rbac-manager/roles/none')).statusCode).toBe(404);
  });

  it('are given and taken by those who may', async () => {
    const boss = await makeUser('acme', 'boss', 'account-user-admin');
    const worker = await makeUser('acme', 'worker');
    expect((await worker.get('/rbac-manager/roles')).statusCode).toBe(403);
    const given = await boss.post('/rbac-manager/roles/read-only/members', { username: 'worker', for_account: 'acme' });
    expect(given.json()).toMatchObject({ username: 'worker', domain_name: 'acme' });
    expect((await boss.get('/rbac-manager/roles/read-only/members')).json()).toMatchObject([{ username: 'worker' }]);
    expect((await worker.get('/rbac-manager/my-roles')).json()).toMatchObject([
      { domain_name: 'acme', roles: { name: 'read-only', immutable: true }, account: { name: 'acme' } },
    ]);
    expect((await worker.get('/rbac-manager/roles')).statusCode).toBe(200);
    expect((await boss.get('/rbac-manager/users/worker/roles')).json()).toMatchObject([
      { role: 'read-only', domain_name: 'acme' },
    ]);
    const path = '/rbac-manager/roles/read-only/members?username=worker&domain_name=acme';
    expect((await boss.delete(path)).statusCode).toBe(204);
    expect((await boss.delete(path)).statusCode).toBe(404);
    expect((await worker.get('/rbac-manager/my-roles')).json()).toEqual([]);
  });

  it.each([
    ['another account', 'read-only', { username: 'worker', domain_name: 'brief' }, 403],
    ['an unknown account', 'read-only', { username: 'worker', domain_name: 'nowhere' }, 403],
    ['the system', 'full-control', { username: 'worker', domain_name: 'system' }, 403],
    ['the admin account', 'full-control', { username: 'worker', domain_name: 'admin' }, 403],
    ['no domain', 'read-only', { username: 'worker' }, 400],
    ['two domains', 'read-only', { username: 'worker', domain_name: 'acme', for_account: 'brief' }, 400],
    ['an unknown role', 'none', { username: 'worker', domain_name: 'acme' }, 404],
    ['an unknown user', 'read-only', { username: 'nobody-here', domain_name: 'acme' }, 404],
    ['a system role in an account', 'system-admin', { username: 'worker', domain_name: 'acme' }, 400],
  ])('an account user admin gives a role in %s: %#', async (_, role, body, status) => {
    const boss = clientFor(app.server, { basic: ['boss', 'pass-word'] });
    expect((await boss.post(`/rbac-manager/roles/${role}/members`, body)).statusCode).toBe(status);
  });

  it('do not let a stranger look at other accounts', async () => {
    const boss = clientFor(app.server, { basic: ['boss', 'pass-word'] });
    await makeUser('brief', 'stranger', 'read-only');
    expect((await boss.get('/rbac-manager/roles/read-only/members?domain_name=brief')).statusCode).toBe(403);
    expect((await boss.get('/rbac-manager/users/stranger/roles')).statusCode).toBe(404);
    expect((await boss.get('/rbac-manager/users/nobody-here/roles')).statusCode).toBe(404);
    const worker = clientFor(app.server, { basic: ['worker', 'pass-word'] });
    expect((await worker.get('/rbac-manager/roles/read-only/members')).statusCode).toBe(403);
  });

  it('shared with another account show there, and only those', async () => {
    const boss = clientFor(app.server, { basic: ['boss', 'pass-word'] });
    await admin.post('/rbac-manager/roles/policy-editor/members', { username: 'stranger', domain_name: 'acme' });
    const users = (await boss.get('/accounts/acme/users-with-roles')).json<{
      items: { username: string; unified_roles: { role_name: string; domain_name: string }[] }[];
    }>();
    const shown = users.items.find((user) => user.username === 'stranger');
    expect(shown?.unified_roles).toMatchObject([
      { role_name: 'policy-editor', domain_name: 'acme', grant_type: 'direct' },
    ]);
    expect(shown?.unified_roles).toHaveLength(1);
  });

  it('a role in the admin account makes nobody able to make administrators', async () => {
    const clara = await makeUser('acme', 'clara');
    await admin.post('/rbac-manager/roles/full-control/members', { username: 'clara', domain_name: 'admin' });
    const attempts = [
      clara.post('/accounts/admin/users', { username: 'sly', password: 'pass-word' }),
      clara.post('/accounts/admin/users/admin/credentials', { type: 'password', value: 'taken-over' }),
      clara.post('/accounts/admin/users/admin/api-keys', { name: 'k', expires_at: '2030-01-01T00:00:00Z' }),
      clara.delete('/accounts/admin/users/admin'),
      clara.post('/rbac-manager/roles/read-only/members', { username: 'worker', domain_name: 'admin' }),
    ];
    for (const response of await Promise.all(attempts)) expect(response.statusCode).toBe(403);
    expect((await clara.get('/accounts/admin/users')).statusCode).toBe(200);
  });
});

describe('user groups', () => {
  it('give their roles to members', async () => {
    const made = await admin.post('/system/user-groups', { name: 'auditors', description: 'one' });
    expect(made.statusCode).toBe(201);
    const uuid = made.json<{ group_uuid: string }>().group_uuid;
    const path = `/system/user-groups/${uuid}`;
    expect((await admin.post('/system/user-groups', { name: 'auditors' })).statusCode).toBe(409);
    expect((await admin.patch(path, { description: 'two' })).json()).toMatchObject({ description: 'two' });

    const gil = await makeUser('acme', 'gil');
    const roles = { domain_name: 'brief', roles: [{ role: 'read-only' }, { role: 'policy-editor' }] };
    expect((await admin.post(`${path}/roles`, roles)).statusCode).toBe(201);
    expect((await admin.post(`${path}/users`, { usernames: [{ username: 'gil' }] })).statusCode).toBe(201);
    expect((await gil.get('/my-user-groups')).json()).toMatchObject([{ name: 'auditors' }]);
    expect((await gil.get('/account', { account: 'brief' })).statusCode).toBe(200);
    expect((await gil.get('/accounts/brief/users')).statusCode).toBe(200);
    expect((await gil.get('/rbac-manager/my-roles')).json()).toHaveLength(2);
    const user = (await admin.get('/accounts/acme/users/gil')).json<{ unified_roles: unknown[] }>();
    expect(user.unified_roles).toContainEqual(
      expect.objectContaining({
        role_name: 'read-only',
        domain_name: 'brief',
        grant_type: 'group_membership',
        granter: 'admin',
      }),
    );

    for (const [query, count] of [
      ['contains_user=gil', 1],
      ['contains_account=brief', 1],
      ['user_group_name=auditors', 1],
      ['contains_user=worker', 0],
    ] as const) {
      expect((await admin.get(`/system/user-groups?${query}`)).json()).toHaveLength(count);
    }

    const listed = (await admin.get(`${path}/roles`)).json<{
      items: { roles: { role: string; membership_id: string }[] }[];
    }>();
    const readOnly = listed.items[0]?.roles.find((role) => role.role === 'read-only')?.membership_id;
    expect((await admin.delete(`${path}/roles?membership_id=${readOnly}`)).statusCode).toBe(204);
    expect((await gil.get('/accounts/brief/users')).statusCode).toBe(403);
    expect((await admin.delete(`${path}/roles?all_roles_for_account=brief`)).statusCode).toBe(204);
    expect((await gil.get('/account', { account: 'brief' })).statusCode).toBe(403);
    expect((await admin.delete(`${path}/roles`)).statusCode).toBe(400);

    expect((await admin.delete(`${path}/users?username=gil`)).statusCode).toBe(204);
    expect((await admin.delete(`${path}/users?username=gil`)).statusCode).toBe(404);
    expect((await admin.delete(path)).statusCode).toBe(204);
    expect((await admin.get(path)).statusCode).toBe(404);
  });

  it.each([
    ['GET', ''],
    ['PATCH', '', { description: 'x' }],
    ['DELETE', ''],
    ['GET', '/users'],
    ['POST', '/users', { usernames: [] }],
    ['GET', '/roles'],
    ['POST', '/roles', { domain_name: 'acme', roles: [] }],
  ])('unknown group: %s %s is 404', async (method, suffix, body?: unknown) => {
    for (const uuid of ['00000000-0000-4000-8000-000000000000', 'no-uuid']) {
      const response = await admin.request(method, `/system/user-groups/${uuid}${suffix}`, { body });
      expect(response.statusCode).toBe(404);
    }
  });
});

describe('first start', () => {
  it('makes the admin once', async () => {
    expect(await app.accounts.bootstrap()).toEqual({ created: false });
  });
});

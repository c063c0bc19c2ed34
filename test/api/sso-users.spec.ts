import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSamlIdp, type ResponseOptions, type SamlIdp } from '../builders/saml-idp.ts';
import { startSamlIdpServer } from '../builders/saml-idp-server.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

const ACS = 'https://windlass.example.org/service/sso/auth/corp';
const SP = 'https://windlass.example.org/sp';

let app: Application;
let admin: Client;
let anyone: Client;
let idp: SamlIdp;

beforeAll(async () => {
  app = await startApplication({ WINDLASS_ALLOW_API_KEYS_FOR_SAML_USERS: 'true' });
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  anyone = clientFor(app.server, undefined);
  idp = createSamlIdp();
  await admin.post('/accounts', { name: 'home' });
  await admin.post('/accounts/home/users', { username: 'native', password: 'pass-word' });
});
afterAll(() => app?.close());

let count = 0;

/** A provider with some settings; returns its name. */
async function provider(extra: object = {}): Promise<string> {
  const name = `idp-${++count}`;
  const body = {
    name,
    enabled: true,
    sp_entity_id: SP,
    acs_url: ACS,
    idp_metadata_xml: idp.metadata(),
    default_account: 'home',
    ...extra,
  };
  const response = await admin.post('/rbac-manager/saml/idps', body);
  expect([response.statusCode, response.body]).toEqual([200, expect.any(String)]);
  return name;
}

async function sso(name: string, extra: Partial<ResponseOptions>) {
  const form = { SAMLResponse: idp.respond({ acsUrl: ACS, audience: SP, ...extra }) };
  const response = await anyone.post(`/rbac-manager/saml/sso/${name}`, undefined, { form });
  const body = response.json<{ token?: string; message?: string }>();
  const client = clientFor(app.server, { bearer: body.token ?? 'none' });
  return { status: response.statusCode, message: body.message ?? '', client, token: body.token ?? '' };
}

async function rolesOf(client: Client): Promise<string[]> {
  const { unified_roles } = (await client.get('/user')).json();
  return unified_roles.map(
    (held: Record<string, string>) => `${held.role_name} ${held.domain_name} ${held.grant_type}`,
  );
}

describe('a first sign-in', () => {
  it('takes name, accounts and roles from attributes; several accounts need a home', async () => {
    const attributes = { uid: ['ann'], tenants: ['team-a', 'team-b'], job: ['read-write', 'policy-editor'] };
    const mapping = { idp_username_attribute: 'uid', idp_account_attribute: 'tenants', idp_role_attribute: 'job' };
    const homeless = await provider({ ...mapping, default_account: undefined });
    expect((await sso(homeless, { attributes })).message).toMatch(/no default account/);
    const name = await provider({ ...mapping, default_account: 'hall' });
    const { status, client } = await sso(name, { attributes });
    expect(status).toBe(200);
    expect((await client.get('/user')).json()).toMatchObject({ username: 'ann', account_name: 'hall' });
    expect(await rolesOf(client)).toEqual(
      ['team-a', 'team-b'].flatMap((team) => [`policy-editor ${team} direct`, `read-write ${team} direct`]),
    );
    expect((await client.get('/images', { account: 'team-b' })).statusCode).toBe(200);
    expect((await client.get('/images', { account: 'home' })).statusCode).toBe(403);
  });

  it.each([
    ['a name attribute that is missing', { idp_username_attribute: 'uid' }, {}, /attribute uid is missing/],
    ['two names', { idp_username_attribute: 'uid' }, { attributes: { uid: ['a-a', 'b-b'] } }, /more than one value/],
    [
      'an account attribute that is missing, although there is a default',
      { idp_account_attribute: 't' },
      {},
      /attribute t is missing/,
    ],
    [
      'an account attribute that is empty',
      { idp_account_attribute: 't' },
      { attributes: { t: [' '] } },
      /attribute t is missing/,
    ],
    ['a role attribute that is missing', { idp_role_attribute: 'r' }, {}, /attribute r is missing/],
    ['an unknown role', { idp_role_attribute: 'r' }, { attributes: { r: ['king'] } }, /no role/],
    [
      'a role of the installation',
      { idp_role_attribute: 'r' },
      { attributes: { r: ['system-admin'] } },
      /cannot be given/,
    ],
    ['the account admin', { idp_account_attribute: 't' }, { attributes: { t: ['admin'] } }, /account admin/],
    ['the account ADMIN', { idp_account_attribute: 't' }, { attributes: { t: ['ADMIN'] } }, /account ADMIN/],
    [
      'the account anchore-system',
      { idp_account_attribute: 't' },
      { attributes: { t: ['anchore-system'] } },
      /anchore-system/,
    ],
    [
      'admin among several accounts',
      { idp_account_attribute: 't' },
      { attributes: { t: ['team-a', 'admin'] } },
      /account admin/,
    ],
    [
      'an account name that is not possible',
      { idp_account_attribute: 't' },
      { attributes: { t: ['../x/'] } },
      /not possible/,
    ],
    ['the user admin', {}, { nameId: 'admin' }, /name is not possible/],
    ['a name that is not possible', {}, { nameId: 'a/b' }, /name is not possible/],
    ['the name of a native user', {}, { nameId: 'native' }, /native user/],
  ] as const)('is refused for %s, and leaves nothing behind', async (_, mapping, response, reason) => {
    const before = (await admin.get('/accounts/users')).json().total_rows;
    const accounts = (await admin.get('/accounts')).json().length;
    const { status, message } = await sso(await provider(mapping), {
      nameId: 'newcomer',
      ...response,
    } as Partial<ResponseOptions>);
    expect([status, message]).toEqual([403, expect.stringMatching(reason)]);
    expect((await admin.get('/accounts/users')).json().total_rows).toBe(before);
    expect((await admin.get('/accounts')).json().length).toBe(accounts);
  });

  it('is refused in a disabled account and at a disabled provider', async () => {
    await admin.post('/accounts', { name: 'closed' });
    await admin.put('/accounts/closed/state', { state: 'disabled' });
    const closed = await provider({ default_account: 'closed' });
    expect((await sso(closed, { nameId: 'late' })).message).toBe('Not authorized. Account closed not enabled.');
    const off = await provider({ enabled: false });
    expect((await sso(off, { nameId: 'late' })).status).toBe(403);
    expect((await anyone.get(`/rbac-manager/saml/login/${off}`)).statusCode).toBe(403);
    const names = (await anyone.get('/windlass/sign-in-options'))
      .json()
      .providers.map((one: { name: string }) => one.name);
    expect(names).toContain(closed);
    expect(names).not.toContain(off);
  });

  it('finds users that were made before, with the roles that they were given', async () => {
    const name = await provider({ default_role: 'full-control' });
    const made = await admin.post('/accounts/home/users', { username: 'prepared', user_type: 'saml', idp_name: name });
    expect(made.json()).toMatchObject({ type: 'saml', source: idp.entityId, idp_name: name });
    await admin.post('/rbac-manager/roles/read-only/members', { username: 'prepared', domain_name: 'home' });
    const { client } = await sso(name, { nameId: 'prepared' });
    expect(await rolesOf(client)).toEqual(['read-only home direct']);
  });
});

describe('later sign-ins', () => {
  it('keep the roles of the first, but end when the attribute is gone', async () => {
    const name = await provider({ idp_role_attribute: 'job' });
    await sso(name, { nameId: 'bob', attributes: { job: ['read-only'] } });
    const { client } = await sso(name, { nameId: 'bob', attributes: { job: ['full-control'] } });
    expect(await rolesOf(client)).toEqual(['read-only home direct']);
    expect((await sso(name, { nameId: 'bob' })).message).toMatch(/attribute job is missing/);
  });

  it('bring the groups up to date', async () => {
    const name = await provider();
    const make = async (group: string) => {
      const { group_uuid } = (await admin.post('/system/user-groups', { name: group })).json();
      await admin.post(`/system/user-groups/${group_uuid}/roles`, {
        domain_name: 'home',
        roles: [{ role: 'read-only' }],
      });
      return group_uuid as string;
    };
    const [readers, editors, unmapped] = [await make('readers'), await make('editors'), await make('unmapped')];
    const mappings = `/rbac-manager/saml/idps/${name}/user-group-mappings`;
    const added = await admin.post(mappings, { user_group_uuids: [readers, editors] });
    expect(added.json().map((one: { user_group_name: string }) => one.user_group_name)).toEqual(['editors', 'readers']);
    expect((await admin.post(mappings, { user_group_uuids: [readers] })).statusCode).toBe(409);
    expect((await admin.post(mappings, { user_group_uuids: ['no-such'] })).statusCode).toBe(400);
    const groupsAfter = async (memberOf: string[]): Promise<string[]> => {
      const { client } = await sso(name, { nameId: 'carol', attributes: { memberOf } });
      return (await client.get('/my-user-groups')).json().map((one: { name: string }) => one.name);
    };
    expect(await groupsAfter(['readers', 'unmapped', 'others'])).toEqual(['readers']);
    expect(await groupsAfter(['CN=editors,OU=Groups,DC=example,DC=org'])).toEqual(['editors']);
    expect(await groupsAfter(['readers', 'editors'])).toEqual(['editors', 'readers']);
    const { client } = await sso(name, { nameId: 'carol', attributes: { memberOf: ['readers', 'editors'] } });
    expect(await rolesOf(client)).toContain('read-only home sso_group_membership');
    expect((await admin.delete(`${mappings}?user_group=${editors}`)).statusCode).toBe(204);
    expect((await admin.delete(`${mappings}?user_group=${editors}`)).statusCode).toBe(404);
    expect((await client.get('/my-user-groups')).json().map((one: { name: string }) => one.name)).toEqual(['readers']);
    expect(await groupsAfter([])).toEqual([]);
    expect((await client.get('/images')).statusCode).toBe(403);
    expect((await admin.get(`/rbac-manager/saml/idps/${name}`)).json().user_groups).toEqual([
      { user_group: readers, added_on: expect.any(String) },
    ]);
    expect(unmapped).toEqual(expect.any(String));
  });

  it('end with the provider: its users go, with their tokens and keys', async () => {
    const name = await provider({ default_role: 'read-only' });
    const { client } = await sso(name, { nameId: 'dave' });
    const expires_at = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z/, 'Z');
    const key = (await client.post('/user/api-keys', { name: 'k', expires_at })).json();
    const byKey = clientFor(app.server, { apiKey: key.value });
    expect((await byKey.get('/images')).statusCode).toBe(200);
    expect((await admin.delete(`/rbac-manager/saml/idps/${name}`)).statusCode).toBe(204);
    expect((await client.get('/user')).statusCode).toBe(401);
    expect((await byKey.get('/images')).statusCode).toBe(401);
    expect((await admin.get('/accounts/home/users/dave')).statusCode).toBe(404);
  });

  it('have no password, whatever an administrator tries', async () => {
    const { client } = await sso(await provider(), { nameId: 'erin' });
    const body = { type: 'password', value: 'pass-word' };
    expect((await client.post('/user/credentials', body)).statusCode).toBe(400);
    expect((await admin.post('/accounts/home/users/erin/credentials', body)).statusCode).toBe(400);
    const grant = { grant_type: 'password', username: 'erin', password: '' };
    expect((await anyone.post('/oauth/token', undefined, { form: grant })).statusCode).toBe(400);
  });
});

describe('the audit log', () => {
  it('names who signed in, and why somebody was refused, but never what was sent', async () => {
    const name = await provider();
    await sso(name, { nameId: 'frank' });
    await sso(name, { nameId: 'frank', audience: 'https://other.example.org' });
    const { items } = (await admin.get('/windlass/audit?operation=sign_in&limit=10')).json();
    const own = items.filter((one: { params: { provider: string } }) => one.params.provider === name);
    expect(own).toMatchObject([
      { outcome: 'failure', username: null, reason: expect.stringMatching(/another service/) },
      { outcome: 'success', username: 'frank', credential: 'saml' },
    ]);
    expect(JSON.stringify(items)).not.toMatch(/Assertion|PHNhbW|PD94/);
  });
});

describe('metadata by address', () => {
  it('is kept, and fetched again when the provider has another key', async () => {
    const server = await startSamlIdpServer(SP);
    try {
      const name = await provider({ idp_metadata_xml: undefined, idp_metadata_url: server.entityId });
      const attempt = async (nameId: string, key = server.identity) => {
        const SAMLResponse = server.respond({ acsUrl: ACS, audience: SP, nameId, identity: key });
        return (await anyone.post(`/rbac-manager/saml/sso/${name}`, undefined, { form: { SAMLResponse } })).statusCode;
      };
      expect([await attempt('ria'), server.fetched]).toEqual([200, 1]);
      const next = createSamlIdp().identity;
      server.published = next;
      expect([await attempt('ria', next), server.fetched]).toEqual([200, 2]);
      expect(await attempt('ria')).toBe(403);
      // strangers cannot make this server ask again and again
      for (let n = 0; n < 5; n += 1) expect(await attempt('ria', createSamlIdp().identity)).toBe(403);
      expect(server.fetched).toBe(2);
    } finally {
      await server.stop();
    }
  });

  it('that is not there is refused', async () => {
    const body = { name: 'gone', enabled: true, sp_entity_id: SP, acs_url: ACS, default_account: 'home' };
    const response = await admin.post('/rbac-manager/saml/idps', { ...body, idp_metadata_url: 'http://127.0.0.1:9/x' });
    expect([response.statusCode, response.json().message]).toEqual([
      400,
      expect.stringMatching(/could not be fetched/),
    ]);
  });
});

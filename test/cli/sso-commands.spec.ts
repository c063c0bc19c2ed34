import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunOptions, run } from './memory-context.ts';

const env = { WINDLASS_URL: 'http://server:1', WINDLASS_USERNAME: 'admin', WINDLASS_PASSWORD: 'secret' };
const corp = {
  name: 'corp',
  enabled: true,
  sp_entity_id: 'sp',
  acs_url: 'https://w.example.org/acs',
  idp_metadata_xml: '<x/>',
  default_account: 'people',
  default_role: 'read-only',
  user_groups: [],
  created_at: '2026-01-01T00:00:00Z',
};
const op = {
  name: 'op',
  enabled: false,
  issuer: 'https://op.example.org',
  client_id: 'w',
  idp_account_attribute: 'team',
};
const group = { group_uuid: 'uuid-1', name: 'developers' };

/** A server that answers by method and path; a missing answer is 404. */
function server(answers: Record<string, unknown> = {}) {
  const calls: { key: string; body: unknown }[] = [];
  const known: Record<string, unknown> = {
    'GET /rbac-manager/saml/idps': ['corp'],
    'GET /rbac-manager/saml/idps/corp': corp,
    'GET /windlass/oidc/providers': { items: [op] },
    'GET /windlass/oidc/providers/op': op,
    'GET /system/user-groups': [group],
    ...answers,
  };
  const fetch: NonNullable<RunOptions['fetch']> = async (url, init) => {
    const key = `${init.method} ${url.replace('http://server:1/v2', '')}`;
    calls.push({ key, body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined });
    const answer = known[key];
    if (answer === null) return new Response(null, { status: 204 });
    return answer === undefined
      ? Response.json({ message: `no answer to ${key}`, code: 404 }, { status: 404 })
      : Response.json(answer);
  };
  const changes = () => calls.filter(({ key }) => !key.startsWith('GET'));
  return { changes, run: (args: string[], options: RunOptions = {}) => run(args, { env, fetch, ...options }) };
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-sso-'));
  writeFileSync(join(folder, 'idp.xml'), '<md/>');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('windlass sso', () => {
  it('lists both kinds', async () => {
    const { stdout } = await server().run(['sso', 'list']);
    expect(stdout).toMatch(/corp +saml +true +people +read-only/);
    expect(stdout).toMatch(/op +oidc +false +from team .*https:\/\/op\.example\.org/);
  });

  it('adds a SAML provider with metadata of a file or an address', async () => {
    const common = ['--server', 'https://w.example.org/', '--default-account', 'people'];
    const { changes, run: go } = server({ 'POST /rbac-manager/saml/idps': corp });
    await go(['sso', 'add-saml', 'corp', '--metadata', join(folder, 'idp.xml'), ...common, '--no-signed-response']);
    await go(['sso', 'add-saml', 'corp', '--metadata', 'https://idp.example.org/md', ...common, '--disable']);
    const settings = {
      name: 'corp',
      acs_url: 'https://w.example.org/v2/windlass/saml/acs/corp',
      sp_entity_id: 'https://w.example.org/v2/windlass/saml/metadata/corp',
      default_account: 'people',
    };
    expect(changes().map(({ body }) => body)).toEqual([
      { ...settings, enabled: true, idp_metadata_xml: '<md/>', require_signed_response: false },
      { ...settings, enabled: false, idp_metadata_url: 'https://idp.example.org/md' },
    ]);
  });

  it.each([
    [['add-saml', 'x', '--server', 'https://w'], /--metadata is missing/],
    [['add-saml', 'x', '--metadata', 'https://idp/md'], /--server is missing/],
    [['add-saml', 'x', '--metadata', 'nowhere.xml', '--server', 'https://w'], /cannot be read/],
    [['add-oidc', 'x', '--issuer', 'https://op', '--server', 'https://w'], /--client-id is missing/],
    [['map', 'corp', 'strangers'], /no user group strangers/],
  ])('tells what is missing of %j', async (args, message) => {
    const { exitCode, stderr } = await server().run(['sso', ...args]);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it('adds an OpenID provider with a secret of standard input', async () => {
    const { changes, run: go } = server({ 'POST /windlass/oidc/providers': op });
    const flags = ['--issuer', op.issuer, '--client-id', 'w', '--server', 'https://w', '--client-secret', '-'];
    const { exitCode } = await go(['sso', 'add-oidc', 'op', ...flags], { stdin: 'hush\n' });
    expect(exitCode).toBe(0);
    expect(changes()[0]!.body).toMatchObject({
      client_secret: 'hush',
      redirect_uri: 'https://w/v2/windlass/oidc/callback/op',
    });
  });

  it('changes what is named and keeps the rest', async () => {
    const { changes, run: go } = server({ 'PUT /rbac-manager/saml/idps/corp': corp });
    await go(['sso', 'update', 'corp', '--disable', '--default-role', '', '--metadata', 'https://idp/md']);
    const { user_groups: _, created_at: __, idp_metadata_xml: ___, ...kept } = corp;
    expect(changes()[0]!.body).toEqual({
      ...kept,
      enabled: false,
      default_role: '',
      idp_metadata_url: 'https://idp/md',
    });
  });

  it('maps and unmaps groups by name, for either kind', async () => {
    const path = '/user-group-mappings';
    const { changes, run: go } = server({
      [`POST /rbac-manager/saml/idps/corp${path}`]: [],
      [`GET /rbac-manager/saml/idps/corp${path}`]: [{ user_group_uuid: 'uuid-1', user_group_name: 'developers' }],
      [`DELETE /windlass/oidc/providers/op${path}?user_group=uuid-1`]: null,
      [`GET /windlass/oidc/providers/op${path}`]: [],
    });
    expect((await go(['sso', 'map', 'corp', 'developers'])).stdout).toMatch(/developers +uuid-1/);
    expect((await go(['sso', 'unmap', 'op', 'uuid-1'])).stdout).toMatch(/No user groups are mapped/);
    expect(changes().map(({ key, body }) => [key, body])).toEqual([
      [`POST /rbac-manager/saml/idps/corp${path}`, { user_group_uuids: ['uuid-1'] }],
      [`DELETE /windlass/oidc/providers/op${path}?user_group=uuid-1`, undefined],
    ]);
  });
});

describe('windlass group', () => {
  it('is made, filled, given roles and removed by name', async () => {
    const at = '/system/user-groups';
    const roles = { items: [{ for_account: 'web', domain_name: 'web', roles: [{ role: 'read-only' }] }] };
    const { changes, run: go } = server({
      [`GET ${at}`]: [{ ...group, account_roles: roles }],
      [`GET ${at}?contains_user=ann`]: [],
      [`POST ${at}`]: group,
      [`POST ${at}/uuid-1/users`]: { items: [] },
      [`GET ${at}/uuid-1/users`]: { items: [{ username: 'ann', added_on: '2026-01-01T00:00:00Z' }] },
      [`DELETE ${at}/uuid-1/users?username=ann`]: null,
      [`POST ${at}/uuid-1/roles`]: { items: [] },
      [`DELETE ${at}/uuid-1/roles?all_roles_for_account=web`]: null,
      [`DELETE ${at}/uuid-1`]: null,
    });
    expect((await go(['group', 'list'])).stdout).toMatch(/developers +web: read-only/);
    expect((await go(['group', 'list', '--user', 'ann'])).stdout).toMatch(/no user groups/);
    expect((await go(['group', 'members', 'developers'])).stdout).toMatch(/ann/);
    const commands = [
      ['add', 'developers'],
      ['join', 'developers', 'ann'],
      ['grant', 'developers', 'read-only', '--in', 'web'],
      ['revoke', 'developers', '--in', 'web'],
      ['leave', 'developers', 'ann'],
      ['delete', 'developers'],
    ];
    for (const args of commands) expect((await go(['group', ...args])).exitCode).toBe(0);
    expect(changes().map(({ body }) => body)).toEqual([
      { name: 'developers' },
      { usernames: [{ username: 'ann' }] },
      { domain_name: 'web', roles: [{ role: 'read-only' }] },
      undefined,
      undefined,
      undefined,
    ]);
    expect((await go(['group', 'delete', 'strangers'])).exitCode).toBe(2);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EVENT_DETAILS } from '../../src/features/events/details.ts';
import { EVENT_TYPES, type EventName } from '../../src/features/events/types.ts';
import { createSamlIdp, type SamlIdp } from '../builders/saml-idp.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

interface Told {
  type: string;
  resource: { type: string; id: string };
  details: Record<string, unknown>;
}

let app: Application;
let admin: Client;
let idp: SamlIdp;

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  idp = createSamlIdp();
});
afterAll(() => app?.close());
beforeEach(async () => {
  await app.platform.database.db.deleteFrom('event').execute();
});

const names = Object.keys(EVENT_TYPES) as EventName[];

/** Events of an account, oldest first, in short; their details must fit the published schema. */
async function told(account = 'admin'): Promise<[string, string, Record<string, unknown>][]> {
  const { results } = (await admin.get('/events?limit=100', { account })).json() as { results: { event: Told }[] };
  return results.reverse().map(({ event }) => {
    const name = names.find((one) => EVENT_TYPES[one].type === event.type)!;
    expect(EVENT_DETAILS[name]?.safeParse(event.details)).toMatchObject({ success: true });
    return [event.type, event.resource.id, event.details];
  });
}

async function done(response: Promise<{ statusCode: number }>): Promise<void> {
  expect((await response).statusCode).toBeLessThan(300);
}

describe('events of identities', () => {
  it('tell the life of an account', async () => {
    await done(admin.post('/accounts', { name: 'life', email: 'a@example.org' }));
    await done(admin.put('/accounts/life', { email: 'b@example.org' }));
    await done(admin.put('/accounts/life', { email: 'b@example.org' }));
    await done(admin.put('/accounts/life/state', { state: 'disabled' }));
    await done(admin.put('/accounts/life/state', { state: 'disabled' }));
    await done(admin.delete('/accounts/life'));
    expect(await told()).toEqual([
      ['system.account.created', 'life', { by: 'admin' }],
      ['system.account.changed', 'life', { by: 'admin', email: 'b@example.org' }],
      ['system.account.changed', 'life', { by: 'admin', state: 'disabled' }],
      ['system.account.deleted', 'life', { by: 'admin' }],
    ]);
  });

  it('tell what happens to a user, in the home account', async () => {
    await done(admin.post('/accounts', { name: 'team' }));
    const path = '/accounts/team/users/uma';
    await done(admin.post('/accounts/team/users', { username: 'uma', password: 'pass-word' }));
    await done(admin.post('/rbac-manager/roles/read-only/members', { username: 'uma', domain_name: 'team' }));
    // once more changes nothing
    await done(admin.post('/rbac-manager/roles/read-only/members', { username: 'uma', domain_name: 'team' }));
    await done(admin.post(`${path}/credentials`, { type: 'password', value: 'other-word' }));
    const uma = clientFor(app.server, { basic: ['uma', 'other-word'] });
    const expires_at = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z/, 'Z');
    await done(admin.post(`${path}/api-keys`, { name: 'ci', expires_at }));
    await done(admin.patch(`${path}/api-keys/ci`, { status: 'revoked' }));
    await done(admin.delete(`${path}/api-keys/ci`));
    await done(uma.post('/user/credentials', { type: 'password', value: 'third-word' }));
    await done(admin.post(`/windlass${path}/revoke-access`));
    await done(admin.delete('/rbac-manager/roles/read-only/members?username=uma&domain_name=team'));
    await done(admin.delete(path));
    const key = { by: 'admin', username: 'uma', name: 'ci', expires_at: expect.any(String) };
    const member = { by: 'admin', username: 'uma', role: 'read-only', domain_name: 'team' };
    expect(await told('team')).toEqual([
      ['system.user.created', 'uma', { by: 'admin', username: 'uma', type: 'native' }],
      ['system.role_member.added', 'uma', member],
      ['system.credential.changed', 'uma', { by: 'admin', username: 'uma', change: 'set' }],
      ['system.api_key.created', 'uma/ci', { ...key, status: 'active' }],
      ['system.api_key.changed', 'uma/ci', { ...key, status: 'revoked' }],
      ['system.api_key.deleted', 'uma/ci', { ...key, status: 'deleted' }],
      ['system.credential.changed', 'uma', { by: 'uma', username: 'uma', change: 'set' }],
      ['system.user.access_revoked', 'uma', { by: 'admin', username: 'uma', api_keys: 0 }],
      ['system.role_member.removed', 'uma', member],
      ['system.user.deleted', 'uma', { by: 'admin', username: 'uma' }],
    ]);
    const all = JSON.stringify(await told('team'));
    expect(all).not.toMatch(/pass-word|other-word|third-word/);
  });

  it('tell what happens to a group, and nothing that did not happen', async () => {
    await done(admin.post('/accounts/team/users', { username: 'gil', password: 'pass-word' }));
    const made = await admin.post('/system/user-groups', { name: 'ops' });
    const group = `/system/user-groups/${made.json().group_uuid}`;
    await done(admin.patch(group, { description: 'operators' }));
    for (let round = 0; round < 2; round += 1) {
      await done(admin.post(`${group}/users`, { usernames: [{ username: 'gil' }] }));
      await done(admin.post(`${group}/roles`, { domain_name: 'team', roles: [{ role: 'read-only' }] }));
    }
    await done(admin.delete(`${group}/roles?all_roles_for_account=team`));
    await done(admin.delete(`${group}/users?username=gil`));
    expect((await admin.delete(`${group}/users?username=gil`)).statusCode).toBe(404);
    await done(admin.delete(group));
    expect((await told()).map(([type, , { by: _, name: __, ...details }]) => [type, details])).toEqual([
      ['system.user_group.created', {}],
      ['system.user_group.changed', { change: 'description' }],
      ['system.user_group.changed', { change: 'members_added', members: ['gil'] }],
      ['system.user_group.changed', { change: 'roles_added', roles: ['read-only'], domains: ['team'] }],
      ['system.user_group.changed', { change: 'roles_removed', roles: ['read-only'], domains: ['team'] }],
      ['system.user_group.changed', { change: 'members_removed', members: ['gil'] }],
      ['system.user_group.deleted', {}],
    ]);
  });

  it('tell what happens to an identity provider and to the users that it brings', async () => {
    const settings = {
      name: 'corp',
      enabled: true,
      sp_entity_id: 'sp',
      acs_url: 'https://w.example.org/acs',
      idp_metadata_xml: idp.metadata(),
      default_account: 'sso-home',
      default_role: 'read-only',
    };
    const group = (await admin.post('/system/user-groups', { name: 'builders' })).json().group_uuid;
    await done(admin.post('/rbac-manager/saml/idps', settings));
    const mappings = '/rbac-manager/saml/idps/corp/user-group-mappings';
    await done(admin.post(mappings, { user_group_uuids: [group] }));
    const signIn = (memberOf: string[]) => {
      const user = { nameId: 'ida', attributes: { memberOf } };
      const SAMLResponse = idp.respond({ acsUrl: settings.acs_url, audience: 'sp', ...user });
      return admin.post('/rbac-manager/saml/sso/corp', undefined, { form: { SAMLResponse } });
    };
    await done(signIn([]));
    await done(signIn(['builders']));
    await done(signIn(['builders']));
    await done(signIn([]));
    await done(admin.put('/rbac-manager/saml/idps/corp', { ...settings, enabled: false }));
    await done(admin.delete('/rbac-manager/saml/idps/corp'));
    const mapped = { by: 'admin', kind: 'saml', change: 'groups_mapped', user_groups: [group] };
    const member = { by: 'corp', name: 'builders', members: ['ida'] };
    expect(await told()).toEqual([
      ['system.user_group.created', group, { by: 'admin', name: 'builders' }],
      ['system.identity_provider.created', 'corp', { by: 'admin', kind: 'saml' }],
      ['system.identity_provider.changed', 'corp', mapped],
      ['system.account.created', 'sso-home', { by: 'corp' }],
      ['system.user_group.changed', group, { ...member, change: 'members_added' }],
      ['system.user_group.changed', group, { ...member, change: 'members_removed' }],
      ['system.identity_provider.changed', 'corp', { by: 'admin', kind: 'saml', change: 'settings' }],
      ['system.identity_provider.deleted', 'corp', { by: 'admin', kind: 'saml', users: 1 }],
    ]);
    // what one transaction tells has no order
    expect((await told('sso-home')).map(([type, id]) => `${type} ${id}`).sort()).toEqual([
      'system.role_member.added ida',
      'system.user.created ida',
      'system.user.deleted ida',
    ]);
  });

  it('tell what happens to a subscription', async () => {
    const body = { subscription_key: 'r.example.org/a:1', subscription_type: 'policy_eval' };
    const [{ subscription_id: id }] = (await admin.post('/subscriptions', body)).json();
    await done(admin.put(`/subscriptions/${id}`, { active: true }));
    await done(admin.delete(`/subscriptions/${id}`));
    expect((await admin.delete(`/subscriptions/${id}`)).statusCode).toBe(404);
    const details = { by: 'admin', subscription_key: body.subscription_key, kind: 'policy_eval' };
    expect(await told()).toEqual([
      ['user.subscription.created', id, { ...details, active: false }],
      ['user.subscription.updated', id, { ...details, active: true }],
      ['user.subscription.deleted', id, { ...details, active: true }],
    ]);
  });

  it('are not left behind by what fails', async () => {
    expect((await admin.post('/accounts/team/users', { username: 'gil', password: 'pass-word' })).statusCode).toBe(400);
    expect((await admin.post('/accounts', { name: 'team' })).statusCode).toBe(409);
    expect((await admin.delete('/rbac-manager/roles/read-only/members?username=gil&domain_name=team')).statusCode).toBe(
      404,
    );
    expect([...(await told()), ...(await told('team'))]).toEqual([]);
  });
});

import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser } from '../builders/browser.ts';
import { type OidcProviderServer, startOidcProvider } from '../builders/oidc-provider.ts';
import { createSamlIdp, type SamlIdp } from '../builders/saml-idp.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

const ACS = 'http://windlass.test/v2/windlass/saml/acs/corp';
const CALLBACK = 'https://windlass.test/v2/windlass/oidc/callback/op';

let app: Application;
let admin: Client;
let idp: SamlIdp;
let op: OidcProviderServer;

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  idp = createSamlIdp();
  op = await startOidcProvider();
  await admin.post('/rbac-manager/saml/idps', {
    name: 'corp',
    enabled: true,
    sp_entity_id: 'sp',
    acs_url: ACS,
    idp_metadata_xml: idp.metadata(),
    default_account: 'people',
  });
  const made = await admin.post('/windlass/oidc/providers', oidc());
  expect([made.statusCode, made.body]).toEqual([201, expect.not.stringContaining('the secret')]);
});
afterAll(async () => {
  await op?.stop();
  await app?.close();
});
beforeEach(() => {
  op.user = { sub: 'subject-1', preferred_username: 'olga' };
  op.userInfo = {};
  op.spoil = (claims) => claims;
  op.wrongKey = false;
});

const oidc = (extra: object = {}) => ({
  name: 'op',
  enabled: true,
  issuer: op.issuer,
  client_id: 'windlass',
  client_secret: 'the secret',
  redirect_uri: CALLBACK,
  default_account: 'people',
  ...extra,
});

const browser = () => openBrowser(app.server);

function requestIdOf(location: string): string {
  const request = inflateRawSync(Buffer.from(new URL(location).searchParams.get('SAMLRequest')!, 'base64')).toString();
  return /ID="([^"]+)"/.exec(request)![1]!;
}

const respond = (inResponseTo?: string, nameId = 'sam') => ({
  SAMLResponse: idp.respond({ acsUrl: ACS, audience: 'sp', inResponseTo, nameId }),
});

describe('a SAML sign-in in a browser', () => {
  it('ends with a session on the page that was wanted', async () => {
    const tab = browser();
    const begun = await tab.get('/v2/windlass/saml/login/corp?return_to=/images%3Fq%3D1');
    expect(begun.status).toBe(303);
    const posted = await tab.post('/v2/windlass/saml/acs/corp', respond(requestIdOf(begun.location)));
    expect([posted.status, posted.location]).toEqual([303, expect.stringMatching(/saml\/finish\?code=/)]);
    const finished = await tab.get(posted.location);
    expect([finished.status, finished.location]).toEqual([303, '/images?q=1']);
    expect(await tab.username()).toBe('sam');
    // the proof serves once
    expect((await browser().get(posted.location)).location).toBe('/sign-in?problem=expired');
  });

  it('gives no session to a browser that did not begin it', async () => {
    const attacker = browser();
    const begun = await attacker.get('/v2/windlass/saml/login/corp');
    const posted = await attacker.post('/v2/windlass/saml/acs/corp', respond(requestIdOf(begun.location)));
    const victim = browser();
    expect((await victim.get(posted.location)).location).toBe('/sign-in?problem=expired');
    await victim.get('/v2/windlass/saml/login/corp');
    expect((await victim.get(posted.location)).location).toBe('/sign-in?problem=expired');
    expect(await victim.username()).toBeUndefined();
  });

  it('that the provider began is begun again here', async () => {
    const tab = browser();
    expect((await tab.post('/v2/windlass/saml/acs/corp', respond())).location).toBe('/v2/windlass/saml/login/corp');
  });

  it('that is refused goes back to the page', async () => {
    const tab = browser();
    const begun = await tab.get('/v2/windlass/saml/login/corp');
    const { location } = await tab.post('/v2/windlass/saml/acs/corp', respond(requestIdOf(begun.location), 'admin'));
    expect(location).toBe('/sign-in?problem=refused');
  });

  it.each(['//evil.example.org', 'https://evil.example.org', '/\\evil.example.org', '/a\nb'])(
    'goes nowhere else (%j)',
    async (place) => {
      const tab = browser();
      const begun = await tab.get(`/v2/windlass/saml/login/corp?return_to=${encodeURIComponent(place)}`);
      const posted = await tab.post('/v2/windlass/saml/acs/corp', respond(requestIdOf(begun.location)));
      expect((await tab.get(posted.location)).location).toBe('/images');
    },
  );
});

describe('an OpenID Connect sign-in', () => {
  async function signIn(tab = browser(), change: (callback: URL) => void = () => undefined) {
    const begun = await tab.get('/v2/windlass/oidc/login/op?return_to=/system');
    const redirected = await fetch(begun.location, { redirect: 'manual' });
    const callback = new URL(redirected.headers.get('location')!);
    change(callback);
    return { ...(await tab.get(callback.href)), tab, callback };
  }

  it('ends with a session, proven by code, state, nonce and PKCE', async () => {
    const { tab, location, response } = await signIn();
    expect(location).toBe('/system');
    // the redirect_uri has https, so the cookies are for secure connections
    expect(response.cookies.every((cookie) => cookie.secure && cookie.httpOnly)).toBe(true);
    expect(await tab.username()).toBe('olga');
    const [request] = op.tokenRequests.slice(-1);
    expect(Buffer.from(request!.authorization!.slice(6), 'base64').toString()).toBe('windlass:the+secret');
    const user = (await admin.get('/accounts/people/users/olga')).json();
    expect(user).toMatchObject({ type: 'saml', source: op.issuer, idp_name: 'op' });
  });

  it('maps claims, nested ones and those of the userinfo endpoint too', async () => {
    const mapping = { idp_role_attribute: 'realm_access.roles', idp_groups_attribute: 'teams' };
    await admin.put('/windlass/oidc/providers/op', oidc(mapping));
    const { group_uuid } = (await admin.post('/system/user-groups', { name: 'night-shift' })).json();
    await admin.post('/windlass/oidc/providers/op/user-group-mappings', { user_group_uuids: [group_uuid] });
    op.user = { sub: 'subject-2', preferred_username: 'nina', realm_access: { roles: ['read-write'] } };
    op.userInfo = { teams: ['night-shift'], sub: 'subject-2' };
    const { tab } = await signIn();
    expect(await tab.username()).toBe('nina');
    const user = (await admin.get('/accounts/people/users/nina')).json();
    expect(user.unified_roles).toMatchObject([{ role_name: 'read-write', domain_name: 'people' }]);
    const members = (await admin.get(`/system/user-groups/${group_uuid}/users`)).json();
    expect(members.items).toMatchObject([{ username: 'nina' }]);
    await admin.put('/windlass/oidc/providers/op', oidc());
  });

  it('survives a change of keys at the provider', async () => {
    await op.rotate();
    expect((await signIn()).location).toBe('/system');
  });

  it.each<[string, (callback: URL) => void]>([
    ['another state', (url) => url.searchParams.set('state', 'x')],
    ['no state', (url) => url.searchParams.delete('state')],
    ['another code', (url) => url.searchParams.set('code', 'x')],
    ['an error', (url) => url.searchParams.set('error', 'access_denied')],
    ['another issuer', (url) => url.searchParams.set('iss', 'https://other.example.org')],
  ])('is refused with %s', async (_, change) => {
    const { location, tab } = await signIn(browser(), change);
    expect(location).toBe('/sign-in?problem=refused');
    expect(await tab.username()).toBeUndefined();
  });

  it.each<[string, (claims: Record<string, unknown>) => Record<string, unknown>]>([
    ['of another service', (claims) => ({ ...claims, aud: 'other' })],
    ['for several services without a party', (claims) => ({ ...claims, aud: ['windlass', 'other'] })],
    ['of another party', (claims) => ({ ...claims, azp: 'other' })],
    ['of another provider', (claims) => ({ ...claims, iss: 'https://other.example.org' })],
    ['with another nonce', (claims) => ({ ...claims, nonce: 'x' })],
    ['that has expired', (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 3600 })],
    ['of the future', (claims) => ({ ...claims, iat: Math.floor(Date.now() / 1000) + 3600 })],
    ['without a subject', ({ sub, ...claims }) => claims],
    ['of another person with the same name', (claims) => ({ ...claims, sub: 'subject-9' })],
    ['of the user admin', (claims) => ({ ...claims, preferred_username: 'admin' })],
  ])('is refused with an ID token %s', async (_, spoil) => {
    op.spoil = spoil;
    const { location, tab } = await signIn();
    expect(location).toBe('/sign-in?problem=refused');
    expect(await tab.username()).toBeUndefined();
  });

  it('is refused with a signature by another key', async () => {
    op.wrongKey = true;
    expect((await signIn()).location).toBe('/sign-in?problem=refused');
  });

  it('gives no session to a browser that did not begin it, nor twice', async () => {
    const first = await signIn();
    expect((await browser().get(first.callback.href)).location).toBe('/sign-in?problem=expired');
    expect((await first.tab.get(first.callback.href)).location).toBe('/sign-in?problem=expired');
  });
});

describe('OpenID providers', () => {
  it('are read and changed without their secret, and removed with their users', async () => {
    const read = (await admin.get('/windlass/oidc/providers')).json();
    expect(read.items).toMatchObject([{ name: 'op', client_id: 'windlass' }]);
    expect(JSON.stringify(read)).not.toContain('the secret');
    expect((await admin.post('/windlass/oidc/providers', oidc())).statusCode).toBe(409);
    const moved = oidc({ issuer: 'https://other.example.org', client_secret: undefined });
    expect((await admin.put('/windlass/oidc/providers/op', moved)).statusCode).toBe(400);
    expect((await admin.put('/windlass/oidc/providers/op', oidc({ client_secret: undefined }))).statusCode).toBe(200);
    expect((await admin.delete('/windlass/oidc/providers/op')).statusCode).toBe(204);
    expect((await admin.get('/accounts/people/users/olga')).statusCode).toBe(404);
  });

  it.each([
    ['an issuer without https', { issuer: 'http://idp.example.org' }],
    ['an issuer that is not there', { issuer: 'http://127.0.0.1:9' }],
    ['a redirect_uri that is none', { redirect_uri: 'callback' }],
    ['no account', { default_account: undefined }],
  ])('are refused with %s', async (_, extra) => {
    expect((await admin.post('/windlass/oidc/providers', oidc({ name: 'bad', ...extra }))).statusCode).toBe(400);
  });
});

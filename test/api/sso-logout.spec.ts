import { verify, X509Certificate } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SignedXml } from 'xml-crypto';
import { type Browser, openBrowser } from '../builders/browser.ts';
import { type OidcProviderServer, startOidcProvider } from '../builders/oidc-provider.ts';
import { createSamlIdp, type SamlIdp } from '../builders/saml-idp.ts';
import { type LogoutOptions, logoutForm, logoutQuery, logoutXml } from '../builders/saml-logout.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

const HOST = 'http://windlass.test';
const IDP_LOGOUT = 'https://idp.example.org/logout';

let app: Application;
let admin: Client;
let anyone: Client;
let op: OidcProviderServer;
const idps: Record<string, SamlIdp> = {};

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  anyone = clientFor(app.server, undefined);
  op = await startOidcProvider();
  const logout = { url: IDP_LOGOUT, binding: 'HTTP-Redirect' } as const;
  idps.corp = createSamlIdp({ wantsSignedRequests: true, logout });
  idps.forms = createSamlIdp({ entityId: 'https://forms', logout: { ...logout, binding: 'HTTP-POST' } });
  idps.plain = createSamlIdp({ entityId: 'https://plain' });
  for (const [name, idp] of Object.entries(idps)) {
    const made = await admin.post('/rbac-manager/saml/idps', {
      name,
      enabled: true,
      sp_entity_id: 'sp',
      acs_url: `${HOST}/service/sso/auth/${name}`,
      idp_metadata_xml: idp.metadata(),
      default_account: 'people',
    });
    expect([made.statusCode, made.body]).toEqual([200, expect.any(String)]);
  }
  await admin.post('/windlass/oidc/providers', {
    name: 'op',
    enabled: true,
    issuer: op.issuer,
    client_id: 'windlass',
    client_secret: 'secret',
    redirect_uri: `${HOST}/v2/windlass/oidc/callback/op`,
    post_logout_redirect_uri: `${HOST}/sign-in`,
    default_account: 'people',
  });
});
afterAll(async () => {
  await op?.stop();
  await app?.close();
});

/** Signs somebody in through a SAML provider, at the address that other products have for responses. */
async function samlTab(name: string, nameId: string): Promise<Browser> {
  const tab = openBrowser(app.server);
  const begun = await tab.get(`/v2/windlass/saml/login/${name}`);
  const acsUrl = `${HOST}/service/sso/auth/${name}`;
  const inResponseTo = idOf(messageOf(begun.location));
  const SAMLResponse = idps[name]!.respond({ acsUrl, audience: 'sp', inResponseTo, nameId });
  const taken = await tab.post(acsUrl, { SAMLResponse });
  expect([taken.status, taken.location]).toEqual([303, expect.stringContaining('/saml/finish')]);
  await tab.get(taken.location);
  expect(await tab.username()).toBe(nameId);
  return tab;
}

async function oidcTab(user: Record<string, unknown>): Promise<Browser> {
  op.user = user;
  const tab = openBrowser(app.server);
  const begun = await tab.get('/v2/windlass/oidc/login/op');
  const back = await fetch(begun.location, { redirect: 'manual' });
  await tab.get(back.headers.get('location')!);
  expect(await tab.username()).toBe(user.preferred_username);
  return tab;
}

function messageOf(location: string, field = 'SAMLRequest'): string {
  return inflateRawSync(Buffer.from(new URL(location).searchParams.get(field)!, 'base64')).toString();
}

const idOf = (xml: string): string => /\bID="([^"]+)"/.exec(xml)![1]!;

/** The key that this server signs with, from its metadata. */
async function signingKey() {
  const metadata = (await anyone.get('/windlass/saml/metadata/corp')).body;
  const certificate = /use="signing".*?<ds:X509Certificate>([^<]+)</.exec(metadata)![1]!;
  return new X509Certificate(Buffer.from(certificate, 'base64'));
}

/** Whether an address carries a signature of this server (SAML 2.0 Bindings §3.4.4.1). */
async function isSigned(location: string): Promise<boolean> {
  const [, signed, signature] = /\?(SAML.*)&Signature=(.*)$/.exec(location)!;
  const { publicKey } = await signingKey();
  return verify('sha256', Buffer.from(signed!), publicKey, Buffer.from(decodeURIComponent(signature!), 'base64'));
}

const logoutMessage = (name: string, extra: Partial<LogoutOptions> = {}): string =>
  logoutXml({ issuer: idps[name]!.entityId, destination: `${HOST}/v2/windlass/saml/logout/${name}`, ...extra });

describe('a login request', () => {
  it('is signed where the provider wants it, and says so in the metadata', async () => {
    const signed = (await anyone.get('/rbac-manager/saml/login/corp')).json().redirect_url;
    expect(await isSigned(signed)).toBe(true);
    expect((await anyone.get('/windlass/saml/metadata/corp')).body).toContain('AuthnRequestsSigned="true"');
    const plain = async () => (await anyone.get('/rbac-manager/saml/login/plain')).json().redirect_url;
    expect(new URL(await plain()).searchParams.has('Signature')).toBe(false);
    expect((await anyone.get('/windlass/saml/metadata/plain')).body).toContain('AuthnRequestsSigned="false"');
    const settings = (await admin.get('/rbac-manager/saml/idps/plain')).json();
    await admin.put('/rbac-manager/saml/idps/plain', { ...settings, sign_requests: true });
    expect(await isSigned(await plain())).toBe(true);
  });
});

describe('signing out of a SAML session', () => {
  it('takes the browser to the provider with a signed request, and back', async () => {
    const tab = await samlTab('corp', 'sue');
    const { response } = await tab.own('POST', '/v2/windlass/sign-out');
    expect(await tab.username()).toBeUndefined();
    const gone = await tab.get(response.json().redirect_url);
    expect(gone.location.startsWith(`${IDP_LOGOUT}?SAMLRequest=`)).toBe(true);
    expect(await isSigned(gone.location)).toBe(true);
    const request = messageOf(gone.location);
    expect(request).toContain('>sue</saml:NameID>');
    expect(request).toContain('<samlp:SessionIndex>s1</samlp:SessionIndex>');
    const answer = logoutMessage('corp', { inResponseTo: idOf(request) });
    const back = await tab.get(`/v2/windlass/saml/logout/corp?${logoutQuery(answer, idps.corp!.identity)}`);
    expect([back.status, back.location]).toEqual([303, '/sign-in']);
  });

  it('uses a page with a form where the provider has no other binding', async () => {
    const tab = await samlTab('forms', 'fred');
    const { response } = await tab.own('POST', '/v2/windlass/sign-out');
    const page = await tab.get(response.json().redirect_url);
    expect(page.response.headers['content-security-policy']).toMatch(/script-src 'sha256-/);
    expect(page.response.body).toContain(`action="${IDP_LOGOUT}"`);
    const [, message] = /name="SAMLRequest" value="([^"]+)"/.exec(page.response.body)!;
    const xml = Buffer.from(message!, 'base64').toString();
    const signature = new SignedXml({ publicCert: (await signingKey()).toString(), getCertFromKeyInfo: () => null });
    signature.loadSignature(/<ds:Signature[\s\S]*<\/ds:Signature>/.exec(xml)![0]);
    expect(signature.checkSignature(xml)).toBe(true);
  });

  it('ends here where the provider knows no logout, or the user has a password', async () => {
    const tab = await samlTab('plain', 'paul');
    expect((await tab.own('POST', '/v2/windlass/sign-out')).response.json()).toEqual({ redirect_url: null });
    expect(await tab.username()).toBeUndefined();
    expect(
      (await openBrowser(app.server).own('POST', '/v2/windlass/sign-out')).response.json().redirect_url,
    ).toBeNull();
  });

  it('is for our own pages', async () => {
    const tab = await samlTab('corp', 'sue');
    const response = await app.server.inject({
      method: 'POST',
      url: '/v2/windlass/sign-out',
      headers: { origin: 'https://evil.example.org', cookie: [...tab.cookies].map((one) => one.join('=')).join('; ') },
    });
    expect(response.statusCode).toBe(403);
    expect(await tab.username()).toBe('sue');
    expect((await tab.get('/v2/windlass/sign-out/provider?code=x')).location).toBe('/sign-in');
  });
});

describe('a logout that the SAML provider begins', () => {
  it.each(['address', 'form'])('ends the sessions of the user, by an %s, and is answered', async (way) => {
    const [tab, other, stranger] = await Promise.all(['lena', 'lena', 'mona'].map((name) => samlTab('corp', name)));
    const xml = logoutMessage('corp', { nameId: 'lena', sessionIndex: 's1' });
    const { identity } = idps.corp!;
    const url = '/v2/windlass/saml/logout/corp';
    const answered =
      way === 'address'
        ? await tab!.get(`${url}?${logoutQuery(xml, identity, 'state & more')}`)
        : await tab!.post(url, { ...logoutForm(xml, identity), RelayState: 'state & more' });
    expect(answered.location).toMatch(/^https:\/\/idp\.example\.org\/logout\?SAMLResponse=/);
    expect(await isSigned(answered.location)).toBe(true);
    expect(new URL(answered.location).searchParams.get('RelayState')).toBe('state & more');
    const response = messageOf(answered.location, 'SAMLResponse');
    expect(response).toContain(`InResponseTo="${idOf(xml)}"`);
    expect(response).toContain('status:Success');
    expect(await Promise.all([tab!.username(), other!.username(), stranger!.username()])).toEqual([
      undefined,
      undefined,
      'mona',
    ]);
  });

  it('leaves sessions alone that it does not name', async () => {
    const tab = await samlTab('corp', 'lena');
    const url = (extra: object) =>
      `/v2/windlass/saml/logout/corp?${logoutQuery(logoutMessage('corp', { nameId: 'lena', ...extra }), idps.corp!.identity)}`;
    await tab.get(url({ sessionIndex: 'another' }));
    expect(await tab.username()).toBe('lena');
    await tab.get(url({}));
    expect(await tab.username()).toBeUndefined();
  });

  const hostile: [string, () => string, RegExp][] = [
    ['no signature', () => logoutQuery(logoutMessage('corp'), undefined), /not signed/],
    ['another key', () => logoutQuery(logoutMessage('corp'), createSamlIdp().identity), /does not fit/],
    [
      'a changed message',
      () =>
        logoutQuery(logoutMessage('corp'), idps.corp!.identity).replace(/SAMLRequest=[^&]+/, () =>
          logoutQuery(logoutMessage('corp', { nameId: 'victim' }), undefined),
        ),
      /does not fit/,
    ],
    [
      'a changed state',
      () => logoutQuery(logoutMessage('corp'), idps.corp!.identity, 'a').replace('RelayState=a', 'RelayState=b'),
      /does not fit/,
    ],
    ['a field twice', () => `${logoutQuery(logoutMessage('corp'), idps.corp!.identity)}&SAMLRequest=x`, /twice/],
    [
      'another issuer',
      () => logoutQuery(logoutMessage('corp', { issuer: 'https://other' }), idps.corp!.identity),
      /another provider/,
    ],
    [
      'another destination',
      () => logoutQuery(logoutMessage('corp', { destination: `${HOST}/x` }), idps.corp!.identity),
      /another address/,
    ],
    [
      'an old request',
      () => logoutQuery(logoutMessage('corp', { issued: -1000, notOnOrAfter: 9999 }), idps.corp!.identity),
      /expired/,
    ],
    [
      'a request of tomorrow',
      () => logoutQuery(logoutMessage('corp', { issued: 9999 }), idps.corp!.identity),
      /future/,
    ],
    ['nothing', () => '', /missing/],
    [
      'another document',
      () => logoutQuery(`<a xmlns="urn:oasis:names:tc:SAML:2.0:protocol" ID="x"/>`, idps.corp!.identity),
      /no logout message/,
    ],
  ];
  it.each(hostile)('is refused with %s', async (_, query, reason) => {
    const response = await anyone.get(`/windlass/saml/logout/corp?${query()}`);
    expect([response.statusCode, response.json().message]).toEqual([
      expect.toBeOneOf([400, 403]),
      expect.stringMatching(reason),
    ]);
  });

  it('is refused the second time, and recorded', async () => {
    const query = logoutQuery(logoutMessage('corp', { nameId: 'nobody' }), idps.corp!.identity);
    expect((await anyone.get(`/windlass/saml/logout/corp?${query}`)).statusCode).toBe(303);
    expect((await anyone.get(`/windlass/saml/logout/corp?${query}`)).json().message).toMatch(/used before/);
    const { items } = (await admin.get('/windlass/audit?operation=provider_logout&limit=2')).json();
    expect(items.map((entry: { outcome: string }) => entry.outcome)).toEqual(['failure', 'success']);
  });

  it('bursts nothing', async () => {
    const bomb = logoutQuery(`<a>${' '.repeat(50_000_000)}</a>`, idps.corp!.identity);
    expect((await anyone.get(`/windlass/saml/logout/corp?${bomb}`)).statusCode).toBeOneOf([400, 403, 414, 431]);
  });
});

describe('an OpenID session', () => {
  beforeEach(() => {
    op.wrongKey = false;
  });

  it('ends at the provider too', async () => {
    const tab = await oidcTab({ sub: 'o-1', preferred_username: 'otto' });
    const { redirect_url } = (await tab.own('POST', '/v2/windlass/sign-out')).response.json();
    const { origin, pathname, searchParams } = new URL(redirect_url);
    expect(origin + pathname).toBe(`${op.issuer}/logout`);
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: 'windlass',
      post_logout_redirect_uri: `${HOST}/sign-in`,
      id_token_hint: expect.stringMatching(/^ey/),
    });
    expect(await tab.username()).toBeUndefined();
  });

  it('is ended by the provider, by user or by session', async () => {
    const take = async (claims: object) =>
      (
        await anyone.post('/windlass/oidc/logout/op', undefined, {
          form: { logout_token: await op.logoutToken({ ...claims }) },
        })
      ).statusCode;
    const user = { sub: 'o-2', preferred_username: 'olaf' };
    const tabs = [await oidcTab({ ...user, sid: 'one' }), await oidcTab({ ...user, sid: 'two' })];
    const names = () => Promise.all(tabs.map((tab) => tab.username()));
    expect(await take({ sid: 'one' })).toBe(200);
    expect(await names()).toEqual([undefined, 'olaf']);
    expect(await take({ sub: 'somebody' })).toBe(200);
    expect(await names()).toEqual([undefined, 'olaf']);
    expect(await take({ sub: 'o-2' })).toBe(200);
    expect(await names()).toEqual([undefined, undefined]);
  });

  it.each([
    ['another key', {}, true],
    ['a nonce', { nonce: 'x', sub: 'o-3' }, false],
    ['no event', { events: {}, sub: 'o-3' }, false],
    ['another audience', { aud: 'other', sub: 'o-3' }, false],
    ['another issuer', { iss: 'https://other', sub: 'o-3' }, false],
    ['nobody', {}, false],
    ['an end long ago', { exp: 1000, sub: 'o-3' }, false],
    ['no id', { jti: undefined, sub: 'o-3' }, false],
  ])('is not ended by a token with %s', async (_, claims, wrongKey) => {
    op.wrongKey = wrongKey;
    const form = { logout_token: await op.logoutToken(claims) };
    const response = await anyone.post('/windlass/oidc/logout/op', undefined, { form });
    expect(response.statusCode).toBe(400);
  });

  it('is not ended twice by one token', async () => {
    const form = { logout_token: await op.logoutToken({ sub: 'o-4' }) };
    const statuses = [];
    for (let round = 0; round < 2; round += 1)
      statuses.push((await anyone.post('/windlass/oidc/logout/op', undefined, { form })).statusCode);
    expect(statuses).toEqual([200, 400]);
  });
});

import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSamlIdp, type ResponseOptions, type SamlIdp, signElement } from '../builders/saml-idp.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

const ACS = 'https://windlass.example.org/service/sso/auth/corp';
const SP = 'https://windlass.example.org/sp';

let app: Application;
let admin: Client;
let anyone: Client;
let idp: SamlIdp;

const config = (extra: object = {}) => ({
  name: 'corp',
  enabled: true,
  sp_entity_id: SP,
  acs_url: ACS,
  acs_https_port: -1,
  idp_metadata_xml: idp.metadata(),
  default_account: 'people',
  default_role: 'read-only',
  ...extra,
});

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  anyone = clientFor(app.server, undefined);
  idp = createSamlIdp();
  expect((await admin.post('/rbac-manager/saml/idps', config())).statusCode).toBe(200);
});
afterAll(() => app?.close());

function options(extra: Partial<ResponseOptions> = {}): ResponseOptions {
  return { acsUrl: ACS, audience: SP, ...extra };
}

/** Posts a response to the token endpoint of a provider. */
async function sso(SAMLResponse: string, name = 'corp'): Promise<{ status: number; token?: string; message: string }> {
  const response = await anyone.post(`/rbac-manager/saml/sso/${name}`, undefined, { form: { SAMLResponse } });
  const body = response.json<{ token?: string; message?: string }>();
  return { status: response.statusCode, message: body.message ?? '', ...(body.token ? { token: body.token } : {}) };
}

async function signIn(extra: Partial<ResponseOptions> = {}, name = 'corp'): Promise<Client> {
  const { status, token, message } = await sso(idp.respond(options(extra)), name);
  expect([status, message]).toEqual([200, '']);
  return clientFor(app.server, { bearer: token! });
}

/** Makes a provider of another name, with the same key, for one test. */
async function provider(name: string, extra: object): Promise<void> {
  const response = await admin.post('/rbac-manager/saml/idps', { ...config(), name, ...extra });
  expect([response.statusCode, response.body]).toEqual([200, expect.any(String)]);
}

describe('SAML providers', () => {
  it('are listed, read, changed and removed by administrators', async () => {
    await provider('second', {});
    expect((await admin.get('/rbac-manager/saml/idps')).json()).toContain('second');
    const read = (await admin.get('/rbac-manager/saml/idps/second')).json();
    expect(read).toMatchObject({ name: 'second', require_signed_assertions: true, user_groups: [] });
    expect((await admin.post('/rbac-manager/saml/idps', config())).statusCode).toBe(409);
    const changed = await admin.put(
      '/rbac-manager/saml/idps/second',
      config({ name: 'second', idp_username_attribute: 'mail' }),
    );
    expect(changed.json()).toMatchObject({ idp_username_attribute: 'mail', require_existing_users: false });
    expect((await admin.delete('/rbac-manager/saml/idps/second')).statusCode).toBe(204);
    expect((await admin.get('/rbac-manager/saml/idps/second')).statusCode).toBe(404);
    expect((await anyone.get('/rbac-manager/saml/idps')).statusCode).toBe(401);
  });

  it.each([
    ['no metadata', { idp_metadata_xml: undefined }],
    ['two kinds of metadata', { idp_metadata_url: 'https://idp.example.org/x' }],
    ['metadata that is no XML', { idp_metadata_xml: 'not xml' }],
    ['metadata with a document type', { idp_metadata_xml: '<!DOCTYPE x [<!ENTITY a "b">]><x/>' }],
    ['default role and role attribute', { idp_role_attribute: 'role' }],
    ['an unknown default role', { default_role: 'king' }],
    ['a role of the installation', { default_role: 'system-admin' }],
    ['no account', { default_account: undefined }],
    ['the admin account', { default_account: 'admin' }],
    ['an acs_url that is none', { acs_url: 'javascript:alert(1)' }],
    ['another name', { name: 'a b' }],
  ])('are refused with %s', async (_, extra) => {
    const response = await admin.post('/rbac-manager/saml/idps', config({ name: 'bad', ...extra }));
    expect(response.statusCode).toBe(400);
  });

  it('give the metadata of this server to the provider', async () => {
    const response = await anyone.get('/windlass/saml/metadata/corp');
    expect(response.headers['content-type']).toContain('samlmetadata+xml');
    expect(response.body).toContain(`entityID="${SP}"`);
    expect(response.body).toContain(`Location="${ACS}"`);
  });
});

describe('a SAML login', () => {
  it('begins with a request that names this server, for browsers as a redirect', async () => {
    const { token, redirect_url } = (await anyone.get('/rbac-manager/saml/login/corp')).json();
    const request = inflateRawSync(Buffer.from(token, 'base64')).toString();
    expect(request).toContain(`AssertionConsumerServiceURL="${ACS}"`);
    expect(request).toContain(`>${SP}</saml:Issuer>`);
    expect(new URL(redirect_url).searchParams.get('SAMLRequest')).toBe(token);
    const browser = await anyone.get('/rbac-manager/saml/login/corp', { headers: { accept: 'text/html' } });
    expect([browser.statusCode, browser.headers.location]).toEqual([
      303,
      expect.stringMatching(/^https:\/\/idp\.example\.org\/sso\?SAMLRequest=/),
    ]);
    expect((await anyone.get('/rbac-manager/saml/login/nobody')).statusCode).toBe(404);
  });

  it('is offered to the first generation of clients', async () => {
    const v1 = (method: 'GET' | 'POST', path: string, form?: Record<string, string>) =>
      app.server.inject({
        method,
        url: `/v1/rbac-manager/saml${path}`,
        headers: form ? { 'content-type': 'application/x-www-form-urlencoded' } : {},
        ...(form ? { payload: new URLSearchParams(form).toString() } : {}),
      });
    expect((await v1('GET', '/login/corp')).json().token).toMatch(/^[A-Za-z0-9+/]+=*$/);
    const SAMLResponse = idp.respond(options({ nameId: 'old-client' }));
    const { token } = (await v1('POST', '/sso/corp', { SAMLResponse })).json();
    expect((await clientFor(app.server, { bearer: token }).get('/user')).json().username).toBe('old-client');
    expect((await v1('GET', '/idps')).statusCode).toBe(401);
    expect((await v1('GET', '/login/nobody')).statusCode).toBe(404);
  });

  it('creates user, account and role, and gives a token', async () => {
    const jane = await signIn({ nameId: 'jane' });
    const user = (await jane.get('/user')).json();
    expect(user).toMatchObject({
      username: 'jane',
      account_name: 'people',
      type: 'saml',
      source: idp.entityId,
      idp_name: 'corp',
    });
    expect(user.unified_roles).toEqual([
      expect.objectContaining({ role_name: 'read-only', domain_name: 'people', granter: 'corp' }),
    ]);
    expect((await jane.get('/images')).statusCode).toBe(200);
    expect((await jane.post('/images', { source: {} })).statusCode).toBe(403);
    // the new account has what every account has
    expect((await jane.get('/policies')).json().length).toBeGreaterThan(0);
  });

  it('gives no way to API keys, unless the operator allows them', async () => {
    const expires_at = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z/, 'Z');
    const body = { name: 'k', expires_at };
    expect((await (await signIn()).post('/user/api-keys', body)).statusCode).toBe(400);
    const key = await admin.post('/accounts/people/users/jane/api-keys', body);
    expect(key.statusCode).toBe(400);
  });

  it('creates nobody where users must exist', async () => {
    const setting = '/system/configurations/auth.sso_require_existing_users';
    const { configuration } = { configuration: { key: 'auth.sso_require_existing_users', value: true } };
    expect([(await admin.put(setting, configuration)).statusCode, 200]).toEqual([200, 200]);
    try {
      expect((await sso(idp.respond(options({ nameId: 'stranger' })))).message).toMatch(/users are not created here/);
      expect((await sso(idp.respond(options({ nameId: 'jane' })))).status).toBe(200);
      expect((await admin.get('/rbac-manager/saml/idps/corp')).json().require_existing_users).toBe(true);
    } finally {
      await admin.put(setting, { key: 'auth.sso_require_existing_users', value: false });
    }
  });

  it('answers its own requests once', async () => {
    const { token } = (await anyone.get('/rbac-manager/saml/login/corp')).json();
    const id = /ID="([^"]+)"/.exec(inflateRawSync(Buffer.from(token, 'base64')).toString())![1]!;
    await signIn({ inResponseTo: id });
    expect((await sso(idp.respond(options({ inResponseTo: id })))).message).toMatch(/used before/);
  });

  it.each([
    ['ecdsa', 'ec', {}],
    ['rsa-sha512', 'rsa', { algorithm: 'rsa-sha512' }],
  ] as const)('takes signatures by %s', async (_, keyType, extra) => {
    const other = createSamlIdp({ entityId: `https://${keyType}.example.org`, keyType });
    await provider(`alg-${keyType}`, { idp_metadata_xml: other.metadata() });
    expect((await sso(other.respond(options({ nameId: `user-${keyType}`, ...extra })), `alg-${keyType}`)).status).toBe(
      200,
    );
  });

  it('is given by the token endpoint for an assertion alone (RFC 7522)', async () => {
    const grant = async (assertion: string) =>
      anyone.post('/oauth/token', undefined, {
        form: { grant_type: 'urn:ietf:params:oauth:grant-type:saml2-bearer', assertion },
      });
    // two providers share the issuer, so the client has to say which one
    const other = createSamlIdp({ entityId: 'https://bearer.example.org' });
    await provider('bearer', { idp_metadata_xml: other.metadata() });
    const good = await grant(other.assertion(options({ nameId: 'robot-user' })));
    expect(good.json()).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    expect(good.json().refresh_token).toBeUndefined();
    const unsigned = await grant(other.assertion(options({ nameId: 'robot-user', signAssertion: false })));
    expect([unsigned.statusCode, unsigned.json().error]).toEqual([400, 'invalid_grant']);
  });
});

describe('hostile responses', () => {
  const base = (extra: Partial<ResponseOptions> = {}): ResponseOptions => options({ nameId: 'victim', ...extra });
  const encode = (xml: string): string => Buffer.from(xml).toString('base64');
  const past = { now: Date.now() - 3_600_000 };
  const cases: [string, () => string, RegExp][] = [
    ['nothing', () => ' ', /base64/],
    ['no XML', () => encode('hello'), /well-formed/],
    ['another document', () => encode('<x/>'), /no SAML response/],
    ['nothing signed', () => idp.respond(base({ signAssertion: false, signResponse: false })), /not signed/],
    ['the response unsigned', () => idp.respond(base({ signResponse: false })), /response is not signed/],
    ['the assertion unsigned', () => idp.respond(base({ signAssertion: false })), /assertion is not signed/],
    ['another key', () => idp.respond(base({ identity: createSamlIdp().identity })), /does not fit a key/],
    ['SHA-1', () => idp.respond(base({ algorithm: 'rsa-sha1' })), /algorithm is not allowed/],
    ['an expired assertion', () => idp.respond(base(past)), /expired/],
    ['an assertion of tomorrow', () => idp.respond(base({ notBefore: 3600, notOnOrAfter: 7200 })), /not valid yet/],
    ['an assertion for a year', () => idp.respond(base({ notOnOrAfter: 31_536_000 })), /too long/],
    ['another audience', () => idp.respond(base({ audience: 'https://other.example.org' })), /another service/],
    ['no audience', () => idp.respond(base({ conditions: '<saml:Conditions/>' })), /for which service/],
    ['no conditions', () => idp.respond(base({ conditions: '' })), /no conditions/],
    ['no statement of a login', () => idp.respond(base({ statement: '' })), /signed in/],
    ['another recipient', () => idp.respond(base({ recipient: 'https://other.example.org/acs' })), /another address/],
    [
      'another destination',
      () => idp.respond(base({ destination: 'https://other.example.org/acs' })),
      /another address/,
    ],
    ['another issuer', () => idp.respond(base({ issuer: 'https://other.example.org' })), /another provider/],
    ['a failure', () => idp.respond(base({ status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' })), /did not sign/],
    ['an unknown request', () => idp.respond(base({ inResponseTo: '_made-up' })), /not made here/],
    [
      'a transient name',
      () => idp.respond(base({ nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' })),
      /names no user/,
    ],
    ['a comment in the name', () => encode(idp.xml(base()).replace('victim', 'vic<!-- -->tim')), /comment/],
    ['a changed name', () => encode(idp.xml(base()).replace('victim', 'somebody')), /does not fit a key/],
    [
      'a changed attribute',
      () => encode(idp.xml(base({ attributes: { role: ['low'] } })).replace('>low<', '>high<')),
      /does not fit a key/,
    ],
    [
      'entities',
      () => encode(`<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${idp.xml(base())}`),
      /document type/,
    ],
    [
      'a growing entity',
      () => encode(`<!DOCTYPE r [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><r>&b;</r>`),
      /document type/,
    ],
    ['a processing instruction', () => encode(`<?go now?>${idp.xml(base())}`), /processing instruction/],
    ['deep nesting', () => encode('<a>'.repeat(5000) + '</a>'.repeat(5000)), /nested too deeply/],
    ['two responses in one', () => encode(`${idp.xml(base())}${idp.xml(base())}`), /well-formed/],
  ];

  it.each(cases)('with %s are refused', async (_, make, reason) => {
    const { status, message } = await sso(make());
    expect([status, message]).toEqual([expect.toBeOneOf([400, 403]), expect.stringMatching(reason)]);
    expect(message.length).toBeLessThan(300);
  });

  it('that were used before are refused', async () => {
    const response = idp.respond(options({ nameId: 'replayed' }));
    expect((await sso(response)).status).toBe(200);
    expect((await sso(response)).message).toMatch(/used before/);
  });

  it('that were used at a provider since removed and added again are refused', async () => {
    await provider('passing', {});
    const response = idp.respond(options({ nameId: 'passing-user' }));
    expect((await sso(response, 'passing')).status).toBe(200);
    await admin.delete('/rbac-manager/saml/idps/passing');
    await provider('passing', {});
    expect((await sso(response, 'passing')).message).toMatch(/used before/);
  });

  it('of one provider are refused at another', async () => {
    const other = createSamlIdp({ entityId: 'https://other.example.org' });
    await provider('other', { idp_metadata_xml: other.metadata() });
    expect((await sso(other.respond(base()), 'corp')).message).toMatch(/does not fit a key|another provider/);
    expect((await sso(idp.respond(base()), 'other')).message).toMatch(/does not fit a key|another provider/);
    // and neither provider may take over the other's user
    expect((await sso(other.respond(options({ nameId: 'jane' })), 'other')).message).toMatch(/belongs to another/);
  });
});

describe('signature wrapping', () => {
  const wrapped = (): { signed: string; forged: string } => {
    const signed = idp.xml(options({ nameId: 'honest', signResponse: false, assertionId: '_original' }));
    const forged = idp.xml(
      options({ nameId: 'admin-like', signResponse: false, signAssertion: false, assertionId: '_forged' }),
    );
    return { signed, forged };
  };
  const assertionOf = (xml: string): string => /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)![0];
  const signatureOf = (xml: string): string => /<ds:Signature[\s\S]*?<\/ds:Signature>/.exec(xml)![0];

  beforeAll(() => provider('loose', { require_signed_response: false }));

  const shapes: [string, () => string][] = [
    [
      'the forged assertion before the signed one',
      () => wrapped().forged.replace('</samlp:Response>', `${assertionOf(wrapped().signed)}</samlp:Response>`),
    ],
    [
      'the signed assertion inside the forged one',
      () => wrapped().forged.replace('</saml:Assertion>', `${assertionOf(wrapped().signed)}</saml:Assertion>`),
    ],
    [
      "the forged assertion with the other's signature",
      () => {
        const { signed, forged } = wrapped();
        return forged.replace('<saml:Subject>', `${signatureOf(signed)}<saml:Subject>`);
      },
    ],
    [
      'the signed assertion in an object of the signature',
      () => {
        const { signed, forged } = wrapped();
        const original = assertionOf(signed).replace(signatureOf(signed), '');
        const signature = signatureOf(signed).replace(
          '</ds:Signature>',
          `<ds:Object>${original}</ds:Object></ds:Signature>`,
        );
        return forged.replace('<saml:Subject>', `${signature}<saml:Subject>`);
      },
    ],
    [
      'the same ID twice',
      () => {
        const { signed, forged } = wrapped();
        const evil = assertionOf(forged)
          .replace('_forged', '_original')
          .replace('<saml:Subject>', `${signatureOf(signed)}<saml:Subject>`);
        return forged
          .replace(assertionOf(forged), evil)
          .replace('</samlp:Response>', `<samlp:Extensions>${assertionOf(signed)}</samlp:Extensions></samlp:Response>`);
      },
    ],
    [
      'a signature over the status',
      () => {
        const { forged } = wrapped();
        const xml = forged.replace('<samlp:Status>', '<samlp:Status ID="_status"><saml:Issuer xmlns:saml="x"/>');
        const signature = signatureOf(signElement(xml, 'Status', idp.identity, 'rsa-sha256'));
        return forged.replace('<saml:Subject>', `${signature}<saml:Subject>`);
      },
    ],
  ];

  it.each(shapes)('with %s is refused', async (_, make) => {
    const { status, message } = await sso(Buffer.from(make()).toString('base64'), 'loose');
    expect([status, message]).toEqual([expect.toBeOneOf([400, 403]), expect.any(String)]);
  });

  it('is not mistaken for a good response', async () => {
    expect((await sso(Buffer.from(wrapped().signed).toString('base64'), 'loose')).status).toBe(200);
  });
});

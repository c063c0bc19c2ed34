import { type KeyObject, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EncryptionOptions, encryptElement } from '../builders/saml-encryption.ts';
import { createSamlIdp, type ResponseOptions, type SamlIdp } from '../builders/saml-idp.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

const ACS = 'https://windlass.example.org/service/sso/auth/corp';
const SP = 'https://windlass.example.org/sp';

let app: Application;
let admin: Client;
let anyone: Client;
let idp: SamlIdp;
let key: KeyObject;
let users = 0;

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  anyone = clientFor(app.server, undefined);
  idp = createSamlIdp();
  const settings = { enabled: true, sp_entity_id: SP, acs_url: ACS, idp_metadata_xml: idp.metadata() };
  const mapping = { default_account: 'people', default_role: 'read-only', idp_groups_attribute: 'team' };
  for (const extra of [
    { name: 'corp' },
    { name: 'loose', require_signed_response: false },
    { name: 'looser', require_signed_response: false, require_signed_assertions: false },
    { name: 'outer', require_signed_assertions: false },
  ]) {
    expect((await admin.post('/rbac-manager/saml/idps', { ...settings, ...mapping, ...extra })).statusCode).toBe(200);
  }
  key = publishedKey((await anyone.get('/windlass/saml/metadata/corp')).body, 'encryption');
});
afterAll(() => app?.close());

function publishedKey(metadata: string, use: string): KeyObject {
  const [, text = ''] = new RegExp(`use="${use}".*?<ds:X509Certificate>([^<]+)<`).exec(metadata) ?? [];
  return new X509Certificate(Buffer.from(text, 'base64')).publicKey;
}

function encrypted(options: EncryptionOptions = {}, extra: Partial<ResponseOptions> = {}): string {
  users += 1;
  return idp.respond({
    acsUrl: ACS,
    audience: SP,
    nameId: `hidden-${users}`,
    encrypt: (xml) => encryptElement(xml, 'EncryptedAssertion', key, options),
    ...extra,
  });
}

async function sso(SAMLResponse: string, name = 'corp') {
  const response = await anyone.post(`/rbac-manager/saml/sso/${name}`, undefined, { form: { SAMLResponse } });
  const body = response.json<{ token?: string; message?: string }>();
  return { status: response.statusCode, message: body.message ?? '', token: body.token };
}

const CONTENTS = [
  'aes128-gcm',
  'aes192-gcm',
  'aes256-gcm',
  'aes128-cbc',
  'aes192-cbc',
  'aes256-cbc',
  'tripledes-cbc',
] as const;
const TRANSPORTS = ['oaep-mgf1p', 'oaep-sha256', 'oaep-mixed', 'rsa-1_5'] as const;

describe('an encrypted assertion', () => {
  it.each(CONTENTS.map((content, at) => [content, TRANSPORTS[at % 4]!] as const))(
    'under a signature of the response is taken with %s and %s',
    async (content, transport) => {
      const { status, message, token } = await sso(encrypted({ content, transport }));
      expect([status, message]).toEqual([200, '']);
      const user = (await clientFor(app.server, { bearer: token! }).get('/user')).json();
      expect(user).toMatchObject({ username: `hidden-${users}`, account_name: 'people' });
    },
  );

  it.each(TRANSPORTS)('keeps its key by %s, inside or beside the data', async (transport) => {
    expect((await sso(encrypted({ transport, keyBeside: true }))).message).toBe('');
  });

  it('without a signature of the response needs algorithms that tell a stranger nothing', async () => {
    const unsigned = { signResponse: false };
    expect((await sso(encrypted({}, unsigned), 'loose')).message).toBe('');
    expect((await sso(encrypted({ transport: 'oaep-sha256' }, unsigned), 'loose')).message).toBe('');
    for (const options of [{ content: 'aes256-cbc' }, { transport: 'rsa-1_5' }, { transport: 'oaep-mixed' }] as const) {
      const { status, message } = await sso(encrypted(options, unsigned), 'loose');
      expect([status, message]).toEqual([403, expect.stringMatching(/needs a signature of the whole message/)]);
    }
  });

  it('is not believed because it is encrypted', async () => {
    const forged = { signResponse: false, signAssertion: false };
    expect((await sso(encrypted({}, forged), 'looser')).message).toMatch(/assertion is not signed/);
    expect((await sso(encrypted({}, { signAssertion: false }), 'corp')).message).toMatch(/assertion is not signed/);
    const other = createSamlIdp().identity;
    expect((await sso(encrypted({}, { ...forged, signAssertion: true, identity: other }), 'loose')).message).toMatch(
      /does not fit a key/,
    );
    // the signature of the response covers what is encrypted
    expect((await sso(encrypted({}, { signAssertion: false }), 'outer')).message).toBe('');
  });

  it('answers every damage alike', async () => {
    const flip = (at: number) => (bytes: Buffer) => {
      const copy = Buffer.from(bytes);
      copy[at < 0 ? copy.length + at : at]! ^= 1;
      return copy;
    };
    const unsigned = { signResponse: false };
    const messages = new Set<string>();
    for (const at of [0, 20, 200, -1, -17])
      messages.add((await sso(encrypted({ spoil: flip(at) }, unsigned), 'loose')).message);
    messages.add((await sso(encrypted({ spoil: (bytes) => bytes.subarray(0, 20) }, unsigned), 'loose')).message);
    const stranger = createSamlIdp().identity;
    const foreign = {
      encrypt: (xml: string) => encryptElement(xml, 'EncryptedAssertion', certificateKey(stranger.cert)),
    };
    messages.add((await sso(encrypted({}, { ...unsigned, ...foreign }), 'loose')).message);
    expect([...messages]).toEqual(['Not authorized. The message is not encrypted for a key of this server']);
  });

  it.each([
    ['a stream cipher', () => encrypted({ claim: 'http://www.w3.org/2001/04/xmlenc#arcfour' }), /not allowed/],
    ['an unknown algorithm', () => encrypted({ claim: 'urn:x' }), /not allowed/],
    [
      'no key',
      () =>
        encrypted(
          {},
          {
            encrypt: (xml) => encryptElement(xml, 'EncryptedAssertion', key).replace(/<ds:KeyInfo.*<\/ds:KeyInfo>/, ''),
          },
        ),
      /without a key/,
    ],
    [
      'a plain one beside it',
      () => encrypted({}, { encrypt: (xml) => encryptElement(xml, 'EncryptedAssertion', key) + xml }),
      /more than one assertion/,
    ],
    [
      'two of them',
      () =>
        encrypted(
          {},
          {
            encrypt: (xml) => [1, 2].map(() => encryptElement(xml, 'EncryptedAssertion', key)).join(''),
          },
        ),
      /more than one EncryptedAssertion/,
    ],
    [
      'another element inside',
      () => encrypted({}, { encrypt: () => encryptElement('<evil/>', 'EncryptedAssertion', key) }),
      /no Assertion/,
    ],
    [
      'two elements inside',
      () => encrypted({}, { encrypt: (xml) => encryptElement(xml + xml, 'EncryptedAssertion', key) }),
      /not one element/,
    ],
    [
      'a document type inside',
      () => encrypted({}, { encrypt: (xml) => encryptElement(`<!DOCTYPE a>${xml}`, 'EncryptedAssertion', key) }),
      /not well-formed|document type/,
    ],
    [
      'an end of its place inside',
      () => encrypted({}, { encrypt: (xml) => encryptElement(`${xml}</context><context>`, 'EncryptedAssertion', key) }),
      /not well-formed/,
    ],
    [
      'a comment in the name',
      () =>
        encrypted(
          {},
          {
            encrypt: (xml) => encryptElement(xml.replace('hidden-', 'hid<!-- -->den-'), 'EncryptedAssertion', key),
          },
        ),
      /comment/,
    ],
  ])('is refused with %s', async (_, make, reason) => {
    const { status, message } = await sso(make());
    expect([status, message]).toEqual([expect.toBeOneOf([400, 403]), expect.stringMatching(reason)]);
  });

  it('may itself hold an encrypted name and encrypted attributes', async () => {
    const hide = (xml: string) =>
      xml
        .replace(/<saml:NameID.*<\/saml:NameID>/, (name) =>
          encryptElement(bound(name), 'EncryptedID', key, { content: 'aes128-cbc' }),
        )
        .replace(/<saml:Attribute .*<\/saml:Attribute>/, (one) =>
          encryptElement(bound(one), 'EncryptedAttribute', key),
        );
    const { token } = await sso(encrypted({}, { assertion: hide, attributes: { team: ['a'] } }));
    expect((await clientFor(app.server, { bearer: token! }).get('/user')).json().username).toBe(`hidden-${users}`);
  });
});

describe('the keys of this server', () => {
  it('are changed in two steps, without a gap', async () => {
    const [first] = (await admin.get('/windlass/saml/keys')).json().items;
    expect(first).toMatchObject({
      uses: ['sign', 'decrypt', 'encrypt'],
      certificate: expect.stringMatching(/^-----BEGIN CERT/),
    });
    const added = await admin.post('/windlass/saml/keys');
    expect([added.statusCode, added.json().uses]).toEqual([201, ['decrypt', 'encrypt']]);
    expect((await admin.post('/windlass/saml/keys')).statusCode).toBe(409);
    const metadata = (await anyone.get('/windlass/saml/metadata/corp')).body;
    expect(metadata.match(/use="signing"/g)).toHaveLength(2);
    const former = key;
    key = publishedKey(metadata, 'encryption');
    expect(key.equals(former)).toBe(false);
    expect((await sso(encrypted())).message).toBe('');
    const old = { encrypt: (xml: string) => encryptElement(xml, 'EncryptedAssertion', former) };
    expect((await sso(encrypted({}, old))).message).toBe('');
    expect((await admin.delete(`/windlass/saml/keys/${first.id}`)).statusCode).toBe(204);
    expect((await sso(encrypted({}, old))).message).toMatch(/not encrypted for a key/);
    expect((await admin.delete(`/windlass/saml/keys/${added.json().id}`)).statusCode).toBe(409);
    expect((await admin.delete('/windlass/saml/keys/nothing')).statusCode).toBe(404);
    expect((await anyone.get('/windlass/saml/keys')).statusCode).toBe(401);
  });

  it('are stored encrypted', async () => {
    const stored = await app.platform.database.db.selectFrom('system_secret').select('ciphertext').execute();
    expect(stored.map((row) => row.ciphertext).join()).not.toMatch(/PRIVATE KEY/);
  });
});

function certificateKey(pem: string): KeyObject {
  return new X509Certificate(pem).publicKey;
}

/** A part of an assertion with the prefix that it needs elsewhere. */
function bound(xml: string): string {
  return xml.replace(/^<saml:\w+/, '$& xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"');
}

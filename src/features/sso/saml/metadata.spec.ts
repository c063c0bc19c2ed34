import { describe, expect, it } from 'vitest';
import { createSamlIdp } from '../../../../test/builders/saml-idp.ts';
import { cacheSeconds, readIdpMetadata } from './metadata.ts';
import { spMetadata } from './sp-metadata.ts';
import { parseXml } from './xml-document.ts';

const idp = createSamlIdp();
const good = idp.metadata();
const entity = good.replace('<?xml version="1.0"?>', '');
const many = (...entities: string[]): string =>
  `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${entities.join('')}</md:EntitiesDescriptor>`;

describe('identity provider metadata', () => {
  it('gives entity, address and keys', () => {
    const { entityId, ssoUrl, keys } = readIdpMetadata(good);
    expect([entityId, ssoUrl, keys.map((key) => key.asymmetricKeyType)]).toEqual([idp.entityId, idp.ssoUrl, ['rsa']]);
  });

  it.each([
    ['in a list of one', many(entity)],
    ['with comments', good.replace('<md:IDPSSODescriptor', '<!-- a note --><md:IDPSSODescriptor')],
    ['with a byte order mark and white space', `\uFEFF\n${good}\n`],
    ['with a key for everything', good.replace(' use="signing"', '')],
  ])('is read %s', (_, xml) => expect(readIdpMetadata(xml).keys).toHaveLength(1));

  it('tells until when it is good', () => {
    const xml = good.replace('entityID', 'validUntil="2030-01-01T00:00:00Z" entityID');
    expect(readIdpMetadata(xml).validUntil?.toISOString()).toBe('2030-01-01T00:00:00.000Z');
  });

  it.each([
    ['nothing', ''],
    ['an ordinary page', '<html><body/></html>'],
    ['a document type', `<!DOCTYPE a>${entity}`],
    ['several providers', many(entity, entity.replace('idp.example.org', 'other.example.org'))],
    ['no provider', many()],
    ['no key for signing', good.replace('use="signing"', 'use="encryption"')],
    ['a damaged certificate', good.replace(/Certificate>MII/, 'Certificate>XXX')],
    ['another binding', good.replace('HTTP-Redirect', 'SOAP')],
    ['an address that is none', good.replace(/Location="[^"]+"/, 'Location="javascript:alert(1)"')],
    ['no entity id', good.replace(/entityID="[^"]+"/, '')],
    ['another protocol', good.replace(':2.0:protocol"', ':1.1:protocol"')],
    ['a wrong time', good.replace('entityID', 'validUntil="soon" entityID')],
  ])('is refused with %s', (_, xml) =>
    expect(() => readIdpMetadata(xml)).toThrow(/Invalid identity provider metadata/),
  );

  it.each([
    ['PT6H', 21_600],
    ['P1DT2H3M4S', 93_784],
    ['P1Y', undefined],
  ])('says how long to keep it: %s', (text, seconds) =>
    expect(cacheSeconds(`<md:EntityDescriptor cacheDuration="${text}">`)).toBe(seconds),
  );
});

describe('service provider metadata', () => {
  it('is well-formed whatever the names are', () => {
    const xml = spMetadata({
      entityId: 'a "b" <c> & d',
      acsUrl: 'https://x/?a=1&b=2',
      logoutUrl: 'https://x/?a=1&b=2',
      wantAssertionsSigned: true,
      signsRequests: false,
      certificates: [],
    });
    expect(parseXml(xml, 10_000).getAttribute('entityID')).toBe('a "b" <c> & d');
  });
});

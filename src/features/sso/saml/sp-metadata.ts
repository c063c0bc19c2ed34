import type { X509Certificate } from 'node:crypto';
import { xmlElement, xmlText } from '#shared/xml-writer.ts';
import { XENC, XENC11 } from './key-transport.ts';
import { METADATA, POST, PROTOCOL, REDIRECT } from './metadata.ts';
import { DSIG } from './signature.ts';

/** What this server says of itself as a service provider. */
export interface ServiceProvider {
  entityId: string;
  acsUrl: string;
  logoutUrl: string;
  wantAssertionsSigned: boolean;
  signsRequests: boolean;
  /** Oldest first: all may sign, the newest is the one to encrypt for. */
  certificates: readonly X509Certificate[];
}

/** How assertions may be encrypted for us, best first. */
const ENCRYPTION = [
  `${XENC11}aes256-gcm`,
  `${XENC11}aes128-gcm`,
  `${XENC}aes256-cbc`,
  `${XENC}aes128-cbc`,
  `${XENC}rsa-oaep-mgf1p`,
];
const NAME_FORMATS = [
  'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
];

/** Metadata (SAML 2.0 Metadata §2.4.4) for the administrators of the identity provider. */
export function spMetadata(sp: ServiceProvider): string {
  const newest = sp.certificates.at(-1);
  const keys = [
    ...sp.certificates.map((certificate) => keyDescriptor('signing', certificate)),
    ...(newest ? [keyDescriptor('encryption', newest)] : []),
  ];
  const logout = [REDIRECT, POST].map((Binding) =>
    xmlElement('md:SingleLogoutService', '', { Binding, Location: sp.logoutUrl }),
  );
  const formats = NAME_FORMATS.map((format) => xmlElement('md:NameIDFormat', xmlText(format)));
  const acs = { Binding: POST, Location: sp.acsUrl, index: '0', isDefault: 'true' };
  const content = [...keys, ...logout, ...formats, xmlElement('md:AssertionConsumerService', '', acs)];
  const descriptor = xmlElement('md:SPSSODescriptor', content.join(''), {
    AuthnRequestsSigned: String(sp.signsRequests),
    WantAssertionsSigned: String(sp.wantAssertionsSigned),
    protocolSupportEnumeration: PROTOCOL,
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xmlElement('md:EntityDescriptor', descriptor, {
    'xmlns:md': METADATA,
    entityID: sp.entityId,
  })}\n`;
}

function keyDescriptor(use: 'signing' | 'encryption', certificate: X509Certificate): string {
  const data = xmlElement('ds:X509Data', xmlElement('ds:X509Certificate', certificate.raw.toString('base64')));
  const info = xmlElement('ds:KeyInfo', data, { 'xmlns:ds': DSIG });
  const methods = use === 'signing' ? [] : ENCRYPTION;
  const content = info + methods.map((Algorithm) => xmlElement('md:EncryptionMethod', '', { Algorithm })).join('');
  return xmlElement('md:KeyDescriptor', content, { use });
}

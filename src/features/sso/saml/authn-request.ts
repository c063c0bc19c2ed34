import type { KeyObject } from 'node:crypto';
import { xmlElement, xmlText } from '#shared/xml-writer.ts';
import { deflated, redirectAddress } from './redirect-binding.ts';

/** A login request, ready to be sent. */
export interface AuthnRequest {
  /** DEFLATE and base64, as the HTTP-Redirect binding carries it. */
  encoded: string;
  /** Where to send the browser. */
  url: string;
}

/** Makes a login request (SAML 2.0 Core §3.4.1) for the HTTP-Redirect binding (Bindings §3.4): signed when a key is given. */
export function authnRequest(options: {
  id: string;
  issuedAt: Date;
  entityId: string;
  acsUrl: string;
  ssoUrl: string;
  key?: KeyObject | undefined;
}): AuthnRequest {
  const content =
    xmlElement('saml:Issuer', xmlText(options.entityId), { 'xmlns:saml': 'urn:oasis:names:tc:SAML:2.0:assertion' }) +
    xmlElement('samlp:NameIDPolicy', '', { AllowCreate: 'true' });
  const xml = xmlElement('samlp:AuthnRequest', content, {
    'xmlns:samlp': 'urn:oasis:names:tc:SAML:2.0:protocol',
    ID: options.id,
    Version: '2.0',
    IssueInstant: options.issuedAt.toISOString().replace(/\.\d+Z$/, 'Z'),
    Destination: options.ssoUrl,
    AssertionConsumerServiceURL: options.acsUrl,
    ProtocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
  });
  const encoded = deflated(xml);
  const { ssoUrl: location, key } = options;
  return { encoded, url: redirectAddress({ location, field: 'SAMLRequest', message: encoded, key }) };
}

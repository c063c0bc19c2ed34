import { randomBytes, sign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import type { Identity } from './certificates.ts';
import { signElement } from './saml-idp.ts';

const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion';
const SAMLP = 'urn:oasis:names:tc:SAML:2.0:protocol';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';

/** What a test varies in a logout message. Times are seconds from now. */
export interface LogoutOptions {
  issuer: string;
  destination: string;
  nameId?: string;
  sessionIndex?: string;
  id?: string;
  issued?: number;
  notOnOrAfter?: number;
  /** Answers a request instead of being one. */
  inResponseTo?: string;
}

/** A LogoutRequest, or a LogoutResponse. */
export function logoutXml(options: LogoutOptions): string {
  const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
  const kind = options.inResponseTo === undefined ? 'LogoutRequest' : 'LogoutResponse';
  const answered = options.inResponseTo === undefined ? '' : ` InResponseTo="${options.inResponseTo}"`;
  const content =
    options.inResponseTo === undefined
      ? `<saml:NameID xmlns:saml="${SAML}">${options.nameId ?? 'jane'}</saml:NameID>` +
        (options.sessionIndex === undefined ? '' : `<samlp:SessionIndex>${options.sessionIndex}</samlp:SessionIndex>`)
      : '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>';
  return (
    `<samlp:${kind} xmlns:samlp="${SAMLP}" ID="${options.id ?? `_${randomBytes(16).toString('hex')}`}" Version="2.0"` +
    ` IssueInstant="${at(options.issued ?? 0)}" NotOnOrAfter="${at(options.notOnOrAfter ?? 120)}"${answered}` +
    ` Destination="${options.destination}"><saml:Issuer xmlns:saml="${SAML}">${options.issuer}</saml:Issuer>${content}</samlp:${kind}>`
  );
}

/** A message as an address carries it, signed unless told otherwise. */
export function logoutQuery(xml: string, identity: Identity | undefined, relayState?: string): string {
  const field = xml.includes('LogoutResponse') ? 'SAMLResponse' : 'SAMLRequest';
  const part = (name: string, value: string) => `${name}=${encodeURIComponent(value)}`;
  const signed = [
    part(field, deflateRawSync(xml).toString('base64')),
    ...(relayState === undefined ? [] : [part('RelayState', relayState)]),
    ...(identity ? [part('SigAlg', RSA_SHA256)] : []),
  ].join('&');
  if (!identity) return signed;
  return `${signed}&${part('Signature', sign('sha256', Buffer.from(signed), identity.key).toString('base64'))}`;
}

/** A message as a form carries it. */
export function logoutForm(xml: string, identity: Identity): Record<string, string> {
  const kind = xml.includes('LogoutResponse') ? 'LogoutResponse' : 'LogoutRequest';
  const signed = signElement(xml, kind, identity, 'rsa-sha256');
  return { [kind === 'LogoutRequest' ? 'SAMLRequest' : 'SAMLResponse']: Buffer.from(signed).toString('base64') };
}

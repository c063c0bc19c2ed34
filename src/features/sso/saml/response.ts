import type { KeyObject } from 'node:crypto';
import { badRequest, forbidden } from '#shared/errors.ts';
import { CLOCK_SKEW_MS, type Claims } from '../types.ts';
import { type Expected, readAssertion, type SamlPrincipal } from './assertion.ts';
import { decryptElement } from './decryption.ts';
import { DecryptionRefused } from './key-transport.ts';
import { SignatureRefused, signedContent } from './signature.ts';
import { attribute, onlyChild, parseXml, textOf, XmlRefused } from './xml-document.ts';

/** Namespaces of SAML 2.0 Core. */
export const SAMLP = 'urn:oasis:names:tc:SAML:2.0:protocol';
export const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion';
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';

/** Longest message, in characters. */
export const MESSAGE_LIMIT = 400_000;

/** What a message is checked against. */
export interface SamlCheck extends Expected {
  keys: readonly KeyObject[];
  requireSignedResponse: boolean;
  requireSignedAssertions: boolean;
  /** Whether a request with this id was made here and may still be answered. */
  isOpenRequest(id: string): boolean;
}

/** Who signed in, and the request that this answers, if any. */
export interface SamlLogin {
  claims: Claims;
  inResponseTo: string | undefined;
  /** As whom the provider knows the user, for a logout. */
  principal: SamlPrincipal | undefined;
}

/**
 * Reads a response as the HTTP-POST binding carries it (base64). Only what a signature of the provider covers is
 * believed: it is read from the canonical text that was signed. Throws 400 for what is no SAML response and 403 for
 * one that does not count; the message says why and quotes nothing of it.
 */
export function readSamlResponse(encoded: string, check: SamlCheck): SamlLogin {
  return guarded(() => readResponse(decodeMessage(encoded), check));
}

/** Reads an assertion on its own (RFC 7522): base64url. It must be signed. Same errors. */
export function readBareAssertion(encoded: string, check: SamlCheck): SamlLogin {
  return guarded(() => {
    const xml = decodeMessage(encoded);
    const root = parseXml(xml, MESSAGE_LIMIT);
    if (isElement(root, SAMLP, 'Response')) return readResponse(xml, check);
    if (!isElement(root, SAML, 'Assertion')) throw new XmlRefused('it is no SAML assertion');
    const signed = signedContent(xml, root, check.keys);
    if (signed === undefined) throw forbidden('Not authorized. The assertion is not signed');
    return readAssertion(parseXml(signed, MESSAGE_LIMIT), { ...check, statementRequired: false });
  });
}

function guarded(read: () => SamlLogin): SamlLogin {
  try {
    return read();
  } catch (error) {
    if (error instanceof XmlRefused) throw badRequest(`Invalid SAML message: ${error.message}`);
    if (error instanceof SignatureRefused || error instanceof DecryptionRefused)
      throw forbidden(`Not authorized. ${error.message}`);
    throw error;
  }
}

/** The XML of a message that a form carried (base64). Throws XmlRefused. */
export function decodeMessage(encoded: string): string {
  const text = encoded.replace(/\s+/g, '');
  if (text === '' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) throw new XmlRefused('it is not base64');
  if (text.length > MESSAGE_LIMIT * 1.4) throw new XmlRefused('it is too large');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'base64'));
  } catch {
    throw new XmlRefused('it is not UTF-8');
  }
}

function readResponse(xml: string, check: SamlCheck): SamlLogin {
  let text = xml;
  let response = parseXml(text, MESSAGE_LIMIT);
  if (!isElement(response, SAMLP, 'Response')) throw new XmlRefused('it is no SAML response');
  const signed = signedContent(text, response, check.keys);
  if (signed === undefined && check.requireSignedResponse)
    throw forbidden('Not authorized. The response is not signed');
  if (signed !== undefined) {
    text = signed;
    response = parseXml(text, MESSAGE_LIMIT);
  }
  checkResponse(response, check);
  const found = assertionOf(response, text, check, signed !== undefined);
  const content = signedContent(found.text, found.element, check.keys);
  if (content === undefined && (check.requireSignedAssertions || signed === undefined))
    throw forbidden('Not authorized. The assertion is not signed');
  const trusted = content === undefined ? found.element : parseXml(content, MESSAGE_LIMIT);
  const login = readAssertion(trusted, { ...check, statementRequired: true });
  const answered = attribute(response, 'InResponseTo');
  if (answered !== undefined && answered !== login.inResponseTo)
    throw forbidden('Not authorized. Response and assertion answer different requests');
  return login;
}

/** The one assertion, plain or encrypted, with the text that it was parsed from. */
function assertionOf(response: Element, text: string, check: SamlCheck, covered: boolean) {
  const encrypted = onlyChild(response, SAML, 'EncryptedAssertion');
  const element = onlyChild(response, SAML, 'Assertion');
  if (encrypted && element) throw new XmlRefused('it has more than one assertion');
  if (element) return { element, text };
  if (!encrypted) throw forbidden('Not authorized. The response has no assertion');
  const expected = { namespace: SAML, name: 'Assertion' };
  return decryptElement(encrypted, expected, check.decryptionKeys, { covered, limit: MESSAGE_LIMIT });
}

function checkResponse(response: Element, check: SamlCheck): void {
  if (attribute(response, 'Version') !== '2.0') throw new XmlRefused('it is not SAML 2.0');
  const issuer = onlyChild(response, SAML, 'Issuer');
  if (issuer && textOf(issuer) !== check.issuer) throw forbidden('Not authorized. The response is of another provider');
  const destination = attribute(response, 'Destination');
  if (destination && !check.recipients.includes(destination))
    throw forbidden('Not authorized. The response is meant for another address');
  const issued = Date.parse(attribute(response, 'IssueInstant') ?? '');
  if (Number.isNaN(issued)) throw new XmlRefused('it has no time of issue');
  if (issued > check.now + CLOCK_SKEW_MS) throw forbidden('Not authorized. The response is from the future');
  const status = onlyChild(response, SAMLP, 'Status');
  const code = status && onlyChild(status, SAMLP, 'StatusCode');
  if (!code || attribute(code, 'Value') !== SUCCESS)
    throw forbidden('Not authorized. The identity provider did not sign the user in');
}

function isElement(element: Element, namespace: string, name: string): boolean {
  return element.namespaceURI === namespace && element.localName === name;
}

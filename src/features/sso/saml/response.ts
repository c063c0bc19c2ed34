import type { KeyObject } from 'node:crypto';
import { badRequest, forbidden } from '#shared/errors.ts';
import { CLOCK_SKEW_MS, type Claims } from '../types.ts';
import { type Expected, readAssertion } from './assertion.ts';
import { SignatureRefused, signedContent } from './signature.ts';
import { attribute, children, onlyChild, parseXml, textOf, XmlRefused } from './xml-document.ts';

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
}

/**
 * Reads a response as the HTTP-POST binding carries it (base64). Only what a signature of the provider covers is
 * believed: it is read from the canonical text that was signed. Throws 400 for what is no SAML response and 403 for
 * one that does not count; the message says why and quotes nothing of it.
 */
export function readSamlResponse(encoded: string, check: SamlCheck): SamlLogin {
  return guarded(() => readResponse(decode(encoded), check));
}

/** Reads an assertion on its own (RFC 7522): base64url. It must be signed. Same errors. */
export function readBareAssertion(encoded: string, check: SamlCheck): SamlLogin {
  return guarded(() => {
    const xml = decode(encoded);
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
    if (error instanceof SignatureRefused) throw forbidden(`Not authorized. ${error.message}`);
    throw error;
  }
}

function decode(encoded: string): string {
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
  if (children(response, SAML, 'EncryptedAssertion').length > 0)
    throw forbidden('Not authorized. Encrypted assertions are not supported: this server publishes no key for them');
  const assertion = onlyChild(response, SAML, 'Assertion');
  if (!assertion) throw forbidden('Not authorized. The response has no assertion');
  const content = signedContent(text, assertion, check.keys);
  if (content === undefined && (check.requireSignedAssertions || signed === undefined))
    throw forbidden('Not authorized. The assertion is not signed');
  const trusted = content === undefined ? assertion : parseXml(content, MESSAGE_LIMIT);
  const login = readAssertion(trusted, { ...check, statementRequired: true });
  const answered = attribute(response, 'InResponseTo');
  if (answered !== undefined && answered !== login.inResponseTo)
    throw forbidden('Not authorized. Response and assertion answer different requests');
  return login;
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

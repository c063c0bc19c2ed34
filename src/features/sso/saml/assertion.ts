import type { KeyObject } from 'node:crypto';
import { forbidden } from '#shared/errors.ts';
import { CLOCK_SKEW_MS, type Claims } from '../types.ts';
import { decryptElement } from './decryption.ts';
import { attribute, childElements, children, onlyChild, textOf, XmlRefused } from './xml-document.ts';

const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion';
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
const TRANSIENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';
/** An assertion that could be used for longer than this is not made for a sign-in. */
const MAX_LIFETIME_MS = 24 * 3_600_000;
/** Longest decrypted part of an assertion, in characters. */
const PART_LIMIT = 100_000;

/** A name identifier (SAML 2.0 Core §2.2.3) with what tells it from equal ones. */
export interface NameId {
  value: string;
  format?: string | undefined;
  nameQualifier?: string | undefined;
  spNameQualifier?: string | undefined;
}

/** As whom a provider knows a user, and the user's session there. */
export interface SamlPrincipal {
  nameId: NameId;
  sessionIndex?: string | undefined;
}

/** What an assertion must say. */
export interface Expected {
  /** Entity id of the provider. */
  issuer: string;
  /** Our entity id. */
  audience: string;
  /** Our addresses for responses. */
  recipients: readonly string[];
  /** Milliseconds since 1970. */
  now: number;
  isOpenRequest(id: string): boolean;
  /** Our keys, for what is encrypted inside the assertion. */
  decryptionKeys: readonly KeyObject[];
}

/**
 * Reads an assertion whose signature was checked: SAML 2.0 Profiles §4.1.4.3. Throws 403 unless it is for us, now, and
 * answers a request of ours or none.
 */
export function readAssertion(
  assertion: Element,
  expected: Expected & { statementRequired: boolean },
): { claims: Claims; inResponseTo: string | undefined; principal: SamlPrincipal | undefined } {
  const { now } = expected;
  if (attribute(assertion, 'Version') !== '2.0') throw new XmlRefused('its assertion is not SAML 2.0');
  const id = attribute(assertion, 'ID');
  if (!id) throw new XmlRefused('its assertion has no ID');
  const issuer = onlyChild(assertion, SAML, 'Issuer');
  if (!issuer || textOf(issuer) !== expected.issuer) throw refused('it is of another provider');
  const conditionsEnd = checkConditions(assertion, expected);
  const subject = onlyChild(assertion, SAML, 'Subject');
  if (!subject) throw refused('it names no subject');
  const { inResponseTo, until } = confirm(subject, expected);
  const statements = children(assertion, SAML, 'AuthnStatement');
  if (expected.statementRequired && statements.length === 0) throw refused('it does not say that the user signed in');
  for (const statement of statements) {
    const end = attribute(statement, 'SessionNotOnOrAfter');
    if (end !== undefined && time(end) <= now - CLOCK_SKEW_MS) throw refused('the session at the provider has ended');
  }
  const last = Math.min(until, conditionsEnd ?? until);
  if (last > now + MAX_LIFETIME_MS) throw refused('it is valid for too long');
  const nameId = nameIdOf(subject, expected.decryptionKeys);
  const claims: Claims = {
    source: expected.issuer,
    // A transient identifier is another one next time: no name for a user.
    subject: nameId?.format === TRANSIENT ? undefined : nameId?.value,
    attributes: attributesOf(assertion, expected.decryptionKeys),
    used: [{ id: `assertion ${id}`, until: new Date(last + 2 * CLOCK_SKEW_MS) }],
  };
  const sessionIndex = statements.map((one) => attribute(one, 'SessionIndex')).find((one) => one);
  return { claims, inResponseTo, principal: nameId && { nameId, sessionIndex } };
}

/** Returns the end of the assertion, if it has one. */
function checkConditions(assertion: Element, { now, audience }: Expected): number | undefined {
  const conditions = onlyChild(assertion, SAML, 'Conditions');
  if (!conditions) throw refused('it has no conditions, so it is not made for this server');
  const from = attribute(conditions, 'NotBefore');
  if (from !== undefined && time(from) > now + CLOCK_SKEW_MS) throw refused('it is not valid yet');
  const end = attribute(conditions, 'NotOnOrAfter');
  if (end !== undefined && time(end) <= now - CLOCK_SKEW_MS) throw refused('it has expired');
  let restricted = false;
  for (const condition of childElements(conditions)) {
    const name = condition.namespaceURI === SAML ? condition.localName : undefined;
    if (name === 'AudienceRestriction') {
      restricted = true;
      if (!children(condition, SAML, 'Audience').some((one) => textOf(one) === audience))
        throw refused('it is meant for another service');
    } else if (name !== 'OneTimeUse' && name !== 'ProxyRestriction') {
      throw refused('it has a condition that is not understood');
    }
  }
  if (!restricted) throw refused('it does not say for which service it is meant');
  return end === undefined ? undefined : time(end);
}

/** One bearer confirmation must hold. */
function confirm(subject: Element, expected: Expected): { inResponseTo: string | undefined; until: number } {
  const { now } = expected;
  let reason = 'its subject is not confirmed';
  for (const confirmation of children(subject, SAML, 'SubjectConfirmation')) {
    const data = onlyChild(confirmation, SAML, 'SubjectConfirmationData');
    if (attribute(confirmation, 'Method') !== BEARER || !data) continue;
    const end = attribute(data, 'NotOnOrAfter');
    const inResponseTo = attribute(data, 'InResponseTo');
    if (!expected.recipients.includes(attribute(data, 'Recipient') ?? '')) reason = 'it is meant for another address';
    else if (end === undefined) reason = 'it does not say until when it may be used';
    else if (time(end) <= now - CLOCK_SKEW_MS) reason = 'it has expired';
    else if (attribute(data, 'NotBefore') !== undefined && time(attribute(data, 'NotBefore')!) > now + CLOCK_SKEW_MS)
      reason = 'it is not valid yet';
    else if (inResponseTo !== undefined && !expected.isOpenRequest(inResponseTo))
      reason = 'it answers a request that was not made here, or too long ago';
    else return { inResponseTo, until: time(end) };
  }
  throw refused(reason);
}

/** The name identifier in a subject or a logout request whose signature was checked; undefined without one. */
export function nameIdOf(parent: Element, keys: readonly KeyObject[]): NameId | undefined {
  const encrypted = onlyChild(parent, SAML, 'EncryptedID');
  const plain = onlyChild(parent, SAML, 'NameID');
  if (encrypted && plain) throw new XmlRefused('it names two subjects');
  const element = encrypted ? decryptPart(encrypted, 'NameID', keys) : plain;
  const value = element && textOf(element);
  if (!element || !value) return undefined;
  return {
    value,
    format: attribute(element, 'Format'),
    nameQualifier: attribute(element, 'NameQualifier'),
    spNameQualifier: attribute(element, 'SPNameQualifier'),
  };
}

/** What is inside a signed element was signed as it is: the signature covers it. */
function decryptPart(container: Element, name: string, keys: readonly KeyObject[]): Element {
  return decryptElement(container, { namespace: SAML, name }, keys, { covered: true, limit: PART_LIMIT }).element;
}

/** By name; by the name for people where no attribute has it as its name. */
function attributesOf(assertion: Element, keys: readonly KeyObject[]): Map<string, string[]> {
  const byName = new Map<string, string[]>();
  const byFriendlyName = new Map<string, string[]>();
  for (const statement of children(assertion, SAML, 'AttributeStatement')) {
    const hidden = children(statement, SAML, 'EncryptedAttribute').map((one) => decryptPart(one, 'Attribute', keys));
    for (const element of [...children(statement, SAML, 'Attribute'), ...hidden]) {
      const values = children(element, SAML, 'AttributeValue')
        .filter((value) => childElements(value).length === 0)
        .map(textOf);
      append(byName, attribute(element, 'Name'), values);
      append(byFriendlyName, attribute(element, 'FriendlyName'), values);
    }
  }
  return new Map([...byFriendlyName, ...byName]);
}

function append(map: Map<string, string[]>, key: string | undefined, values: readonly string[]): void {
  if (key) map.set(key, [...(map.get(key) ?? []), ...values]);
}

/** xs:dateTime in UTC, as SAML wants it; milliseconds since 1970. */
export function time(text: string): number {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new XmlRefused('it has a time that cannot be read');
  return at;
}

function refused(reason: string): Error {
  return forbidden(`Not authorized. The assertion does not count: ${reason}`);
}

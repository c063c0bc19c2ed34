import type { KeyObject } from 'node:crypto';
import { forbidden } from '#shared/errors.ts';
import { xmlElement, xmlText } from '#shared/xml-writer.ts';
import { CLOCK_SKEW_MS } from '../types.ts';
import { nameIdOf, type SamlPrincipal, time } from './assertion.ts';
import { SAML, SAMLP } from './response.ts';
import { attribute, children, onlyChild, textOf, XmlRefused } from './xml-document.ts';

const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';
/** A logout request is acted upon at once; an older one was kept by somebody. */
const MAX_AGE_MS = 300_000;

/** What every message of ours says. */
export interface MessageFrame {
  id: string;
  issuedAt: Date;
  issuer: string;
  destination: string;
}

/** Whom a provider wants signed out. */
export interface LogoutRequest {
  id: string;
  /** As the provider calls the user. */
  name: string;
  /** Sessions there; none: all of the user. */
  sessions: string[];
  /** The request is of no use to anybody from then on. */
  until: Date;
}

/** What a logout message must say. */
export interface LogoutCheck {
  issuer: string;
  destination: string;
  now: number;
  decryptionKeys: readonly KeyObject[];
}

/** Makes a LogoutRequest (SAML 2.0 Core §3.7.1). */
export function logoutRequest(frame: MessageFrame, { nameId, sessionIndex }: SamlPrincipal): string {
  const name = xmlElement('saml:NameID', xmlText(nameId.value), {
    'xmlns:saml': SAML,
    NameQualifier: nameId.nameQualifier,
    SPNameQualifier: nameId.spNameQualifier,
    Format: nameId.format,
  });
  const session = sessionIndex === undefined ? '' : xmlElement('samlp:SessionIndex', xmlText(sessionIndex));
  const end = new Date(frame.issuedAt.getTime() + MAX_AGE_MS);
  return message('LogoutRequest', frame, name + session, { NotOnOrAfter: instant(end) });
}

/** Makes a LogoutResponse (§3.7.2): the user has no session here any more. */
export function logoutResponse(frame: MessageFrame, inResponseTo: string): string {
  const status = xmlElement('samlp:Status', xmlElement('samlp:StatusCode', '', { Value: SUCCESS }));
  return message('LogoutResponse', frame, status, { InResponseTo: inResponseTo });
}

function message(name: string, frame: MessageFrame, content: string, attributes: Record<string, string>): string {
  const issuer = xmlElement('saml:Issuer', xmlText(frame.issuer), { 'xmlns:saml': SAML });
  return xmlElement(`samlp:${name}`, issuer + content, {
    'xmlns:samlp': SAMLP,
    ID: frame.id,
    Version: '2.0',
    IssueInstant: instant(frame.issuedAt),
    Destination: frame.destination,
    ...attributes,
  });
}

/** Reads a LogoutRequest whose signature was checked. Throws 403 unless it is of this provider, for us and of now. */
export function readLogoutRequest(root: Element, check: LogoutCheck): LogoutRequest {
  const id = checkFrame(root, check);
  const issued = time(attribute(root, 'IssueInstant') ?? '');
  const end = attribute(root, 'NotOnOrAfter');
  const until = Math.min(end === undefined ? Number.POSITIVE_INFINITY : time(end), issued + MAX_AGE_MS);
  if (issued > check.now + CLOCK_SKEW_MS) throw refused('it is from the future');
  if (until <= check.now - CLOCK_SKEW_MS) throw refused('it has expired');
  const nameId = nameIdOf(root, check.decryptionKeys);
  if (!nameId) throw refused('it names no user');
  const sessions = children(root, SAMLP, 'SessionIndex').map(textOf);
  return { id, name: nameId.value, sessions, until: new Date(until + 2 * CLOCK_SKEW_MS) };
}

/** Checks a LogoutResponse whose signature was checked. Whatever its status, there is no session here any more. Throws 403. */
export function checkLogoutResponse(root: Element, check: LogoutCheck): void {
  checkFrame(root, check);
}

function checkFrame(root: Element, check: LogoutCheck): string {
  if (attribute(root, 'Version') !== '2.0') throw new XmlRefused('it is not SAML 2.0');
  const id = attribute(root, 'ID');
  if (!id) throw new XmlRefused('it has no ID');
  const issuer = onlyChild(root, SAML, 'Issuer');
  if (!issuer || textOf(issuer) !== check.issuer) throw refused('it is of another provider');
  // A signed message must say where it goes (Bindings §3.4.5.2, §3.5.5.2): else it could be sent on to another service.
  if (attribute(root, 'Destination') !== check.destination) throw refused('it is meant for another address');
  return id;
}

function instant(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z');
}

function refused(reason: string): Error {
  return forbidden(`Not authorized. The logout message does not count: ${reason}`);
}

import { type KeyObject, X509Certificate } from 'node:crypto';
import { badRequest } from '#shared/errors.ts';
import { DSIG } from './signature.ts';
import { allElements, attribute, children, parseXml, textOf, XmlRefused } from './xml-document.ts';

/** Namespace of SAML 2.0 Metadata, and names of the protocol and of bindings. */
export const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata';
export const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
export const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';
export const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
const MIN_RSA_BITS = 2048;

/** Longest metadata document, in characters: one provider, not a federation. */
export const METADATA_LIMIT = 2_000_000;

/** What an identity provider says of itself. */
export interface IdpMetadata {
  entityId: string;
  /** Where a browser takes the login request (HTTP-Redirect binding). */
  ssoUrl: string;
  /** Whether it takes login requests only with a signature. */
  wantsSignedRequests: boolean;
  /** Where it takes logout messages; undefined when it knows no single logout. */
  logout: LogoutService | undefined;
  /** Keys that it signs with. Certificates only carry them: their dates and issuers mean nothing in SAML. */
  keys: KeyObject[];
  /** After this moment the document is no longer to be used. */
  validUntil?: Date;
}

/** Where a provider takes logout messages, and answers to those of its own. */
export interface LogoutService {
  binding: 'redirect' | 'post';
  location: string;
  responseLocation: string;
}

/** Reads metadata (SAML 2.0 Metadata §2.4) of one identity provider. Throws 400 with the reason. */
export function readIdpMetadata(xml: string): IdpMetadata {
  try {
    // An editor's note in a metadata file is no danger: its keys are trusted as the administrator gave them.
    return read(
      parseXml(
        xml
          .replace(/^\uFEFF/, '')
          .replace(/<!--[\s\S]*?-->/g, '')
          .trim(),
        METADATA_LIMIT,
      ),
    );
  } catch (error) {
    if (error instanceof XmlRefused) throw badRequest(`Invalid identity provider metadata: ${error.message}`);
    throw error;
  }
}

function read(root: Element): IdpMetadata {
  const entity = entityOf(root);
  const entityId = attribute(entity, 'entityID')?.trim();
  if (!entityId || entityId.length > 1024) throw new XmlRefused('it has no usable entityID');
  const idp = children(entity, METADATA, 'IDPSSODescriptor').find((one) =>
    (attribute(one, 'protocolSupportEnumeration') ?? '').split(/\s+/).includes(PROTOCOL),
  );
  if (!idp) throw new XmlRefused('it describes no identity provider of SAML 2.0');
  const service = children(idp, METADATA, 'SingleSignOnService').find((one) => attribute(one, 'Binding') === REDIRECT);
  const ssoUrl = service && attribute(service, 'Location')?.trim();
  if (!ssoUrl || !isAddress(ssoUrl)) throw new XmlRefused('it names no sign-on service with the HTTP-Redirect binding');
  const until = attribute(entity, 'validUntil') ?? attribute(root, 'validUntil');
  const validUntil = until === undefined ? undefined : new Date(until);
  if (validUntil && Number.isNaN(validUntil.getTime())) throw new XmlRefused('its validUntil is no time');
  return {
    entityId,
    ssoUrl,
    wantsSignedRequests: /^(true|1)$/.test(attribute(idp, 'WantAuthnRequestsSigned')?.trim() ?? ''),
    logout: logoutService(idp),
    keys: signingKeys(idp),
    ...(validUntil ? { validUntil } : {}),
  };
}

/** Redirects go before posted forms: they need no page of ours on the way. */
function logoutService(idp: Element): LogoutService | undefined {
  const services = children(idp, METADATA, 'SingleLogoutService');
  for (const [binding, name] of [
    ['redirect', REDIRECT],
    ['post', POST],
  ] as const) {
    for (const service of services.filter((one) => attribute(one, 'Binding') === name)) {
      const location = attribute(service, 'Location')?.trim() ?? '';
      const responseLocation = attribute(service, 'ResponseLocation')?.trim() || location;
      if (isAddress(location) && isAddress(responseLocation)) return { binding, location, responseLocation };
    }
  }
  return undefined;
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function entityOf(root: Element): Element {
  if (root.namespaceURI !== METADATA) throw new XmlRefused('it is not SAML 2.0 metadata');
  if (root.localName === 'EntityDescriptor') return root;
  const entities = allElements(root).filter(
    (one) =>
      one.namespaceURI === METADATA &&
      one.localName === 'EntityDescriptor' &&
      children(one, METADATA, 'IDPSSODescriptor').length > 0,
  );
  const [entity] = entities;
  if (!entity || entities.length > 1) throw new XmlRefused('it must describe one identity provider');
  return entity;
}

function signingKeys(idp: Element): KeyObject[] {
  const keys = children(idp, METADATA, 'KeyDescriptor')
    .filter((one) => (attribute(one, 'use') ?? 'signing') === 'signing')
    .flatMap((one) => children(one, DSIG, 'KeyInfo'))
    .flatMap((one) => children(one, DSIG, 'X509Data'))
    .flatMap((one) => children(one, DSIG, 'X509Certificate'))
    .map((one) => keyOf(textOf(one)));
  if (keys.length === 0) throw new XmlRefused('it has no certificate for signing');
  return keys;
}

function keyOf(base64: string): KeyObject {
  let key: KeyObject;
  try {
    key = new X509Certificate(Buffer.from(base64.replace(/\s+/g, ''), 'base64')).publicKey;
  } catch {
    throw new XmlRefused('a certificate cannot be read');
  }
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < MIN_RSA_BITS) throw new XmlRefused(`a key has only ${bits} bits`);
  return key;
}

/** How long the publisher wants the document to be kept, in seconds; undefined when it does not say (xs:duration). */
export function cacheSeconds(xml: string): number | undefined {
  const root = xml.slice(0, 4096);
  const match =
    /cacheDuration\s*=\s*["']P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?["']/.exec(
      root,
    );
  if (!match) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

import { createPrivateKey, createSign, randomBytes } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { createAuthority, type Identity } from './certificates.ts';

/** What a test varies in a response. Times are seconds from now. */
export interface ResponseOptions {
  acsUrl: string;
  audience: string;
  inResponseTo?: string | undefined;
  nameId?: string;
  nameIdFormat?: string;
  attributes?: Record<string, string[]>;
  issuer?: string;
  now?: number;
  notBefore?: number;
  notOnOrAfter?: number;
  recipient?: string;
  destination?: string;
  status?: string;
  assertionId?: string;
  responseId?: string;
  signAssertion?: boolean;
  signResponse?: boolean;
  /** Signs with another key than the one in the metadata. */
  identity?: Identity;
  algorithm?: 'rsa-sha256' | 'rsa-sha1' | 'rsa-sha512' | 'ecdsa-sha256';
  /** Put into the assertion after its subject. */
  extra?: string;
  conditions?: string;
  statement?: string;
  /** Changes the assertion before it is signed. */
  assertion?: (xml: string) => string;
  /** Changes the assertion after it was signed, and before the response is: encrypts it. */
  encrypt?: (xml: string) => string;
}

/** An identity provider that signs real messages. */
export interface SamlIdp {
  entityId: string;
  ssoUrl: string;
  identity: Identity;
  metadata(identity?: Identity): string;
  /** A response as XML. */
  xml(options: ResponseOptions): string;
  /** A response as a browser posts it. */
  respond(options: ResponseOptions): string;
  /** A signed assertion alone. */
  assertion(options: ResponseOptions): string;
}

const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion';
const SAMLP = 'urn:oasis:names:tc:SAML:2.0:protocol';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';

/** What a provider says of itself beyond its name and key. */
export interface SamlIdpOptions {
  entityId?: string;
  ssoUrl?: string;
  keyType?: 'rsa' | 'ec';
  wantsSignedRequests?: boolean;
  /** Where it takes logout messages, and how. */
  logout?: { url: string; binding: 'HTTP-Redirect' | 'HTTP-POST' };
}

/** Makes a provider with a key of its own. */
export function createSamlIdp(options: SamlIdpOptions = {}): SamlIdp {
  const entityId = options.entityId ?? 'https://idp.example.org/metadata';
  const ssoUrl = options.ssoUrl ?? 'https://idp.example.org/sso';
  const keyType = options.keyType ?? 'rsa';
  const identity = createAuthority().issue(['idp.example.org'], { keyType });

  function signed(xml: string, element: 'Assertion' | 'Response', given: ResponseOptions): string {
    const algorithm = given.algorithm ?? (keyType === 'ec' ? 'ecdsa-sha256' : 'rsa-sha256');
    return signElement(xml, element, given.identity ?? identity, algorithm);
  }

  function assertion(given: ResponseOptions): string {
    const xml = (given.assertion ?? ((text: string) => text))(assertionXml(given, given.issuer ?? entityId));
    return given.signAssertion === false ? xml : signed(xml, 'Assertion', given);
  }

  function xml(given: ResponseOptions): string {
    const id = given.responseId ?? newId();
    const answered = given.inResponseTo === undefined ? '' : ` InResponseTo="${given.inResponseTo}"`;
    const response =
      `<samlp:Response xmlns:samlp="${SAMLP}" ID="${id}" Version="2.0" IssueInstant="${instant(given, 0)}"` +
      ` Destination="${given.destination ?? given.acsUrl}"${answered}>` +
      `<saml:Issuer xmlns:saml="${SAML}">${given.issuer ?? entityId}</saml:Issuer>` +
      `<samlp:Status><samlp:StatusCode Value="${given.status ?? 'urn:oasis:names:tc:SAML:2.0:status:Success'}"/></samlp:Status>` +
      `${(given.encrypt ?? ((text: string) => text))(assertion(given))}</samlp:Response>`;
    return given.signResponse === false ? response : signed(response, 'Response', given);
  }

  return {
    entityId,
    ssoUrl,
    identity,
    metadata: (other = identity) => metadataXml(entityId, ssoUrl, other, options),
    xml,
    respond: (given) => Buffer.from(xml(given)).toString('base64'),
    assertion: (given) => Buffer.from(assertion(given)).toString('base64url'),
  };
}

function metadataXml(entityId: string, ssoUrl: string, identity: Identity, options: SamlIdpOptions): string {
  const certificate = identity.cert.replace(/-----[^-]+-----|\s+/g, '');
  return (
    `<?xml version="1.0"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}">` +
    `<md:IDPSSODescriptor ${options.wantsSignedRequests ? 'WantAuthnRequestsSigned="true" ' : ''}` +
    `protocolSupportEnumeration="${SAMLP}"><md:KeyDescriptor use="signing">` +
    `<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${certificate}` +
    '</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>' +
    (options.logout
      ? `<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${options.logout.binding}" Location="${options.logout.url}"/>`
      : '') +
    '<md:SingleSignOnService ' +
    `Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${ssoUrl}"/></md:IDPSSODescriptor></md:EntityDescriptor>`
  );
}

function assertionXml(given: ResponseOptions, issuer: string): string {
  const end = instant(given, given.notOnOrAfter ?? 300);
  const answered = given.inResponseTo === undefined ? '' : ` InResponseTo="${given.inResponseTo}"`;
  const attributes = Object.entries(given.attributes ?? {})
    .map(
      ([name, values]) =>
        `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`,
    )
    .join('');
  const format = given.nameIdFormat ?? 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified';
  return (
    `<saml:Assertion xmlns:saml="${SAML}" ID="${given.assertionId ?? newId()}" Version="2.0" IssueInstant="${instant(given, 0)}">` +
    `<saml:Issuer>${issuer}</saml:Issuer>` +
    `<saml:Subject><saml:NameID Format="${format}">${given.nameId ?? 'jane'}</saml:NameID>` +
    '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">' +
    `<saml:SubjectConfirmationData NotOnOrAfter="${end}" Recipient="${given.recipient ?? given.acsUrl}"${answered}/>` +
    '</saml:SubjectConfirmation></saml:Subject>' +
    (given.extra ?? '') +
    (given.conditions ??
      `<saml:Conditions NotBefore="${instant(given, given.notBefore ?? -10)}" NotOnOrAfter="${end}">` +
        `<saml:AudienceRestriction><saml:Audience>${given.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`) +
    (given.statement ??
      `<saml:AuthnStatement AuthnInstant="${instant(given, -5)}" SessionIndex="s1"><saml:AuthnContext>` +
        '<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>' +
        '</saml:AuthnContext></saml:AuthnStatement>') +
    (attributes ? `<saml:AttributeStatement>${attributes}</saml:AttributeStatement>` : '') +
    '</saml:Assertion>'
  );
}

/** Puts an enveloped signature behind the issuer of the outermost element of a name. */
export function signElement(xml: string, element: string, identity: Identity, algorithm: string): string {
  const signer = new SignedXml({
    privateKey: identity.key,
    publicCert: identity.cert,
    canonicalizationAlgorithm: EXCLUSIVE,
    signatureAlgorithm: algorithm === 'rsa-sha1' ? 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' : `${MORE}${algorithm}`,
  });
  signer.SignatureAlgorithms[`${MORE}ecdsa-sha256`] = ecdsa();
  const xpath = `//*[local-name(.)='${element}'][1]`;
  signer.addReference({
    xpath,
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', EXCLUSIVE],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  });
  signer.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' },
  });
  return signer.getSignedXml();
}

function ecdsa(): SignedXml['SignatureAlgorithms'][string] {
  return class {
    getAlgorithmName = () => `${MORE}ecdsa-sha256`;
    getSignature(text: string, key: string): string {
      const signer = createSign('sha256').update(text);
      return signer.sign({ key: createPrivateKey(key), dsaEncoding: 'ieee-p1363' }, 'base64');
    }
    verifySignature(): boolean {
      throw new Error('this side only signs');
    }
  } as unknown as SignedXml['SignatureAlgorithms'][string];
}

function instant(given: ResponseOptions, seconds: number): string {
  return new Date((given.now ?? Date.now()) + seconds * 1000).toISOString();
}

function newId(): string {
  return `_${randomBytes(16).toString('hex')}`;
}

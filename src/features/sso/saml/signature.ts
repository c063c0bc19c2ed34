import { constants, type KeyObject, verify } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { allElements, attribute, childElements, children, onlyChild, XmlRefused } from './xml-document.ts';

/** Namespace of XML Signature (W3C XMLDSig Core). */
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ENVELOPED = `${DSIG}enveloped-signature`;
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const DIGESTS = ['http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmlenc#sha512'];

interface Algorithm {
  keyType: 'rsa' | 'ec';
  hash: string;
  pss?: true;
}

/** Signature algorithms of RFC 9231 that are taken. None of them uses SHA-1 or a shared secret. */
const ALGORITHMS: Record<string, Algorithm> = {
  [`${MORE}rsa-sha256`]: { keyType: 'rsa', hash: 'sha256' },
  [`${MORE}rsa-sha384`]: { keyType: 'rsa', hash: 'sha384' },
  [`${MORE}rsa-sha512`]: { keyType: 'rsa', hash: 'sha512' },
  [`${MORE}ecdsa-sha256`]: { keyType: 'ec', hash: 'sha256' },
  [`${MORE}ecdsa-sha384`]: { keyType: 'ec', hash: 'sha384' },
  [`${MORE}ecdsa-sha512`]: { keyType: 'ec', hash: 'sha512' },
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1': { keyType: 'rsa', hash: 'sha256', pss: true },
};

/** A signature is there, but it is not one that counts. */
export class SignatureRefused extends Error {
  override readonly name = 'SignatureRefused';
}

/**
 * Checks the enveloped signature of an element and returns the bytes that it covers: the element as canonical XML,
 * without the signature. Only this text may be read afterwards. Undefined when the element is not signed. `xml` is the
 * text that `element` was parsed from. Throws SignatureRefused for a signature that covers anything else, uses another
 * algorithm than those allowed, or fits none of the keys.
 */
export function signedContent(xml: string, element: Element, keys: readonly KeyObject[]): string | undefined {
  const signature = onlyChild(element, DSIG, 'Signature');
  if (!signature) return undefined;
  const algorithm = checkShape(signature, element);
  const fitting = keys.filter((key) => key.asymmetricKeyType === algorithm.keyType || isPss(key, algorithm));
  for (const key of fitting) {
    const content = verified(xml, signature, key);
    if (content !== undefined) return content;
  }
  throw new SignatureRefused('The signature does not fit a key of the identity provider');
}

/** The signature must cover the element around it, whole, and nothing else. */
function checkShape(signature: Element, element: Element): Algorithm {
  const refuse = (reason: string): never => {
    throw new SignatureRefused(`The signature is not accepted: ${reason}`);
  };
  const allowed = ['SignedInfo', 'SignatureValue', 'KeyInfo'];
  const parts = childElements(signature);
  if (parts.some((part) => part.namespaceURI !== DSIG || !allowed.includes(part.localName)))
    refuse('it holds other things than SAML allows');
  const info = onlyChild(signature, DSIG, 'SignedInfo') ?? refuse('it covers nothing');
  if (!onlyChild(signature, DSIG, 'SignatureValue')) refuse('it has no value');
  if (algorithmOf(info, 'CanonicalizationMethod') !== EXCLUSIVE)
    refuse('the canonicalization is not the exclusive one');
  const references = children(info, DSIG, 'Reference');
  const [reference] = references;
  if (!reference || references.length !== 1) return refuse('it must have one reference');
  const id = attribute(element, 'ID');
  if (!id || attribute(reference, 'URI') !== `#${id}`) refuse('it does not refer to the element around it');
  checkIdIsUnique(element, id ?? '');
  if (!DIGESTS.includes(algorithmOf(reference, 'DigestMethod') ?? '')) refuse('the digest algorithm is not allowed');
  const transforms = onlyChild(reference, DSIG, 'Transforms');
  const names = transforms ? children(transforms, DSIG, 'Transform').map((one) => attribute(one, 'Algorithm')) : [];
  if (names.length !== 2 || names[0] !== ENVELOPED || names[1] !== EXCLUSIVE)
    refuse('its transforms are not those of SAML');
  return ALGORITHMS[algorithmOf(info, 'SignatureMethod') ?? ''] ?? refuse('the algorithm is not allowed');
}

function algorithmOf(parent: Element, name: string): string | undefined {
  const element = onlyChild(parent, DSIG, name);
  return element && attribute(element, 'Algorithm');
}

/** Two elements with one ID are the start of every signature wrapping. */
function checkIdIsUnique(element: Element, id: string): void {
  const root = element.ownerDocument.documentElement;
  const holders = allElements(root).filter((one) =>
    Array.from(one.attributes).some(({ localName, value }) => /^(xml:)?id$/i.test(localName) && value === id),
  );
  if (holders.length !== 1) throw new SignatureRefused('The signature is not accepted: the ID occurs more than once');
}

/** The library canonicalises, digests and compares; key and algorithms are ours, and the key in the message is not read. */
function verified(xml: string, signature: Element, key: KeyObject): string | undefined {
  const signed = new SignedXml({ publicCert: key, getCertFromKeyInfo: () => null });
  signed.SignatureAlgorithms = Object.fromEntries(
    Object.entries(ALGORITHMS).map(([name, algorithm]) => [name, verifierOf(name, algorithm)]),
  );
  try {
    signed.loadSignature(signature);
    if (!signed.checkSignature(xml)) return undefined;
  } catch {
    // The library throws for a wrong value, and for what it cannot read; both are no proof.
    return undefined;
  }
  const contents = signed.getSignedReferences();
  if (contents.length !== 1 || contents[0] === undefined) throw new XmlRefused('it has no single signed part');
  return contents[0];
}

function verifierOf(name: string, { hash, keyType, pss }: Algorithm): SignedXml['SignatureAlgorithms'][string] {
  return class {
    getAlgorithmName(): string {
      return name;
    }
    getSignature(): string {
      throw new Error('this side only verifies');
    }
    verifySignature(material: string, key: unknown, value: string): boolean {
      const bytes = Buffer.from(value.replace(/\s+/g, ''), 'base64');
      const publicKey = key as KeyObject;
      if (keyType === 'ec')
        return verify(hash, Buffer.from(material), { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes);
      if (!pss) return verify(hash, Buffer.from(material), publicKey, bytes);
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      return verify(
        hash,
        Buffer.from(material),
        { key: publicKey, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
        bytes,
      );
    }
  } as unknown as SignedXml['SignatureAlgorithms'][string];
}

function isPss(key: KeyObject, { pss }: Algorithm): boolean {
  return pss === true && key.asymmetricKeyType === 'rsa-pss';
}

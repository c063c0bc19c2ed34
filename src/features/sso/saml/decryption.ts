import { createDecipheriv, type KeyObject } from 'node:crypto';
import { xmlText } from '#shared/xml-writer.ts';
import {
  DecryptionRefused,
  encryptionMethod,
  transportOf,
  unprotected,
  unwrap,
  XENC,
  XENC11,
} from './key-transport.ts';
import { DSIG } from './signature.ts';
import { attribute, childElements, children, onlyChild, parseXml, textOf, XmlRefused } from './xml-document.ts';

const ELEMENT = `${XENC}Element`;
/** For one reader: more copies of the key than this are not looked at. */
const MOST_KEYS = 4;

interface Cipher {
  name: 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm' | 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc' | 'des-ede3-cbc';
  keyBytes: number;
  blockBytes: number;
  /** The text cannot be changed unnoticed. */
  authenticated: boolean;
}

/** Content algorithms of XML Encryption 1.1 §5.2. Some providers know nothing newer than triple DES. */
const CIPHERS: Record<string, Cipher> = {
  [`${XENC11}aes128-gcm`]: { name: 'aes-128-gcm', keyBytes: 16, blockBytes: 16, authenticated: true },
  [`${XENC11}aes192-gcm`]: { name: 'aes-192-gcm', keyBytes: 24, blockBytes: 16, authenticated: true },
  [`${XENC11}aes256-gcm`]: { name: 'aes-256-gcm', keyBytes: 32, blockBytes: 16, authenticated: true },
  [`${XENC}aes128-cbc`]: { name: 'aes-128-cbc', keyBytes: 16, blockBytes: 16, authenticated: false },
  [`${XENC}aes192-cbc`]: { name: 'aes-192-cbc', keyBytes: 24, blockBytes: 16, authenticated: false },
  [`${XENC}aes256-cbc`]: { name: 'aes-256-cbc', keyBytes: 32, blockBytes: 16, authenticated: false },
  [`${XENC}tripledes-cbc`]: { name: 'des-ede3-cbc', keyBytes: 24, blockBytes: 8, authenticated: false },
};

/** An element that was encrypted. */
export interface Decrypted {
  element: Element;
  /** The text that it was parsed from: the element inside another one that binds the prefixes of its place. */
  text: string;
}

/**
 * Decrypts the element in an EncryptedAssertion, EncryptedID or EncryptedAttribute (SAML 2.0 Core §2.2.4, XML
 * Encryption 1.1). Nothing here says who wrote it: the caller needs a signature. `covered` tells that a signature over
 * the encrypted text was checked before. Without one anybody may send changed texts and learn from the answers, so
 * then only algorithms are taken with which there is nothing to learn: AES-GCM with RSA-OAEP.
 * Throws DecryptionRefused, XmlRefused.
 */
export function decryptElement(
  container: Element,
  expected: { namespace: string; name: string },
  keys: readonly KeyObject[],
  options: { covered: boolean; limit: number },
): Decrypted {
  const data = onlyChild(container, XENC, 'EncryptedData');
  if (!data) throw new XmlRefused(`its ${container.localName} holds nothing encrypted`);
  const type = attribute(data, 'Type');
  if (type !== undefined && type !== ELEMENT) throw new XmlRefused('what is encrypted is not an element');
  const cipher = CIPHERS[encryptionMethod(data)];
  if (!cipher) throw new DecryptionRefused('The encryption is not accepted: its algorithm is not allowed');
  if (!cipher.authenticated && !options.covered) throw unprotected('CBC');
  const encrypted = bytesOf(data);
  const plain = unwrapAny(encryptedKeys(container, data), keys, cipher, encrypted, options.covered);
  return elementOf(plain, data, expected, options.limit);
}

function bytesOf(parent: Element): Buffer {
  const data = onlyChild(parent, XENC, 'CipherData');
  const value = data && onlyChild(data, XENC, 'CipherValue');
  if (!value) throw new XmlRefused('its encrypted data is not in the message');
  const text = textOf(value).replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new XmlRefused('its encrypted data is not base64');
  return Buffer.from(text, 'base64');
}

/** The copies of the content key: inside the data, or beside it (SAML 2.0 Errata E43). */
function encryptedKeys(container: Element, data: Element): Element[] {
  const info = onlyChild(data, DSIG, 'KeyInfo');
  const found = [...(info ? children(info, XENC, 'EncryptedKey') : []), ...children(container, XENC, 'EncryptedKey')];
  if (found.length === 0) throw new XmlRefused('its encrypted data comes without a key');
  if (found.length > MOST_KEYS) throw new XmlRefused('its encrypted data has too many keys');
  return found;
}

/** Tries every copy with every key of ours. What goes wrong on the way is not told apart. */
function unwrapAny(
  wrapped: readonly Element[],
  keys: readonly KeyObject[],
  cipher: Cipher,
  encrypted: Buffer,
  covered: boolean,
): Buffer {
  const transports = wrapped.map((element) => ({ transport: transportOf(element, covered), bytes: bytesOf(element) }));
  for (const { transport, bytes } of transports) {
    for (const key of keys) {
      const plain = openContent(cipher, unwrap(key, transport, bytes, cipher.keyBytes), encrypted);
      if (plain) return plain;
    }
  }
  throw new DecryptionRefused('The message is not encrypted for a key of this server');
}

/** Undefined when key and text do not fit. */
function openContent({ name, keyBytes, blockBytes }: Cipher, key: Buffer, encrypted: Buffer): Buffer | undefined {
  if (key.length !== keyBytes) return undefined;
  try {
    if (name.endsWith('gcm')) {
      const decipher = createDecipheriv(name as 'aes-256-gcm', key, encrypted.subarray(0, 12), { authTagLength: 16 });
      decipher.setAuthTag(encrypted.subarray(-16));
      return Buffer.concat([decipher.update(encrypted.subarray(12, -16)), decipher.final()]);
    }
    // The padding of XML Encryption §5.2 says in its last byte how long it is; the other bytes may be anything.
    const decipher = createDecipheriv(name, key, encrypted.subarray(0, blockBytes)).setAutoPadding(false);
    const padded = Buffer.concat([decipher.update(encrypted.subarray(blockBytes)), decipher.final()]);
    const padding = padded.at(-1) ?? 0;
    return padding >= 1 && padding <= Math.min(blockBytes, padded.length) ? padded.subarray(0, -padding) : undefined;
  } catch {
    return undefined;
  }
}

/** Parses what was encrypted at its place: prefixes may be bound further out. */
function elementOf(
  plain: Buffer,
  place: Element,
  expected: { namespace: string; name: string },
  limit: number,
): Decrypted {
  let inner: string;
  try {
    inner = new TextDecoder('utf-8', { fatal: true }).decode(plain).replace(/^<\?xml [^>]*\?>/, '');
  } catch {
    throw new DecryptionRefused('The message is not encrypted for a key of this server');
  }
  const text = `<context${bindings(place)}>${inner}</context>`;
  const root = parseXml(text, limit);
  const [element, ...others] = childElements(root);
  const rest = Array.from(root.childNodes).some((node) => node.nodeType !== 1 && (node.nodeValue ?? '').trim() !== '');
  if (!element || others.length > 0 || rest) throw new XmlRefused('what was encrypted is not one element');
  if (element.namespaceURI !== expected.namespace || element.localName !== expected.name)
    throw new XmlRefused(`what was encrypted is no ${expected.name}`);
  return { element, text };
}

/** Declarations of the namespaces that are bound at an element. */
function bindings(place: Element): string {
  const bound = new Map<string, string>();
  for (let at: Node | null = place; at?.nodeType === 1; at = at.parentNode) {
    for (const { name, value } of Array.from((at as Element).attributes)) {
      if ((name === 'xmlns' || name.startsWith('xmlns:')) && !bound.has(name)) bound.set(name, value);
    }
  }
  return [...bound].map(([name, value]) => ` ${name}="${xmlText(value)}"`).join('');
}

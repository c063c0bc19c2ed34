import { type KeyObject, sign, verify } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { SignatureRefused } from './signature.ts';
import { XmlRefused } from './xml-document.ts';

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const RSA_SHA256 = `${MORE}rsa-sha256`;

/** Signature algorithms that are taken in an address: none with SHA-1. */
const ALGORITHMS: Record<string, { hash: string; keyType: 'rsa' | 'ec' }> = {
  [RSA_SHA256]: { hash: 'sha256', keyType: 'rsa' },
  [`${MORE}rsa-sha384`]: { hash: 'sha384', keyType: 'rsa' },
  [`${MORE}rsa-sha512`]: { hash: 'sha512', keyType: 'rsa' },
  [`${MORE}ecdsa-sha256`]: { hash: 'sha256', keyType: 'ec' },
  [`${MORE}ecdsa-sha384`]: { hash: 'sha384', keyType: 'ec' },
  [`${MORE}ecdsa-sha512`]: { hash: 'sha512', keyType: 'ec' },
};

/** The query field of a message. */
export type MessageField = 'SAMLRequest' | 'SAMLResponse';

/** A message as an address carries it (HTTP-Redirect binding, SAML 2.0 Bindings §3.4): DEFLATE and base64. */
export function deflated(xml: string): string {
  return deflateRawSync(xml).toString('base64');
}

/** An address that takes a message along; signed when a key (RSA) is given. */
export function redirectAddress(options: {
  location: string;
  field: MessageField;
  message: string;
  relayState?: string | undefined;
  key?: KeyObject | undefined;
}): string {
  const { location, field, message, relayState, key } = options;
  const fields = new URLSearchParams({ [field]: message });
  if (relayState !== undefined) fields.set('RelayState', relayState);
  if (key) fields.set('SigAlg', RSA_SHA256);
  const signed = fields.toString();
  const signature = key && sign('sha256', Buffer.from(signed), key).toString('base64');
  const url = new URL(location);
  // What the address had before stays in front; the signature is over the fields of the binding alone.
  const before = url.search.replace(/^\?/, '');
  const last = signature === undefined ? '' : `&${new URLSearchParams({ Signature: signature })}`;
  url.search = `${before}${before === '' ? '' : '&'}${signed}${last}`;
  return url.href;
}

/**
 * Reads a message from the query of an address and checks its signature (Bindings §3.4.4.1), which is over the fields
 * as they were encoded. Throws SignatureRefused, and XmlRefused for what is no message.
 */
export function readRedirect(query: string, keys: readonly KeyObject[], limit: number): RedirectMessage {
  const fields = new Map<string, string>();
  for (const part of query.split('&')) {
    const [name = ''] = part.split('=', 1);
    if (fields.has(name)) throw new XmlRefused('it comes twice');
    fields.set(name, part);
  }
  const value = (name: string): string | undefined => {
    const part = fields.get(name);
    return part === undefined ? undefined : (new URLSearchParams(part).get(name) ?? undefined);
  };
  const field: MessageField = fields.has('SAMLRequest') ? 'SAMLRequest' : 'SAMLResponse';
  const message = value(field);
  if (!message) throw new XmlRefused('it is missing');
  if (value('SAMLEncoding') !== undefined) throw new XmlRefused('its encoding is not known');
  const signature = value('Signature');
  const algorithm = ALGORITHMS[value('SigAlg') ?? ''];
  if (signature === undefined) throw new SignatureRefused('The message is not signed');
  if (!algorithm) throw new SignatureRefused('The signature is not accepted: the algorithm is not allowed');
  const signed = [field, 'RelayState', 'SigAlg'].flatMap((name) => fields.get(name) ?? []).join('&');
  const bytes = Buffer.from(signature, 'base64');
  const fits = keys.some(
    (key) => key.asymmetricKeyType === algorithm.keyType && verifies(algorithm.hash, signed, key, bytes),
  );
  if (!fits) throw new SignatureRefused('The signature does not fit a key of the identity provider');
  return { field, xml: inflated(message, limit), relayState: value('RelayState') };
}

/** A message that an address carried. */
export interface RedirectMessage {
  field: MessageField;
  xml: string;
  relayState: string | undefined;
}

/** ECDSA signatures are two numbers side by side in XML; senders of addresses also use the DER form. */
function verifies(hash: string, signed: string, key: KeyObject, signature: Buffer): boolean {
  const data = Buffer.from(signed);
  if (key.asymmetricKeyType === 'rsa') return verify(hash, data, key, signature);
  return (['ieee-p1363', 'der'] as const).some((dsaEncoding) => verify(hash, data, { key, dsaEncoding }, signature));
}

function inflated(message: string, limit: number): string {
  try {
    const bytes = inflateRawSync(Buffer.from(message, 'base64'), { maxOutputLength: limit });
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new XmlRefused('it cannot be unpacked');
  }
}

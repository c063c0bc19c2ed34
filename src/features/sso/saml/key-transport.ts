import { constants, createHash, type KeyObject, privateDecrypt, randomBytes } from 'node:crypto';
import { DSIG } from './signature.ts';
import { attribute, onlyChild, textOf } from './xml-document.ts';

/** Namespaces of XML Encryption. */
export const XENC = 'http://www.w3.org/2001/04/xmlenc#';
export const XENC11 = 'http://www.w3.org/2009/xmlenc11#';

const HASHES: Record<string, string> = {
  [`${DSIG}sha1`]: 'sha1',
  [`${XENC}sha256`]: 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'sha384',
  [`${XENC}sha512`]: 'sha512',
};
const MASKS: Record<string, string> = {
  [`${XENC11}mgf1sha1`]: 'sha1',
  [`${XENC11}mgf1sha256`]: 'sha256',
  [`${XENC11}mgf1sha384`]: 'sha384',
  [`${XENC11}mgf1sha512`]: 'sha512',
};

/** Something is encrypted that is not to be, or cannot be, decrypted. */
export class DecryptionRefused extends Error {
  override readonly name = 'DecryptionRefused';
}

/** Something that is only taken under a signature. */
export function unprotected(algorithm: string): Error {
  return new DecryptionRefused(
    `The encryption is not accepted: ${algorithm} needs a signature of the whole message, else RSA-OAEP with AES-GCM`,
  );
}

/** The algorithm that an encrypted element names; empty when none. */
export function encryptionMethod(parent: Element): string {
  const method = onlyChild(parent, XENC, 'EncryptionMethod');
  return (method && attribute(method, 'Algorithm')) ?? '';
}

/** How a content key is encrypted. */
export type Transport = { padding: 'oaep'; hash: string; label: Buffer | undefined } | { padding: 'v1.5' };

/** Reads how a content key is encrypted: RSA-OAEP, and PKCS #1 v1.5 under a signature. */
export function transportOf(element: Element, covered: boolean): Transport {
  const algorithm = encryptionMethod(element);
  if (algorithm === `${XENC}rsa-1_5`) {
    if (!covered) throw unprotected('RSA 1.5');
    return { padding: 'v1.5' };
  }
  if (algorithm !== `${XENC}rsa-oaep-mgf1p` && algorithm !== `${XENC11}rsa-oaep`)
    throw new DecryptionRefused('The encryption is not accepted: its key transport is not allowed');
  const method = onlyChild(element, XENC, 'EncryptionMethod')!;
  const digest = onlyChild(method, DSIG, 'DigestMethod');
  const mask = algorithm === `${XENC11}rsa-oaep` ? onlyChild(method, XENC11, 'MGF') : undefined;
  const hash = digest ? HASHES[attribute(digest, 'Algorithm') ?? ''] : 'sha1';
  const maskHash = mask ? MASKS[attribute(mask, 'Algorithm') ?? ''] : 'sha1';
  if (hash === undefined || maskHash === undefined)
    throw new DecryptionRefused('The encryption is not accepted: its key transport is not allowed');
  if (hash !== maskHash && !covered) throw unprotected('RSA-OAEP with two different hashes');
  const label = onlyChild(method, XENC, 'OAEPparams');
  const transport = { padding: 'oaep', hash, label: label && Buffer.from(textOf(label), 'base64') } as const;
  return hash === maskHash ? transport : { ...transport, hash: `${hash}/${maskHash}` };
}

/** The content key. When it cannot be had, a random one stands in: the failure then shows later, like all others. */
export function unwrap(key: KeyObject, transport: Transport, bytes: Buffer, size: number): Buffer {
  try {
    const opened = decryptKey(key, transport, bytes);
    if (opened.length === size) return opened;
  } catch {
    // Made for another key, or damaged.
  }
  return randomBytes(size);
}

function decryptKey(key: KeyObject, transport: Transport, bytes: Buffer): Buffer {
  if (transport.padding === 'v1.5') return privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, bytes);
  const { hash, label } = transport;
  const [digest = '', mask] = hash.split('/');
  if (mask !== undefined) {
    const padded = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, bytes);
    return withoutOaep(padded, digest, mask, label ?? Buffer.alloc(0));
  }
  return privateDecrypt(
    { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: digest, ...(label ? { oaepLabel: label } : {}) },
    bytes,
  );
}

/**
 * Undoes OAEP (RFC 8017 §7.1.2) where digest and mask use different hashes, which the runtime does not offer. Only for
 * texts under a signature: the time that it takes tells where it failed.
 */
function withoutOaep(padded: Buffer, digest: string, mask: string, label: Buffer): Buffer {
  const labelHash = createHash(digest).update(label).digest();
  const size = labelHash.length;
  const seedMasked = padded.subarray(1, 1 + size);
  const blockMasked = padded.subarray(1 + size);
  const seed = xor(seedMasked, mgf1(blockMasked, size, mask));
  const block = xor(blockMasked, mgf1(seed, blockMasked.length, mask));
  const end = block.indexOf(1, size);
  const filler = block.subarray(size, Math.max(end, size));
  if (padded[0] !== 0 || !block.subarray(0, size).equals(labelHash) || end < 0 || filler.some((byte) => byte !== 0))
    throw new DecryptionRefused('The padding is not that of OAEP');
  return block.subarray(end + 1);
}

/** RFC 8017 appendix B.2.1. */
function mgf1(seed: Buffer, length: number, hash: string): Buffer {
  const parts: Buffer[] = [];
  for (let made = 0, counter = 0; made < length; counter += 1) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(counter);
    const part = createHash(hash).update(seed).update(number).digest();
    parts.push(part);
    made += part.length;
  }
  return Buffer.concat(parts).subarray(0, length);
}

function xor(left: Buffer, right: Buffer): Buffer {
  return Buffer.from(left.map((byte, at) => byte ^ (right[at] ?? 0)));
}

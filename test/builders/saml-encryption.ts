import { constants, createCipheriv, createHash, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto';

const XENC = 'http://www.w3.org/2001/04/xmlenc#';
const XENC11 = 'http://www.w3.org/2009/xmlenc11#';
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';

/** How a test encrypts. */
export interface EncryptionOptions {
  content?: 'aes128-gcm' | 'aes192-gcm' | 'aes256-gcm' | 'aes128-cbc' | 'aes192-cbc' | 'aes256-cbc' | 'tripledes-cbc';
  transport?: 'oaep-mgf1p' | 'oaep-sha256' | 'oaep-mixed' | 'rsa-1_5';
  /** The key beside the data, as some providers put it. */
  keyBeside?: boolean;
  /** Changes what was encrypted, as somebody on the way may. */
  spoil?: (encrypted: Buffer) => Buffer;
  /** Says another algorithm than the one used. */
  claim?: string;
}

/** Encrypts an element for a key and puts it into a container, as XML Encryption 1.1 has it. */
export function encryptElement(
  xml: string,
  container: 'EncryptedAssertion' | 'EncryptedID' | 'EncryptedAttribute',
  key: KeyObject,
  options: EncryptionOptions = {},
): string {
  const { content = 'aes256-gcm', transport = 'oaep-mgf1p', spoil = (bytes: Buffer) => bytes } = options;
  const bits = Number(/\d{3}/.exec(content)?.[0] ?? 192);
  const secret = randomBytes(bits / 8);
  const encrypted = spoil(
    content.endsWith('gcm')
      ? gcm(xml, secret, bits)
      : cbc(xml, secret, content === 'tripledes-cbc' ? 'des-ede3-cbc' : `aes-${bits}-cbc`),
  );
  const algorithm = options.claim ?? `${content.endsWith('gcm') ? XENC11 : XENC}${content}`;
  const encryptedKey =
    `<xenc:EncryptedKey xmlns:xenc="${XENC}">${method(transport)}` +
    `<xenc:CipherData><xenc:CipherValue>${wrap(secret, key, transport)}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>`;
  const inside = options.keyBeside ? '' : `<ds:KeyInfo xmlns:ds="${DSIG}">${encryptedKey}</ds:KeyInfo>`;
  return (
    `<saml:${container} xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">` +
    `<xenc:EncryptedData xmlns:xenc="${XENC}" Type="${XENC}Element"><xenc:EncryptionMethod Algorithm="${algorithm}"/>` +
    `${inside}<xenc:CipherData><xenc:CipherValue>${encrypted.toString('base64')}</xenc:CipherValue></xenc:CipherData>` +
    `</xenc:EncryptedData>${options.keyBeside ? encryptedKey : ''}</saml:${container}>`
  );
}

function gcm(xml: string, secret: Buffer, bits: number): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv(`aes-${bits}-gcm` as 'aes-256-gcm', secret, iv);
  return Buffer.concat([iv, cipher.update(xml), cipher.final(), cipher.getAuthTag()]);
}

function cbc(xml: string, secret: Buffer, algorithm: string): Buffer {
  const block = algorithm.startsWith('des') ? 8 : 16;
  const iv = randomBytes(block);
  const bytes = Buffer.from(xml);
  const padding = block - (bytes.length % block);
  const padded = Buffer.concat([bytes, randomBytes(padding - 1), Buffer.from([padding])]);
  const cipher = createCipheriv(algorithm, secret, iv).setAutoPadding(false);
  return Buffer.concat([iv, cipher.update(padded), cipher.final()]);
}

function method(transport: NonNullable<EncryptionOptions['transport']>): string {
  const digest = (name: string) => `<ds:DigestMethod xmlns:ds="${DSIG}" Algorithm="${name}"/>`;
  const element = (name: string, content = '') =>
    `<xenc:EncryptionMethod Algorithm="${name}">${content}</xenc:EncryptionMethod>`;
  if (transport === 'rsa-1_5') return element(`${XENC}rsa-1_5`);
  if (transport === 'oaep-mgf1p') return element(`${XENC}rsa-oaep-mgf1p`);
  if (transport === 'oaep-mixed') return element(`${XENC}rsa-oaep-mgf1p`, digest(`${XENC}sha256`));
  const mask = `<xenc11:MGF xmlns:xenc11="${XENC11}" Algorithm="${XENC11}mgf1sha256"/>`;
  return element(`${XENC11}rsa-oaep`, digest(`${XENC}sha256`) + mask);
}

function wrap(secret: Buffer, key: KeyObject, transport: NonNullable<EncryptionOptions['transport']>): string {
  if (transport === 'oaep-mixed') return mixedOaep(secret, key).toString('base64');
  const padding = transport === 'rsa-1_5' ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_OAEP_PADDING;
  const oaepHash = transport === 'oaep-sha256' ? 'sha256' : 'sha1';
  return publicEncrypt({ key, padding, oaepHash }, secret).toString('base64');
}

/** OAEP (RFC 8017 §7.1.1) with SHA-256 for the label and SHA-1 for the masks. */
function mixedOaep(secret: Buffer, key: KeyObject): Buffer {
  const size = key.asymmetricKeyDetails!.modulusLength! / 8;
  const label = createHash('sha256').digest();
  const filler = Buffer.alloc(size - secret.length - 2 * label.length - 2);
  const block = Buffer.concat([label, filler, Buffer.from([1]), secret]);
  const seed = randomBytes(label.length);
  const maskedBlock = xor(block, mask(seed, block.length));
  const maskedSeed = xor(seed, mask(maskedBlock, seed.length));
  const padded = Buffer.concat([Buffer.from([0]), maskedSeed, maskedBlock]);
  return publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, padded);
}

function mask(seed: Buffer, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let counter = 0; counter * 20 < length; counter += 1)
    parts.push(
      createHash('sha1')
        .update(seed)
        .update(Buffer.from([0, 0, 0, counter]))
        .digest(),
    );
  return Buffer.concat(parts).subarray(0, length);
}

function xor(left: Buffer, right: Buffer): Buffer {
  return Buffer.from(left.map((byte, at) => byte ^ right[at]!));
}

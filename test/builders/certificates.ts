import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A certificate with its key, as PEM texts. */
export interface Identity {
  cert: string;
  key: string;
}

/** An authority that issues certificates for tests. */
export interface Authority extends Identity {
  /** `names` are DNS names and IPv4 addresses; the first is the common name. `days` below zero: it has expired. */
  issue(names: string[], options?: { days?: number; keyType?: 'ec' | 'rsa' }): Identity;
}

const ECDSA_SHA256 = '1.2.840.10045.4.3.2';

/** Makes a new certificate authority (X.509 v3, P-256), independent of programs on the machine. `parent` signs it, else it itself. */
export function createAuthority(name = 'test authority', parent?: { name: string; key: string }): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const cert = certificate({
    subject: name,
    issuer: parent?.name ?? name,
    publicKey: keys.publicKey,
    signer: parent ? createPrivateKey(parent.key) : keys.privateKey,
    ca: true,
  });
  return {
    cert,
    key: pemKey(keys.privateKey),
    issue(names, { days = 30, keyType = 'ec' } = {}) {
      const own =
        keyType === 'rsa'
          ? generateKeyPairSync('rsa', { modulusLength: 2048 })
          : generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return {
        key: pemKey(own.privateKey),
        cert: certificate({
          subject: names[0] ?? 'leaf',
          issuer: name,
          publicKey: own.publicKey,
          signer: keys.privateKey,
          ca: false,
          names,
          days,
        }),
      };
    },
  };
}

function pemKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

function certificate(options: {
  subject: string;
  issuer: string;
  publicKey: KeyObject;
  signer: KeyObject;
  ca: boolean;
  names?: string[];
  days?: number;
}): string {
  const day = 86_400_000;
  const end = Date.now() + (options.days ?? 30) * day;
  const algorithm = sequence(objectId(ECDSA_SHA256));
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    distinguishedName(options.issuer),
    sequence(time(new Date(Math.min(end, Date.now()) - 30 * day)), time(new Date(end))),
    distinguishedName(options.subject),
    createPublicKey(options.publicKey.export({ type: 'spki', format: 'pem' })).export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(basicConstraints(options.ca), ...(options.names ? [alternativeNames(options.names)] : []))),
  );
  const signature = sign('sha256', body, options.signer);
  const whole = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...contents: Buffer[]) => der(0x30, ...contents);
const integer = (value: Buffer) => der(0x02, value);
const time = (value: Date) =>
  der(0x17, Buffer.from(value.toISOString().replace(/[-:T]/g, '').slice(2, 14).concat('Z')));

function objectId(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const septets = [part & 127];
    for (let left = part >> 7; left > 0; left >>= 7) septets.unshift((left & 127) | 128);
    bytes.push(...septets);
  }
  return der(0x06, Buffer.from(bytes));
}

function distinguishedName(common: string): Buffer {
  return sequence(der(0x31, sequence(objectId('2.5.4.3'), der(0x0c, Buffer.from(common)))));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(objectId(id), ...(critical ? [der(0x01, Buffer.from([255]))] : []), der(0x04, value));
}

function basicConstraints(ca: boolean): Buffer {
  return extension('2.5.29.19', true, sequence(...(ca ? [der(0x01, Buffer.from([255]))] : [])));
}

function alternativeNames(names: string[]): Buffer {
  const all = names.map((name) =>
    isIPv4(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name)),
  );
  return extension('2.5.29.17', false, sequence(...all));
}

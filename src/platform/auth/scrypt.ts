import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Cost of new hashes: N = 2^logN, block size r, parallelism p. Takes 128·N·r bytes: 32 MiB. */
const COST = { logN: 15, r: 8, p: 1 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** Refuses stored parameters that would need more: a damaged row must not exhaust the memory. */
const MAX_MEMORY = 256 * 1024 * 1024;
const FORMAT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/**
 * Hashes a password with scrypt (RFC 7914) into the PHC string form `$scrypt$ln=15,r=8,p=1$salt$hash`, which carries
 * its own parameters so that the cost may rise later.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, COST);
  return `$scrypt$ln=${COST.logN},r=${COST.r},p=${COST.p}$${encode(salt)}$${encode(key)}`;
}

/** Compares a password with a stored hash in constant time. False for a hash in an unknown form. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const match = FORMAT.exec(stored);
  if (!match) return false;
  const [, logN, r, p, salt, key] = match as unknown as [string, string, string, string, string, string];
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  if (cost.logN < 1 || cost.r < 1 || cost.p < 1 || memory(cost) > MAX_MEMORY) return false;
  const expected = Buffer.from(key, 'base64');
  const actual = await derive(password, Buffer.from(salt, 'base64'), cost, expected.length);
  return timingSafeEqual(actual, expected);
}

interface Cost {
  logN: number;
  r: number;
  p: number;
}

function memory(cost: Cost): number {
  return 128 * cost.r * 2 ** cost.logN + 128 * cost.r * cost.p;
}

function derive(password: string, salt: Buffer, cost: Cost, length = KEY_BYTES): Promise<Buffer> {
  const options = { N: 2 ** cost.logN, r: cost.r, p: cost.p, maxmem: memory(cost) + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** User name under which an API key is sent by Basic authentication. */
export const API_KEY_USERNAME = '_api_key';

/** Form of the keys made here, shown as the key's `version`. */
export const API_KEY_VERSION = 'v1';

const FORM = /^wl_([A-Za-z0-9]{16})_([A-Za-z0-9]{43})$/;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A new key: `value` is shown once to the user, `id` and `secretHash` are stored. */
export interface NewApiKey {
  id: string;
  secretHash: string;
  value: string;
}

/** Makes a key `wl_<id>_<secret>`; the secret has 256 bits. */
export function createApiKey(): NewApiKey {
  const id = randomText(16);
  const secret = randomText(43);
  return { id, secretHash: hashSecret(secret), value: `wl_${id}_${secret}` };
}

/** Takes a key apart; undefined when it has another form. */
export function parseApiKey(value: string): { id: string; secret: string } | undefined {
  const match = FORM.exec(value);
  return match ? { id: match[1] as string, secret: match[2] as string } : undefined;
}

/** Compares a secret with its stored hash in constant time. */
export function apiKeyMatches(secret: string, secretHash: string): boolean {
  const expected = Buffer.from(secretHash);
  const actual = Buffer.from(hashSecret(secret));
  return expected.length === actual.length && timingSafeEqual(actual, expected);
}

/** A fast hash suffices: the secret is random, so there is nothing to guess from a dictionary. */
function hashSecret(secret: string): string {
  return `sha256:${createHash('sha256').update(secret).digest('base64url')}`;
}

function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    // 248 = 4 × 62: bytes beyond it are dropped to keep all characters equally likely.
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

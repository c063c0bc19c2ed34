/** A key is not of the form the stores take. */
export class InvalidObjectKey extends Error {}

const SEGMENT = /^[A-Za-z0-9_=+@:,~-][A-Za-z0-9._=+@:,~-]{0,199}$/;

/**
 * Refuses keys that could leave the store or mean something to a file system: segments are non-empty ASCII without a
 * leading dot (`..`, hidden and temporary files), and the whole is at most 900 characters (S3 takes 1,024 bytes).
 */
export function checkKey(key: string): string {
  if (key.length > 900 || !key.split('/').every((segment) => SEGMENT.test(segment))) {
    throw new InvalidObjectKey(`not an object key: ${JSON.stringify(key.slice(0, 200))}`);
  }
  return key;
}

/** Refuses list prefixes other than whole keys, keys with a cut last segment, and the empty one. */
export function checkPrefix(prefix: string): string {
  const whole = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  return prefix === '' ? prefix : checkKey(whole) && prefix;
}

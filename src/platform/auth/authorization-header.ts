/** Credentials as a request carries them. */
export type PresentedCredentials =
  | { kind: 'basic'; username: string; password: string }
  | { kind: 'bearer'; token: string };

const MAX_LENGTH = 8192;

/**
 * Reads an Authorization header: Basic (RFC 7617), Bearer (RFC 6750) and its old alias `jwt`. Undefined when absent,
 * over-long, malformed or of another scheme.
 */
export function parseAuthorization(header: string | string[] | undefined): PresentedCredentials | undefined {
  if (typeof header !== 'string' || header.length > MAX_LENGTH) return undefined;
  const match = /^([A-Za-z]+) +([A-Za-z0-9+/=._~-]+) *$/.exec(header);
  if (!match) return undefined;
  const scheme = (match[1] as string).toLowerCase();
  const value = match[2] as string;
  if (scheme === 'bearer' || scheme === 'jwt') return { kind: 'bearer', token: value };
  if (scheme !== 'basic') return undefined;
  const text = decodeText(Buffer.from(value, 'base64'));
  const colon = text.indexOf(':');
  // The user name ends at the first colon; a password may hold more of them.
  return colon < 0 ? undefined : { kind: 'basic', username: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** UTF-8; bytes that are not are taken as Latin-1, which common HTTP libraries send. */
function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

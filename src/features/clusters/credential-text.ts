/** What may stand in an Authorization header. */
const HEADER_SAFE = /^[\x21-\x7e]+$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Tokens that a text may stand for, the likeliest first. A Secret shows its token as base64 and a kubeconfig shows it
 * plain: text whose decoding is printable is taken as the former, but may be the latter. A JSON web token and
 * OpenShift's `sha256~…` hold characters that base64 lacks and are plain. Empty: no token at all.
 */
export function tokenReadings(text: string): string[] {
  const plain = text.trim().replace(/^Bearer\s+/i, '');
  const readings = [decoded(plain), plain].filter((one): one is string => one !== undefined && HEADER_SAFE.test(one));
  return [...new Set(readings)];
}

function decoded(text: string): string | undefined {
  const packed = text.replace(/\s+/g, '');
  if (packed === '' || !BASE64.test(packed)) return undefined;
  const value = Buffer.from(packed, 'base64').toString('utf8').trim();
  return HEADER_SAFE.test(value) ? value : undefined;
}

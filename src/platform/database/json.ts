/** Escapes in JSON text which jsonb refuses: NUL and lone surrogates. A backslash pair is matched to be skipped. */
const REFUSED = /\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g;

/**
 * JSON text for a jsonb column. Always use it: the driver would turn an array into a PostgreSQL array, and NUL
 * characters and lone surrogates, which scanned files do contain, are refused by PostgreSQL; they become U+FFFD.
 */
export function json(value: unknown): string {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text.replace(REFUSED, (match) => (match === '\\\\' ? match : '\\ufffd'));
}

/** Text without what PostgreSQL refuses in text columns: NUL and lone surrogates become U+FFFD. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed();
}

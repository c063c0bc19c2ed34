/** Stands for a part of an address that gives access. */
export const MASK = '******';

/**
 * An address as it may be shown: passwords and the values of its query, which often are tokens, are masked. A text that
 * is no address is returned as it is.
 */
export function maskedUrl(text: string): string {
  const url = URL.parse(text);
  if (!url) return text;
  const credentials = url.password === '' ? '' : `${url.username}:${MASK}@`;
  const user = credentials === '' && url.username !== '' ? `${MASK}@` : credentials;
  const query = url.search.replace(/^\?/, '');
  if (user === '' && query === '' && url.hash === '') return text;
  const fields = query.split('&').map(maskedField);
  const hash = url.hash === '' ? '' : `#${MASK}`;
  return `${url.protocol}//${user}${url.host}${url.pathname}${query === '' ? '' : `?${fields.join('&')}`}${hash}`;
}

/** A field without a value may be the token itself. */
function maskedField(field: string): string {
  const at = field.indexOf('=');
  return at < 0 ? MASK : `${field.slice(0, at + 1)}${field.length > at + 1 ? MASK : ''}`;
}

/**
 * The address that is meant by one with masked parts: those of `stored`, at the same place. Undefined when it cannot be
 * told, because there is nothing stored or it is at another host: what gives access there must not be sent elsewhere.
 */
export function unmaskedUrl(given: string, stored: string | undefined): string | undefined {
  if (!given.includes(MASK)) return given;
  if (stored === undefined) return undefined;
  if (given === maskedUrl(stored)) return stored;
  const [wanted, known] = [URL.parse(given), URL.parse(stored)];
  if (!wanted || !known || wanted.origin !== known.origin) return undefined;
  const values = new Map(
    known.search
      .slice(1)
      .split('&')
      .map((field) => [field.split('=', 1)[0], field]),
  );
  const fields = wanted.search
    .slice(1)
    .split('&')
    .map((field) =>
      field === maskedField(field) && field.includes(MASK) ? values.get(field.split('=', 1)[0]) : field,
    );
  if (fields.includes(undefined)) return undefined;
  wanted.search = fields.join('&');
  if (wanted.password === MASK || wanted.username === MASK) {
    wanted.username = known.username;
    wanted.password = known.password;
  }
  if (wanted.hash === `#${MASK}`) wanted.hash = known.hash;
  return wanted.href.includes(MASK) ? undefined : wanted.href;
}

import { defineScheme } from '../scheme.ts';
import { isDigits, numberKey } from '../sort-key.ts';

const END = '\u0002';

/** Sort weight of a character that is no digit: tilde, end, letters, then everything else. */
function characterKey(code: number): string {
  if (code === 0x7e) return '\u0001';
  const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return String.fromCharCode(letter ? code : Math.min(code + 0x80, 0xffff));
}

function partKey(part: string): string {
  let key = '';
  let i = 0;
  do {
    while (i < part.length && !isDigit(part.charCodeAt(i))) key += characterKey(part.charCodeAt(i++));
    const start = i;
    while (i < part.length && isDigit(part.charCodeAt(i))) i++;
    key += END + numberKey(part.slice(start, i));
  } while (i < part.length);
  return key + END;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Epoch (digits, may be empty), upstream version and revision of a Debian version. */
export function splitDebVersion(text: string): { epoch: string; upstream: string; revision: string } {
  const colon = text.indexOf(':');
  const hasEpoch = colon > 0 && isDigits(text.slice(0, colon));
  const rest = hasEpoch ? text.slice(colon + 1) : text;
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch: hasEpoch ? text.slice(0, colon) : '',
    upstream: hyphen < 0 ? rest : rest.slice(0, hyphen),
    revision: hyphen < 0 ? '' : rest.slice(hyphen + 1),
  };
}

function key(text: string): string {
  const { epoch, upstream, revision } = splitDebVersion(text);
  return numberKey(epoch) + partKey(upstream) + partKey(revision);
}

/** Debian versions, deb-version(7): `[epoch:]upstream[-revision]`, `~` before the end. */
export const deb = defineScheme(
  'deb',
  key,
  (text) => /^(?:[0-9]+:)?[0-9][A-Za-z0-9.+~:-]*$/.test(text) && !text.endsWith('-'),
);

import { defineScheme } from '../scheme.ts';
import { isDigits, numberKey, textKey } from '../sort-key.ts';

// What follows a segment, in order: letters at once, the end, digits at once, then separators by their number.
const LETTERS = '\u0001';
const END = '\u0002';
const NUMBER = '\u0003';
const SEPARATOR = '\u0004';

function partKey(part: string): string {
  let key = '';
  const tokens = part.match(/[0-9]+|[A-Za-z]+|[^0-9A-Za-z]+/g) ?? [];
  for (const [at, token] of tokens.entries()) {
    if (isDigits(token)) key += NUMBER + numberKey(token);
    else if (/^[A-Za-z]/.test(token)) key += LETTERS + textKey(token);
    // How many separators end a version does not count.
    else key += SEPARATOR + String.fromCharCode(at === tokens.length - 1 ? 1 : Math.min(token.length, 0xffff));
  }
  return key + END;
}

function key(text: string): string {
  const colon = text.indexOf(':');
  const hasEpoch = colon > 0 && isDigits(text.slice(0, colon));
  const rest = hasEpoch ? text.slice(colon + 1) : text;
  const hyphen = rest.lastIndexOf('-');
  const version = hyphen < 0 ? rest : rest.slice(0, hyphen);
  const release = hyphen < 0 ? '' : rest.slice(hyphen + 1);
  return (
    numberKey(hasEpoch ? text.slice(0, colon) : '') + partKey(version) + (hyphen < 0 ? '\u0000' : partKey(release))
  );
}

/**
 * Arch Linux versions, vercmp(8): `[epoch:]version[-release]`; letters right after a number come before it
 * (`1.0rc` < `1.0`). Unlike vercmp, a version without release precedes the same with one: ignoring a release that
 * one side lacks is no total order.
 */
export const pacman = defineScheme('pacman', key, (text) => /^(?:[0-9]+:)?[A-Za-z0-9_.+~]+(?:-[0-9.]+)?$/.test(text));

import { defineScheme } from '../scheme.ts';
import { isDigits, numberKey, textKey } from '../sort-key.ts';

const TILDE = '\u0001';
const END = '\u0002';
const CARET = '\u0003';
const LETTERS = '\u0004';
const NUMBER = '\u0005';

function partKey(part: string): string {
  let key = '';
  for (const token of part.match(/~|\^|[0-9]+|[A-Za-z]+/g) ?? []) {
    if (token === '~') key += TILDE;
    else if (token === '^') key += CARET;
    else if (isDigits(token)) key += NUMBER + numberKey(token);
    else key += LETTERS + textKey(token);
  }
  return key + END;
}

/** Epoch (undefined when not written), version and release of an rpm version. */
export function splitRpmVersion(text: string): { epoch: string | undefined; version: string; release: string } {
  const colon = text.indexOf(':');
  const prefix = text.slice(0, Math.max(colon, 0));
  const hasEpoch = colon > 0 && (isDigits(prefix) || prefix === '(none)');
  const rest = hasEpoch ? text.slice(colon + 1) : text;
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch: hasEpoch && isDigits(prefix) ? prefix : undefined,
    version: hyphen < 0 ? rest : rest.slice(0, hyphen),
    release: hyphen < 0 ? '' : rest.slice(hyphen + 1),
  };
}

function withoutEpochKey(text: string): string {
  const { version, release } = splitRpmVersion(text);
  return partKey(version) + partKey(release);
}

const valid = (text: string): boolean => /^(?:[0-9]+:)?[A-Za-z0-9._+~^]+(?:-[A-Za-z0-9._+~^]+)?$/.test(text);

/** rpm versions, rpm-version(7): `[epoch:]version[-release]` with `~` and `^`; no epoch is epoch 0. */
export const rpm = defineScheme(
  'rpm',
  (text) => numberKey(splitRpmVersion(text).epoch ?? '') + withoutEpochKey(text),
  valid,
);

/**
 * The same order with epochs left out. Used when a package's epoch is not known (the name of a source rpm has
 * none): the record's epoch is then taken for the package's own.
 */
export const rpmWithoutEpoch = defineScheme('rpm', withoutEpochKey, valid);

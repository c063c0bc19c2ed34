import { defineScheme } from '../scheme.ts';
import { isDigits, numberKey, runs, textKey, trimZeros } from '../sort-key.ts';

const LETTERS = '\u0001';
const ZERO_THEN_LETTERS = '\u0002';
const END = '\u0003';
const ZERO_THEN_NUMBER = '\u0004';
const NUMBER = '\u0005';

/** A platform, as file names of gems carry it after the version: `1.15.4-x86_64-linux`, `-java`. */
const PLATFORM =
  /-(?:x86|x64|x86_64|amd64|i[3-6]86|arm|arm64|aarch64|universal|java|jruby|ppc\w*|s390x?|mswin\w*|mingw\w*)(?:[-_].*)?$/;

/** Segments without the zeros that end the numbers before the first letters, and those at the end. */
function canonicalSegments(text: string): string[] {
  const segments = runs(text.replaceAll('-', '.pre.'));
  const letters = segments.findIndex((segment) => !isDigits(segment));
  const split = letters < 0 ? segments.length : letters;
  return [...withoutTrailingZeros(segments.slice(0, split)), ...withoutTrailingZeros(segments.slice(split))];
}

function withoutTrailingZeros(segments: string[]): string[] {
  let end = segments.length;
  while (end > 0 && trimZeros(segments[end - 1] ?? '') === '') end--;
  return segments.slice(0, end);
}

function key(text: string): string {
  const segments = canonicalSegments(text.replace(PLATFORM, ''));
  // A zero equals what is missing, so its rank against the end is decided by what follows it: read backwards.
  let result = END;
  let zero = ZERO_THEN_LETTERS;
  for (const segment of segments.reverse()) {
    if (!isDigits(segment)) {
      result = LETTERS + textKey(segment) + result;
      zero = ZERO_THEN_LETTERS;
    } else if (trimZeros(segment) === '') {
      result = zero + result;
    } else {
      result = NUMBER + numberKey(segment) + result;
      zero = ZERO_THEN_NUMBER;
    }
  }
  return result;
}

/** RubyGems versions, as Gem::Version documents them: letters make a pre-release, missing segments count as zero. */
export const gem = defineScheme('gem', key, (text) =>
  /^[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/.test(text),
);

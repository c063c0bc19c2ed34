import { defineScheme } from '../scheme.ts';
import { isDigits, numberKey, releaseKey, runs, textKey } from '../sort-key.ts';

/** Words that announce a release, in their usual order. */
const BEFORE = [
  'dev',
  'devel',
  'nightly',
  'snapshot',
  'canary',
  'ea',
  'a',
  'alpha',
  'b',
  'beta',
  'm',
  'milestone',
  'pre',
  'preview',
  'c',
  'cr',
  'rc',
];
/** Words that follow one. */
const AFTER = new Set(['p', 'pl', 'patch', 'post', 'r', 'rev', 'revision', 'sp', 'u', 'update', 'build', 'b']);
const RELEASED = new Set(['final', 'ga', 'release', 'stable']);

const ANNOUNCED = '\u0001';
const HYPHENATED = '\u0002';
const END = '\u0003';
const WORD = '\u0004';
const NUMBER = '\u0005';

/** Key of what follows the numbers. `1.0.2k` comes after `1.0.2`, `1.0-rc1`, `1.0-foo` and `1.0-1` before `1.0`. */
function restKey(rest: string): string {
  const hyphen = rest.startsWith('-');
  let key = '';
  for (const [index, run] of runs(rest).entries()) {
    const first = index === 0;
    const before = BEFORE.indexOf(run);
    if (isDigits(run)) key += (first && hyphen ? `${HYPHENATED}\u0001` : NUMBER) + numberKey(run);
    else if (RELEASED.has(run)) continue;
    else if (before >= 0 && (run.length > 1 || /^[-._]?[a-z][-._]?[0-9]/.test(rest)) && hasMark(rest, run))
      key += ANNOUNCED + String.fromCharCode(1 + before);
    else if (first && hyphen && !AFTER.has(run)) key += `${HYPHENATED}\u0002${textKey(run)}`;
    else key += WORD + textKey(run);
  }
  return key + END;
}

/** A single letter right after a number is a patch letter (`1.0.2a`), not an announcement. */
function hasMark(rest: string, run: string): boolean {
  return run.length > 1 || !rest.startsWith(run);
}

/** Numbers first, after `v`, a word or a name set off from them (`release-1.2`, `openssl-1.0.2k`). */
const VERSION = /^(?:[a-z][a-z0-9.+]{0,40}?[-_ :/]|v\.?|version|release|rel|r)?([0-9]+(?:\.[0-9]+)*)(.*)$/s;

function key(text: string): string {
  const lower = text.toLowerCase().replace(/\+.*$/s, '');
  const match = VERSION.exec(lower);
  if (!match) return `\u0001${textKey(lower)}`;
  return `\u0002${releaseKey((match[1] ?? '').split('.'))}${restKey(match[2] ?? '')}`;
}

/** Versions of unknown kind: numbers first, with missing ones as zero, then words. Semantic versions keep their order. */
export const generic = defineScheme('generic', key, (text) => VERSION.test(text.toLowerCase()));

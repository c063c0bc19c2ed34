import { defineScheme } from '../scheme.ts';
import { numberKey, releaseKey, textKey } from '../sort-key.ts';

const STABILITY: Record<string, string> = {
  dev: '\u0001',
  a: '\u0002',
  alpha: '\u0002',
  b: '\u0003',
  beta: '\u0003',
  rc: '\u0004',
  stable: '\u0005',
  p: '\u0006',
  pl: '\u0006',
  patch: '\u0006',
};
const STABLE = '\u0005';
const UNBOUNDED = '9999999';

const VERSION =
  /^v?([0-9]+(?:[.-][0-9]+)*(?:\.[x*])*)[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)[.-]?([0-9]*(?:[.-][0-9]+)*))?([.-]?dev)?$/;

function key(text: string): string {
  const lower = text
    .toLowerCase()
    .replace(/\+.*$/s, '')
    .replace(/@(?:dev|alpha|beta|rc|stable)$/, '');
  const match = VERSION.exec(lower);
  // Names of branches (`dev-main`) come before every number.
  if (!match) return `\u0001${textKey(lower)}`;
  const [, numbers = '', stability, stabilityNumber = '', dev] = match;
  const release = numbers.split(/[.-]/).map((part) => (part === 'x' || part === '*' ? UNBOUNDED : part));
  if (/[x*]/.test(numbers)) while (release.length < 4) release.push(UNBOUNDED);
  const rank = stability === undefined ? STABLE : (STABILITY[stability] ?? STABLE);
  // After a stability: `-dev` before the end, the end before a number, even before 0 (`beta` < `beta0`).
  let number = '';
  for (const part of stabilityNumber.split(/[.-]/)) if (part !== '') number += `\u0003${numberKey(part)}`;
  if (stability === undefined && dev !== undefined) return `\u0002${releaseKey(release)}\u0001\u0002`;
  // "stable" only says what a plain version is, with whatever follows it.
  if (rank === STABLE) return `\u0002${releaseKey(release)}${STABLE}\u0002`;
  return `\u0002${releaseKey(release)}${rank}${number}${dev === undefined ? '\u0002' : '\u0001'}`;
}

/** Composer versions ("Versions and constraints"): four numbers, then dev < alpha < beta < RC < stable < patch. */
export const composer = defineScheme(
  'composer',
  key,
  (text) => VERSION.test(text.toLowerCase().replace(/\+.*$/s, '')) || /^dev-/.test(text),
);

import { defineScheme } from '../scheme.ts';
import { numberKey, textKey } from '../sort-key.ts';

const VERSION = /^([0-9]+(?:\.[0-9]+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|p)[0-9]*)*)(?:-r([0-9]+))?/;
const SUFFIXES: Record<string, string> = { alpha: '\u0001', beta: '\u0002', pre: '\u0003', rc: '\u0004', p: '\u0006' };
const NO_SUFFIX = '\u0005';

/** A later component with a leading zero is a fraction: it has no trailing zeros and precedes whole numbers. */
function componentKey(digits: string): string {
  if (digits.startsWith('0')) return `\u0002\u0001${textKey(digits.replace(/0+$/, ''))}`;
  return `\u0002\u0002${numberKey(digits)}`;
}

function key(text: string): string {
  const match = VERSION.exec(text);
  if (!match) return `\u0001${textKey(text)}`;
  const [whole, numbers = '', letter = '', suffixes = '', revision = ''] = match;
  const [first = '', ...others] = numbers.split('.');
  let result = `\u0002${numberKey(first)}${others.map(componentKey).join('')}\u0001${textKey(letter)}`;
  for (const suffix of suffixes.matchAll(/_([a-z]+)([0-9]*)/g)) {
    result += (SUFFIXES[suffix[1] ?? ''] ?? NO_SUFFIX) + numberKey(suffix[2] ?? '');
  }
  return result + NO_SUFFIX + numberKey(revision) + textKey(text.slice(whole.length));
}

/** Gentoo versions, Package Manager Specification §3.2 and §3.3. */
export const portage = defineScheme('portage', key, (text) => VERSION.exec(text)?.[0] === text && text !== '');

import { defineScheme } from '../scheme.ts';
import { numberKey, textKey } from '../sort-key.ts';

/** Suffixes before the plain version, in order, and after it. */
const PRE = ['alpha', 'beta', 'pre', 'rc'];
const POST = ['cvs', 'svn', 'git', 'hg', 'p'];

// Markers in the order in which apk ranks a version that goes on against one that ends.
const END = '\u0010';
const UNKNOWN = '\u0011';
const REVISION = '\u0012';
const HASH = '\u0013';
const SUFFIX_NUMBER = '\u0014';
const POST_SUFFIX = '\u0015';
const LETTER = '\u0016';
const NUMBER = '\u0017';
const UNKNOWN_COMPONENT = '\u0018';

const TOKEN = /\.([0-9]+)|([a-z])(?![a-z])|_(alpha|beta|pre|rc|cvs|svn|git|hg|p)([0-9]*)|~([0-9a-f]+)|-r([0-9]+)/y;

/** Components after the first: a leading zero makes them a fraction, which comes before any whole number. */
function componentKey(digits: string): string {
  return NUMBER + (digits.startsWith('0') ? `\u0001${textKey(digits)}` : `\u0002${numberKey(digits)}`);
}

function suffixKey(name: string, number: string): string {
  const pre = PRE.indexOf(name);
  const marker = pre >= 0 ? String.fromCharCode(1 + pre) : POST_SUFFIX + String.fromCharCode(1 + POST.indexOf(name));
  return number === '' ? marker : marker + SUFFIX_NUMBER + numberKey(number);
}

function key(text: string): string {
  const first = /^[0-9]+/.exec(text)?.[0] ?? '';
  let result = NUMBER + numberKey(first);
  let at = first.length;
  TOKEN.lastIndex = at;
  for (let token = TOKEN.exec(text); token; token = TOKEN.exec(text)) {
    at = TOKEN.lastIndex;
    const [, component, letter, suffix, suffixNumber, hash, revision] = token;
    if (component !== undefined) result += componentKey(component);
    else if (letter !== undefined) result += LETTER + letter;
    else if (suffix !== undefined) result += suffixKey(suffix, suffixNumber ?? '');
    else if (hash !== undefined) result += HASH + textKey(hash);
    else result += REVISION + numberKey(revision ?? '');
  }
  if (at >= text.length) return result + END;
  return result + (text[at] === '.' ? UNKNOWN_COMPONENT : UNKNOWN) + textKey(text.slice(at));
}

/**
 * Alpine package versions, apk-package(5): `digits{.digits}[letter]{_suffix[number]}[~hash][-r#]`. Text that leaves
 * the grammar is ordered by its good part, then as text.
 */
export const apk = defineScheme('apk', key, (text) =>
  /^[0-9]+(?:\.[0-9]+)*[a-z]?(?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)[0-9]*)*(?:~[0-9a-f]+)?(?:-r[0-9]+)?$/.test(
    text,
  ),
);

import { defineScheme } from '../scheme.ts';
import { isDigits, numberKey, textKey, trimZeros } from '../sort-key.ts';

/** Known qualifiers by rank; the plain release is 0x15. */
const QUALIFIERS: Record<string, string> = {
  alpha: '\u0010',
  beta: '\u0011',
  milestone: '\u0012',
  rc: '\u0013',
  cr: '\u0013',
  snapshot: '\u0014',
  '': '\u0015',
  ga: '\u0015',
  final: '\u0015',
  release: '\u0015',
  sp: '\u0016',
};
const SHORT: Record<string, string> = { a: 'alpha', b: 'beta', m: 'milestone' };
const RELEASE = '\u0015';
const OTHER_QUALIFIER = '\u0017';
const HYPHEN_NUMBER = '\u0018';
const DOT_NUMBER = '\u0019';

interface Token {
  text: string;
  /** A new list begins here: after a hyphen, at a change between digits and letters, at any qualifier. */
  opens: boolean;
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  let opens = false;
  let expected = true;
  for (const [piece] of text.matchAll(/[0-9]+|[.\-_]|[^0-9.\-_]+/g)) {
    if (piece === '.' || piece === '-' || piece === '_') {
      if (expected) found.push({ text: '0', opens });
      opens = piece !== '.';
      expected = true;
      continue;
    }
    const changed = !expected;
    if (changed && isDigits(piece)) {
      const previous = found.at(-1);
      if (previous) previous.text = SHORT[previous.text] ?? previous.text;
    }
    found.push({ text: piece, opens: opens || changed || !isDigits(piece) });
    opens = false;
    expected = false;
  }
  return found;
}

function isNull(token: Token | undefined): boolean {
  return (
    token !== undefined && (isDigits(token.text) ? trimZeros(token.text) === '' : QUALIFIERS[token.text] === RELEASE)
  );
}

/** Drops zeros and empty qualifiers at the end of every list. */
function trimmed(list: Token[]): Token[] {
  const kept: Token[] = [];
  const dropNulls = (): void => {
    while (isNull(kept.at(-1))) kept.pop();
  };
  for (const token of list) {
    if (token.opens) dropNulls();
    kept.push(token);
  }
  dropNulls();
  return kept;
}

function tokenKey(token: Token): string {
  if (isDigits(token.text)) return (token.opens ? HYPHEN_NUMBER : DOT_NUMBER) + numberKey(token.text);
  return QUALIFIERS[token.text] ?? OTHER_QUALIFIER + textKey(token.text);
}

function key(text: string): string {
  return trimmed(tokens(text.toLowerCase())).map(tokenKey).join('') + RELEASE;
}

/** Maven versions, as the POM reference orders them ("Version Order Specification"). */
export const maven = defineScheme('maven', key, (text) => /^[0-9A-Za-z][0-9A-Za-z._+-]*$/.test(text));

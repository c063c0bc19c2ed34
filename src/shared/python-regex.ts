/** A user's expression, translated from the dialect of Python's `re` to ECMAScript. */
export interface TranslatedRegex {
  source: string;
  flags: string;
}

/** Longest accepted expression, in characters. */
export const MAX_REGEX_LENGTH = 4_096;

const LEADING_FLAGS = /^\(\?([aiLmsux]+)\)/;

/**
 * Translates an expression written for Python's `re`, without an anchor of its own.
 *
 * Dialect: leading global flags `(?i)`, `(?m)`, `(?s)`, `(?x)` (a, u, L are read and have no effect: classes such as
 * `\w` are ASCII), named groups `(?P<n>…)`, `(?P=n)`, comments `(?#…)`, `\A`, `\Z`, `{,n}`, `$` before a last line
 * feed, and a literal `]` first in a class. Look-around works. Atomic groups, possessive quantifiers and conditionals
 * are refused. With `singleLines` the texts are known to have no line feed, so that `$` stays what it is. Throws a
 * SyntaxError that names the reason.
 */
export function translatePythonSyntax(text: string, options: { singleLines?: boolean } = {}): TranslatedRegex {
  if (text.length > MAX_REGEX_LENGTH) throw new SyntaxError(`longer than ${MAX_REGEX_LENGTH} characters`);
  let rest = text;
  let flags = '';
  let verbose = false;
  for (let match = LEADING_FLAGS.exec(rest); match; match = LEADING_FLAGS.exec(rest)) {
    for (const flag of match[1]!) {
      if (flag === 'x') verbose = true;
      else if ('ims'.includes(flag) && !flags.includes(flag)) flags += flag;
    }
    rest = rest.slice(match[0].length);
  }
  const source = translateBody(rest, { verbose, multiline: options.singleLines === true || flags.includes('m') });
  new RegExp(source, flags);
  return { source, flags };
}

/** Translates for `re.match`: anchored at the very start also in multi-line mode, not at the end. See above for the rest. */
export function translatePythonRegex(text: string): TranslatedRegex {
  const { source, flags } = translatePythonSyntax(text);
  return { source: `(?<![\\s\\S])(?:${source})`, flags };
}

interface Mode {
  verbose: boolean;
  multiline: boolean;
}

/** Rewrites one token at a time; character classes are copied whole. */
function translateBody(text: string, mode: Mode): string {
  let out = '';
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    const two = text.slice(at, at + 2);
    const three = text.slice(at, at + 3);
    if (char === '\\') {
      out += translateEscape(two);
      at += 2;
    } else if (char === '[') {
      const end = classEnd(text, at);
      out += translateClass(text.slice(at, end));
      at = end;
    } else if (three === '(?#') {
      const end = text.indexOf(')', at);
      if (end < 0) throw new SyntaxError('unterminated comment');
      at = end + 1;
    } else if (text.startsWith('(?P<', at)) {
      out += '(?<';
      at += 4;
    } else if (text.startsWith('(?P=', at)) {
      const end = text.indexOf(')', at);
      if (end < 0) throw new SyntaxError('unterminated group reference');
      out += `\\k<${text.slice(at + 4, end)}>`;
      at = end + 1;
    } else if (three === '(?>' || three === '(?(') {
      throw new SyntaxError('atomic groups and conditionals are not supported');
    } else if (char === '$' && !mode.multiline) {
      out += '(?=\\n?(?![\\s\\S]))';
      at += 1;
    } else if (text.startsWith('{,', at) && /^\{,\d+\}/.test(text.slice(at, at + 12))) {
      out += '{0,';
      at += 2;
    } else if (mode.verbose && /\s/.test(char)) {
      at += 1;
    } else if (mode.verbose && char === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end + 1;
    } else {
      out += char;
      at += 1;
    }
  }
  return out;
}

function translateEscape(pair: string): string {
  if (pair.length < 2) throw new SyntaxError('ends with a backslash');
  if (pair === '\\A') return '(?<![\\s\\S])';
  if (pair === '\\Z' || pair === '\\z') return '(?![\\s\\S])';
  if (pair === '\\a') return '\\x07';
  return pair;
}

/** Index after the `]` that closes the class opened at `start`. */
function classEnd(text: string, start: number): number {
  let at = start + 1;
  if (text[at] === '^') at += 1;
  if (text[at] === ']') at += 1;
  for (; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === ']') return at + 1;
  }
  throw new SyntaxError('unterminated character class');
}

/** A `]` first in a class is literal in Python, and closes the class in ECMAScript. */
function translateClass(text: string): string {
  const negated = text[1] === '^';
  const first = negated ? 2 : 1;
  const body = text.slice(first, -1);
  return `[${negated ? '^' : ''}${body.startsWith(']') ? `\\${body}` : body}]`;
}

import { type TranslatedRegex, translatePythonRegex } from '#shared/python-regex.ts';
import type { RegexRunner } from './bounded-regex.ts';

/**
 * A text pattern of mappings, image lists and allowlists: `*` stands for any run of characters, `/` included; all
 * else is literal; both ends are anchored; case counts. The prefix `regexp:` switches to a regular expression that is
 * anchored at the start only.
 */
export type Selector =
  | { kind: 'any' }
  | { kind: 'exact'; text: string }
  | { kind: 'wildcard'; parts: string[] }
  | { kind: 'regex'; regex: TranslatedRegex };

const REGEX_PREFIX = 'regexp:';

/** Compiles a pattern. Throws a SyntaxError for a bad `regexp:` expression. */
export function compileSelector(pattern: string): Selector {
  if (pattern.startsWith(REGEX_PREFIX)) {
    return { kind: 'regex', regex: translatePythonRegex(pattern.slice(REGEX_PREFIX.length)) };
  }
  if (!pattern.includes('*')) return { kind: 'exact', text: pattern };
  const parts = pattern.split(/\*+/);
  return parts.every((part) => part === '') ? { kind: 'any' } : { kind: 'wildcard', parts };
}

/** Does the text match? Wildcards take linear time; `regexp:` runs under the budget of `regex` and may throw RegexTimeout. */
export function selects(selector: Selector, text: string, regex: RegexRunner): boolean {
  if (selector.kind === 'regex') return regex.matches(selector.regex, [text])[0] === true;
  return selectsText(selector, text);
}

/** Does the text match a pattern that is no expression? Expressions never match here. */
export function selectsText(selector: Selector, text: string): boolean {
  switch (selector.kind) {
    case 'any':
      return true;
    case 'exact':
      return selector.text === text;
    case 'wildcard':
      return matchesParts(selector.parts, text);
    case 'regex':
      return false;
  }
}

/** First part is a prefix, last a suffix, the others occur in order: greedy search from the left is exact for `*`. */
function matchesParts(parts: string[], text: string): boolean {
  const first = parts[0]!;
  const last = parts[parts.length - 1]!;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (let index = 1; index < parts.length - 1; index++) {
    const part = parts[index]!;
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return at <= end;
}

/**
 * Literal texts, in lower case, of which every match of the expression must contain one: files without any need not be
 * searched. An empty text means that none can be told. Looks at the alternatives of the expression and, in each, at the
 * top level only: groups, classes and optional parts end a literal.
 */
export function requiredLiterals(source: string): string[] {
  const literals = alternatives(source).map(requiredLiteral);
  return literals.some((literal) => literal === '') ? [''] : [...new Set(literals)];
}

/** Parts of the expression between top-level `|`. */
function alternatives(source: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < source.length; ) {
    const char = source[i];
    if (char === '\\') i = escapeEnd(source, i);
    else if (char === '(') i = groupEnd(source, i);
    else if (char === '[') i = classEnd(source, i);
    else if (char === '|') {
      parts.push(source.slice(start, i));
      start = ++i;
    } else i++;
  }
  parts.push(source.slice(start));
  return parts;
}

/** The longest literal of one alternative, empty when it has none. */
function requiredLiteral(source: string): string {
  let best = '';
  let current = '';
  const close = (): void => {
    if (current.length > best.length) best = current;
    current = '';
  };
  for (let i = 0; i < source.length; ) {
    const char = source[i] as string;
    let literal = '';
    let next = i + 1;
    if (char === '\\') {
      next = escapeEnd(source, i);
      if (next === i + 2 && /[^A-Za-z0-9]/.test(source[i + 1] ?? 'a')) literal = source[i + 1] as string;
    } else if (char === '(') next = groupEnd(source, i);
    else if (char === '[') next = classEnd(source, i);
    else if (!'.^$*+?{}'.includes(char)) literal = char;
    else if (char === '{') next = Math.max(next, source.indexOf('}', i) + 1);
    const optional = /^(?:[*?]|\{0|\{,)/.test(source.slice(next, next + 2));
    if (literal === '' || optional) close();
    else current += literal;
    if (/^[*+?{]/.test(source.slice(next, next + 1)) && literal !== '') close();
    i = next;
  }
  close();
  // JavaScript folds a few non-ASCII characters onto ASCII letters; those never occur in text of single bytes.
  return best.toLowerCase();
}

/** Offset behind an escape: `\\d`, `\\.`, `\\12`, `\\x41`, `\\u0041`, `\\cA`, `\\k<name>`. */
function escapeEnd(source: string, start: number): number {
  const match = /^\\(?:\d+|x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[A-Za-z]|k<[^>]*>|[\s\S])/.exec(
    source.slice(start, start + 200),
  );
  return start + (match?.[0].length ?? 1);
}

function groupEnd(source: string, start: number): number {
  let depth = 0;
  for (let i = start; i < source.length; i++) {
    const char = source[i];
    if (char === '\\') i++;
    else if (char === '[') i = classEnd(source, i) - 1;
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return i + 1;
  }
  return source.length;
}

function classEnd(source: string, start: number): number {
  for (let i = start + (source[start + 1] === '^' ? 2 : 1); i < source.length; i++) {
    if (source[i] === '\\') i++;
    else if (source[i] === ']') return i + 1;
  }
  return source.length;
}

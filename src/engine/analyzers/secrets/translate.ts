/** A regular expression ready for V8: it matches from the start of a line. */
export interface TranslatedRegex {
  source: string;
  flags: string;
}

/**
 * Rewrites Python's regular expression syntax to JavaScript's: leading `(?i)` flags, `(?P<name>…)`, `(?P=name)`, comments,
 * `\A`, `\Z`, `{,n}`, and `]` as the first member of a class. Throws SyntaxError with the reason when the expression has no
 * counterpart. JavaScript's own syntax passes through unchanged.
 */
export function translateRegex(python: string): TranslatedRegex {
  // Text is searched as bytes: every byte is one character, in the expression too.
  let rest = Buffer.from(python, 'utf8').toString('latin1');
  let flags = '';
  for (let match = /^\(\?([aiLmsux]+)\)/.exec(rest); match; match = /^\(\?([aiLmsux]+)\)/.exec(rest)) {
    if (match[1]?.includes('x')) throw new SyntaxError('verbose expressions are not supported');
    for (const flag of 'ims') if (match[1]?.includes(flag) && !flags.includes(flag)) flags += flag;
    rest = rest.slice(match[0].length);
  }
  const source = `^(?:${rewrite(rest)})`;
  new RegExp(source, flags); // throws here rather than in the middle of a layer
  return { source, flags };
}

function rewrite(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; ) {
    const char = text[i] as string;
    const two = text.slice(i, i + 2);
    if (char === '\\') {
      out += two === '\\Z' ? '(?![^])' : two === '\\A' ? '(?<![^])' : two;
      i += 2;
    } else if (char === '[') {
      const end = classEnd(text, i);
      out += rewriteClass(text.slice(i, end));
      i = end;
    } else if (text.startsWith('(?P<', i)) {
      out += '(?<';
      i += 4;
    } else if (text.startsWith('(?P=', i)) {
      const end = text.indexOf(')', i);
      if (end < 0) throw new SyntaxError('missing ) behind (?P=');
      out += `\\k<${text.slice(i + 4, end)}>`;
      i = end + 1;
    } else if (text.startsWith('(?#', i)) {
      const end = text.indexOf(')', i);
      if (end < 0) throw new SyntaxError('missing ) behind (?#');
      i = end + 1;
    } else if (text.startsWith('{,', i)) {
      out += '{0,';
      i += 2;
    } else {
      out += char;
      i++;
    }
  }
  return out;
}

/** Offset behind the `]` that ends the class that starts at `start`. */
function classEnd(text: string, start: number): number {
  let i = start + 1;
  if (text[i] === '^') i++;
  if (text[i] === ']') i++;
  for (; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === ']') return i + 1;
  }
  throw new SyntaxError('missing ] of a character class');
}

function rewriteClass(text: string): string {
  return text.replace(/^(\[\^?)\]/, '$1\\]');
}

/** Fields of an os-release(5) file. */
export type ReleaseFields = Record<string, string>;

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)$/;

/**
 * Reads the shell-compatible assignments of os-release(5). Quotes and backslash escapes are resolved, comments and
 * lines that are no assignment are skipped, CRLF is accepted, the last assignment of a key wins (as in a shell).
 */
export function parseOsRelease(text: string): ReleaseFields {
  const fields: ReleaseFields = Object.create(null) as ReleaseFields;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const match = ASSIGNMENT.exec(line);
    if (match) fields[match[1] as string] = unquote(match[2] as string);
  }
  return fields;
}

/** Removes shell quoting: `'…'` literal, `"…"` with `\` before `$ " \ `` ` ``, bare words with any escaped character. */
function unquote(raw: string): string {
  let out = '';
  let quote = '';
  for (let i = 0; i < raw.length; i++) {
    const char = raw[i] as string;
    if (quote === '') {
      if (char === '"' || char === "'") quote = char;
      else if (char === '\\' && i + 1 < raw.length) out += raw[++i];
      else if (char === '#' && /\s/.test(raw[i - 1] ?? ' ')) break;
      else out += char;
    } else if (char === quote) quote = '';
    else if (quote === '"' && char === '\\' && i + 1 < raw.length) {
      const next = raw[++i] as string;
      out += '$"\\`'.includes(next) ? next : `\\${next}`;
    } else out += char;
  }
  return out.trim();
}

/**
 * Reads the value of a Ruby literal, without evaluating anything: quoted strings ('…', "…", %q<…>, %Q[…], %(…)) with
 * an optional `.freeze`, lists of them ([…] and %w[…]). Whatever is not a literal gives undefined.
 */
export function rubyStrings(source: string): string[] | undefined {
  const text = source.trim();
  const words = /^%[wW]([[({<])([\s\S]*?)[\])}>](?:\.freeze)?/.exec(text);
  if (words !== null) return (words[2] ?? '').split(/\s+/).filter((word) => word !== '');
  if (!text.startsWith('[')) {
    const one = rubyString(text, 0);
    return one === undefined ? undefined : [one.value];
  }
  const out: string[] = [];
  let at = 1;
  for (;;) {
    while (/[\s,]/.test(text[at] ?? '')) at++;
    if (at >= text.length || text[at] === ']') return out;
    const one = rubyString(text, at);
    if (one === undefined) return undefined;
    out.push(one.value);
    at = one.end;
    if (out.length > 1000) return out;
  }
}

const CLOSING: Record<string, string> = { '(': ')', '[': ']', '{': '}', '<': '>' };

/** A string literal at `at`, and where it ends (after `.freeze`). Interpolation makes it no literal. */
export function rubyString(text: string, at: number): { value: string; end: number } | undefined {
  let open = text[at];
  let start = at + 1;
  let interpolates = open === '"';
  if (open === '%') {
    const kind = text[start] ?? '';
    if (/[qQ]/.test(kind)) start++;
    else if (!/[([{<|!]/.test(kind)) return undefined;
    interpolates = kind !== 'q';
    open = text[start++];
    if (open === undefined || /[\w\s]/.test(open)) return undefined;
  } else if (open !== "'" && open !== '"') {
    return undefined;
  }
  const close = CLOSING[open] ?? open;
  let value = '';
  for (let i = start; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '\\') {
      const next = text[++i] ?? '';
      value += unescaped(next, interpolates, close);
    } else if (char === close) {
      const freeze = text.startsWith('.freeze', i + 1) ? '.freeze'.length : 0;
      return { value, end: i + 1 + freeze };
    } else if (interpolates && char === '#' && text[i + 1] === '{') {
      return undefined;
    } else value += char;
    if (value.length > 65_536) return undefined;
  }
  return undefined;
}

function unescaped(char: string, interpolates: boolean, close: string): string {
  if (!interpolates) return char === close || char === '\\' ? char : `\\${char}`;
  return ({ n: '\n', t: '\t', r: '\r', e: '\u001b', '0': '\0', s: ' ' } as Record<string, string>)[char] ?? char;
}

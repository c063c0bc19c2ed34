/** Fields of a `DESCRIPTION` file by name, continuation lines joined by a space. */
export type Description = Record<string, string>;

const FIELD = /^([A-Za-z][\w@/.-]{0,100}):[ \t]*(.*)$/;
const MOST_FIELDS = 500;

/** Reads the Debian control format as R writes it ("Writing R Extensions", "The DESCRIPTION file"). */
export function readDescription(bytes: Uint8Array): Description {
  const utf8 = new TextDecoder().decode(bytes);
  // Old packages declare Latin-1 in an Encoding field.
  const text = utf8.includes('\ufffd') ? new TextDecoder('latin1').decode(bytes) : utf8;
  const fields = new Map<string, string>();
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ''] = FIELD.exec(line) ?? [];
    if (name !== undefined) {
      if (fields.size >= MOST_FIELDS) break;
      fields.set(name, value.trim());
      last = name;
    } else if (last !== undefined && /^[ \t]/.test(line)) fields.set(last, `${fields.get(last)} ${line.trim()}`.trim());
  }
  return Object.fromEntries(fields);
}

/** Names of packages in a dependency field, `R (>= 4.0), methods, Rcpp (>= 1.0.5)`; R itself is left out. */
export function dependencyNames(field: string | undefined): string[] {
  return (field ?? '')
    .split(',')
    .map((part) => /^\s*([A-Za-z][\w.]*)/.exec(part)?.[1] ?? '')
    .filter((name) => name !== '' && name !== 'R');
}

/** One paragraph of a Debian control file. Values are unfolded when asked for: most fields never are. */
export interface Stanza {
  /** Value of a field, by lower-case name; continuation lines are joined by newlines. */
  get(name: string): string | undefined;
  has(name: string): boolean;
  /** Names in order of appearance. */
  names(): Iterable<string>;
}

/**
 * Splits a Debian control file (deb-control(5)) into paragraphs. Accepts a missing last newline, CRLF, continuation
 * by space or tab, comments, and lines that are no field (skipped). Names are folded to lower case; the first of two
 * equal names counts; continuation lines lose their first blank.
 */
export function* parseStanzas(text: string): Generator<Stanza> {
  let fields = new Map<string, string>();
  let name: string | undefined;
  let valueStart = 0;
  const close = (end: number): void => {
    if (name !== undefined && !fields.has(name)) fields.set(name, text.slice(valueStart, end));
    name = undefined;
  };
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const first = text.charCodeAt(start);
    const empty = end === start || (first === 13 && end === start + 1);
    if (empty) {
      close(start);
      if (fields.size > 0) yield stanzaOf(fields);
      if (fields.size > 0) fields = new Map();
    } else if (first === 35) close(start);
    else if (first !== 32 && first !== 9) {
      close(start);
      const colon = text.indexOf(':', start);
      if (colon > start && colon < end) {
        name = foldName(text.slice(start, colon));
        valueStart = colon + 1;
      }
    }
    start = end + 1;
  }
  close(text.length);
  if (fields.size > 0) yield stanzaOf(fields);
}

function stanzaOf(fields: Map<string, string>): Stanza {
  return {
    get: (name) => {
      const raw = fields.get(name);
      return raw === undefined ? undefined : unfold(raw);
    },
    has: (name) => fields.has(name),
    names: () => fields.keys(),
  };
}

function unfold(raw: string): string {
  if (!raw.trimEnd().includes('\n')) return raw.trim();
  const [first = '', ...rest] = raw.trimEnd().split('\n');
  return [first.trim(), ...rest.map((line) => line.slice(1).trimEnd())].join('\n');
}

const FOLDED = new Map<string, string>();

/** The few names of a format repeat in every paragraph. */
function foldName(name: string): string {
  let folded = FOLDED.get(name);
  if (folded === undefined) {
    folded = name.trim().toLowerCase();
    if (FOLDED.size < 1000) FOLDED.set(name, folded);
  }
  return folded;
}

/** What a rockspec says of its package. */
export interface Rockspec {
  name: string;
  /** With the revision of the rockspec: `2.8.1-0`. */
  version: string;
  license?: string;
  homepage?: string;
  url?: string;
  /** Names of needed packages; Lua itself is left out. */
  dependencies: string[];
}

const MOST_NAMES = 200;

/**
 * Reads a rockspec, a file of Lua assignments, without running it: literals, `..` between literals and names, and names
 * assigned before. What does not come to a text is left out. Without a name and a version in the text, those of the file's
 * name (`name-version-revision.rockspec`) count; undefined when there are none.
 */
export function readRockspec(source: string, file: string): Rockspec | undefined {
  const text = withoutComments(source);
  const known = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/^[ \t]*(?:local[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(?![={])([^\n]+)/gm)) {
    const literal = evaluate(value!, known);
    if (literal !== undefined && known.size < MOST_NAMES && !known.has(name!)) known.set(name!, literal);
  }
  const [, fileBase, fileVersion] = /^(.+)-([^-]+-\d+)\.rockspec$/.exec(file) ?? [];
  const name = known.get('package') ?? fileBase;
  const version = known.get('version') ?? fileVersion;
  if (!name || !version) return undefined;
  const inTable = (key: string): string | undefined => {
    const value = new RegExp(`[{,;\\s]${key}\\s*=\\s*([^\\n]+)`).exec(text)?.[1];
    return value === undefined ? undefined : evaluate(value, known);
  };
  const license = inTable('license');
  const homepage = inTable('homepage');
  const url = inTable('url');
  return {
    name,
    version,
    ...(license ? { license } : {}),
    ...(homepage ? { homepage } : {}),
    ...(url ? { url } : {}),
    dependencies: dependenciesOf(text),
  };
}

/** Comments out, unless they stand in a text: `--` occurs in addresses and descriptions. */
function withoutComments(source: string): string {
  return source.replace(
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\[\[[\s\S]*?\]\]|--\[\[[\s\S]*?\]\]|--[^\n]*/g,
    (part) => (part.startsWith('--') ? ' ' : part),
  );
}

const TERM =
  /^\s*(?:"((?:[^"\\\n]|\\.){0,4096})"|'((?:[^'\\\n]|\\.){0,4096})'|\[\[([^\]\n]{0,4096})\]\]|([A-Za-z_]\w*)|(\d[\d.]*))\s*/;

/** Value of `term .. term …`; undefined when a part is no text that is known. */
function evaluate(expression: string, known: ReadonlyMap<string, string>): string | undefined {
  let rest = expression;
  let value = '';
  for (let terms = 0; terms < 20; terms++) {
    const match = TERM.exec(rest);
    if (!match) return undefined;
    const [whole, double, single, long, name, number] = match;
    const part = double ?? single ?? long ?? (name === undefined ? number : known.get(name));
    if (part === undefined) return undefined;
    value += part.replace(/\\(["'\\])/g, '$1');
    rest = rest.slice(whole.length);
    if (!rest.startsWith('..')) return value.trim() === '' ? undefined : value.trim();
    rest = rest.slice(2);
  }
  return undefined;
}

function dependenciesOf(text: string): string[] {
  const list = /(?:^|\n)\s*dependencies\s*=\s*\{([^}]*)\}/.exec(text)?.[1] ?? '';
  const names = [...list.matchAll(/["']\s*([A-Za-z0-9][\w./-]*)/g)].map(([, name]) => name!);
  return [...new Set(names)].filter((name) => name !== 'lua').slice(0, MOST_NAMES);
}

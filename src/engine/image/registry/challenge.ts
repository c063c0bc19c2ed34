/** One authentication challenge (RFC 9110 §11.6.1). Scheme and parameter names are lower case. */
export interface Challenge {
  scheme: string;
  parameters: Record<string, string>;
}

/** Reads all challenges of `WWW-Authenticate`: several headers, several in one, quoted strings with commas and escapes. */
export function parseChallenges(header: string | string[] | undefined): Challenge[] {
  const lines = header === undefined ? [] : Array.isArray(header) ? header : [header];
  return lines.flatMap(parseLine);
}

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;

function parseLine(line: string): Challenge[] {
  const challenges: Challenge[] = [];
  let at = 0;
  const token = (): string | undefined => {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(line)?.[0];
    if (match !== undefined) at += match.length;
    return match;
  };
  const spaces = (): void => {
    while (line[at] === ' ' || line[at] === '\t') at++;
  };
  while (at < line.length) {
    spaces();
    if (line[at] === ',') {
      at++;
      continue;
    }
    const name = token();
    if (name === undefined) return challenges; // not a challenge any more
    spaces();
    const current = challenges.at(-1);
    if (line[at] === '=' && current !== undefined) {
      at++;
      spaces();
      current.parameters[name.toLowerCase()] = line[at] === '"' ? quoted() : (token() ?? '');
    } else challenges.push({ scheme: name.toLowerCase(), parameters: {} });
  }
  return challenges;

  function quoted(): string {
    let value = '';
    for (at++; at < line.length && line[at] !== '"'; at++) {
      if (line[at] === '\\') at++;
      value += line[at] ?? '';
    }
    at++;
    return value;
  }
}

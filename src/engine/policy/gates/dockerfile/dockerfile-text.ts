/** One instruction of a Dockerfile. */
export interface Instruction {
  /** Upper case. */
  name: string;
  /** Everything after the name, continuation lines joined by one space. */
  text: string;
  /** Index of the build stage, 0 for the first `FROM` and for what precedes it. */
  stage: number;
}

const HEREDOC = /<<-?\s*(["']?)([A-Za-z_][A-Za-z0-9_.]*)\1/g;

/**
 * Splits Dockerfile text into instructions, after the Dockerfile reference: comments and blank lines are dropped
 * (inside continuations too), lines that end with the escape character are joined, the `escape` directive is read,
 * here-documents belong to their instruction. Linear in the length of the text.
 */
export function parseDockerfile(text: string): Instruction[] {
  const lines = text.split(/\r?\n/);
  const continuation = escapeCharacter(lines);
  const instructions: Instruction[] = [];
  let stage = -1;
  for (let at = 0; at < lines.length; at++) {
    const start = lines[at]!.trim();
    if (start === '' || start.startsWith('#')) continue;
    const parts: string[] = [];
    for (; at < lines.length; at++) {
      const line = lines[at]!.trim();
      if (parts.length > 0 && (line === '' || line.startsWith('#'))) continue;
      const continued = line.endsWith(continuation);
      parts.push(continued ? line.slice(0, -1).trimEnd() : line);
      if (!continued) break;
    }
    const logical = parts.join(' ').trim();
    const space = logical.search(/\s/);
    const name = (space < 0 ? logical : logical.slice(0, space)).toUpperCase();
    const rest = space < 0 ? '' : logical.slice(space).trim();
    if (name === 'RUN' || name === 'COPY' || name === 'ADD') at = skipHeredocs(rest, lines, at);
    if (name === 'FROM') stage += 1;
    instructions.push({ name, text: rest, stage: Math.max(stage, 0) });
  }
  return instructions;
}

/** Parser directive `# escape=`; only valid before anything else. */
function escapeCharacter(lines: string[]): string {
  for (const line of lines) {
    const directive = /^#\s*([A-Za-z]+)\s*=\s*(\S+)\s*$/.exec(line.trim());
    if (!directive) return '\\';
    if (directive[1]!.toLowerCase() === 'escape') return directive[2] === '`' ? '`' : '\\';
  }
  return '\\';
}

/** Index of the last line of the here-documents that the instruction at `at` opens. */
function skipHeredocs(rest: string, lines: string[], at: number): number {
  let last = at;
  for (const [, , word] of rest.matchAll(HEREDOC)) {
    let end = last + 1;
    while (end < lines.length && lines[end]!.replace(/^\t+/, '') !== word) end += 1;
    // An unterminated here-document is an ordinary `<<`.
    if (end === lines.length) return last;
    last = end;
  }
  return last;
}

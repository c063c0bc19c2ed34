/** Instructions of the Dockerfile reference that change an image. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
]);

const NO_OP = /^(?:\/bin\/sh -c|cmd \/S \/C|powershell -Command)\s+#\(nop\)\s*/i;
const BUILDKIT_MARK = /\s+# buildkit\s*$/;
/** `|2 A=1 B=2 /bin/sh -c …`: build arguments that were visible to the command. */
const BUILD_ARGUMENTS = /^\|\d+\s+/;

/**
 * The Dockerfile instruction that a history entry (`created_by`) stands for. Understands the classic builder (`#(nop)`
 * marks what ran no command), BuildKit (instructions with `# buildkit` behind them) and builders that write instructions
 * as they are (kaniko, buildah). Anything else ran as a command.
 */
export function instructionOf(createdBy: string): string {
  const text = createdBy.trim();
  if (NO_OP.test(text)) return oneStatement(text.replace(NO_OP, '').trim());
  const bare = text.replace(BUILDKIT_MARK, '');
  const [word = ''] = bare.split(/\s/, 1);
  if (KEYWORDS.has(word)) return oneStatement(normalize(word, bare.slice(word.length).trim()));
  if (text === '' || text.startsWith('#'))
    return text
      .split('\n')
      .map((line) => (line.startsWith('#') ? line : `# ${line}`))
      .join('\n');
  return oneStatement(`RUN ${command(bare)}`);
}

/** A statement over several lines needs a backslash at the end of each, unless the author wrote it. */
function oneStatement(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[ \t]*\\?\n+/g, ' \\\n');
}

/** Brings what BuildKit prints of its own data structures back to the form an author would write. */
function normalize(word: string, rest: string): string {
  switch (word) {
    case 'RUN':
      return `RUN ${command(rest)}`;
    case 'EXPOSE':
      return `EXPOSE ${exposedPorts(rest)}`;
    case 'HEALTHCHECK':
      return `HEALTHCHECK ${healthcheckOf(rest)}`;
    case 'VOLUME':
      return `VOLUME ${/^\[[^"]*\]$/.test(rest) ? JSON.stringify(rest.slice(1, -1).split(/\s+/)) : rest}`;
    default:
      return `${word} ${rest}`;
  }
}

/** Strips the shell that the builder put before a command, and the arguments before that. */
function command(text: string): string {
  let rest = text;
  if (BUILD_ARGUMENTS.test(rest)) {
    const shell = rest.search(/\s\/bin\/(ba|a)?sh\s/);
    if (shell >= 0) rest = rest.slice(shell + 1);
  }
  return rest.replace(/^\/bin\/sh -c\s+/, '').trim();
}

/** `map[443/tcp:{} 80/tcp:{}]` as the author's `443/tcp 80/tcp`. */
function exposedPorts(text: string): string {
  const map = /^map\[(.*)\]$/.exec(text);
  return map ? (map[1] as string).replace(/:\{\}/g, '') : text;
}

/** `&{["CMD-SHELL" "curl -f http://localhost/"] "30s" "3s" "0s" "0s" '\x03'}`: test, interval, timeout, start period, (start interval,) retries. */
function healthcheckOf(text: string): string {
  const struct = /^&\{\[([^\]]*(?:\][^"]*"[^\]]*)*)\]\s*(.*)\}$/s.exec(text);
  if (!struct) return text;
  const words = quoted(struct[1] as string);
  const rest = struct[2] as string;
  const times = [...rest.matchAll(/"([^"]*)"/g)].map((match) => match[1] as string);
  const retries = retryCount(/'([^']*|\\'|')'\s*$/.exec(rest)?.[1]);
  return healthcheckText(words, {
    interval: times[0],
    timeout: times[1],
    'start-period': times[2],
    'start-interval': times.length > 3 ? times[3] : undefined,
    retries: retries > 0 ? String(retries) : undefined,
  });
}

/** Writes a health check from its parts; times of zero mean the default and are left out. */
export function healthcheckText(test: readonly string[], options: Record<string, string | undefined>): string {
  if (test[0] === 'NONE') return 'NONE';
  const flags = Object.entries(options)
    .filter(([, value]) => value !== undefined && value !== '' && !/^0(s|ns)?$/.test(value))
    .map(([name, value]) => `--${name}=${value} `);
  const command = test[0] === 'CMD-SHELL' ? test.slice(1).join(' ') : JSON.stringify(test.slice(1));
  return `${flags.join('')}CMD ${command}`;
}

/** Go prints the retries as a character literal. */
function retryCount(literal: string | undefined): number {
  if (!literal) return 0;
  const hex = /^\\(?:x|u|U)([0-9a-fA-F]+)$/.exec(literal);
  if (hex) return Number.parseInt(hex[1] as string, 16);
  const named = { '\\a': 7, '\\b': 8, '\\t': 9, '\\n': 10, '\\v': 11, '\\f': 12, '\\r': 13 }[literal];
  return named ?? literal.codePointAt(0) ?? 0;
}

/** Strings of a Go `%q` list. */
function quoted(list: string): string[] {
  return [...list.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] as string).replace(/\\(["\\])/g, '$1'));
}

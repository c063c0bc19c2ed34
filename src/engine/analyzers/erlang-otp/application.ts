/** An application of Erlang/OTP, as its resource file says. */
export interface ErlangApplication {
  name: string;
  version: string;
  description?: string;
  /** Names of applications that it needs. */
  applications: string[];
}

const MOST_NAMES = 300;

/**
 * Reads an application resource file, `{application, Name, [{vsn, "…"}, …]}.` ("OTP Design Principles", "Applications").
 * Undefined for other files and for those whose version is not a text (sources have a placeholder or `git`).
 */
export function readApplication(source: string): ErlangApplication | undefined {
  const text = source.replace(/"(?:[^"\\]|\\.)*"|%[^\n]*/g, (part) => (part.startsWith('%') ? ' ' : part));
  const name = /\{\s*application\s*,\s*(?:'([^'\n]{1,200})'|([a-z][\w@]{0,200}))\s*,/
    .exec(text)
    ?.slice(1)
    .find(Boolean);
  const version = field(text, 'vsn');
  if (name === undefined || version === undefined || !/^v?\d[\w.+~-]*$/.test(version)) return undefined;
  const description = field(text, 'description');
  const needed = /[{,[]\s*applications\s*,\s*\[([^\]]*)\]/.exec(text)?.[1] ?? '';
  const applications = [...needed.matchAll(/'([^'\n]+)'|([a-z][\w@]*)/g)].map(
    ([, quoted, plain]) => (quoted ?? plain)!,
  );
  return {
    name,
    version,
    ...(description ? { description } : {}),
    applications: [...new Set(applications)].slice(0, MOST_NAMES),
  };
}

function field(text: string, key: string): string | undefined {
  const value = new RegExp(`\\{\\s*${key}\\s*,\\s*"((?:[^"\\\\]|\\\\.){0,2000})"\\s*\\}`).exec(text)?.[1];
  return value === undefined || value === '' ? undefined : value.replace(/\\(.)/gs, '$1');
}

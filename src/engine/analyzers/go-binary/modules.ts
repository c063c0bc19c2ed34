/** A module as recorded in a binary. */
export interface GoModule {
  path: string;
  /** `v1.2.3`, a pseudo-version, or `(devel)`. */
  version: string;
  /** `h1:…` checksum of go.sum. */
  h1?: string;
  /** The module that this one stands in for (`replace` in go.mod). */
  replaces?: { path: string; version: string };
}

/** Build information of one Go binary. */
export interface GoBuildInfo {
  /** `go1.21.3`, without experiments. */
  goVersion: string;
  /** `boringcrypto` … of `go1.20 X:boringcrypto`. */
  experiments: string[];
  /** Import path of the main package. */
  path?: string;
  main?: GoModule;
  modules: GoModule[];
  /** `build` lines: `-ldflags`, `GOARCH`, `vcs.revision` …, in order. */
  settings: { key: string; value: string }[];
}

const MOST_MODULES = 20_000;
const MOST_SETTINGS = 200;
const LONGEST_VALUE = 8192;

/** Splits `go1.20.1 X:boringcrypto` into version and experiments; vendor suffixes such as `-fips` stay. */
export function splitGoVersion(text: string): { goVersion: string; experiments: string[] } {
  const [goVersion = '', ...rest] = text.trim().split(/\s+/);
  const experiments = rest.filter((word) => word.startsWith('X:')).flatMap((word) => word.slice(2).split(','));
  return { goVersion, experiments };
}

/** A setting's value: plain, or a Go quoted string. */
function unquote(text: string): string {
  if (text.startsWith('"')) {
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'string') return value;
    } catch {
      return text.slice(1, -1);
    }
  }
  return text.startsWith('`') ? text.slice(1, -1) : text;
}

/** Reads the text that `runtime/debug.BuildInfo` is made of. Lines that do not parse are skipped. */
export function readModules(goVersionText: string, moduleText: string): GoBuildInfo {
  const info: GoBuildInfo = { ...splitGoVersion(goVersionText), modules: [], settings: [] };
  let last: GoModule | undefined;
  for (const line of moduleText.split('\n')) {
    const tab = line.indexOf('\t');
    if (tab < 0) continue;
    const key = line.slice(0, tab);
    const rest = line.slice(tab + 1);
    if (key === 'path') info.path = rest;
    else if (key === 'build') {
      const equals = settingSeparator(rest);
      if (equals > 0 && info.settings.length < MOST_SETTINGS) {
        info.settings.push({
          key: unquote(rest.slice(0, equals)),
          value: unquote(rest.slice(equals + 1)).slice(0, LONGEST_VALUE),
        });
      }
    } else if (key === 'mod' || key === 'dep') {
      const module = readModule(rest);
      if (module === undefined) continue;
      last = module;
      if (key === 'mod') info.main = module;
      else if (info.modules.length < MOST_MODULES) info.modules.push(module);
    } else if (key === '=>' && last !== undefined) {
      const replacement = readModule(rest);
      if (replacement === undefined) continue;
      last.replaces = { path: last.path, version: last.version };
      last.path = replacement.path;
      last.version = replacement.version;
      if (replacement.h1 === undefined) delete last.h1;
      else last.h1 = replacement.h1;
    }
  }
  return info;
}

function settingSeparator(text: string): number {
  if (!text.startsWith('"')) return text.indexOf('=');
  const close = text.indexOf('"=', 1);
  return close < 0 ? -1 : close + 1;
}

function readModule(text: string): GoModule | undefined {
  const [path = '', version = '', h1] = text.split('\t');
  if (path === '' || path.length > 1024) return undefined;
  return { path, version: version.slice(0, 256), ...(h1 === undefined || h1 === '' ? {} : { h1: h1.slice(0, 128) }) };
}

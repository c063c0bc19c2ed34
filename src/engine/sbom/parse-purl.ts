import type { PackageType } from '../model/package.ts';

/** A package URL taken apart, decoded. */
export interface ParsedPurl {
  type: string;
  namespace?: string;
  name: string;
  version?: string;
  qualifiers: Record<string, string>;
}

/** Parses a package URL (purl-spec); undefined for text that is none. Never throws. */
export function parsePurl(text: string): ParsedPurl | undefined {
  const body = /^pkg:\/*(.+)$/i.exec(text.trim())?.[1];
  if (!body) return undefined;
  const withoutSubpath = body.split('#', 1)[0]!;
  const question = withoutSubpath.indexOf('?');
  const path = question < 0 ? withoutSubpath : withoutSubpath.slice(0, question);
  const slash = path.indexOf('/');
  if (slash <= 0) return undefined;
  const rest = path.slice(slash + 1).replace(/\/+$/, '');
  // A scope starts with `@`: the version follows the last one that has text before it in its segment.
  const at = rest.lastIndexOf('@');
  const hasVersion = at > 0 && at > rest.lastIndexOf('/') + 0 && rest[at - 1] !== '/';
  const names = (hasVersion ? rest.slice(0, at) : rest)
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode);
  const name = names.pop();
  if (!name) return undefined;
  const qualifiers: Record<string, string> = {};
  for (const pair of question < 0 ? [] : withoutSubpath.slice(question + 1).split('&')) {
    const equals = pair.indexOf('=');
    if (equals > 0) qualifiers[pair.slice(0, equals).toLowerCase()] = decode(pair.slice(equals + 1));
  }
  return {
    type: path.slice(0, slash).toLowerCase(),
    ...(names.length > 0 ? { namespace: names.join('/') } : {}),
    name,
    ...(hasVersion ? { version: decode(rest.slice(at + 1)) } : {}),
    qualifiers,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const TYPES: Record<string, PackageType> = {
  deb: 'deb',
  rpm: 'rpm',
  apk: 'apk',
  alpm: 'alpm',
  ebuild: 'portage',
  nix: 'nix',
  npm: 'npm',
  pypi: 'python',
  maven: 'java-archive',
  gem: 'gem',
  golang: 'go-module',
  cargo: 'rust-crate',
  composer: 'php-composer',
  pear: 'php-pear',
  nuget: 'dotnet',
  hex: 'hex',
  otp: 'erlang-otp',
  pub: 'dart-pub',
  swift: 'swift',
  conda: 'conda',
  brew: 'homebrew',
  conan: 'conan',
  cran: 'R-package',
  luarocks: 'lua-rocks',
  hackage: 'hackage',
  cocoapods: 'pod',
  bitnami: 'bitnami',
  generic: 'binary',
  github: 'github-action',
};

/** Package type of a purl type; `UnknownPackage` where the field has no name for it. */
export function packageTypeOf(purl: ParsedPurl | undefined): PackageType {
  return (purl && TYPES[purl.type]) ?? 'UnknownPackage';
}

/** Name as the ecosystem writes it: npm scopes, Go module paths and composer vendors are part of it. */
export function packageName(purl: ParsedPurl): string {
  const joined = ['npm', 'golang', 'composer', 'swift', 'github', 'hex', 'ebuild'];
  return purl.namespace && joined.includes(purl.type) ? `${purl.namespace}/${purl.name}` : purl.name;
}

import type { PackageType } from '../../model/package.ts';

/** A package that the author of an image says it has. */
export interface Hint {
  type: PackageType;
  name: string;
  /** With the release, where the type has one. */
  version: string;
  arch?: string;
  origin?: string;
  licenses: string[];
  size?: number;
  /** Source package, for packages of a distribution. */
  source?: string;
  files: string[];
  location?: string;
}

/** What a file of hints holds, and which of its rows are none. */
export interface HintFile {
  hints: Hint[];
  /** One sentence for each row that is left out. */
  problems: string[];
}

const TYPES: Record<string, PackageType> = {
  rpm: 'rpm',
  dpkg: 'deb',
  deb: 'deb',
  apkg: 'apk',
  apk: 'apk',
  npm: 'npm',
  gem: 'gem',
  python: 'python',
  java: 'java-archive',
  go: 'go-module',
  binary: 'binary',
  nuget: 'dotnet',
};

const MOST_HINTS = 10_000;

/** Reads `anchore_hints.json`: an object with a list `packages`. Throws for text that is no such object. */
export function readHints(json: string): HintFile {
  const document: unknown = JSON.parse(json.replace(/^\ufeff/, ''));
  const packages = (document as { packages?: unknown } | null)?.packages;
  if (!Array.isArray(packages)) throw new SyntaxError('it has no list of packages');
  const file: HintFile = { hints: [], problems: [] };
  for (const [at, row] of packages.slice(0, MOST_HINTS).entries()) {
    const hint = hintOf(row);
    if (typeof hint === 'string') file.problems.push(`Package ${at + 1} of the hints is left out: ${hint}.`);
    else file.hints.push(hint);
  }
  if (packages.length > MOST_HINTS) file.problems.push(`Only the first ${MOST_HINTS} hints are read.`);
  return file;
}

function hintOf(row: unknown): Hint | string {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return 'it is no object';
  const fields = row as Record<string, unknown>;
  const name = text(fields.name);
  const version = text(fields.version);
  if (name === undefined || version === undefined) return 'it has no name or no version';
  const type = TYPES[text(fields.type)?.toLowerCase() ?? ''];
  if (type === undefined) return `its type is none of ${Object.keys(TYPES).join(', ')}`;
  const release = text(fields.release);
  const size = Number(fields.size);
  const optional = { arch: text(fields.arch), origin: text(fields.origin), location: text(fields.location) };
  const source = text(fields.source) ?? text(fields.sourcepkg);
  return {
    type,
    name,
    version: release && release !== 'N/A' && !version.endsWith(`-${release}`) ? `${version}-${release}` : version,
    licenses: [...texts(fields.license), ...texts(fields.licenses), ...texts(fields.lics)],
    files: texts(fields.files),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    ...(source ? { source } : {}),
    ...(Number.isFinite(size) && size > 0 ? { size } : {}),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 4096 ? value.trim() : undefined;
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one) => text(one) ?? []).slice(0, 10_000);
}

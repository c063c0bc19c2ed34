import { formatPurl } from '../analyzers/purl.ts';
import type { PackageType } from '../model/package.ts';

const PURL_TYPES: Partial<Record<PackageType, string>> = {
  npm: 'npm',
  python: 'pypi',
  'go-module': 'golang',
  'rust-crate': 'cargo',
  'java-archive': 'maven',
  gem: 'gem',
  'php-composer': 'composer',
  dotnet: 'nuget',
  'dart-pub': 'pub',
  hex: 'hex',
  swift: 'swift',
  pod: 'cocoapods',
  conan: 'conan',
  hackage: 'hackage',
  'R-package': 'cran',
  'github-action': 'github',
};

/** Types whose names hold their namespace. */
const JOINED: ReadonlySet<PackageType> = new Set(['go-module', 'php-composer', 'swift', 'github-action']);
/** Types whose names are folded to lower case (purl-spec). */
const FOLDED: ReadonlySet<PackageType> = new Set(['php-composer', 'github-action', 'hex']);

/** Package URL of a declared package; undefined for types that have none. */
export function packageUrl(type: PackageType, name: string, version: string, group?: string): string | undefined {
  const purlType = PURL_TYPES[type];
  if (purlType === undefined) return undefined;
  const written = FOLDED.has(type) ? name.toLowerCase() : name;
  if (type === 'python')
    return formatPurl({ type: purlType, name: name.toLowerCase().replace(/[-_.]+/g, '-'), version });
  if (type === 'github-action') {
    const [owner = '', repository = '', ...inside] = written.split('/');
    return formatPurl({ type: purlType, namespace: owner, name: repository, version, subpath: inside.join('/') });
  }
  const slash = JOINED.has(type) || written.startsWith('@') ? written.lastIndexOf('/') : -1;
  return formatPurl({
    type: purlType,
    namespace: slash < 0 ? group : written.slice(0, slash),
    name: written.slice(slash + 1),
    version,
  });
}

import type { Package, PackageType } from '../../../model/package.ts';
import type { SchemeName, VersionScheme } from '../../../versions/types.ts';

const SCHEMES: Partial<Record<PackageType, SchemeName>> = {
  deb: 'deb',
  rpm: 'rpm',
  apk: 'apk',
  alpm: 'pacman',
  portage: 'portage',
  npm: 'npm',
  python: 'pep440',
  'java-archive': 'maven',
  'jenkins-plugin': 'maven',
  gem: 'gem',
  'go-module': 'go',
  'rust-crate': 'semver',
  'php-composer': 'composer',
  dotnet: 'nuget',
  'dart-pub': 'semver',
  hex: 'semver',
  swift: 'semver',
  bitnami: 'bitnami',
};

/** Orders the package's version against another text in the scheme of its ecosystem. */
export function compareVersion(pkg: Package, other: string, versions: (name: SchemeName) => VersionScheme): number {
  return versions(SCHEMES[pkg.type] ?? 'generic').compare(pkg.version, other.trim());
}

/** Version without the distribution's release: `1:2.3-4.el9` of an rpm is `2.3`, `2.3-4` of a deb is `2.3`. */
export function upstreamVersion(pkg: Package): string {
  if (pkg.type === 'apk') return pkg.version.replace(/-r\d+$/, '');
  if (pkg.type !== 'rpm' && pkg.type !== 'deb' && pkg.type !== 'alpm') return pkg.version;
  const noEpoch = pkg.version.replace(/^\d+:/, '');
  const dash = noEpoch.lastIndexOf('-');
  return dash < 0 ? noEpoch : noEpoch.slice(0, dash);
}

/** Is this the version that a rule names: with or without epoch, with or without release? */
export function isVersion(pkg: Package, wanted: string): boolean {
  const text = wanted.trim();
  return text === pkg.version || text === pkg.version.replace(/^\d+:/, '') || text === upstreamVersion(pkg);
}

/** Is this exactly the version, release included? An absent epoch is not compared. */
export function isExactVersion(pkg: Package, wanted: string): boolean {
  const text = wanted.trim();
  return text === pkg.version || text === pkg.version.replace(/^\d+:/, '');
}

import type { PackageType } from '#engine/model/package.ts';
import type { MatchablePackage } from '../types.ts';

/** Ecosystem of the records for a package type; types that are missing have none. */
export const ECOSYSTEMS: Partial<Record<PackageType, string>> = {
  npm: 'npm',
  python: 'python',
  'java-archive': 'java-archive',
  'jenkins-plugin': 'java-archive',
  gem: 'gem',
  'go-module': 'go-module',
  'rust-crate': 'rust-crate',
  'php-composer': 'php-composer',
  'php-pear': 'php-pear',
  dotnet: 'dotnet',
  hex: 'hex',
  'erlang-otp': 'erlang-otp',
  'dart-pub': 'dart-pub',
  swift: 'swift',
  conan: 'conan',
  'R-package': 'r-package',
  'lua-rocks': 'lua-rocks',
  hackage: 'hackage',
  pod: 'pod',
  bitnami: 'bitnami',
  'wordpress-plugin': 'wordpress-plugin',
  'github-action': 'github-action',
  conda: 'conda',
  binary: 'binary',
  'msrc-kb': 'msrc-kb',
};

/** Names to look a package up by, as records write them. The index compares all names without case. */
export function languageNames(pkg: MatchablePackage): string[] {
  switch (pkg.type) {
    case 'python':
      return [pkg.name.toLowerCase().replace(/[-_.]+/g, '-')];
    case 'java-archive':
    case 'jenkins-plugin':
      return mavenNames(pkg);
    case 'go-module':
      return [pkg.name === 'std' ? 'stdlib' : pkg.name];
    default:
      return [pkg.name];
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** `group:artifact` from the pom, the manifest, the package URL and the name, in this order. */
function mavenNames(pkg: MatchablePackage): string[] {
  const names = new Set<string>();
  const add = (group: string, artifact: string): void => {
    if (group !== '' && artifact !== '') names.add(`${group}:${artifact}`);
  };
  const metadata = pkg.metadata ?? {};
  for (const source of [metadata, object(metadata.pomProperties), object(metadata.pomProject)]) {
    add(
      text(source.groupId) || text(source.pomGroupID) || text(source.groupID),
      text(source.artifactId) || text(source.pomArtifactID) || text(source.artifactID) || pkg.name,
    );
  }
  const purl = /^pkg:maven\/([^/@?#]+)\/([^@?#]+)/.exec(pkg.purl ?? '');
  if (purl) add(decode(purl[1] ?? ''), decode(purl[2] ?? ''));
  if (names.size === 0) names.add(pkg.name);
  return [...names];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

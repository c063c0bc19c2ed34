import type { PackageType } from '#engine/model/package.ts';
import { OS_PACKAGE_TYPES } from '#engine/model/package.ts';
import type { CpeFields } from '../index/record.ts';
import type { MatchablePackage } from '../types.ts';
import { parseCpe } from './cpe-name.ts';

/** Package types that a target software field of a CPE means. */
const TARGET_TYPES: Readonly<Record<string, PackageType>> = {
  'node.js': 'npm',
  nodejs: 'npm',
  node: 'npm',
  npm: 'npm',
  javascript: 'npm',
  python: 'python',
  pypi: 'python',
  pip: 'python',
  ruby: 'gem',
  rubygems: 'gem',
  gem: 'gem',
  rails: 'gem',
  ruby_on_rails: 'gem',
  go: 'go-module',
  golang: 'go-module',
  rust: 'rust-crate',
  cargo: 'rust-crate',
  php: 'php-composer',
  composer: 'php-composer',
  packagist: 'php-composer',
  java: 'java-archive',
  maven: 'java-archive',
  jenkins: 'jenkins-plugin',
  '.net': 'dotnet',
  dotnet: 'dotnet',
  'asp.net': 'dotnet',
  nuget: 'dotnet',
  wordpress: 'wordpress-plugin',
  swift: 'swift',
  dart: 'dart-pub',
  pub: 'dart-pub',
  elixir: 'hex',
  erlang: 'hex',
  hex: 'hex',
  r: 'R-package',
  cran: 'R-package',
  haskell: 'hackage',
  lua: 'lua-rocks',
  luarocks: 'lua-rocks',
  cocoapods: 'pod',
  perl: 'UnknownPackage',
};

/** Targets that are ecosystems of their own, never those of a package found in an image. */
const FOREIGN = new Set(['joomla', 'joomla!', 'drupal', 'typo3']);

/** Why a record's target software rules a package out; undefined when it does not. */
export function targetObjection(pkg: MatchablePackage, record: CpeFields | undefined): string | undefined {
  const target = record?.targetSoftware ?? '';
  if (!record || OS_PACKAGE_TYPES.has(pkg.type)) return undefined;
  if (target === '') return undefined;
  const targets = ourTargets(pkg, record);
  const says = `the record is about ${record.product} for ${target}, not for ${pkg.type} packages`;
  if (pkg.type === 'binary' || pkg.type === 'UnknownPackage') {
    return targets.has('') || targets.has(target) || sharesType(targets, target) ? undefined : says;
  }
  if (pkg.type === 'java-archive' || pkg.type === 'jenkins-plugin' || target === '-') return undefined;
  if (sharesType(targets, target) || TARGET_TYPES[target] === pkg.type) return undefined;
  return TARGET_TYPES[target] === undefined && !FOREIGN.has(target) ? undefined : says;
}

/** Target software of the package's CPEs for the record's product; '' = any. */
function ourTargets(pkg: MatchablePackage, record: CpeFields): Set<string> {
  const targets = new Set<string>();
  for (const text of pkg.cpes) {
    const cpe = parseCpe(text);
    if (cpe && cpe.product === record.product && cpe.vendor === record.vendor) targets.add(cpe.targetSoftware);
  }
  return targets;
}

function sharesType(targets: ReadonlySet<string>, target: string): boolean {
  const type = TARGET_TYPES[target];
  return type !== undefined && [...targets].some((ours) => TARGET_TYPES[ours] === type);
}

import { apk } from './apk/index.ts';
import { bitnami } from './bitnami/index.ts';
import { composer } from './composer/index.ts';
import { deb } from './deb/index.ts';
import { gem } from './gem/index.ts';
import { generic } from './generic/index.ts';
import { go } from './go/index.ts';
import { jvm } from './jvm/index.ts';
import { kb } from './kb/index.ts';
import { maven } from './maven/index.ts';
import { npm } from './npm/index.ts';
import { nuget } from './nuget/index.ts';
import { pacman } from './pacman/index.ts';
import { pep440 } from './pep440/index.ts';
import { portage } from './portage/index.ts';
import { rpm } from './rpm/index.ts';
import type { KeyedScheme } from './scheme.ts';
import { semver } from './semver/index.ts';
import type { SchemeName } from './types.ts';

/** Every scheme by its name. */
export const SCHEMES: Readonly<Record<SchemeName, KeyedScheme>> = {
  deb,
  rpm,
  apk,
  semver,
  npm,
  pep440,
  maven,
  gem,
  go,
  nuget,
  composer,
  jvm,
  bitnami,
  portage,
  pacman,
  kb,
  generic,
};

/** Names that vulnerability records give to their kind of range. */
const RANGE_TYPES: Readonly<Record<string, SchemeName>> = {
  deb: 'deb',
  dpkg: 'deb',
  rpm: 'rpm',
  apk: 'apk',
  semver: 'semver',
  semantic: 'semver',
  rust: 'semver',
  cargo: 'semver',
  'rust-crate': 'semver',
  hex: 'semver',
  erlang: 'semver',
  elixir: 'semver',
  pub: 'semver',
  dart: 'semver',
  'dart-pub': 'semver',
  swift: 'semver',
  conan: 'semver',
  'github-action': 'semver',
  npm: 'npm',
  javascript: 'npm',
  node: 'npm',
  python: 'pep440',
  pep440: 'pep440',
  pypi: 'pep440',
  maven: 'maven',
  java: 'maven',
  'java-archive': 'maven',
  'jenkins-plugin': 'maven',
  gem: 'gem',
  ruby: 'gem',
  rubygems: 'gem',
  go: 'go',
  golang: 'go',
  'go-module': 'go',
  nuget: 'nuget',
  dotnet: 'nuget',
  composer: 'composer',
  php: 'composer',
  'php-composer': 'composer',
  packagist: 'composer',
  jvm: 'jvm',
  jre: 'jvm',
  jdk: 'jvm',
  openjdk: 'jvm',
  bitnami: 'bitnami',
  portage: 'portage',
  ebuild: 'portage',
  pacman: 'pacman',
  arch: 'pacman',
  alpm: 'pacman',
  kb: 'kb',
  msrc: 'kb',
  'msrc-kb': 'kb',
};

/** Scheme for a record's range type; undefined when the type is not known (the generic order then applies). */
export function schemeForRangeType(type: string): SchemeName | undefined {
  return RANGE_TYPES[type.toLowerCase()];
}

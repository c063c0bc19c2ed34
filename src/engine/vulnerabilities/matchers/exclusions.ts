import type { Match, MatchablePackage, MatchExclusion, MatchSettings, SuppressedMatch } from '../types.ts';
import { BUILT_IN_EXCLUSIONS } from './built-in-exclusions.ts';

/** Exclusions that may concern one package, by lower-case id of the vulnerability. */
export type PackageExclusions = ReadonlyMap<string, readonly MatchExclusion[]>;

/** Exclusions ordered for look-up: by package name, and those that name none. */
interface ExclusionIndex {
  byName: Map<string, MatchExclusion[]>;
  anyName: MatchExclusion[];
}

const indexes = new WeakMap<readonly MatchExclusion[], ExclusionIndex>();

function indexOf(exclusions: readonly MatchExclusion[]): ExclusionIndex {
  let index = indexes.get(exclusions);
  if (!index) {
    index = { byName: new Map(), anyName: [] };
    for (const exclusion of exclusions) {
      const name = exclusion.package?.name?.toLowerCase();
      if (name === undefined) index.anyName.push(exclusion);
      else index.byName.set(name, [...(index.byName.get(name) ?? []), exclusion]);
    }
    indexes.set(exclusions, index);
  }
  return index;
}

/** The exclusions that may concern a package; undefined (nearly always) when there are none. */
export function exclusionsFor(pkg: MatchablePackage, settings: MatchSettings): PackageExclusions | undefined {
  const { exclusions, builtInExclusions } = settings;
  const own = builtInExclusions === false ? undefined : addExclusions(undefined, BUILT_IN_EXCLUSIONS, pkg);
  return exclusions === undefined || exclusions.length === 0 ? own : addExclusions(own, exclusions, pkg);
}

function addExclusions(
  into: Map<string, MatchExclusion[]> | undefined,
  list: readonly MatchExclusion[],
  pkg: MatchablePackage,
): Map<string, MatchExclusion[]> | undefined {
  const { byName, anyName } = indexOf(list);
  const named = byName.get(pkg.name) ?? byName.get(pkg.name.toLowerCase());
  if (named === undefined && anyName.length === 0) return into;
  let found = into;
  for (const exclusion of [...(named ?? []), ...anyName]) {
    if (!isAbout(exclusion, pkg)) continue;
    found ??= new Map();
    const id = exclusion.vulnerability.toLowerCase();
    found.set(id, [...(found.get(id) ?? []), exclusion]);
  }
  return found;
}

/** The exclusion that takes a match away, as rule and reason. */
export function exclusionOf(
  exclusions: PackageExclusions,
  match: Pick<Match, 'vulnerability' | 'namespace' | 'aliases'>,
): Pick<SuppressedMatch, 'rule' | 'reason'> | undefined {
  for (const name of [match.vulnerability, ...match.aliases]) {
    for (const { namespaces, justification } of exclusions.get(name.toLowerCase()) ?? []) {
      if (namespaces === undefined || namespaces.includes(match.namespace))
        return { rule: 'exclusion', reason: justification };
    }
  }
  return undefined;
}

/** Does all that an exclusion says of packages hold for this one? */
function isAbout(
  { package: wanted }: Pick<MatchExclusion, 'package'>,
  pkg: Pick<MatchablePackage, 'type' | 'name' | 'version'>,
): boolean {
  if (!wanted) return true;
  return (
    (wanted.name === undefined || wanted.name.toLowerCase() === pkg.name.toLowerCase()) &&
    (wanted.type === undefined || wanted.type === pkg.type) &&
    (wanted.versions === undefined || wanted.versions.includes(pkg.version)) &&
    (wanted.language === undefined || wanted.language === LANGUAGES[pkg.type])
  );
}

/** Languages of package types, as exclusions name them. */
const LANGUAGES: Partial<Record<MatchablePackage['type'], string>> = {
  'java-archive': 'java',
  'jenkins-plugin': 'java',
  npm: 'javascript',
  python: 'python',
  'php-composer': 'php',
  'php-pear': 'php',
  gem: 'ruby',
  'go-module': 'go',
  'rust-crate': 'rust',
  'dart-pub': 'dart',
  dotnet: 'dotnet',
  swift: 'swift',
  pod: 'swift',
  conan: 'c++',
  hackage: 'haskell',
};

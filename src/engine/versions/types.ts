/** Result of a comparison: negative, zero or positive. */
export type Order = -1 | 0 | 1;

/** Names of the version schemes, as used by vulnerability records. */
export type SchemeName =
  | 'deb'
  | 'rpm'
  | 'apk'
  | 'semver'
  | 'npm'
  | 'pep440'
  | 'maven'
  | 'gem'
  | 'go'
  | 'nuget'
  | 'composer'
  | 'jvm'
  | 'bitnami'
  | 'portage'
  | 'pacman'
  | 'kb'
  | 'generic';

/**
 * A version scheme: a total order over arbitrary text. `compare` never throws and is reflexive, antisymmetric and
 * transitive for every input; text that does not follow the scheme is ordered too (fallback) and reported by `valid`.
 * The doc comment of each implementation names the standard it follows.
 */
export interface VersionScheme {
  name: SchemeName;
  compare(a: string, b: string): Order;
  /** Does the text follow the scheme's grammar? */
  valid(text: string): boolean;
}

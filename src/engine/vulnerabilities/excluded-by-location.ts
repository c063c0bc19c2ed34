import { matchesGlob } from 'node:path';
import type { Package } from '../model/package.ts';
import { isAbout } from './matchers/exclusions.ts';
import type { Match, MatchExclusion, SuppressedMatch } from './types.ts';

/**
 * Overlay for one image: takes away the matches that an exclusion with locations names. All places of the package must
 * lie in one of its globs. Returns those that remain and those taken away; both together are the input.
 */
export function excludedByLocation(
  pkg: Pick<Package, 'type' | 'name' | 'version' | 'locations'>,
  matches: readonly Match[],
  exclusions: readonly MatchExclusion[],
): { matches: Match[]; suppressed: SuppressedMatch[] } {
  const found = exclusions.filter(
    (exclusion) => exclusion.package?.locations !== undefined && isAbout(exclusion, pkg) && liesIn(pkg, exclusion),
  );
  const kept: Match[] = [];
  const suppressed: SuppressedMatch[] = [];
  for (const match of matches) {
    const names = new Set([match.vulnerability, ...match.aliases].map((name) => name.toLowerCase()));
    const exclusion = found.find(
      ({ vulnerability, namespaces }) =>
        names.has(vulnerability.toLowerCase()) && (namespaces === undefined || namespaces.includes(match.namespace)),
    );
    if (exclusion) suppressed.push({ ...match, rule: 'exclusion', reason: exclusion.justification });
    else kept.push(match);
  }
  return { matches: kept, suppressed };
}

function liesIn({ locations }: Pick<Package, 'locations'>, exclusion: MatchExclusion): boolean {
  const globs = exclusion.package?.locations ?? [];
  const places = locations.filter((location) => location.evidence === 'primary');
  const all = places.length === 0 ? locations : places;
  return all.length > 0 && all.every(({ path }) => globs.some((glob) => matchesGlob(path, glob)));
}

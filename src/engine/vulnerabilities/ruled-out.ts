import type { MatchSource } from './match-package.ts';
import { matchPackage } from './match-package.ts';
import type { MatchablePackage, MatchSettings } from './types.ts';

/**
 * Ids and aliases of flaws for which the distribution has a record that does not hold for this package: it is fixed in
 * the installed version, or was never affected. Flaws that do hold are left out.
 */
export function ruledOut(source: MatchSource, pkg: MatchablePackage, settings: MatchSettings): Set<string> {
  const out = new Set<string>();
  const result = matchPackage(
    source,
    pkg,
    { ...settings, cpe: { ...settings.cpe, [pkg.type]: false } },
    ({ record, outcome }) => {
      const assessed =
        (record.affected && outcome === 'not-in-range') || (!record.affected && outcome === 'unaffected-here');
      if (assessed) for (const name of [record.id, ...record.aliases]) out.add(name);
    },
  );
  for (const match of result.matches) for (const name of [match.vulnerability, ...match.aliases]) out.delete(name);
  return out;
}

import type { AdvisoryRecord } from '../index/record.ts';
import type { Match } from '../types.ts';
import type { Assessment, MatchContext, Search } from './context.ts';
import { emptyAssessment, flawLookup } from './context.ts';
import { assessDistro, sparedBy, systemsOf, unaffectedLookup, unaffectedReason } from './distro-search.ts';
import { report, suppress } from './findings.ts';

/**
 * AlmaLinux: flaws are those that RHEL names (binary and source), less those that AlmaLinux's own errata fix at or below
 * the installed version. The fix shown is AlmaLinux's where it has one. It has no errata for packages of debug data.
 */
export function matchAlma(context: MatchContext, searches: readonly Search[]): void {
  if (/-debug(?:info|source)$/.test(context.pkg.name)) return;
  const errata = ownErrata(context, searches);
  const unaffected = unaffectedLookup(errata.unaffected);
  const fixes = flawLookup(errata.otherUnaffected, (record) => record);
  for (const search of searches) {
    const disclosed = assessDistro(context, 'rpm', search, systemsOf(context));
    const disclosedUnaffected = unaffectedLookup(disclosed.unaffected);
    for (const hit of disclosed.vulnerable) {
      const spared = sparedBy(unaffected, hit) ?? sparedBy(disclosedUnaffected, hit);
      if (spared) suppress(context, search, hit, 'unaffected-record', unaffectedReason(search, spared));
      else report(context, search, hit, almaFix(fixes.about(hit.record)));
    }
  }
}

/** AlmaLinux's records of the package and of the sources that it is built from, held against the installed version. */
function ownErrata(context: MatchContext, searches: readonly Search[]): Assessment {
  const systems = systemsOf(context, { exact: true });
  const own = searches.at(-1) as Search;
  const all = emptyAssessment();
  for (const name of new Set(searches.map((search) => search.name))) {
    const found = assessDistro(context, 'rpm', { ...own, name }, systems);
    all.unaffected.push(...found.unaffected);
    all.otherUnaffected.push(...found.otherUnaffected);
  }
  return all;
}

/**
 * The lowest fix that errata `>= version` or `= version` tell; undefined when there is none for the flaw. These errata do
 * not hold for the installed version, so each of their fixes lies ahead of it.
 */
function almaFix(errata: readonly AdvisoryRecord[]): Match['fix'] | undefined {
  let best: { version: string; key: string; available: string } | undefined;
  for (const erratum of errata) {
    for (const range of erratum.ranges) {
      const bound = range.constraint.alternatives[0]?.[0];
      if (!bound || (bound.operator !== '>=' && bound.operator !== '=')) continue;
      if (!best || bound.key < best.key) best = { version: bound.version, key: bound.key, available: range.available };
    }
  }
  return (
    best && {
      state: 'fixed',
      versions: [best.version],
      ...(best.available === '' ? {} : { available: best.available }),
    }
  );
}

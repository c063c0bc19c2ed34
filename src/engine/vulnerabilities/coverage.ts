import { OS_PACKAGE_TYPES } from '../model/package.ts';
import type { IndexMeta } from './index/format.ts';
import { CPE_BY_DEFAULT } from './matchers/cpe-default.ts';
import { ECOSYSTEMS } from './matchers/language-names.ts';
import type { DistroSystems, SystemResolver } from './operating-system.ts';
import type { Coverage, MatchablePackage, MatchSettings } from './types.ts';
import { isUnknownVersion } from './unknown-version.ts';

/** Tells whether there was data to match a package against. */
export function coverageOf(
  meta: IndexMeta,
  systems: SystemResolver,
  pkg: MatchablePackage,
  settings: MatchSettings,
): Coverage {
  if (isUnknownVersion(pkg.version)) return 'unknown-version';
  if (OS_PACKAGE_TYPES.has(pkg.type)) return distroCoverage(systems, pkg, settings);
  if ((meta.ecosystems[ECOSYSTEMS[pkg.type] ?? ''] ?? 0) > 0) return 'covered';
  const byCpe = settings.cpe[pkg.type] ?? CPE_BY_DEFAULT.has(pkg.type);
  return byCpe && pkg.cpes.length > 0 && (meta.ecosystems.cpe ?? 0) > 0 ? 'covered' : 'no-data-for-ecosystem';
}

function distroCoverage(systems: SystemResolver, pkg: MatchablePackage, settings: MatchSettings): Coverage {
  if (!pkg.distro) return 'no-data-for-distro';
  const known = systems.of(pkg.distro);
  if (!known.covered) return 'no-data-for-distro';
  return isEndOfLife(known, settings) ? 'distro-end-of-life' : 'covered';
}

/** Is support over on the day of the judgement? */
export function isEndOfLife(systems: DistroSystems, settings: MatchSettings): boolean {
  if (Number.isNaN(systems.endOfLife)) return false;
  return systems.endOfLife <= (settings.now === undefined ? Date.now() : Date.parse(settings.now));
}

import { OS_PACKAGE_TYPES } from '../model/package.ts';
import type { IndexMeta } from './index/format.ts';
import { CPE_BY_DEFAULT } from './matchers/cpe-default.ts';
import { ECOSYSTEMS } from './matchers/language-names.ts';
import type { SystemResolver } from './operating-system.ts';
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
  const rows = systems.resolve(pkg.distro);
  if (!rows.some(({ row }) => row.records > 0)) return 'no-data-for-distro';
  const end = systems.resolve(pkg.distro, { exact: true, noFallback: true })[0]?.row.endOfLife;
  const now = settings.now ?? new Date().toISOString();
  return end !== undefined && end <= now ? 'distro-end-of-life' : 'covered';
}

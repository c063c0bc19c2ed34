import type { PackageType } from '#engine/model/package.ts';
import { matchApk } from './apk.ts';
import type { MatchContext } from './context.ts';
import { matchDeb } from './deb.ts';
import { matchByDistro } from './generic-distro.ts';
import { matchLanguage } from './language.ts';
import { matchRpm } from './rpm.ts';

const BY_TYPE: Partial<Record<PackageType, (context: MatchContext) => void>> = {
  deb: matchDeb,
  rpm: matchRpm,
  apk: matchApk,
  alpm: matchByDistro(['alpm', 'pacman', 'arch']),
  portage: matchByDistro(['portage', 'ebuild']),
};

/** The matcher for a package type. */
export function matcherFor(type: PackageType): (context: MatchContext) => void {
  return BY_TYPE[type] ?? matchLanguage;
}

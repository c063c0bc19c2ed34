import type { MatchContext } from './context.ts';
import { searchCpesWhereOn } from './cpe.ts';
import { addVulnerable, assessDistro, distroSearches, systemsOf } from './distro-search.ts';
import { matchRebuilt, rebuiltNames } from './rebuilt.ts';
import { matchUbuntuEsm } from './ubuntu-esm.ts';

/** Debian packages: by source name and version (indirect), then by their own. A missing epoch is epoch 0. */
export function matchDeb(context: MatchContext): void {
  const esm = context.pkg.distro?.id === 'ubuntu' && context.pkg.distro.channel === 'esm';
  for (const search of distroSearches(context)) {
    const names = esm ? undefined : rebuiltNames(context.pkg, search.name);
    if (esm) matchUbuntuEsm(context, search);
    else if (names) matchRebuilt(context, 'deb', search, names);
    else addVulnerable(context, search, assessDistro(context, 'deb', search, systemsOf(context)));
  }
  searchCpesWhereOn(context);
}

import type { MatchContext } from './context.ts';
import { addVulnerable, assessDistro, distroSearches, systemsOf } from './distro-search.ts';
import { matchUbuntuEsm } from './ubuntu-esm.ts';

/** Debian packages: by source name and version (indirect), then by their own. A missing epoch is epoch 0. */
export function matchDeb(context: MatchContext): void {
  const esm = context.pkg.distro?.id === 'ubuntu' && context.pkg.distro.channel === 'esm';
  for (const search of distroSearches(context)) {
    if (esm) matchUbuntuEsm(context, search);
    else addVulnerable(context, search, assessDistro(context, 'deb', search, systemsOf(context)));
  }
}

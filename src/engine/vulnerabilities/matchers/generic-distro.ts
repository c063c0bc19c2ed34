import type { MatchContext } from './context.ts';
import { addVulnerable, assessDistro, distroSearches, systemsOf } from './distro-search.ts';

/** Packages of other distributions' managers (pacman, portage): the plain rule in the records of their distribution. */
export function matchByDistro(ecosystems: readonly string[]): (context: MatchContext) => void {
  return (context) => {
    for (const search of distroSearches(context)) {
      for (const ecosystem of ecosystems)
        addVulnerable(context, search, assessDistro(context, ecosystem, search, systemsOf(context)));
    }
  };
}

import type { ImageView, LocatedFact } from '../../image/types.ts';
import type { Problem } from '../../model/problem.ts';
import type { FoundPackage } from '../assemble-packages.ts';
import type { Analyzer, CollectContext, Evidence } from '../types.ts';
import { type DpkgFact, selectDpkgFile } from './facts.ts';
import { databaseFor, databaseRoot, indexCopyrights, indexDatabases, toPackage } from './packages.ts';

/** Finds packages of Debian's dpkg, of distroless images (`status.d`) and of OpenWrt's opkg. See readme.md. */
export const dpkgAnalyzer: Analyzer<DpkgFact> = {
  name: 'dpkg',
  version: 1,
  kind: 'packages',
  select: selectDpkgFile,
  collect: collectDpkg,
};

function collectDpkg(image: ImageView, facts: LocatedFact<DpkgFact>[], context: CollectContext): Evidence {
  const databases = indexDatabases(facts);
  const copyrights = indexCopyrights(facts);
  const seen = new Set<string>();
  const packages: FoundPackage[] = [];
  const problems: Problem[] = [];
  for (const { path, layer, fact } of [...facts].sort(byAuthority)) {
    if (fact.kind !== 'status') continue;
    const root = databaseRoot(path);
    const database = databaseFor(databases, root);
    for (const entry of fact.status.entries) {
      // A package may be in `status` and in `status.d`, or in two databases below one root: it is installed once.
      const key = `${root}\0${entry.name}\0${entry.version}\0${entry.architecture}`;
      if (seen.has(key)) continue;
      seen.add(key);
      packages.push(
        toPackage(entry, { image, database, copyrights, status: { path, layer }, distro: context.distroFor(path) }),
      );
    }
    if (fact.status.incomplete > 0) problems.push(incompleteRows(path, fact.status.incomplete));
  }
  return { packages, problems };
}

/** `status` comes before `status.d` and opkg's control files. */
function byAuthority(a: LocatedFact<DpkgFact>, b: LocatedFact<DpkgFact>): number {
  const rank = (path: string): number => (path.endsWith('/status') ? 0 : 1);
  return rank(a.path) - rank(b.path) || (a.path < b.path ? -1 : 1);
}

function incompleteRows(path: string, count: number): Problem {
  return {
    code: 'package-database-incomplete',
    message: `${count} installed package${count === 1 ? '' : 's'} of the dpkg database have no version and are left out`,
    severity: 'partial',
    path,
    source: 'dpkg',
  };
}

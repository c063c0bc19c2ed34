import type { ImageView, LocatedFact } from '../../image/types.ts';
import type { Problem } from '../../model/problem.ts';
import type { FoundPackage } from '../assemble-packages.ts';
import { locate } from '../location.ts';
import type { Analyzer, CollectContext, Evidence } from '../types.ts';
import { liveDatabases } from './databases.ts';
import { type RpmFact, selectRpmFile } from './facts.ts';
import { toPackage } from './packages.ts';

/** Finds packages of rpm in all three storage formats, and in the manifest of distroless Mariner images. See readme.md. */
export const rpmAnalyzer: Analyzer<RpmFact> = {
  name: 'rpm',
  version: 1,
  kind: 'packages',
  select: selectRpmFile,
  collect: collectRpm,
};

function collectRpm(image: ImageView, facts: LocatedFact<RpmFact>[], context: CollectContext): Evidence {
  const packages: FoundPackage[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const database of liveDatabases(facts, image.tree, problems)) {
    const { root, path, layer } = database;
    const around = { root, distro: context.distroFor(path), location: locate(image, { path, layer }) };
    for (const found of database.packages) {
      const pkg = toPackage(found, around);
      const key = `${root}\0${pkg.name}\0${pkg.version}\0${pkg.arch ?? ''}`;
      if (seen.has(key)) continue;
      seen.add(key);
      packages.push(pkg);
    }
  }
  return { packages, problems };
}

import type { ImageView, LocatedFact } from '../../image/types.ts';
import type { Package, Relationship } from '../../model/package.ts';
import { cpeCandidates } from '../cpe.ts';
import { directoryOf, fileName, locate } from '../location.ts';
import { packageId } from '../package-id.ts';
import { formatPurl } from '../purl.ts';
import type { Evidence } from '../types.ts';
import type { AssemblyFact } from './assembly.ts';
import type { DotnetDepsFact } from './deps.ts';

type Draft = Omit<Package, 'id' | 'ownedBy'>;

/** Assemblies that no list of libraries in their directory, or in one above it, speaks of. */
export function collectAssemblies(
  image: ImageView,
  assemblies: readonly LocatedFact<AssemblyFact>[],
  lists: readonly LocatedFact<DotnetDepsFact>[],
): Required<Pick<Evidence, 'packages' | 'relationships'>> {
  const listed = new Map<string, Set<string>>();
  for (const { path, fact } of lists) {
    const names = listed.get(directoryOf(path)) ?? new Set();
    for (const asset of fact.assets) names.add(asset);
    listed.set(directoryOf(path), names);
  }
  const found = assemblies
    .filter(({ path }) => !isListed(path, listed))
    .map((located) => ({ located, pkg: draft(image, located) }));
  return { packages: found.map(({ pkg }) => pkg), relationships: edges(found) };
}

function isListed(path: string, listed: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  if (listed.size === 0) return false;
  const name = fileName(path).toLowerCase();
  for (let at = directoryOf(path); at !== ''; at = directoryOf(at)) if (listed.get(at)?.has(name)) return true;
  return listed.get('')?.has(name) === true;
}

function draft(image: ImageView, located: LocatedFact<AssemblyFact>): Draft {
  const { kind: _, name, version, references: __, ...metadata } = located.fact;
  const pkg: Draft = {
    type: 'dotnet',
    name,
    version,
    purl: formatPurl({ type: 'nuget', name, version }),
    cpes: [],
    licenses: [],
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'dotnet',
    confidence: 'metadata',
    metadataType: 'dotnet-portable-executable-entry',
    metadata,
  };
  if (metadata.companyName) pkg.origin = metadata.companyName;
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

/** An assembly uses those that lie beside it. */
function edges(found: readonly { located: LocatedFact<AssemblyFact>; pkg: Draft }[]): Relationship[] {
  const keyOf = (path: string, name: string): string => `${directoryOf(path)}\0${name.toLowerCase()}`;
  const ids = new Map(found.map(({ located, pkg }) => [keyOf(located.path, pkg.name), packageId(pkg)]));
  return found.flatMap(({ located, pkg }) =>
    located.fact.references.flatMap((name): Relationship[] => {
      const from = ids.get(keyOf(located.path, name));
      return from === undefined ? [] : [{ from, to: packageId(pkg), type: 'dependency-of' }];
    }),
  );
}

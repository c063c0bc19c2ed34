import type { Package, PackageLicense, PackageLocation } from '../model/package.ts';
import { compareBytes } from './byte-order.ts';
import { packageId, primaryPath } from './package-id.ts';
import type { Evidence } from './types.ts';

/** A package as an analyzer gives it: no id and no owner yet. */
export type FoundPackage = NonNullable<Evidence['packages']>[number];

/** Gives ids, merges packages with the same id, and sorts by type, name, version and path in byte order. */
export function uniquePackages(found: readonly FoundPackage[]): Package[] {
  const byId = new Map<string, Package>();
  for (const pkg of found) {
    const id = packageId(pkg);
    const known = byId.get(id);
    byId.set(id, known ? merge(known, pkg) : { ...pkg, id, locations: sortedLocations(pkg.locations) });
  }
  return [...byId.values()].sort(comparePackages);
}

function comparePackages(a: Package, b: Package): number {
  return (
    compareBytes(a.type, b.type) ||
    compareBytes(a.name, b.name) ||
    compareBytes(a.version, b.version) ||
    compareBytes(primaryPath(a), primaryPath(b)) ||
    compareBytes(a.id, b.id)
  );
}

/** Two rows of the same file say the same package: what one lacks, the other fills. */
function merge(a: Package, b: FoundPackage): Package {
  const dependencies = union(a.dependencies, b.dependencies);
  const files = a.files ?? b.files;
  return {
    ...b,
    ...a,
    cpes: union(a.cpes, b.cpes) ?? [],
    licenses: uniqueLicenses([...a.licenses, ...b.licenses]),
    locations: sortedLocations([...a.locations, ...b.locations]),
    metadata: { ...b.metadata, ...a.metadata },
    ...(dependencies ? { dependencies } : {}),
    ...(files ? { files } : {}),
  };
}

function union(a: string[] | undefined, b: string[] | undefined): string[] | undefined {
  return a || b ? [...new Set([...(a ?? []), ...(b ?? [])])] : undefined;
}

function uniqueLicenses(licenses: PackageLicense[]): PackageLicense[] {
  return [...new Map(licenses.map((license) => [license.value, license])).values()];
}

/** Primary evidence first, then by path; one row per path. */
function sortedLocations(locations: readonly PackageLocation[]): PackageLocation[] {
  const byPath = new Map<string, PackageLocation>();
  for (const location of locations) {
    const known = byPath.get(location.path);
    if (!known || (known.evidence === 'supporting' && location.evidence === 'primary'))
      byPath.set(location.path, location);
  }
  return [...byPath.values()].sort((a, b) => compareBytes(a.evidence, b.evidence) || compareBytes(a.path, b.path));
}

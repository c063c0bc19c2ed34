import { OS_PACKAGE_TYPES, type Package } from '../model/package.ts';

/** Packages of the system that a program names, found without the database of a package manager. */
export function isToldByFile(pkg: Pick<Package, 'type' | 'metadataType'>): boolean {
  return pkg.metadataType === 'elf-binary-package-note-json-payload' && OS_PACKAGE_TYPES.has(pkg.type);
}

/**
 * Joins what programs say of their packages: those that a database lists, by file or by name and version, are left out;
 * of the others, all files of one package become one row, at the first of them.
 */
export function joinedNotes(packages: readonly Package[]): Package[] {
  if (!packages.some(isToldByFile)) return [...packages];
  const keyOf = ({ type, name, version }: Package): string => [type, name, version].join('\0');
  const listed = new Set(
    packages
      .filter((pkg) => OS_PACKAGE_TYPES.has(pkg.type) && !isToldByFile(pkg))
      .flatMap((pkg) => [
        keyOf(pkg),
        // Notes name the source that a package was built from.
        ...pkg.upstreams.map(({ name, version = pkg.version }) => keyOf({ ...pkg, name, version })),
      ]),
  );
  const told = new Map<string, Package>();
  const joined: Package[] = [];
  for (const pkg of packages) {
    if (!isToldByFile(pkg)) {
      joined.push(pkg);
      continue;
    }
    if (pkg.ownedBy !== undefined || listed.has(keyOf(pkg))) continue;
    const key = [keyOf(pkg), pkg.arch, pkg.distro?.id, pkg.distro?.versionId].join('\0');
    const first = told.get(key);
    if (first) {
      first.locations.push(...pkg.locations.map((location) => ({ ...location, evidence: 'supporting' as const })));
      continue;
    }
    const row = { ...pkg, locations: [...pkg.locations] };
    told.set(key, row);
    joined.push(row);
  }
  return joined;
}

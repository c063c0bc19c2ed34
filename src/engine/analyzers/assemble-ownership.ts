import type { FileTree } from '../image/types.ts';
import { OS_PACKAGE_TYPES, type Package, type Relationship } from '../model/package.ts';
import { primaryPath } from './package-id.ts';

/**
 * Finds the OS package that owns the file which declares each other package: sets `ownedBy` and adds an
 * `ownership-by-file-overlap` relation per owner.
 *
 * Paths are compared after links in their directories are followed, so that `/lib/x` and `/usr/lib/x` of a merged
 * /usr are one file. The last component is not followed: who owns a link does not own what it points to.
 */
export function assignOwners(
  packages: readonly Package[],
  tree: FileTree,
): { packages: Package[]; relationships: Relationship[] } {
  const wanted = new Map<string, Package[]>();
  const names = new Set<string>();
  const canonical = canonicalizer(tree);
  for (const pkg of packages) {
    if (OS_PACKAGE_TYPES.has(pkg.type)) continue;
    const path = canonical(outermost(primaryPath(pkg)));
    if (path === '') continue;
    const list = wanted.get(path);
    if (list) list.push(pkg);
    else wanted.set(path, [pkg]);
    names.add(baseName(path));
  }
  if (wanted.size === 0) return { packages: [...packages], relationships: [] };

  const owners = new Map<string, Package>();
  const relationships: Relationship[] = [];
  for (const owner of packages) {
    if (!OS_PACKAGE_TYPES.has(owner.type)) continue;
    for (const file of owner.files ?? []) {
      // Most files share no name with any declaring file: decide that before any path is resolved.
      if (!names.has(baseName(file.path))) continue;
      for (const owned of wanted.get(canonical(file.path)) ?? []) {
        relationships.push({ from: owner.id, to: owned.id, type: 'ownership-by-file-overlap' });
        if (!owners.has(owned.id)) owners.set(owned.id, owner);
      }
    }
  }
  const owned = packages.map((pkg) => {
    const owner = owners.get(pkg.id);
    return owner ? { ...pkg, ownedBy: owner.id } : pkg;
  });
  return { packages: owned, relationships };
}

/** Path of the file on disk that a location in nested archives lies in. */
function outermost(path: string): string {
  const end = path.indexOf('!/');
  return end < 0 ? path : path.slice(0, end);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Follows links in the directory part, remembering each directory. */
function canonicalizer(tree: FileTree): (path: string) => string {
  const directories = new Map<string, string>();
  return (path) => {
    const slash = path.lastIndexOf('/');
    if (slash < 0) return path;
    const directory = path.slice(0, slash) || '/';
    let real = directories.get(directory);
    if (real === undefined) {
      real = tree.realPath(directory) ?? directory;
      directories.set(directory, real);
    }
    return real === '/' ? path.slice(slash) : real + path.slice(slash);
  };
}

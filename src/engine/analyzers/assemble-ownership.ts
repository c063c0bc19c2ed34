import type { FileTree } from '../image/types.ts';
import { OS_PACKAGE_TYPES, type Package, type Relationship } from '../model/package.ts';
import { isToldByFile } from './assemble-notes.ts';
import { directoryOf } from './location.ts';
import { primaryPath } from './package-id.ts';

/** Where Bitnami's components lie side by side; a list in it speaks of no directory. */
const BITNAMI_ROOT = '/opt/bitnami';

/**
 * Finds the OS package that owns the file which declares each other package: sets `ownedBy` and adds an
 * `ownership-by-file-overlap` relation per owner.
 *
 * Paths are compared after links in their directories are followed, so that `/lib/x` and `/usr/lib/x` of a merged
 * /usr are one file. The last component is not followed: who owns a link does not own what it points to. Programs in the directory of a Bitnami component are that component's.
 */
export function assignOwners(
  packages: readonly Package[],
  tree: FileTree,
): { packages: Package[]; relationships: Relationship[] } {
  const wanted = new Map<string, Package[]>();
  const names = new Set<string>();
  const canonical = canonicalizer(tree);
  for (const pkg of packages) {
    if (OS_PACKAGE_TYPES.has(pkg.type) && !isToldByFile(pkg)) continue;
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
  const components = bitnamiDirectories(packages, canonical);
  const owned = packages.map((pkg) => {
    const owner = owners.get(pkg.id) ?? componentAround(pkg, components, canonical);
    return owner ? { ...pkg, ownedBy: owner.id } : pkg;
  });
  return { packages: owned, relationships };
}

/** Bitnami components that say where they lie, by their directory. */
function bitnamiDirectories(
  packages: readonly Package[],
  canonical: (path: string) => string,
): { directory: string; component: Package }[] {
  return packages
    .filter(({ type, metadata }) => type === 'bitnami' && metadata.path !== BITNAMI_ROOT)
    .map((component) => ({ directory: `${directoryOf(canonical(primaryPath(component)))}/`, component }));
}

/** The component whose directory holds a program: the program is the component, not another package. */
function componentAround(
  pkg: Package,
  components: readonly { directory: string; component: Package }[],
  canonical: (path: string) => string,
): Package | undefined {
  if (pkg.type !== 'binary' || components.length === 0) return undefined;
  const path = canonical(outermost(primaryPath(pkg)));
  return components.find(({ directory }) => path.startsWith(directory))?.component;
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

/**
 * Programs and libraries that are OS packages for all that can be known: some databases (distroless images) list packages
 * without their files, so that a program in a place of the system is told by its product's name alone.
 */
export function withoutUnlistedPrograms(packages: readonly Package[]): Package[] {
  const unlisted = new Set(
    packages
      .filter((pkg) => OS_PACKAGE_TYPES.has(pkg.type) && (pkg.files ?? []).length === 0 && isOfTheSystem(pkg))
      .flatMap(({ name, upstreams }) => [name, ...upstreams.map((one) => one.name)].map(productWord)),
  );
  if (unlisted.size === 0) return [...packages];
  return packages.filter(
    (pkg) => pkg.type !== 'binary' || !SYSTEM_PLACE.test(primaryPath(pkg)) || !unlisted.has(productWord(pkg.name)),
  );
}

/** Packages of a distribution inside those of a language are no part of the system. */
function isOfTheSystem(pkg: Package): boolean {
  return pkg.confidence === 'declared' || isToldByFile(pkg);
}

/** Where packages of a distribution put programs and libraries. */
const SYSTEM_PLACE = /^\/(?:usr\/)?(?:s?bin|lib(?:exec|32|64|x32)?)\//;

/** `libpng1.6`, `libpng` and `png` are one product, as are `zlib1g` and `zlib`, `python3.11` and `python`. */
function productWord(name: string): string {
  return name
    .toLowerCase()
    .replace(/[-_]?\d[\d.]*g?$/, '')
    .replace(/^lib(?=.{2})/, '');
}

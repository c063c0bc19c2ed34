import { createHash } from 'node:crypto';
import type { Package } from '../model/package.ts';

/** What decides the id of a package. */
export type PackageIdentity = Pick<Package, 'type' | 'name' | 'version' | 'arch' | 'locations'>;

/**
 * Id of a package inside one analysis: the first 16 hex digits of a sha256 over type, name, version, architecture and
 * primary path. Equal input gives equal ids on every run; the architecture keeps the two halves of a multi-arch
 * installation (`libc6:amd64`, `libc6:i386`), which share one database file, apart.
 */
export function packageId(pkg: PackageIdentity): string {
  const fields = [pkg.type, pkg.name, pkg.version, pkg.arch ?? '', primaryPath(pkg)];
  return createHash('sha256').update(fields.join('\0')).digest('hex').slice(0, 16);
}

/** Path of the file that declares the package, or an empty string when nothing is known. */
export function primaryPath(pkg: Pick<Package, 'locations'>): string {
  const primary = pkg.locations.find((location) => location.evidence === 'primary') ?? pkg.locations[0];
  return primary?.path ?? '';
}

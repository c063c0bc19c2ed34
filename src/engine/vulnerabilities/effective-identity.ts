import type { Package } from '../model/package.ts';
import { packageTypeOf, parsePurl } from '../sbom/parse-purl.ts';
import { parseCpe } from './matchers/cpe-name.ts';
import { isUnknownVersion } from './unknown-version.ts';

/** Type to match by: a component without a known type is what its package URL says. */
export function effectiveType(pkg: Pick<Package, 'type' | 'purl'>): Package['type'] {
  if (pkg.type !== 'UnknownPackage' || pkg.purl === undefined) return pkg.type;
  return packageTypeOf(parsePurl(pkg.purl));
}

/** Version to match by: where the component tells none, that of its package URL or of a CPE. */
export function effectiveVersion(pkg: Pick<Package, 'version' | 'purl' | 'cpes'>): string {
  if (!isUnknownVersion(pkg.version)) return pkg.version;
  const stated = pkg.purl === undefined ? undefined : parsePurl(pkg.purl)?.version;
  if (stated !== undefined && !isUnknownVersion(stated)) return stated;
  for (const text of pkg.cpes) {
    const version = parseCpe(text)?.version ?? '';
    if (version !== '' && version !== '-' && !isUnknownVersion(version)) return version;
  }
  return pkg.version;
}

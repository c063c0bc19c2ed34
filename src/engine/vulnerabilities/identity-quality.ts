import type { Package } from '../model/package.ts';
import { OS_PACKAGE_TYPES } from '../model/package.ts';
import { packageTypeOf, parsePurl } from '../sbom/parse-purl.ts';
import { CPE_BY_DEFAULT } from './matchers/cpe-default.ts';
import { parseCpe } from './matchers/cpe-name.ts';
import { ECOSYSTEMS } from './matchers/language-names.ts';
import { isUnknownVersion } from './unknown-version.ts';

/** What is known of a component, as far as matching needs it. */
export type IdentityInput = Pick<Package, 'type' | 'name' | 'version' | 'cpes'> &
  Partial<Pick<Package, 'purl' | 'distro' | 'metadata'>>;

/**
 * How well a component can be matched. `exact`: by name and version in data made for its kind; `partial`: something that
 * the search needs is missing or contradictory; `weak`: by product name (CPE) alone; `none`: nothing can be searched.
 */
export interface IdentityQuality {
  level: 'exact' | 'partial' | 'weak' | 'none';
  /** One sentence for each thing that is missing or contradictory. */
  problems: string[];
}

/** Judges a component, of an SBOM mostly: those of an analysis name themselves well. */
export function identityQuality(pkg: IdentityInput): IdentityQuality {
  const problems: string[] = [];
  const purl = pkg.purl === undefined ? undefined : parsePurl(pkg.purl);
  if (pkg.purl === undefined) problems.push('it has no package URL');
  else if (purl === undefined) problems.push('its package URL cannot be read');
  const stated = packageTypeOf(purl);
  const type = effectiveType(pkg);
  if (type !== pkg.type) problems.push(`its package URL says ${type}, its type ${pkg.type}: ${type} is taken`);
  else if (stated !== 'UnknownPackage' && stated !== type && !isKin(stated, type))
    problems.push(`its package URL says ${stated}, its type ${type}`);
  const searchable = pkg.cpes.some((text) => hasVendor(text));
  if (isUnknownVersion(effectiveVersion(pkg))) {
    problems.push('its version is not known');
    return { level: 'none', problems };
  }
  if (OS_PACKAGE_TYPES.has(type)) {
    if (pkg.distro === undefined) problems.push('it is not known of which distribution it is');
    return { level: pkg.distro === undefined ? 'partial' : 'exact', problems };
  }
  if (ECOSYSTEMS[type] !== undefined && type !== 'binary') {
    const coordinates = type !== 'java-archive' || purl?.namespace !== undefined || hasGroup(pkg.metadata);
    if (!coordinates) problems.push('its Maven group is not known');
    const sound = coordinates && (stated === type || isKin(stated, type) || pkg.purl === undefined);
    return { level: sound ? 'exact' : 'partial', problems };
  }
  if (searchable && CPE_BY_DEFAULT.has(type)) return { level: 'weak', problems };
  problems.push('neither its type nor a CPE tells where to search');
  return { level: 'none', problems };
}

/** Type to match by: a component without a known type is what its package URL says. */
export function effectiveType(pkg: Pick<IdentityInput, 'type' | 'purl'>): Package['type'] {
  if (pkg.type !== 'UnknownPackage' || pkg.purl === undefined) return pkg.type;
  return packageTypeOf(parsePurl(pkg.purl));
}

/** Version to match by: where the component tells none, that of its package URL or of a CPE. */
export function effectiveVersion(pkg: Pick<IdentityInput, 'version' | 'purl' | 'cpes'>): string {
  if (!isUnknownVersion(pkg.version)) return pkg.version;
  const stated = pkg.purl === undefined ? undefined : parsePurl(pkg.purl)?.version;
  if (stated !== undefined && !isUnknownVersion(stated)) return stated;
  for (const text of pkg.cpes) {
    const version = parseCpe(text)?.version ?? '';
    if (version !== '' && version !== '-' && !isUnknownVersion(version)) return version;
  }
  return pkg.version;
}

function hasVendor(text: string): boolean {
  const cpe = parseCpe(text);
  return cpe !== undefined && cpe.vendor !== '' && cpe.product !== '';
}

function hasGroup(metadata: Record<string, unknown> | undefined): boolean {
  const parts = [metadata, metadata?.pomProperties, metadata?.pomProject];
  return parts.some((part) => {
    const { groupId, groupID, pomGroupID } = (part ?? {}) as Record<string, unknown>;
    return [groupId, groupID, pomGroupID].some((group) => typeof group === 'string' && group !== '');
  });
}

/** Kinds that share their package URLs. */
function isKin(a: Package['type'], b: Package['type']): boolean {
  const kin = [a, b].sort().join(' ');
  return kin === 'java-archive jenkins-plugin' || kin.includes('binary') || a === b;
}

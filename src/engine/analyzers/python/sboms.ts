import type { ImageView, LocatedFact } from '../../image/types.ts';
import type { Distro } from '../../model/distro.ts';
import { OS_PACKAGE_TYPES, type Package, type PackageLicense, type PackageType } from '../../model/package.ts';
import { type ParsedPurl, parsePurl } from '../../sbom/parse-purl.ts';
import { readSbom } from '../../sbom/read.ts';
import { PRODUCTS } from '../binary/products.ts';
import { cpeCandidates } from '../cpe.ts';
import { formatCpe } from '../cpe-name.ts';
import { locate } from '../location.ts';

type Draft = Omit<Package, 'id' | 'ownedBy'>;

/** What an SBOM in a wheel lists: libraries that were copied or compiled into it. */
export interface WheelSbom {
  kind: 'sbom';
  components: WheelComponent[];
  error?: string;
}

/** A component that has a package URL. */
export interface WheelComponent {
  type: PackageType;
  name: string;
  version: string;
  purl: string;
  arch?: string;
  cpes: string[];
  licenses: PackageLicense[];
}

const MOST_COMPONENTS = 5000;
/** Products that are known to the NVD by other names than their own. */
const PRODUCT_CPES = new Map(PRODUCTS.map(({ name, cpes }) => [name, cpes]));
/** Distributions whose name in package URLs is not their `ID`. */
const DISTRO_IDS: Record<string, string> = { redhat: 'rhel', amazon: 'amzn', oracle: 'ol' };

/** Reads a file below `sboms` of an info directory (PEP 770). Never throws. */
export function readWheelSbom(bytes: Uint8Array): WheelSbom {
  try {
    const components = readSbom(bytes).packages.flatMap(({ type, name, version, purl, arch, cpes, licenses }) =>
      purl === undefined || version === '' || isLocal(purl)
        ? []
        : [
            {
              type,
              name,
              version,
              purl,
              ...(arch ? { arch } : {}),
              cpes: cpes.slice(0, 8),
              licenses: licenses.slice(0, 8),
            },
          ],
    );
    return { kind: 'sbom', components: components.slice(0, MOST_COMPONENTS) };
  } catch (error) {
    return { kind: 'sbom', components: [], error: error instanceof Error ? error.message.slice(0, 200) : 'damaged' };
  }
}

/** Crates of the wheel's own source tree are part of it; no registry knows them. */
function isLocal(purl: string): boolean {
  return purl.includes('download_url=file:');
}

/**
 * Packages that a wheel contains, each once, whichever of its SBOMs list it; `isOwn` tells the wheel itself.
 * Packages of a distribution come from the machine that built the wheel: they are of that distribution, never of the
 * image's, and those that do not tell which release of it are reported as `binary`.
 */
export function wheelContents(
  image: ImageView,
  documents: readonly LocatedFact<WheelSbom>[],
  isOwn: (purl: ParsedPurl) => boolean,
): Draft[] {
  const byKey = new Map<string, Draft>();
  for (const located of documents) {
    for (const component of located.fact.components) {
      const purl = parsePurl(component.purl);
      if (purl === undefined || isOwn(purl)) continue;
      const pkg = draft(image, located, component, purl);
      const key = [pkg.type, pkg.name, pkg.version].join('\0');
      const known = byKey.get(key);
      if (known) known.locations.push(locate(image, located, 'supporting'));
      else byKey.set(key, pkg);
    }
  }
  return [...byKey.values()];
}

function draft(image: ImageView, located: LocatedFact<WheelSbom>, component: WheelComponent, purl: ParsedPurl): Draft {
  const distro = OS_PACKAGE_TYPES.has(component.type) ? builtOn(purl, located.path) : undefined;
  const isForeign = OS_PACKAGE_TYPES.has(component.type) && distro === undefined;
  const pkg: Draft = {
    type: isForeign || component.type === 'UnknownPackage' ? 'binary' : component.type,
    name: component.name,
    version: component.version,
    ...(component.arch ? { arch: component.arch } : {}),
    purl: component.purl,
    cpes: component.cpes,
    licenses: component.licenses,
    locations: [locate(image, located)],
    upstreams: [],
    ...(distro ? { distro } : {}),
    foundBy: 'python',
    confidence: 'metadata',
    metadata: { ...(isForeign ? { note: 'package of a distribution whose release is not known' } : {}) },
  };
  if (pkg.cpes.length === 0 && !isForeign && distro === undefined) pkg.cpes = cpesOf(pkg);
  return pkg;
}

function cpesOf(pkg: Draft): string[] {
  const known = pkg.type === 'binary' ? PRODUCT_CPES.get(pkg.name.toLowerCase()) : undefined;
  if (known) return known.map(([vendor, product]) => formatCpe({ vendor, product, version: pkg.version }));
  return cpeCandidates(pkg);
}

/** Distribution and release of a package, by its qualifier, else by the mark that rpm versions end with (`.el8`). */
function builtOn({ namespace, version = '', qualifiers }: ParsedPurl, evidence: string): Distro | undefined {
  const id = namespace === undefined ? undefined : (DISTRO_IDS[namespace.toLowerCase()] ?? namespace.toLowerCase());
  if (id === undefined) return undefined;
  const stated = /^[a-z_.]*-?(\d[\w.]*)$/i.exec(qualifiers.distro ?? '')?.[1];
  const versionId = stated ?? /\.(?:el|fc|amzn|ol)(\d+)(?:[._]|$)/.exec(version)?.[1];
  return versionId === undefined ? undefined : { id, versionId, idLike: [], evidence };
}

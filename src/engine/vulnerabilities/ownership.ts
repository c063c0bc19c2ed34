import type { Distro } from '../model/distro.ts';
import type { Package, Relationship } from '../model/package.ts';
import { OS_PACKAGE_TYPES } from '../model/package.ts';
import type { Match, SuppressedMatch } from './types.ts';

/** One image, with the matches of its packages. */
export interface OwnershipInput {
  distro?: Distro;
  packages: readonly Pick<Package, 'id' | 'type' | 'name' | 'version' | 'ownedBy'>[];
  relationships: readonly Relationship[];
  /** Matches by `Package.id`. */
  matches: ReadonlyMap<string, readonly Match[]>;
  /** Ids and aliases that the distribution rules out for an OS package, see `VulnerabilityIndex.ruledOut`. Asked for owners only. */
  ruledOut: (osPackageId: string) => ReadonlySet<string>;
  /** False leaves all matches in place. Default true. */
  enabled?: boolean;
}

/** Distributions whose advisories cover all software that they ship, so that they speak for what their packages own. */
const COMPREHENSIVE = new Set([
  'debian',
  'ubuntu',
  'rhel',
  'redhat',
  'centos',
  'fedora',
  'rocky',
  'rockylinux',
  'almalinux',
  'alma',
  'ol',
  'oraclelinux',
  'scientific',
  'sl',
  'arch',
  'archlinux',
  'mariner',
  'azurelinux',
  'azure',
]);

/** Does the distribution, or one that it derives from, cover all that it ships? */
export function isComprehensive(distro: Distro | undefined): boolean {
  if (!distro) return false;
  // Derives from Fedora by its own account, but its advisories name only part of its packages.
  if (distro.id === 'amzn' || distro.id === 'amazonlinux') return false;
  return [distro.id, ...distro.idLike].some((id) => COMPREHENSIVE.has(id.toLowerCase()));
}

/**
 * Takes away what an OS package already accounts for. A package whose files belong to an OS package of the same version is
 * left to the distribution where that covers all it ships: with another version it is something bundled (a default gem of
 * Ruby, a module linked into a Go program), for which the distribution keeps no advisories. Everywhere a mere program file
 * that an OS package owns is left to it; and a flaw that the
 * distribution has ruled out for the OS package is ruled out for all that it owns. Returns the matches that remain, and
 * those taken away with rule and reason, by package id. Nothing is lost: both together are the input.
 */
export function applyOwnership(input: OwnershipInput): {
  matches: Map<string, Match[]>;
  suppressed: Map<string, SuppressedMatch[]>;
} {
  const owners = ownersOf(input);
  const comprehensive = isComprehensive(input.distro);
  const matches = new Map<string, Match[]>();
  const suppressed = new Map<string, SuppressedMatch[]>();
  const byId = new Map(input.packages.map((pkg) => [pkg.id, pkg]));
  for (const [id, found] of input.matches) {
    const pkg = byId.get(id);
    const candidates =
      pkg && input.enabled !== false && !OS_PACKAGE_TYPES.has(pkg.type)
        ? (owners.get(id) ?? []).flatMap((owner) => byId.get(owner) ?? [])
        : [];
    const same = pkg && candidates.find((one) => isSameVersion(pkg.version, one.version));
    const owner = same ?? candidates[0];
    if (!pkg || !owner) {
      matches.set(id, [...found]);
      continue;
    }
    const whole = pkg.type === 'binary' || (comprehensive && same !== undefined);
    const ruledOut = found.length > 0 && !whole ? input.ruledOut(owner.id) : new Set<string>();
    const kept: Match[] = [];
    const taken: SuppressedMatch[] = [];
    for (const match of found) {
      const known = [match.vulnerability, ...match.aliases].find((name) => ruledOut.has(name));
      if (whole) taken.push({ ...match, rule: 'owned-by-os-package', reason: ownedReason(pkg, owner) });
      else if (known !== undefined)
        taken.push({ ...match, rule: 'fixed-by-distro', reason: fixedReason(known, owner) });
      else kept.push(match);
    }
    matches.set(id, kept);
    if (taken.length > 0) suppressed.set(id, taken);
  }
  return { matches, suppressed };
}

/**
 * Ids of the packages that are left to the OS packages which own them, whatever is found in them. The part of
 * {@link applyOwnership} that depends on the image alone, for counts that must agree with it.
 */
export function leftToOwners(input: Pick<OwnershipInput, 'distro' | 'packages' | 'relationships'>): Set<string> {
  const owners = ownersOf(input);
  const comprehensive = isComprehensive(input.distro);
  const byId = new Map(input.packages.map((pkg) => [pkg.id, pkg]));
  const left = new Set<string>();
  for (const pkg of input.packages) {
    const candidates = OS_PACKAGE_TYPES.has(pkg.type)
      ? []
      : (owners.get(pkg.id) ?? []).flatMap((id) => byId.get(id) ?? []);
    if (candidates.length === 0) continue;
    const same = candidates.some((one) => isSameVersion(pkg.version, one.version));
    if (pkg.type === 'binary' || (comprehensive && same)) left.add(pkg.id);
  }
  return left;
}

/** Do both versions say the same as far as the shorter goes? An OS package adds its revision: `3.1.2` and `3.1.2-1`. */
function isSameVersion(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

/** Owners by owned package, the one that analysis chose first; OS packages alone own. */
function ownersOf({
  packages,
  relationships,
}: Pick<OwnershipInput, 'packages' | 'relationships'>): Map<string, string[]> {
  const os = new Set(packages.filter((pkg) => OS_PACKAGE_TYPES.has(pkg.type)).map((pkg) => pkg.id));
  const owners = new Map<string, string[]>();
  const add = (owner: string, owned: string) => {
    const known = owners.get(owned);
    if (known === undefined) owners.set(owned, [owner]);
    else if (!known.includes(owner)) known.push(owner);
  };
  for (const pkg of packages) if (pkg.ownedBy !== undefined && os.has(pkg.ownedBy)) add(pkg.ownedBy, pkg.id);
  for (const relation of relationships) {
    if (relation.type === 'ownership-by-file-overlap' && os.has(relation.from)) add(relation.from, relation.to);
  }
  return owners;
}

function ownedReason(pkg: Pick<Package, 'name'>, owner: Pick<Package, 'type' | 'name' | 'version'>): string {
  return `${pkg.name} belongs to the ${owner.type} package ${owner.name} ${owner.version}, for which the distribution's own advisories are used`;
}

function fixedReason(id: string, owner: Pick<Package, 'type' | 'name' | 'version'>): string {
  return `the distribution says that ${id} does not concern the ${owner.type} package ${owner.name} ${owner.version}, which owns these files`;
}

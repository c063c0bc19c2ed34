import type {
  CustomJsonPatch,
  Package as DiffPackage,
  RelationshipSbomDiff,
} from '#contract/artifact-relationships.ts';
import { OS_PACKAGE_TYPES, type Package } from '#engine/model/package.ts';
import { packagePath } from '#features/images/index.ts';
import { present } from '#shared/present.ts';

/** `RelationshipSbomDiff` with all its lists. */
export type SbomDiff = { [K in keyof RelationshipSbomDiff]-?: NonNullable<RelationshipSbomDiff[K]> };

/**
 * Compares the packages of two artifacts. Packages are the same when type and name are: with a version that both
 * have they are unmodified, wherever they lie; the other versions of that name are paired in their order and count as
 * modified; what has no partner is on one side only. A version that a side has several times counts once.
 */
export function sbomDiff(source: readonly Package[], target: readonly Package[]): SbomDiff {
  const diff: SbomDiff = { source_only: [], target_only: [], source_modified: [], both_unmodified: [] };
  const left = byName(source);
  const right = byName(target);
  for (const name of [...new Set([...left.keys(), ...right.keys()])].sort()) {
    const here = left.get(name) ?? new Map<string, Package>();
    const there = right.get(name) ?? new Map<string, Package>();
    for (const [version, pkg] of here) if (there.has(version)) diff.both_unmodified.push(diffPackage(pkg));
    const onlyHere = unpaired(here, there);
    const onlyThere = unpaired(there, here);
    const pairs = Math.min(onlyHere.length, onlyThere.length);
    for (let at = 0; at < pairs; at += 1) {
      const [before, after] = [diffPackage(onlyHere[at]!), diffPackage(onlyThere[at]!)];
      diff.source_modified.push({ source: before, target: after, patch: patchTo(after) });
    }
    diff.source_only.push(...onlyHere.slice(pairs).map(diffPackage));
    diff.target_only.push(...onlyThere.slice(pairs).map(diffPackage));
  }
  return diff;
}

/** Packages by type and name, then by version. */
function byName(packages: readonly Package[]): Map<string, Map<string, Package>> {
  const names = new Map<string, Map<string, Package>>();
  for (const pkg of packages) {
    const key = `${pkg.name}\n${pkg.type}`;
    const versions = names.get(key) ?? new Map<string, Package>();
    names.set(key, versions);
    if (!versions.has(pkg.version)) versions.set(pkg.version, pkg);
  }
  return names;
}

const VERSIONS = new Intl.Collator('en', { numeric: true });

function unpaired(here: ReadonlyMap<string, Package>, there: ReadonlyMap<string, Package>): Package[] {
  return [...here.values()]
    .filter((pkg) => !there.has(pkg.version))
    .sort((a, b) => VERSIONS.compare(a.version, b.version));
}

/** A package as the difference shows it. */
function diffPackage(pkg: Package): DiffPackage {
  const manifest = (pkg.metadata.manifest as { main?: Record<string, unknown> } | undefined)?.main;
  const pom = pkg.metadata.pomProperties as Record<string, unknown> | undefined;
  const isOs = OS_PACKAGE_TYPES.has(pkg.type);
  return present({
    name: pkg.name,
    version: pkg.version,
    sourcepkg: isOs ? pkg.upstreams[0]?.name : undefined,
    location: packagePath(pkg, pkg.locations[0]?.path ?? ''),
    origin: pkg.origin,
    size: pkg.size,
    licenses: pkg.licenses.map((license) => license.spdxExpression ?? license.value),
    metadata_type: pkg.metadataType,
    metadata: pkg.metadataType ? pkg.metadata : undefined,
    specification_version: text(manifest?.['Specification-Version']),
    implementation_version: text(manifest?.['Implementation-Version']),
    maven_version: text(pom?.version),
    cpes: pkg.cpes,
    purl: pkg.purl,
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * The JSON Patch (RFC 6902) that makes the target of anything. Values of operations are objects by the contract, and
 * what differs is text: the operation therefore replaces the whole record.
 */
function patchTo(target: DiffPackage): CustomJsonPatch {
  return { operations: ['1'], replace: [{ id: '1', op: 'replace', path: '', value: { ...target } }] };
}

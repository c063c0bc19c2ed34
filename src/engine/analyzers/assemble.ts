import type { ImageView } from '../image/types.ts';
import type { Analysis } from '../model/analysis.ts';
import { OS_PACKAGE_TYPES, type Relationship } from '../model/package.ts';
import type { Problem } from '../model/problem.ts';
import { dependencyEdges } from './assemble-dependencies.ts';
import { joinedNotes } from './assemble-notes.ts';
import { assignOwners, withoutUnlistedPrograms } from './assemble-ownership.ts';
import { type FoundPackage, uniquePackages } from './assemble-packages.ts';
import { compareBytes } from './byte-order.ts';
import type { Evidence } from './types.ts';

/** What the analyzers found, joined: the part of an `Analysis` that comes from them. */
export type AssembledEvidence = Pick<Analysis, 'packages' | 'relationships' | 'problems'> &
  Partial<Pick<Analysis, 'distro' | 'secrets' | 'contentSearch' | 'retrievedFiles' | 'dockerfile'>>;

/**
 * Joins the evidence of all analyzers of one image: gives packages their ids, merges rows of one file, decides which
 * OS package owns which other package (by real path), leaves out programs that are owned, draws dependency edges, and sorts everything in byte order,
 * so that equal images give equal results. Never throws on odd evidence.
 */
export function assembleEvidence(
  image: ImageView,
  evidence: readonly { analyzer: string; evidence: Evidence }[],
): AssembledEvidence {
  const unique = uniquePackages(afterHints(evidence.flatMap(({ evidence: found }) => found.packages ?? [])));
  const owned = assignOwners(unique, image.tree);
  // A program that an OS package owns is that package: a second row would be matched against other advisories.
  const packages = withoutUnlistedPrograms(
    joinedNotes(owned.packages).filter(({ type, ownedBy }) => type !== 'binary' || ownedBy === undefined),
  );
  const typeOf = new Map(packages.map((pkg) => [pkg.id, pkg.type]));
  const stated = evidence
    .flatMap(({ evidence: found }) => found.relationships ?? [])
    .filter(({ from, to }) => typeOf.has(from) && typeOf.has(to));
  // Analyzers that know their ecosystem's own look-up state edges themselves: names alone would add wrong ones.
  const resolved = new Set(stated.filter(({ type }) => type === 'dependency-of').map(({ to }) => typeOf.get(to)));
  const ownership = owned.relationships.filter(({ to }) => typeOf.has(to));
  const drawn = dependencyEdges(packages.filter(({ type }) => !resolved.has(type)));
  const root = evidence.flatMap(({ evidence: found }) => found.distros ?? []).find((entry) => entry.root === '/');
  const dockerfiles = evidence.flatMap(({ evidence: found }) => (found.dockerfile ? [found.dockerfile] : []));
  return {
    packages,
    relationships: sortedRelationships([...stated, ...ownership, ...drawn]),
    problems: evidence.flatMap(({ evidence: found }) => found.problems ?? []).sort(compareProblems),
    ...(root ? { distro: root.distro } : {}),
    ...listed('secrets', evidence, (a, b) => compareBytes(a.path, b.path) || compareBytes(a.name, b.name)),
    ...listed('contentSearch', evidence, (a, b) => compareBytes(a.path, b.path) || compareBytes(a.name, b.name)),
    ...listed('retrievedFiles', evidence, (a, b) => compareBytes(a.path, b.path)),
    ...(dockerfiles[0] ? { dockerfile: dockerfiles.find((file) => file.mode === 'Actual') ?? dockerfiles[0] } : {}),
  };
}

/** What the author says of a package of the distribution takes the place of what was found under its name. */
function afterHints(found: readonly FoundPackage[]): FoundPackage[] {
  const hinted = new Set(
    found.filter(({ metadata, type }) => metadata.hint === true && OS_PACKAGE_TYPES.has(type)).map(keyOf),
  );
  if (hinted.size === 0) return [...found];
  return found.filter((pkg) => pkg.metadata.hint === true || !hinted.has(keyOf(pkg)));
}

function keyOf({ type, name }: FoundPackage): string {
  return `${type} ${name}`;
}

type ListKey = 'secrets' | 'contentSearch' | 'retrievedFiles';

/** One list of all analyzers; the key stays absent when none of them looked. */
function listed<K extends ListKey>(
  key: K,
  evidence: readonly { evidence: Evidence }[],
  compare: (a: NonNullable<Evidence[K]>[number], b: NonNullable<Evidence[K]>[number]) => number,
): Partial<Pick<Evidence, K>> {
  const lists = evidence.flatMap(({ evidence: found }) => (found[key] ? [found[key]] : []));
  if (lists.length === 0) return {};
  const all = lists.flat() as NonNullable<Evidence[K]>[number][];
  return { [key]: all.sort(compare) } as Partial<Pick<Evidence, K>>;
}

function sortedRelationships(all: Relationship[]): Relationship[] {
  const byKey = new Map<string, Relationship>();
  for (const edge of all) if (edge.from !== edge.to) byKey.set(`${edge.from} ${edge.to} ${edge.type}`, edge);
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge);
}

function compareProblems(a: Problem, b: Problem): number {
  return compareBytes(a.source, b.source) || compareBytes(a.path ?? '', b.path ?? '') || compareBytes(a.code, b.code);
}

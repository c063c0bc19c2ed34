import { OS_PACKAGE_TYPES, type Package, type PackageType, type Relationship } from '../model/package.ts';
import { capabilities, requirements } from './assemble-capabilities.ts';
import { primaryPath } from './package-id.ts';

/**
 * Draws `dependency-of` edges from what packages say they need. OS packages are resolved through what packages of the
 * same root provide; language packages by name within their type, to the nearest installation.
 */
export function dependencyEdges(packages: readonly Package[]): Relationship[] {
  const edges: Relationship[] = [];
  for (const group of groups(packages)) {
    const [first] = group;
    if (!first) continue;
    if (OS_PACKAGE_TYPES.has(first.type)) addSystemEdges(group, edges);
    else addLanguageEdges(first.type, group, edges);
  }
  return edges;
}

/** Packages that can depend on each other: one type; for OS packages also one root, told apart by its distribution. */
function groups(packages: readonly Package[]): Iterable<Package[]> {
  const byKey = new Map<string, Package[]>();
  for (const pkg of packages) {
    const key = OS_PACKAGE_TYPES.has(pkg.type) ? `${pkg.type} ${pkg.distro?.evidence ?? ''}` : pkg.type;
    const group = byKey.get(key);
    if (group) group.push(pkg);
    else byKey.set(key, [pkg]);
  }
  return byKey.values();
}

function addSystemEdges(group: Package[], edges: Relationship[]): void {
  const named = new Map<string, Package[]>();
  const needs = group.map((pkg) => ({ pkg, alternatives: requirements(pkg) }));
  const paths = new Set(
    needs.flatMap(({ alternatives }) => alternatives.flat().filter((name) => name.startsWith('/'))),
  );
  for (const pkg of group) {
    for (const name of capabilities(pkg)) push(named, name, pkg);
    if (paths.size > 0) for (const file of pkg.files ?? []) if (paths.has(file.path)) push(named, file.path, pkg);
  }
  for (const { pkg, alternatives } of needs) {
    for (const names of alternatives) {
      const name = names.find((candidate) => named.has(candidate));
      if (name === undefined) continue;
      for (const needed of providersFor(pkg, name, named.get(name) ?? [])) {
        edges.push({ from: needed.id, to: pkg.id, type: 'dependency-of' });
      }
    }
  }
}

/** A package of that very name comes before those that merely provide it, the same architecture before another. */
function providersFor(pkg: Package, name: string, providers: Package[]): Package[] {
  const exact = providers.filter((candidate) => candidate.name === name);
  const candidates = exact.length > 0 ? exact : providers;
  const neutral = new Set([pkg.arch, 'all', 'noarch', 'any', undefined]);
  const sameArch = candidates.filter((candidate) => neutral.has(candidate.arch));
  return sameArch.length > 0 ? sameArch : candidates;
}

function addLanguageEdges(type: PackageType, group: Package[], edges: Relationship[]): void {
  const named = new Map<string, Package[]>();
  for (const pkg of group) for (const name of languageNames(pkg)) push(named, name, pkg);
  for (const pkg of group) {
    for (const dependency of pkg.dependencies ?? []) {
      const needed = nearest(type, pkg, dependency, named.get(foldName(type, dependency)) ?? []);
      if (needed && needed !== pkg) edges.push({ from: needed.id, to: pkg.id, type: 'dependency-of' });
    }
  }
}

/** Keys under which others may ask for a package. */
function languageNames(pkg: Package): string[] {
  const names = [foldName(pkg.type, pkg.name)];
  const group = pkg.metadata.groupId;
  if (typeof group === 'string' && group !== '') names.push(foldName(pkg.type, `${group}:${pkg.name}`));
  // An npm alias is installed, and asked for, under the name of its directory.
  const directory = pkg.type === 'npm' ? npmDirectoryName(primaryPath(pkg)) : undefined;
  if (directory) names.push(directory);
  return [...new Set(names)];
}

function foldName(type: PackageType, name: string): string {
  if (type === 'python') return (/^[\w.-]+/.exec(name.trim())?.[0] ?? name).toLowerCase().replace(/[-_.]+/g, '-');
  if (type === 'dotnet' || type === 'php-composer') return name.toLowerCase();
  return name;
}

function npmDirectoryName(path: string): string | undefined {
  return /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path)?.[1];
}

/** The installation that would be loaded: Node's walk up for npm, else the one with the longest common path. */
function nearest(type: PackageType, pkg: Package, dependency: string, candidates: Package[]): Package | undefined {
  if (candidates.length === 0) return undefined;
  const from = primaryPath(pkg);
  if (type === 'npm' && from.endsWith('/package.json')) {
    const byPath = new Map(candidates.map((candidate) => [primaryPath(candidate), candidate]));
    for (let end = from.lastIndexOf('/'); end >= 0; end = end === 0 ? -1 : from.lastIndexOf('/', end - 1)) {
      const found = byPath.get(`${from.slice(0, end)}/node_modules/${dependency}/package.json`);
      if (found) return found;
    }
    return undefined;
  }
  let best: Package | undefined;
  let bestScore = -1;
  for (const candidate of candidates) {
    const score = commonSegments(from, primaryPath(candidate));
    if (
      score > bestScore ||
      (score === bestScore && best && primaryPath(candidate).length < primaryPath(best).length)
    ) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

function commonSegments(a: string, b: string): number {
  const x = a.split('/');
  const y = b.split('/');
  let count = 0;
  while (count < x.length && count < y.length && x[count] === y[count]) count++;
  return count;
}

function push(map: Map<string, Package[]>, name: string, pkg: Package): void {
  const list = map.get(name);
  if (!list) map.set(name, [pkg]);
  else if (list.at(-1) !== pkg) list.push(pkg);
}

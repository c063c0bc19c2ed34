import type { ImageView, LocatedFact } from '../../image/types.ts';
import type { Package, Relationship } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { cpeCandidates } from '../cpe.ts';
import { licensesOf } from '../licenses.ts';
import { directoryOf, locate } from '../location.ts';
import { packageId } from '../package-id.ts';
import { formatPurl } from '../purl.ts';
import type { Evidence } from '../types.ts';
import type { NpmFact } from './index.ts';
import type { InstalledLockEntry } from './installed-lock.ts';
import type { NpmManifest } from './manifest.ts';
import { isBundledCopy, placement } from './placement.ts';

type Draft = Omit<Package, 'id' | 'ownedBy'>;

/** `@scope/name` as purl namespace and name. */
export function npmPurl(name: string, version: string): string {
  const slash = name.startsWith('@') ? name.indexOf('/') : -1;
  return slash < 0
    ? formatPurl({ type: 'npm', name, version })
    : formatPurl({ type: 'npm', namespace: name.slice(0, slash), name: name.slice(slash + 1), version });
}

/** Lock entries of all `node_modules/.package-lock.json` files, by absolute directory of the package. */
function lockEntries(facts: LocatedFact<NpmFact>[]): Map<string, InstalledLockEntry> {
  const byDirectory = new Map<string, InstalledLockEntry>();
  for (const { path, fact } of facts) {
    if (fact.kind !== 'installed-lock') continue;
    const project = directoryOf(directoryOf(path));
    for (const [key, entry] of Object.entries(fact.entries)) byDirectory.set(`${project}/${key}`, entry);
  }
  return byDirectory;
}

function draft(
  image: ImageView,
  located: LocatedFact<NpmFact>,
  manifest: NpmManifest,
  lock: InstalledLockEntry | undefined,
): Draft {
  const dependencies = Object.keys(manifest.dependencies ?? {});
  const entry = lock?.version === manifest.version ? lock : undefined;
  const integrity = manifest.integrity ?? entry?.integrity;
  const resolved = manifest.resolved ?? entry?.resolved;
  const pkg: Draft = {
    type: 'npm',
    name: manifest.name,
    version: manifest.version,
    purl: npmPurl(manifest.name, manifest.version),
    cpes: [],
    licenses: licensesOf(manifest.licenses),
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'npm',
    confidence: 'declared',
    metadataType: 'javascript-npm-package',
    metadata: {
      name: manifest.name,
      version: manifest.version,
      author: manifest.author ?? '',
      homepage: manifest.homepage ?? '',
      description: manifest.description ?? '',
      url: manifest.url ?? '',
      private: manifest.private ?? false,
      ...(manifest.dependencies === undefined ? {} : { dependencies: manifest.dependencies }),
      ...(integrity === undefined ? {} : { integrity }),
      ...(resolved === undefined ? {} : { resolved }),
      ...(entry?.dev === true ? { dev: true } : {}),
    },
  };
  if (manifest.author !== undefined) pkg.origin = manifest.author;
  if (dependencies.length > 0) pkg.dependencies = dependencies;
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

/**
 * Edges by Node's own look-up: from the package's directory upwards, the first `node_modules/<name>`; links (pnpm,
 * workspaces) are followed in the squashed tree.
 */
function edges(image: ImageView, packages: { pkg: Draft; directory: string; manifest: NpmManifest }[]): Relationship[] {
  const byManifestPath = new Map<string, string>();
  for (const { pkg, directory } of packages) {
    const path = `${directory}/package.json`;
    if (!byManifestPath.has(path)) byManifestPath.set(path, packageId(pkg));
  }
  const relationships: Relationship[] = [];
  for (const { pkg, directory, manifest } of packages) {
    const names = new Set([...Object.keys(manifest.dependencies ?? {}), ...(manifest.peerDependencies ?? [])]);
    const to = names.size === 0 ? '' : packageId(pkg);
    for (const name of names) {
      const from = resolveModule(image, byManifestPath, directory, name);
      if (from !== undefined && from !== to) relationships.push({ from, to, type: 'dependency-of' });
    }
  }
  return relationships;
}

function resolveModule(
  image: ImageView,
  byManifestPath: Map<string, string>,
  directory: string,
  name: string,
): string | undefined {
  if (name.split('/').includes('..')) return undefined;
  for (let at = directory; ; at = directoryOf(at)) {
    if (!at.endsWith('/node_modules')) {
      const path = `${at}/node_modules/${name}/package.json`;
      const direct = byManifestPath.get(path);
      if (direct !== undefined) return direct;
      if (image.tree.get(`${at}/node_modules`) !== undefined) {
        const real = image.tree.realPath(path);
        const linked = real === undefined ? undefined : byManifestPath.get(real);
        if (linked !== undefined) return linked;
      }
    }
    if (at === '') return undefined;
  }
}

/** Turns facts into packages, edges by module resolution, and problems for manifests that are not JSON. */
export function collectNpm(image: ImageView, facts: LocatedFact<NpmFact>[]): Evidence {
  const locks = lockEntries(facts);
  const nameByDirectory = new Map<string, string>();
  for (const { path, fact } of facts) {
    const first = fact.kind === 'manifest' ? fact.manifests[0] : undefined;
    if (first !== undefined) nameByDirectory.set(directoryOf(path), first.name);
  }
  const found: { pkg: Draft; directory: string; manifest: NpmManifest }[] = [];
  const problems: Problem[] = [];
  for (const located of facts) {
    const { fact, path } = located;
    const place = placement(path);
    if (fact.error !== undefined) {
      const code = fact.kind === 'manifest' ? 'npm-manifest-unreadable' : 'npm-lock-unreadable';
      const harmless = fact.kind === 'installed-lock' || place.kind === 'inside';
      const severity = harmless ? 'note' : 'partial';
      problems.push({ code, message: `Not JSON: ${fact.error}`, severity, path, source: 'npm' });
    }
    if (fact.kind !== 'manifest') continue;
    const directory = directoryOf(path);
    for (const manifest of fact.manifests) {
      if (place.kind === 'inside' && !isBundledCopy(place, manifest, nameByDirectory.get(place.owner))) continue;
      const pkg = draft(image, located, manifest, locks.get(directory));
      if (place.kind === 'inside') {
        pkg.confidence = 'metadata';
        pkg.metadata.bundledIn = place.owner;
      }
      found.push({ pkg, directory, manifest });
    }
  }
  return { packages: found.map(({ pkg }) => pkg), relationships: edges(image, found), problems };
}

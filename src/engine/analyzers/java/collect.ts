import type { ImageView, LocatedFact } from '../../image/types.ts';
import type { Package, Relationship } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { cpeCandidates } from '../cpe.ts';
import { licensesOf } from '../licenses.ts';
import { fileName, locate } from '../location.ts';
import { packageId } from '../package-id.ts';
import { formatPurl } from '../purl.ts';
import type { Evidence } from '../types.ts';
import type { ArchiveFact } from './archive.ts';
import { type GroupMentions, groupMentions } from './group.ts';
import { type ArchiveIdentity, bundledPoms, identifyArchive } from './identity.ts';
import { type RepositoryCoordinates, repositoryIndex } from './maven-repository.ts';
import type { PomProperties } from './pom-properties.ts';

type Draft = Omit<Package, 'id' | 'ownedBy'>;

/** Coordinates that a local Maven repository gives to the archive at a real path. */
type RepositoryLookup = (path: string) => RepositoryCoordinates | undefined;

interface Found {
  pkg: Draft;
  /** `group:artifact` of dependencies. */
  dependencies: string[];
  /** Package of the archive around it, or that bundles it. */
  parent?: Draft;
}

const CONFIDENCE = {
  'pom.properties': 'declared',
  'pom.xml': 'declared',
  'maven-repository': 'declared',
  manifest: 'metadata',
  'file-name': 'heuristic',
  none: 'heuristic',
} as const;

function mavenPurl(groupId: string, artifactId: string, version: string): string {
  return formatPurl({ type: 'maven', namespace: groupId.replaceAll('/', '.'), name: artifactId, version });
}

/** Fields of a pom.properties as the native SBOM names them. */
function pomFields(pom: PomProperties): Record<string, string> {
  return {
    path: pom.path,
    name: pom.name ?? '',
    groupId: pom.groupId,
    artifactId: pom.artifactId,
    version: pom.version,
  };
}

function archiveDraft(
  image: ImageView,
  located: LocatedFact<ArchiveFact>,
  inner: string,
  fact: ArchiveFact,
  identity: ArchiveIdentity,
): Draft {
  const { groupId, artifactId, version } = identity;
  const virtualPath = inner === '' ? located.path : `${located.path}:${inner.replaceAll('!/', ':')}`;
  const isPlugin = /\.[hj]pi$/i.test(inner || located.path) || fact.manifest?.main['Plugin-Version'] !== undefined;
  const manifest = fact.manifest;
  const pkg: Draft = {
    type: isPlugin ? 'jenkins-plugin' : 'java-archive',
    name: identity.name,
    version,
    cpes: [],
    licenses: licensesOf([
      ...(identity.pomXml?.licenses ?? []),
      ...(manifest?.main['Bundle-License'] ?? '')
        .split(',')
        .map((text) => text.split(';', 1)[0]?.replaceAll('"', '') ?? ''),
    ]),
    locations: [locate(image, located, 'primary', inner)],
    upstreams: [],
    foundBy: 'java',
    confidence: CONFIDENCE[identity.by],
    metadataType: 'java-archive',
    metadata: {
      virtualPath,
      groupId,
      artifactId,
      identifiedBy: identity.by,
      ...(manifest === undefined ? {} : { manifest: { main: manifest.main, sections: manifest.sections } }),
      ...(identity.pom === undefined ? {} : { pomProperties: pomFields(identity.pom) }),
      ...(identity.pomXml?.url === undefined ? {} : { url: identity.pomXml.url }),
      digest: [{ algorithm: 'sha1', value: fact.sha1 }],
    },
  };
  const origin =
    identity.pomXml?.origin ??
    manifest?.main['Implementation-Vendor'] ??
    manifest?.main['Bundle-Vendor'] ??
    manifest?.main['Specification-Vendor'];
  if (origin !== undefined && origin !== '') pkg.origin = origin;
  if (version !== '') pkg.purl = mavenPurl(groupId, artifactId, version);
  pkg.size = fact.size;
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

function bundledDraft(archive: Draft, fact: ArchiveFact, pom: PomProperties): Found {
  const xml = fact.pomXmls.find(
    (one) => one.artifactId === pom.artifactId && (one.groupId ?? pom.groupId) === pom.groupId,
  );
  const pkg: Draft = {
    type: 'java-archive',
    name: pom.artifactId,
    version: pom.version,
    purl: mavenPurl(pom.groupId, pom.artifactId, pom.version),
    cpes: [],
    licenses: licensesOf(xml?.licenses ?? []),
    locations: archive.locations.map((location) => ({ ...location })),
    upstreams: [],
    foundBy: 'java',
    confidence: 'declared',
    metadataType: 'java-archive',
    metadata: {
      virtualPath: `${archive.metadata.virtualPath}:${pom.groupId}:${pom.artifactId}`,
      groupId: pom.groupId,
      artifactId: pom.artifactId,
      identifiedBy: 'pom.properties',
      pomProperties: pomFields(pom),
    },
  };
  if (xml?.origin !== undefined) pkg.origin = xml.origin;
  pkg.cpes = cpeCandidates(pkg);
  return { pkg, dependencies: xml?.dependencies ?? [], parent: archive };
}

/** Packages of one archive and of the archives inside it. */
function walk(
  image: ImageView,
  located: LocatedFact<ArchiveFact>,
  inner: string,
  fact: ArchiveFact,
  parent: Draft | undefined,
  out: Found[],
  repository: RepositoryLookup,
  mentions: GroupMentions,
): void {
  // Agents that New Relic weaves into other programs are named like the programs that they watch.
  if (fact.manifest?.main['Weave-Classes'] !== undefined) return;
  const told = identifyArchive(fact, fileName(inner === '' ? located.path : inner), mentions);
  const placed = inner === '' && fact.poms.length === 0 ? repository(located.path) : undefined;
  const identity: ArchiveIdentity =
    placed === undefined ? told : { ...told, ...placed, name: placed.artifactId, by: 'maven-repository' };
  const archive = archiveDraft(image, located, inner, fact, identity);
  const bundled = bundledPoms(fact, identity.pom);
  // An archive that only its poms can name is those artifacts and nothing besides.
  const isNamed = bundled.length === 0 || identity.by !== 'none';
  if (isNamed)
    out.push({
      pkg: archive,
      dependencies: identity.pomXml?.dependencies ?? [],
      ...(parent === undefined ? {} : { parent }),
    });
  for (const pom of bundled) {
    const found = bundledDraft(archive, fact, pom);
    if (!isNamed) delete found.parent;
    out.push(found);
  }
  for (const child of fact.nested) {
    walk(
      image,
      located,
      inner === '' ? child.path : `${inner}!/${child.path}`,
      child,
      isNamed ? archive : parent,
      out,
      repository,
      mentions,
    );
  }
}

function problems(path: string, fact: ArchiveFact, out: Problem[]): void {
  for (const { path: entry, message, missing } of fact.failures) {
    out.push({
      code: 'java-archive-unreadable',
      message,
      severity: missing ? 'partial' : 'note',
      path: entry === '' ? path : `${path}!/${entry}`,
      source: 'java',
    });
  }
  for (const child of fact.nested) problems(`${path}!/${child.path}`, child, out);
}

/**
 * Edges: an archive needs what lies inside it (`dependency-of` the archive around it), and what its pom names,
 * looked up among its siblings first.
 */
function edges(found: Found[]): Relationship[] {
  const ids = new Map(found.map(({ pkg }) => [pkg, packageId(pkg)]));
  const siblings = new Map<Draft | undefined, Map<string, string>>();
  const anywhere = new Map<string, string>();
  for (const { pkg, parent } of found) {
    const key = `${pkg.metadata.groupId}:${pkg.metadata.artifactId}`;
    const id = ids.get(pkg) ?? '';
    let names = siblings.get(parent);
    if (names === undefined) {
      names = new Map();
      siblings.set(parent, names);
    }
    if (!names.has(key)) names.set(key, id);
    if (!anywhere.has(key)) anywhere.set(key, id);
  }
  const relationships: Relationship[] = [];
  const seen = new Set<string>();
  const add = (from: string | undefined, to: string | undefined) => {
    if (from === undefined || to === undefined || from === to || seen.has(`${from} ${to}`)) return;
    seen.add(`${from} ${to}`);
    relationships.push({ from, to, type: 'dependency-of' });
  };
  for (const { pkg, parent, dependencies } of found) {
    const id = ids.get(pkg);
    if (parent !== undefined) add(id, ids.get(parent));
    for (const name of dependencies) {
      const own = siblings.get(parent)?.get(name);
      const below = siblings.get(pkg)?.get(name);
      add(below ?? own ?? (parent === undefined ? anywhere.get(name) : undefined), id);
    }
  }
  return relationships;
}

/** Turns archives into packages: each archive, each pom shaded into one, each archive inside one. */
export function collectJava(image: ImageView, facts: LocatedFact<ArchiveFact>[]): Evidence {
  const found: Found[] = [];
  const unread: Problem[] = [];
  let index: ReturnType<typeof repositoryIndex> | undefined;
  const repository: RepositoryLookup = (path) => {
    index ??= repositoryIndex(image.tree);
    return index.get(path);
  };
  const mentions = groupMentions(facts.map(({ fact }) => fact));
  for (const located of facts) {
    walk(image, located, '', located.fact, undefined, found, repository, mentions);
    problems(located.path, located.fact, unread);
  }
  for (const one of found) if (one.dependencies.length > 0) one.pkg.dependencies = one.dependencies;
  return { packages: found.map(({ pkg }) => pkg), relationships: edges(found), problems: unread };
}

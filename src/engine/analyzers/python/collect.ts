import type { ImageView, LocatedFact } from '../../image/types.ts';
import type { OwnedFile, Package, Relationship } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { cpeCandidates } from '../cpe.ts';
import { licensesOf } from '../licenses.ts';
import { directoryOf, fileName, locate } from '../location.ts';
import { packageId } from '../package-id.ts';
import { formatPurl } from '../purl.ts';
import type { Evidence } from '../types.ts';
import type { DirectUrl } from './direct-url.ts';
import type { PythonFact } from './index.ts';
import { linuxEnvironment, markerHolds } from './marker.ts';
import { nameFromDirectory, type PythonMetadata } from './metadata.ts';
import { resolveRecorded } from './record.ts';
import { wheelContents } from './sboms.ts';

type Draft = Omit<Package, 'id' | 'ownedBy'>;

/** Facts of one info directory (or egg-info file), and the import root they lie in. */
interface Distribution {
  /** Path of the info directory or file. */
  info: string;
  /** Directory on the import path. */
  root: string;
  facts: LocatedFact<PythonFact>[];
}

/** Normal form of a project name (PEP 503). */
export function normalizedName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

function infoOf(path: string): string {
  return /\.egg-info$/i.test(path) ? path : directoryOf(path);
}

function group(facts: LocatedFact<PythonFact>[]): Distribution[] {
  const byInfo = new Map<string, Distribution>();
  for (const located of facts) {
    if (located.fact.kind === 'environment') continue;
    const { path } = located;
    const info = located.fact.kind === 'sbom' ? path.slice(0, path.indexOf('/sboms/')) : infoOf(path);
    let distribution = byInfo.get(info);
    if (distribution === undefined) {
      distribution = { info, root: directoryOf(info), facts: [] };
      byInfo.set(info, distribution);
    }
    distribution.facts.push(located);
  }
  return [...byInfo.values()];
}

/** Name and version of a distribution: of its metadata, else of its directory's name. */
function identity(distribution: Distribution, metadata: PythonMetadata | undefined) {
  const directory = fileName(distribution.info);
  const told = nameFromDirectory(/^EGG-INFO$/i.test(directory) ? fileName(distribution.root) : directory);
  const name = metadata?.name ?? told?.name;
  const version = metadata?.version ?? told?.version;
  if (name === undefined || version === undefined) return undefined;
  return { name, version, declared: metadata?.name !== undefined && metadata.version !== undefined };
}

function vcsUrl(direct: DirectUrl | undefined): string | undefined {
  if (direct?.vcs === undefined) return undefined;
  return `${direct.vcs}+${direct.url}${direct.commitId === undefined ? '' : `@${direct.commitId}`}`;
}

/** Requirement names whose markers hold for this environment. */
function requirements(requiresDist: string[], root: string): string[] {
  const pythonVersion = /\/python(\d+\.\d+)\//.exec(`${root}/`)?.[1];
  const environment = linuxEnvironment(pythonVersion);
  const names = new Set<string>();
  for (const requirement of requiresDist) {
    const semicolon = requirement.indexOf(';');
    if (semicolon >= 0 && !markerHolds(requirement.slice(semicolon + 1), environment)) continue;
    const name = /^\s*([A-Za-z0-9][\w.-]*)/.exec(requirement)?.[1];
    if (name !== undefined) names.add(name);
  }
  return [...names];
}

function draft(image: ImageView, distribution: Distribution): Draft | undefined {
  const find = <K extends PythonFact['kind']>(kind: K) =>
    distribution.facts.find((located) => located.fact.kind === kind) as
      | LocatedFact<Extract<PythonFact, { kind: K }>>
      | undefined;
  const metadataFact = find('metadata');
  const metadata = metadataFact?.fact;
  const recordFact = find('record');
  const named = identity(distribution, metadata);
  const primary = metadataFact ?? recordFact;
  if (named === undefined || primary === undefined) return undefined;
  const direct = find('direct-url')?.fact;
  const topLevel = find('top-level');
  const files: OwnedFile[] = (recordFact?.fact.rows ?? []).map((row) => ({
    path: resolveRecorded(distribution.root, row.path),
    ...(row.digest === undefined ? {} : { digest: row.digest }),
    ...(row.size === undefined ? {} : { size: row.size }),
  }));
  const requiresDist = [...(metadata?.requiresDist ?? []), ...(find('requires')?.fact.rows ?? [])];
  const dependencies = requirements(requiresDist, distribution.root);
  const vcs = vcsUrl(direct);
  const author = metadata?.author;
  const mail = metadata?.authorEmail;
  const origin =
    author !== undefined && mail !== undefined && !mail.includes('<') ? `${author} <${mail}>` : (mail ?? author);
  const pkg: Draft = {
    type: 'python',
    name: named.name,
    version: named.version,
    purl: formatPurl({
      type: 'pypi',
      name: normalizedName(named.name),
      version: named.version,
      qualifiers: { vcs_url: vcs },
    }),
    cpes: [],
    licenses: licensesOf(metadata?.licenses ?? []),
    locations: [locate(image, primary)],
    upstreams: [],
    foundBy: 'python',
    confidence: named.declared ? 'declared' : 'heuristic',
    metadataType: 'python-package',
    metadata: {
      name: named.name,
      version: named.version,
      author: author ?? '',
      authorEmail: mail ?? '',
      platform: metadata?.platform ?? '',
      sitePackagesRootPath: distribution.root,
      ...(metadata?.homePage === undefined ? {} : { homePage: metadata.homePage }),
      ...(metadata?.requiresPython === undefined ? {} : { requiresPython: metadata.requiresPython }),
      ...(requiresDist.length === 0 ? {} : { requiresDist }),
      ...(metadata === undefined || metadata.providesExtra.length === 0
        ? {}
        : { providesExtra: metadata.providesExtra }),
      ...(topLevel === undefined ? {} : { topLevelPackages: topLevel.fact.names }),
      ...(direct === undefined
        ? {}
        : {
            directUrlOrigin: {
              url: direct.url,
              ...(direct.commitId === undefined ? {} : { commitId: direct.commitId }),
              ...(direct.vcs === undefined ? {} : { vcs: direct.vcs }),
            },
            ...(direct.editable === true ? { editable: true } : {}),
          }),
    },
  };
  for (const supporting of [recordFact, topLevel]) {
    if (supporting !== undefined && supporting !== primary) pkg.locations.push(locate(image, supporting, 'supporting'));
  }
  if (origin !== undefined) pkg.origin = origin.split('\n', 1)[0]?.slice(0, 256) ?? origin;
  if (files.length > 0) pkg.files = files;
  const size = files.reduce((sum, file) => sum + (file.size ?? 0), 0);
  if (size > 0) pkg.size = size;
  if (dependencies.length > 0) pkg.dependencies = dependencies;
  if (/\/_?vendor(ed)?\//.test(distribution.info)) {
    pkg.confidence = 'metadata';
    pkg.metadata.bundledIn = distribution.root;
  }
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

/** The virtual environment that a directory belongs to; undefined for the system's interpreters. */
function environmentOf(root: string, environments: Map<string, boolean>): string | undefined {
  for (let at = root; at !== ''; at = directoryOf(at)) if (environments.has(at)) return at;
  return undefined;
}

/** Edges: a requirement is looked up in its own directory, then in other directories of the same environment. */
function edges(packages: { pkg: Draft; root: string }[], environments: Map<string, boolean>): Relationship[] {
  const SYSTEM = '';
  const byRoot = new Map<string, Map<string, string>>();
  const byEnvironment = new Map<string, Map<string, string>>();
  const remember = (index: Map<string, Map<string, string>>, key: string, name: string, id: string) => {
    let names = index.get(key);
    if (names === undefined) {
      names = new Map();
      index.set(key, names);
    }
    if (!names.has(name)) names.set(name, id);
  };
  for (const { pkg, root } of packages) {
    const id = packageId(pkg);
    remember(byRoot, root, normalizedName(pkg.name), id);
    if (pkg.metadata.bundledIn === undefined) {
      remember(byEnvironment, environmentOf(root, environments) ?? SYSTEM, normalizedName(pkg.name), id);
    }
  }
  const relationships: Relationship[] = [];
  for (const { pkg, root } of packages) {
    if (pkg.dependencies === undefined) continue;
    const to = packageId(pkg);
    const environment = environmentOf(root, environments) ?? SYSTEM;
    const visible = [byRoot.get(root), byEnvironment.get(environment)];
    if (environments.get(environment) === true) visible.push(byEnvironment.get(SYSTEM));
    for (const name of pkg.dependencies) {
      const key = normalizedName(name);
      const from = visible.map((names) => names?.get(key)).find((id) => id !== undefined);
      if (from !== undefined && from !== to) relationships.push({ from, to, type: 'dependency-of' });
    }
  }
  return relationships;
}

/** What the SBOMs of a distribution say that it contains. */
function contained(
  image: ImageView,
  { facts }: Distribution,
  wheel: Draft,
  problems: Problem[],
): { pkg: Draft; wheel: Draft }[] {
  const documents = facts.flatMap(({ path, layer, fact }) => (fact.kind === 'sbom' ? [{ path, layer, fact }] : []));
  for (const { path, fact } of documents) {
    if (fact.error === undefined) continue;
    const message = `The SBOM of ${wheel.name} cannot be read: ${fact.error}`;
    problems.push({ code: 'wheel-sbom-unreadable', message, severity: 'note', path, source: 'python' });
  }
  const own = normalizedName(wheel.name);
  return wheelContents(image, documents, ({ type, name }) => type === 'pypi' && normalizedName(name) === own).map(
    (pkg) => ({
      pkg,
      wheel,
    }),
  );
}

/** Turns the facts of info directories into packages, with edges inside each environment. */
export function collectPython(image: ImageView, facts: LocatedFact<PythonFact>[]): Evidence {
  const environments = new Map<string, boolean>();
  for (const { path, fact } of facts) {
    if (fact.kind === 'environment') environments.set(directoryOf(path), fact.systemSitePackages);
  }
  const found: { pkg: Draft; root: string }[] = [];
  const contents: { pkg: Draft; wheel: Draft }[] = [];
  const problems: Problem[] = [];
  for (const distribution of group(facts)) {
    const pkg = draft(image, distribution);
    if (pkg === undefined) {
      const metadata = distribution.facts.find(({ fact }) => fact.kind === 'metadata');
      if (metadata !== undefined) {
        const message = 'Python package metadata names no package or no version.';
        problems.push({
          code: 'python-metadata-incomplete',
          message,
          severity: 'note',
          path: metadata.path,
          source: 'python',
        });
      }
      continue;
    }
    // The interpreter describes its own standard library as a distribution; it is reported as a program instead.
    if (/^python$/i.test(pkg.name)) continue;
    found.push({ pkg, root: distribution.root });
    contents.push(...contained(image, distribution, pkg, problems));
  }
  return {
    packages: [...found, ...contents].map(({ pkg }) => pkg),
    relationships: [
      ...edges(found, environments),
      ...contents.map(
        ({ pkg, wheel }): Relationship => ({ from: packageId(wheel), to: packageId(pkg), type: 'contains' }),
      ),
    ],
    problems,
  };
}

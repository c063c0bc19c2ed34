import { cpeCandidates } from '../analyzers/cpe.ts';
import { licensesOf } from '../analyzers/licenses.ts';
import { directoryOf, locate } from '../analyzers/location.ts';
import { packageId } from '../analyzers/package-id.ts';
import type { Analyzer, CollectContext, Evidence } from '../analyzers/types.ts';
import type { FileHead, FileReader, ImageView, LocatedFact } from '../image/types.ts';
import type { Package, Relationship } from '../model/package.ts';
import type { Problem } from '../model/problem.ts';
import { MANIFEST_KINDS, manifestKindOf } from './kinds.ts';
import { packageUrl } from './package-url.ts';
import type { Declaration, DeclaredPackage } from './types.ts';

/** Fact of one lock file or manifest. */
export interface ManifestFact extends Declaration {
  kind: string;
  error?: string;
}

type Draft = Omit<Package, 'id' | 'ownedBy'>;

const LARGEST = 128 << 20;
/** No file of a real project names more. */
const MOST_PACKAGES = 200_000;

const MANIFEST: FileReader<ManifestFact> = {
  kind: 'whole',
  limit: LARGEST,
  read: (content, file) => {
    const kind = manifestKindOf(file.path);
    if (!kind) return undefined;
    try {
      const { packages, open = 0 } = kind.read(new TextDecoder().decode(content.bytes()));
      return { kind: kind.name, packages: packages.slice(0, MOST_PACKAGES), open };
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n', 1)[0]!.slice(0, 200) : 'damaged';
      return { kind: kind.name, packages: [], error: reason };
    }
  },
};

function select(file: FileHead): FileReader<ManifestFact> | undefined {
  return file.size > 0 && manifestKindOf(file.path) ? MANIFEST : undefined;
}

function draft(image: ImageView, located: LocatedFact<ManifestFact>, declared: DeclaredPackage): Draft {
  const kind = MANIFEST_KINDS.get(located.fact.kind)!;
  const { name, version, group } = declared;
  const type = declared.type ?? kind.type;
  const purl = packageUrl(type, name, version, group);
  const pkg: Draft = {
    type,
    name,
    version,
    ...(purl ? { purl } : {}),
    cpes: [],
    licenses: licensesOf(declared.licenses ?? []),
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: kind.name,
    confidence: 'declared',
    ...(kind.metadataType ? { metadataType: kind.metadataType } : {}),
    metadata: {
      ...declared.metadata,
      ...(group ? { groupId: group, artifactId: name } : {}),
      ...(declared.development ? { dev: true } : {}),
    },
  };
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

/** Edges between packages of one file: by name; where a name has several versions, to each of them. */
function edges(drafts: readonly { pkg: Draft; declared: DeclaredPackage }[]): Relationship[] {
  const byName = new Map<string, string[]>();
  for (const { pkg } of drafts) byName.set(pkg.name, [...(byName.get(pkg.name) ?? []), packageId(pkg)]);
  return drafts.flatMap(({ pkg, declared }) => {
    const to = packageId(pkg);
    return [...new Set(declared.dependencies ?? [])].flatMap((name) =>
      (byName.get(name) ?? [])
        .filter((from) => from !== to)
        .map((from) => ({ from, to, type: 'dependency-of' as const })),
    );
  });
}

function problemsOf({ path, fact }: LocatedFact<ManifestFact>): Problem[] {
  const source = fact.kind;
  if (fact.error !== undefined)
    return [
      {
        code: 'manifest-unreadable',
        message: `The file cannot be read: ${fact.error}`,
        severity: 'partial',
        path,
        source,
      },
    ];
  if (!fact.open) return [];
  const message = `${fact.open} of its packages have no exact version here; they are not listed.`;
  return [{ code: 'versions-open', message, severity: 'note', path, source }];
}

function collect(image: ImageView, facts: LocatedFact<ManifestFact>[], context: CollectContext): Evidence {
  // A directory with a distribution is the root of a system: what counts there is what is installed.
  if (context.distroFor('/') !== undefined) return {};
  const packages: Draft[] = [];
  const relationships: Relationship[] = [];
  for (const located of facts) {
    const drafts = located.fact.packages.map((declared) => ({ declared, pkg: draft(image, located, declared) }));
    packages.push(...drafts.map(({ pkg }) => pkg));
    relationships.push(...edges(drafts));
  }
  return { packages, relationships, problems: facts.flatMap(problemsOf) };
}

/** Reads lock files and manifests of a source tree. Not for images: there, what is installed counts. */
export const manifestAnalyzer: Analyzer<ManifestFact> = {
  name: 'manifests',
  version: 1,
  kind: 'packages',
  select,
  collect,
};

/**
 * Joins what is declared with what is installed: a package that is installed below the directory of the file that declares it
 * is one package, the installed one. Edges of what is left out go over to it.
 */
export function withoutInstalledTwice(
  packages: readonly Package[],
  relationships: readonly Relationship[],
): { packages: Package[]; relationships: Relationship[] } {
  const key = ({ type, name, version }: Package): string => `${type} ${name.toLowerCase()} ${version}`;
  const installed = new Map<string, Package[]>();
  for (const pkg of packages)
    if (!MANIFEST_KINDS.has(pkg.foundBy)) installed.set(key(pkg), [...(installed.get(key(pkg)) ?? []), pkg]);
  const replaced = new Map<string, string>();
  const kept = packages.filter((pkg) => {
    if (!MANIFEST_KINDS.has(pkg.foundBy)) return true;
    const folder = `${directoryOf(pkg.locations[0]?.path ?? '')}/`;
    const twin = installed.get(key(pkg))?.find(({ locations }) => locations[0]?.path.startsWith(folder));
    if (twin) replaced.set(pkg.id, twin.id);
    return !twin;
  });
  const moved = new Map<string, Relationship>();
  for (const edge of relationships) {
    const from = replaced.get(edge.from) ?? edge.from;
    const to = replaced.get(edge.to) ?? edge.to;
    if (from !== to) moved.set(`${from} ${to} ${edge.type}`, { from, to, type: edge.type });
  }
  return { packages: kept, relationships: [...moved.values()] };
}

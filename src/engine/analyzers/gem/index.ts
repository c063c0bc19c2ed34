import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Package, Relationship } from '../../model/package.ts';
import { cpeCandidates } from '../cpe.ts';
import { licensesOf } from '../licenses.ts';
import { directoryOf, fileName, locate } from '../location.ts';
import { packageId } from '../package-id.ts';
import { formatPurl } from '../purl.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { type GemFact, readGemspec } from './gemspec.ts';

type Draft = Omit<Package, 'id' | 'ownedBy'>;

const GEMSPEC: FileReader<GemFact> = {
  kind: 'whole',
  limit: 16 << 20,
  read: (content, file) => readGemspec(new TextDecoder().decode(content.read(0, 2 << 20)), fileName(file.path)),
};

function select(file: FileHead): FileReader<GemFact> | undefined {
  return file.path.endsWith('.gemspec') && /\/specifications\/(.+\/)?[^/]+\.gemspec$/.test(file.path)
    ? GEMSPEC
    : undefined;
}

function draft(image: ImageView, located: LocatedFact<GemFact>): Draft {
  const { fact, path } = located;
  const pkg: Draft = {
    type: 'gem',
    name: fact.name,
    version: fact.version,
    purl: formatPurl({ type: 'gem', name: fact.name, version: fact.version, qualifiers: { platform: fact.platform } }),
    cpes: [],
    licenses: licensesOf(fact.licenses),
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'gem',
    confidence: fact.declared ? 'declared' : 'heuristic',
    metadataType: 'ruby-gemspec',
    metadata: {
      name: fact.name,
      version: fact.version,
      authors: fact.authors,
      ...(fact.homepage === undefined ? {} : { homepage: fact.homepage }),
      ...(fact.platform === undefined ? {} : { platform: fact.platform }),
      ...(path.includes('/specifications/default/') ? { defaultGem: true } : {}),
    },
  };
  if (fact.authors.length > 0) pkg.origin = fact.authors.join(', ');
  if (fact.dependencies.length > 0) pkg.dependencies = fact.dependencies;
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

/** Edges by name: a gem of the same specification directory first, else the first one of that name. */
function edges(packages: { pkg: Draft; directory: string }[]): Relationship[] {
  const byName = new Map<string, { id: string; directory: string }[]>();
  for (const { pkg, directory } of packages) {
    const rows = byName.get(pkg.name);
    const row = { id: packageId(pkg), directory };
    if (rows === undefined) byName.set(pkg.name, [row]);
    else rows.push(row);
  }
  return packages.flatMap(({ pkg, directory }) => {
    const to = packageId(pkg);
    return (pkg.dependencies ?? []).flatMap((name): Relationship[] => {
      const rows = byName.get(name);
      const from = (rows?.find((row) => row.directory === directory) ?? rows?.[0])?.id;
      return from === undefined || from === to ? [] : [{ from, to, type: 'dependency-of' }];
    });
  });
}

function collect(image: ImageView, facts: LocatedFact<GemFact>[]): Evidence {
  const found = facts.map((located) => ({ pkg: draft(image, located), directory: directoryOf(located.path) }));
  return { packages: found.map(({ pkg }) => pkg), relationships: edges(found) };
}

/** Installed Ruby gems: those of gem directories and the interpreter's default gems. */
export const gemAnalyzer: Analyzer<GemFact> = { name: 'gem', version: 1, kind: 'packages', select, collect };

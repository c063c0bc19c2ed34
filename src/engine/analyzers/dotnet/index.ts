import { isPe } from '../../formats/pe/index.ts';
import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Package, Relationship } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { cpeCandidates } from '../cpe.ts';
import { formatCpe } from '../cpe-name.ts';
import { locate } from '../location.ts';
import { packageId } from '../package-id.ts';
import { formatPurl } from '../purl.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { collectAssemblies } from './assemblies.ts';
import { type AssemblyFact, readAssembly } from './assembly.ts';
import { type DotnetDepsFact, type DotnetLibrary, readDeps, usedPackages } from './deps.ts';

type Draft = Omit<Package, 'id' | 'ownedBy'>;

/** Facts of this analyzer. */
export type DotnetFact = DotnetDepsFact | AssemblyFact;

const DEPS: FileReader<DotnetFact> = {
  kind: 'whole',
  limit: 64 << 20,
  read: (content) => {
    try {
      return readDeps(content.bytes());
    } catch (error) {
      return {
        target: '',
        libraries: [],
        assets: [],
        error: error instanceof Error ? error.message.slice(0, 200) : 'not JSON',
      };
    }
  },
};

const ASSEMBLY: FileReader<DotnetFact> = { kind: 'whole', limit: 512 << 20, read: readAssembly };

function select(file: FileHead): FileReader<DotnetFact> | undefined {
  if (isPe(file.head)) return /\.(?:dll|exe)$/i.test(file.path) ? ASSEMBLY : undefined;
  return file.path.endsWith('.deps.json') ? DEPS : undefined;
}

/** NVD names of the shared runtimes; everything else by the conventions of package names. */
function cpes(pkg: Draft): string[] {
  const { name, version } = pkg;
  const major = Number.parseInt(version, 10);
  if (/^Microsoft\.NETCore\.App(\.Runtime\..*)?$/i.test(name)) {
    return [formatCpe({ vendor: 'microsoft', product: major >= 5 ? '.net' : '.net_core', version })];
  }
  if (/^Microsoft\.AspNetCore\.App(\.Runtime\..*)?$/i.test(name)) {
    return [formatCpe({ vendor: 'microsoft', product: 'asp.net_core', version })];
  }
  return cpeCandidates(pkg);
}

function draft(image: ImageView, located: LocatedFact<DotnetDepsFact>, library: DotnetLibrary): Draft {
  // The SDK names runtime packs `runtimepack.<package>`; the package is what advisories name.
  const name = library.kind === 'runtimepack' ? library.name.replace(/^runtimepack\./i, '') : library.name;
  const pkg: Draft = {
    type: 'dotnet',
    name,
    version: library.version,
    purl: formatPurl({ type: 'nuget', name, version: library.version }),
    cpes: [],
    licenses: [],
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'dotnet',
    confidence: 'declared',
    metadataType: 'dotnet-deps-entry',
    metadata: {
      name,
      version: library.version,
      path: library.path ?? '',
      sha512: library.sha512 ?? '',
      type: library.kind,
    },
  };
  if (library.dependencies.length > 0) pkg.dependencies = library.dependencies.map((dependency) => dependency.name);
  pkg.cpes = cpes(pkg);
  return pkg;
}

function collect(image: ImageView, facts: LocatedFact<DotnetFact>[]): Evidence {
  const lists: LocatedFact<DotnetDepsFact>[] = [];
  const assemblies: LocatedFact<AssemblyFact>[] = [];
  for (const { path, layer, fact } of facts) {
    if ('kind' in fact) assemblies.push({ path, layer, fact });
    else lists.push({ path, layer, fact });
  }
  const packages: Draft[] = [];
  const relationships: Relationship[] = [];
  const problems: Problem[] = [];
  for (const located of lists) {
    if (located.fact.error !== undefined) {
      const message = `The list of .NET libraries is not JSON: ${located.fact.error}`;
      problems.push({
        code: 'dotnet-deps-unreadable',
        message,
        severity: 'partial',
        path: located.path,
        source: 'dotnet',
      });
    }
    const used = usedPackages(located.fact).map((library) => ({ library, pkg: draft(image, located, library) }));
    const ids = new Map(used.map(({ library, pkg }) => [library.name.toLowerCase(), packageId(pkg)]));
    for (const { library, pkg } of used) {
      packages.push(pkg);
      for (const { name } of library.dependencies) {
        const from = ids.get(name.toLowerCase());
        if (from !== undefined) relationships.push({ from, to: packageId(pkg), type: 'dependency-of' });
      }
    }
  }
  const alone = collectAssemblies(image, assemblies, lists);
  return {
    packages: [...packages, ...alone.packages],
    relationships: [...relationships, ...alone.relationships],
    problems,
  };
}

/** NuGet packages of .NET applications, by the `.deps.json` beside them, else by the assemblies themselves. */
export const dotnetAnalyzer: Analyzer<DotnetFact> = {
  name: 'dotnet',
  version: 2,
  kind: 'packages',
  select,
  collect,
};

import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import { OS_PACKAGE_TYPES, type Package, type PackageType } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { cpeCandidates } from '../cpe.ts';
import { licensesOf } from '../licenses.ts';
import { locate } from '../location.ts';
import { distroQualifier, formatPurl } from '../purl.ts';
import type { Analyzer, AnalyzerSettings, CollectContext, Evidence } from '../types.ts';
import { type Hint, type HintFile, readHints } from './hint-file.ts';

type Fact = HintFile | { error: string };

const PATH = '/anchore_hints.json';

const HINTS: FileReader<Fact> = {
  kind: 'whole',
  limit: 16 << 20,
  read: (content) => {
    try {
      return readHints(new TextDecoder().decode(content.bytes()));
    } catch (error) {
      return { error: error instanceof Error ? error.message.slice(0, 200) : 'not JSON' };
    }
  },
};

function select(file: FileHead, settings: AnalyzerSettings): FileReader<Fact> | undefined {
  return settings.hints && file.path === PATH ? HINTS : undefined;
}

const PURL_TYPES: Partial<Record<PackageType, string>> = {
  npm: 'npm',
  gem: 'gem',
  python: 'pypi',
  'java-archive': 'maven',
  'go-module': 'golang',
  dotnet: 'nuget',
};

function purlOf(hint: Hint, distro: Package['distro']): string {
  const { type, name, version, arch } = hint;
  if (OS_PACKAGE_TYPES.has(type))
    return formatPurl({
      type,
      namespace: distro?.id,
      name,
      version,
      qualifiers: { arch, distro: distroQualifier(distro) },
    });
  const slash = name.lastIndexOf('/');
  return formatPurl({
    type: PURL_TYPES[type] ?? 'generic',
    namespace: slash < 0 ? undefined : name.slice(0, slash),
    name: name.slice(slash + 1),
    version,
  });
}

function draft(
  image: ImageView,
  located: LocatedFact<Fact>,
  hint: Hint,
  context: CollectContext,
): Omit<Package, 'id' | 'ownedBy'> {
  const { type, name, version, arch, origin, licenses, size, source, files, location } = hint;
  const os = OS_PACKAGE_TYPES.has(type);
  const distro = os ? context.distroFor('/') : undefined;
  const place = locate(image, located);
  const pkg: Omit<Package, 'id' | 'ownedBy'> = {
    type,
    name,
    version,
    ...(arch ? { arch } : {}),
    purl: purlOf(hint, distro),
    cpes: [],
    licenses: licensesOf(licenses),
    locations: location
      ? [
          { path: location, evidence: 'primary' },
          { ...place, evidence: 'supporting' },
        ]
      : [place],
    upstreams: source && source !== name ? [{ name: source }] : [],
    ...(origin ? { origin } : {}),
    ...(size ? { size } : {}),
    ...(distro ? { distro } : {}),
    ...(os && files.length > 0 ? { files: files.map((path) => ({ path })) } : {}),
    foundBy: 'hints',
    confidence: 'declared',
    metadata: { hint: true },
  };
  if (!os) pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

function collect(image: ImageView, facts: LocatedFact<Fact>[], context: CollectContext): Evidence {
  const packages: Omit<Package, 'id' | 'ownedBy'>[] = [];
  const problems: Problem[] = [];
  const say = (message: string, path: string): void => {
    problems.push({ code: 'hints-unreadable', message, severity: 'partial', path, source: 'hints' });
  };
  for (const located of facts) {
    if ('error' in located.fact) {
      say(`The hints cannot be read: ${located.fact.error}.`, located.path);
      continue;
    }
    for (const hint of located.fact.hints) packages.push(draft(image, located, hint, context));
    for (const message of located.fact.problems) say(message, located.path);
  }
  return { packages, problems };
}

/** Packages that the author of an image names in it; off unless the settings ask for it. */
export const hintsAnalyzer: Analyzer<Fact> = { name: 'hints', version: 1, kind: 'packages', select, collect };

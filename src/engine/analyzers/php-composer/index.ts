import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { cpeCandidates } from '../cpe.ts';
import { licensesOf } from '../licenses.ts';
import { locate } from '../location.ts';
import { formatPurl } from '../purl.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { type ComposerPackage, readInstalled } from './installed.ts';

/** Fact of one `installed.json`. */
export interface ComposerFact {
  packages: ComposerPackage[];
  error?: string;
}

const INSTALLED: FileReader<ComposerFact> = {
  kind: 'whole',
  limit: 128 << 20,
  read: (content) => {
    try {
      return { packages: readInstalled(content.bytes()) };
    } catch (error) {
      return { packages: [], error: error instanceof Error ? error.message.slice(0, 200) : 'not JSON' };
    }
  },
};

function select(file: FileHead): FileReader<ComposerFact> | undefined {
  return file.path.endsWith('/composer/installed.json') ? INSTALLED : undefined;
}

function draft(
  image: ImageView,
  located: LocatedFact<ComposerFact>,
  composer: ComposerPackage,
): Omit<Package, 'id' | 'ownedBy'> {
  const slash = composer.name.indexOf('/');
  const lower = composer.name.toLowerCase();
  const pkg: Omit<Package, 'id' | 'ownedBy'> = {
    type: 'php-composer',
    name: composer.name,
    version: composer.version,
    purl: formatPurl({
      type: 'composer',
      namespace: slash < 0 ? undefined : lower.slice(0, slash),
      name: lower.slice(slash + 1),
      version: composer.version,
    }),
    cpes: [],
    licenses: licensesOf(composer.licenses),
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'php-composer',
    confidence: 'declared',
    metadataType: 'php-composer-installed-entry',
    metadata: {
      name: composer.name,
      version: composer.version,
      ...(composer.kind === undefined ? {} : { type: composer.kind }),
      ...(composer.homepage === undefined ? {} : { homepage: composer.homepage }),
      ...(composer.description === undefined ? {} : { description: composer.description }),
      ...(composer.url === undefined ? {} : { source: { url: composer.url, reference: composer.reference ?? '' } }),
      ...(composer.dev === undefined ? {} : { dev: true }),
    },
  };
  if (composer.authors.length > 0) pkg.origin = composer.authors.join(', ');
  if (composer.requires.length > 0) pkg.dependencies = composer.requires;
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

function collect(image: ImageView, facts: LocatedFact<ComposerFact>[]): Evidence {
  const problems: Problem[] = [];
  for (const { path, fact } of facts) {
    if (fact.error === undefined) continue;
    const message = `The list of Composer packages is not JSON: ${fact.error}`;
    problems.push({ code: 'composer-list-unreadable', message, severity: 'partial', path, source: 'php-composer' });
  }
  return {
    packages: facts.flatMap((located) => located.fact.packages.map((row) => draft(image, located, row))),
    problems,
  };
}

/** PHP packages that Composer installed. */
export const phpComposerAnalyzer: Analyzer<ComposerFact> = {
  name: 'php-composer',
  version: 1,
  kind: 'packages',
  select,
  collect,
};

import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { OwnedFile, Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { licensesOf } from '../licenses.ts';
import { directoryOf, fileName, locate } from '../location.ts';
import { distroQualifier, formatPurl } from '../purl.ts';
import type { Analyzer, CollectContext, Evidence } from '../types.ts';
import { packageOfAtom, readContents, splitIdentity } from './entry.ts';
import { licenseTexts, readUseExpression, wordsOf } from './use-conditionals.ts';

/** Fact of one file of a package's directory. */
type PortageFact = { kind: 'contents'; files: OwnedFile[] } | { kind: 'text'; text: string };
type Draft = Omit<Package, 'id' | 'ownedBy'>;

const CONTENTS: FileReader<PortageFact> = {
  kind: 'whole',
  limit: 256 << 20,
  read: (content) => ({ kind: 'contents', files: readContents(new TextDecoder().decode(content.bytes())) }),
};
const TEXT: FileReader<PortageFact> = {
  kind: 'whole',
  limit: 4 << 20,
  read: (content) => ({ kind: 'text', text: new TextDecoder().decode(content.read(0, 64 << 10)).trim() }),
};

/** Files beside `CONTENTS` that tell more about a package. */
const TEXTS: ReadonlySet<string> = new Set(['LICENSE', 'SIZE', 'USE', 'RDEPEND', 'SLOT', 'HOMEPAGE', 'repository']);
const PLACE = /^(?<root>.*?\/)var\/db\/pkg\/(?<category>[^/]+)\/(?<directory>[^/]+)\/[^/]+$/;

function select(file: FileHead): FileReader<PortageFact> | undefined {
  if (!file.path.includes('/var/db/pkg/') || !PLACE.test(file.path)) return undefined;
  const name = fileName(file.path);
  if (name === 'CONTENTS') return CONTENTS;
  return TEXTS.has(name) ? TEXT : undefined;
}

function draft(
  image: ImageView,
  contents: LocatedFact<PortageFact>,
  textOf: (name: string) => string,
  context: CollectContext,
): Draft | undefined {
  const { root = '/', category = '', directory = '' } = PLACE.exec(contents.path)?.groups ?? {};
  const identity = splitIdentity(directory);
  if (identity === undefined) return undefined;
  const { name, version } = identity;
  const distro = context.distroFor(contents.path);
  const flags = new Set(textOf('USE').split(/\s+/));
  const licenses = licensesOf(licenseTexts(readUseExpression(textOf('LICENSE'), flags)));
  const needs = wordsOf(readUseExpression(textOf('RDEPEND'), flags)).flatMap((atom) => packageOfAtom(atom) ?? []);
  const owned = contents.fact.kind === 'contents' ? contents.fact.files : [];
  const size = Number.parseInt(textOf('SIZE'), 10);
  const slot = textOf('SLOT');
  const homepage = textOf('HOMEPAGE').split(/\s/, 1)[0];
  return {
    type: 'portage',
    name: `${category}/${name}`,
    version,
    purl: formatPurl({
      type: 'ebuild',
      namespace: category,
      name,
      version,
      qualifiers: { distro: distroQualifier(distro) },
    }),
    cpes: [],
    licenses,
    locations: [locate(image, contents)],
    upstreams: [],
    dependencies: [...new Set(needs)],
    files: owned.map((file) => ({ ...file, path: root + file.path.replace(/^\/+/, '') })),
    foundBy: 'portage',
    confidence: 'declared',
    metadataType: 'portage-db-entry',
    metadata: {
      installedSize: size >= 0 ? size : 0,
      ...(slot ? { slot } : {}),
      ...(homepage ? { homepage } : {}),
      ...(textOf('repository') ? { repository: textOf('repository') } : {}),
    },
    ...(size >= 0 ? { size } : {}),
    ...(distro ? { distro } : {}),
  };
}

function collect(image: ImageView, facts: LocatedFact<PortageFact>[], context: CollectContext): Evidence {
  const byPath = new Map(facts.map((located) => [located.path, located.fact]));
  const packages: Draft[] = [];
  const problems: Problem[] = [];
  for (const located of facts) {
    // Portage unpacks to a directory `-MERGING-…` first; what is left there was never installed.
    const directory = directoryOf(located.path);
    if (located.fact.kind !== 'contents' || fileName(directory).startsWith('-')) continue;
    const textOf = (name: string): string => {
      const fact = byPath.get(`${directory}/${name}`);
      return fact?.kind === 'text' ? fact.text : '';
    };
    const pkg = draft(image, located, textOf, context);
    if (pkg) packages.push(pkg);
    else
      problems.push({
        code: 'package-name-unreadable',
        message: `${fileName(directory)} is no name with a version; the package is missing`,
        severity: 'partial',
        path: directory,
        source: 'portage',
      });
  }
  return { packages, problems };
}

/** Packages that Portage installed (Gentoo and its kin). */
export const portageAnalyzer: Analyzer<PortageFact> = {
  name: 'portage',
  version: 1,
  kind: 'packages',
  select,
  collect,
};

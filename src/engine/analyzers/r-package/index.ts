import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Package } from '../../model/package.ts';
import { cpeCandidates } from '../cpe.ts';
import { licensesOf } from '../licenses.ts';
import { locate } from '../location.ts';
import { formatPurl } from '../purl.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { type Description, dependencyNames, readDescription } from './description.ts';

// biome-ignore format: one list
/** Fields of R's format that a fact keeps: descriptions may be long. */
const KEPT = [
  'Package', 'Version', 'License', 'Title', 'Author', 'Maintainer', 'Depends', 'Imports', 'LinkingTo', 'Priority',
  'Repository', 'URL', 'Built',
];

const DESCRIPTION: FileReader<Description> = {
  kind: 'whole',
  limit: 4 << 20,
  read: (content) => {
    const fields = readDescription(content.bytes());
    // A name without version, or a source tree, is no installed package.
    if (!fields.Package || !fields.Version || !fields.Built) return undefined;
    return Object.fromEntries(KEPT.flatMap((key) => (fields[key] ? [[key, fields[key].slice(0, 4096)]] : [])));
  },
};

function select(file: FileHead): FileReader<Description> | undefined {
  return file.path.endsWith('/DESCRIPTION') ? DESCRIPTION : undefined;
}

function draft(image: ImageView, located: LocatedFact<Description>): Omit<Package, 'id' | 'ownedBy'> {
  const fields = located.fact;
  const name = fields.Package ?? '';
  const version = fields.Version ?? '';
  const license = (fields.License ?? '').replace(/\s*\+?\s*\bfile LICEN[CS]E\b/gi, '').trim();
  const pkg: Omit<Package, 'id' | 'ownedBy'> = {
    type: 'R-package',
    name,
    version,
    purl: formatPurl({ type: 'cran', name, version }),
    cpes: [],
    licenses: licensesOf(license === '' ? [] : license.split(/\s*\|\s*/)),
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'r-package',
    confidence: 'declared',
    metadataType: 'r-description',
    metadata: {
      ...(fields.Title ? { title: fields.Title } : {}),
      ...(fields.URL ? { url: fields.URL.split(/[\s,]+/) } : {}),
      ...(fields.Repository ? { repository: fields.Repository } : {}),
      ...(fields.Priority ? { priority: fields.Priority } : {}),
      built: fields.Built,
    },
  };
  const origin = fields.Maintainer ?? fields.Author;
  if (origin) pkg.origin = origin;
  const needed = ['Depends', 'Imports', 'LinkingTo'].flatMap((key) => dependencyNames(fields[key]));
  if (needed.length > 0) pkg.dependencies = [...new Set(needed)];
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

function collect(image: ImageView, facts: LocatedFact<Description>[]): Evidence {
  return { packages: facts.map((located) => draft(image, located)) };
}

/** Installed packages of R. */
export const rPackageAnalyzer: Analyzer<Description> = {
  name: 'r-package',
  version: 1,
  kind: 'packages',
  select,
  collect,
};

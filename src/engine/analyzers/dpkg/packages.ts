import type { ImageView, LocatedFact } from '../../image/types.ts';
import type { Distro } from '../../model/distro.ts';
import type { PackageLocation, Upstream } from '../../model/package.ts';
import type { FoundPackage } from '../assemble-packages.ts';
import { licensesOf } from '../licenses.ts';
import { distroQualifier, formatPurl } from '../purl.ts';
import type { DpkgFact } from './facts.ts';
import { type Diversion, ownedFiles, parseDiversions } from './owned-files.ts';
import type { DpkgEntry } from './parse.ts';

/** One database (dpkg or opkg) below one root, with its side files indexed by name. */
export interface Database {
  /** Root of the file system, ending with `/`. */
  root: string;
  lists: Map<string, { path: string; layer: number; text: string }>;
  md5sums: Map<string, { path: string; layer: number; text: string }>;
  diversions: Map<string, Diversion>;
}

const PLACE = /^(.*?\/)(?:(?:var|usr)\/lib\/|usr\/lib\/sysimage\/|lib\/)?([do]pkg)\//;
const DOCS = /^(.*?\/)usr\/share\/doc\/([^/]+)\/copyright$/;

/** Root directory of the database that a path belongs to. */
export function databaseRoot(path: string): string {
  return PLACE.exec(path)?.[1] ?? '/';
}

/** Indexes lists, md5sums and diversions of every database once. */
export function indexDatabases(facts: readonly LocatedFact<DpkgFact>[]): Map<string, Database> {
  const databases = new Map<string, Database>();
  for (const { path, layer, fact } of facts) {
    if (fact.kind === 'status' || fact.kind === 'copyright') continue;
    const database = databaseFor(databases, databaseRoot(path));
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (fact.kind === 'diversions') {
      for (const diversion of parseDiversions(fact.text)) database.diversions.set(diversion.from, diversion);
    } else {
      const map = fact.kind === 'list' ? database.lists : database.md5sums;
      map.set(name.slice(0, name.lastIndexOf('.')), { path, layer, text: fact.text });
    }
  }
  return databases;
}

/** The database of a root, made when first asked for. */
export function databaseFor(databases: Map<string, Database>, root: string): Database {
  const known = databases.get(root);
  if (known) return known;
  const made: Database = { root, lists: new Map(), md5sums: new Map(), diversions: new Map() };
  databases.set(root, made);
  return made;
}

/** Copyright facts by root and package name: `/usr/share/doc/<name>/copyright`. */
export function indexCopyrights(facts: readonly LocatedFact<DpkgFact>[]): Map<string, LocatedFact<DpkgFact>> {
  const copyrights = new Map<string, LocatedFact<DpkgFact>>();
  for (const located of facts) {
    const match = located.fact.kind === 'copyright' ? DOCS.exec(located.path) : null;
    if (match) copyrights.set(`${match[1]}${match[2]}`, located);
  }
  return copyrights;
}

/** Everything known around one row of a status file. */
export interface EntryContext {
  image: ImageView;
  database: Database;
  copyrights: ReadonlyMap<string, LocatedFact<DpkgFact>>;
  status: { path: string; layer: number };
  distro: Distro | undefined;
}

/** Makes the package of one status row. */
export function toPackage(entry: DpkgEntry, context: EntryContext): FoundPackage {
  const { image, database, distro } = context;
  const list = sideFile(database.lists, entry);
  const md5sums = sideFile(database.md5sums, entry);
  const copyright = findCopyright(context, entry);
  const licenses =
    copyright?.fact.kind === 'copyright' ? copyright.fact.licenses : entry.license ? [entry.license] : [];
  const files = ownedFiles(
    entry,
    { list: list?.text, md5sums: md5sums?.text, diversions: database.diversions, root: database.root },
    image.tree,
  );
  const supporting = [list, md5sums, copyright].filter((file) => file !== undefined);
  const locate = (file: { path: string; layer: number }, evidence: PackageLocation['evidence']): PackageLocation => {
    const layer = image.layers[file.layer]?.digest;
    return { path: file.path, evidence, ...(layer ? { layer } : {}) };
  };
  return {
    type: 'deb',
    name: entry.name,
    version: entry.version,
    purl: purlOf(entry, distro),
    cpes: [],
    licenses: licensesOf(licenses),
    locations: [locate(context.status, 'primary'), ...supporting.map((file) => locate(file, 'supporting'))],
    upstreams: upstreamsOf(entry),
    dependencies: [...entry.preDepends, ...entry.depends],
    files,
    foundBy: 'dpkg',
    confidence: 'declared',
    metadataType: 'dpkg-db-entry',
    metadata: metadataOf(entry),
    ...(entry.architecture ? { arch: entry.architecture } : {}),
    ...(entry.maintainer ? { origin: entry.maintainer } : {}),
    ...(entry.installedSize === undefined ? {} : { size: entry.installedSize * 1024 }),
    ...(distro ? { distro } : {}),
  };
}

/** Side files are named after the package, with the architecture when several can be installed. */
function sideFile<T>(files: ReadonlyMap<string, T>, entry: DpkgEntry): T | undefined {
  return files.get(`${entry.name}:${entry.architecture}`) ?? files.get(entry.name);
}

/** The documentation directory may be a link to that of a sibling of the same source. */
function findCopyright(context: EntryContext, entry: DpkgEntry): LocatedFact<DpkgFact> | undefined {
  const { root } = context.database;
  const direct = context.copyrights.get(root + entry.name);
  if (direct) return direct;
  const real = context.image.tree.resolve(`${root}usr/share/doc/${entry.name}/copyright`)?.path;
  const match = real === undefined ? null : DOCS.exec(real);
  return match ? context.copyrights.get(`${match[1]}${match[2]}`) : undefined;
}

function upstreamsOf(entry: DpkgEntry): Upstream[] {
  if (!entry.source) return [];
  if (entry.source === entry.name && (entry.sourceVersion ?? entry.version) === entry.version) return [];
  return [{ name: entry.source, ...(entry.sourceVersion ? { version: entry.sourceVersion } : {}) }];
}

function purlOf(entry: DpkgEntry, distro: Distro | undefined): string {
  const [upstream] = upstreamsOf(entry);
  return formatPurl({
    type: 'deb',
    namespace: distro?.id,
    name: entry.name,
    version: entry.version,
    qualifiers: {
      arch: entry.architecture,
      upstream: upstream && (upstream.version ? `${upstream.name}@${upstream.version}` : upstream.name),
      distro: distroQualifier(distro),
    },
  });
}

function metadataOf(entry: DpkgEntry): Record<string, unknown> {
  return {
    package: entry.name,
    source: entry.source ?? '',
    version: entry.version,
    sourceVersion: entry.sourceVersion ?? '',
    architecture: entry.architecture,
    maintainer: entry.maintainer ?? '',
    installedSize: entry.installedSize ?? 0,
    provides: entry.provides,
    depends: entry.depends,
    preDepends: entry.preDepends,
    ...(entry.homepage ? { homepage: entry.homepage } : {}),
    ...(entry.section ? { section: entry.section } : {}),
    ...(entry.summary ? { description: entry.summary } : {}),
    ...(entry.essential ? { essential: true } : {}),
  };
}

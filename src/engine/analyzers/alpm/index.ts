import type { FileContent, FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { OwnedFile } from '../../model/package.ts';
import type { FoundPackage } from '../assemble-packages.ts';
import { licensesOf } from '../licenses.ts';
import { directoryOf, locate } from '../location.ts';
import { distroQualifier, formatPurl } from '../purl.ts';
import type { Analyzer, CollectContext, Evidence } from '../types.ts';
import { parseSections, type Sections } from './parse.ts';

const LIMIT = 64 * 1024 * 1024;

/** Finds packages of pacman (Arch Linux and its relatives). See readme.md. */
export const alpmAnalyzer: Analyzer<Sections> = {
  name: 'alpm',
  version: 1,
  kind: 'packages',
  select(file: FileHead) {
    const { path } = file;
    return (path.endsWith('/desc') || path.endsWith('/files')) && path.includes('/pacman/local/') ? reader : undefined;
  },
  collect: collectAlpm,
};

const reader: FileReader<Sections> = {
  kind: 'whole',
  limit: LIMIT,
  read: (content: FileContent) => parseSections(new TextDecoder().decode(content.bytes())),
};

const PLACE = /^(.*?\/)(?:var\/lib\/|usr\/lib\/)?pacman\/local\/[^/]+\/desc$/;

function collectAlpm(image: ImageView, facts: LocatedFact<Sections>[], context: CollectContext): Evidence {
  const byPath = new Map(facts.map((located) => [located.path, located.fact]));
  const packages: FoundPackage[] = [];
  for (const located of facts) {
    const root = PLACE.exec(located.path)?.[1];
    if (root === undefined) continue;
    const files = byPath.get(`${directoryOf(located.path)}/files`);
    const pkg = toPackage(located.fact, files, root, context.distroFor(located.path));
    if (pkg) packages.push({ ...pkg, locations: [locate(image, located)] });
  }
  return { packages };
}

function toPackage(
  desc: Sections,
  files: Sections | undefined,
  root: string,
  distro: ReturnType<CollectContext['distroFor']>,
) {
  const one = (name: string): string | undefined => desc.get(name)?.[0];
  const name = one('NAME');
  const version = one('VERSION');
  if (!name || !version) return undefined;
  const arch = one('ARCH');
  const base = one('BASE');
  const packager = one('PACKAGER');
  const size = Number(one('SIZE') ?? Number.NaN);
  const upstream = base && base !== name ? base : undefined;
  const pkg: Omit<FoundPackage, 'locations'> = {
    type: 'alpm',
    name,
    version,
    purl: formatPurl({
      type: 'alpm',
      namespace: distro?.id ?? 'arch',
      name,
      version,
      qualifiers: { arch, upstream, distro: distroQualifier(distro) },
    }),
    cpes: [],
    licenses: licensesOf(desc.get('LICENSE') ?? []),
    upstreams: upstream ? [{ name: upstream }] : [],
    dependencies: desc.get('DEPENDS') ?? [],
    files: ownedFiles(files, root),
    foundBy: 'alpm',
    confidence: 'declared',
    metadataType: 'alpm-db-entry',
    metadata: {
      basePackage: base ?? '',
      package: name,
      version,
      description: one('DESC') ?? '',
      architecture: arch ?? '',
      packager: packager ?? '',
      url: one('URL') ?? '',
      validation: one('VALIDATION') ?? '',
      reason: Number(one('REASON') ?? 0) || 0,
      provides: desc.get('PROVIDES') ?? [],
      depends: desc.get('DEPENDS') ?? [],
    },
    ...(arch ? { arch } : {}),
    ...(packager ? { origin: packager } : {}),
    ...(Number.isSafeInteger(size) ? { size } : {}),
    ...(distro ? { distro } : {}),
  };
  return pkg;
}

/** `%FILES%` lists directories with a slash at the end; `%BACKUP%` names configuration files with their md5. */
function ownedFiles(files: Sections | undefined, root: string): OwnedFile[] {
  const backups = new Map(
    (files?.get('BACKUP') ?? []).map((line): [string, string | undefined] => [
      line.split('\t', 1)[0] as string,
      line.split('\t')[1],
    ]),
  );
  return (files?.get('FILES') ?? []).flatMap((path) => {
    if (path.endsWith('/')) return [];
    const md5 = backups.get(path);
    return [
      { path: root + path, ...(md5 ? { digest: `md5:${md5}` } : {}), ...(backups.has(path) ? { isConfig: true } : {}) },
    ];
  });
}

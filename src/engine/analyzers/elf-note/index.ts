import { isElf } from '../../formats/elf/index.ts';
import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Distro } from '../../model/distro.ts';
import type { Package, PackageType } from '../../model/package.ts';
import { distroOfCpe } from '../distro/release-lines.ts';
import { locate } from '../location.ts';
import { distroQualifier, formatPurl } from '../purl.ts';
import { purlNamespace } from '../rpm/packages.ts';
import type { Analyzer, CollectContext, Evidence } from '../types.ts';
import { type PackageNote, readPackageNote } from './note.ts';

const SYSTEM_TYPES: ReadonlySet<string> = new Set<PackageType>(['rpm', 'deb', 'apk', 'alpm']);

const EXECUTABLE: FileReader<PackageNote> = {
  kind: 'whole',
  limit: 4 * 2 ** 30,
  ignoresCode: true,
  read: readPackageNote,
};

function select(file: FileHead): FileReader<PackageNote> | undefined {
  return isElf(file.head) ? EXECUTABLE : undefined;
}

/** The distribution that built the file, which need not be that of the image. */
function distroOf({ os, osVersion, osCpe }: PackageNote, path: string): Distro | undefined {
  if (os === undefined) return osCpe === undefined ? undefined : distroOfCpe(osCpe, path);
  return { id: os.toLowerCase(), idLike: [], evidence: path, ...(osVersion ? { versionId: osVersion } : {}) };
}

function draft(
  image: ImageView,
  located: LocatedFact<PackageNote>,
  context: CollectContext,
): Omit<Package, 'id' | 'ownedBy'> {
  const { type, name, version, architecture, appCpe, vendor, ...rest } = located.fact;
  const isSystem = SYSTEM_TYPES.has(type);
  const distro = isSystem ? (distroOf(located.fact, located.path) ?? context.distroFor(located.path)) : undefined;
  return {
    type: isSystem ? (type as PackageType) : 'binary',
    name,
    version,
    ...(architecture ? { arch: architecture } : {}),
    purl: formatPurl({
      type: isSystem ? type : 'generic',
      namespace: purlNamespace(distro),
      name,
      version,
      qualifiers: { arch: architecture, distro: distroQualifier(distro) },
    }),
    cpes: appCpe?.startsWith('cpe:2.3:') ? [appCpe] : [],
    licenses: [],
    locations: [locate(image, located)],
    upstreams: [],
    ...(vendor ? { origin: vendor } : {}),
    ...(distro ? { distro } : {}),
    foundBy: 'elf-note',
    confidence: 'metadata',
    metadataType: 'elf-binary-package-note-json-payload',
    metadata: { type, ...(architecture ? { architecture } : {}), ...(vendor ? { vendor } : {}), ...rest },
  };
}

/** Packages that programs and libraries say they were built for. Those that a package database lists are left out later. */
export const elfNoteAnalyzer: Analyzer<PackageNote> = {
  name: 'elf-note',
  version: 1,
  kind: 'packages',
  select,
  collect: (image, facts, context): Evidence => ({
    packages: facts.map((located) => draft(image, located, context)),
  }),
};

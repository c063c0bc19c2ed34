import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Distro } from '../../model/distro.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { locate } from '../location.ts';
import { distroQualifier, formatPurl } from '../purl.ts';
import type { Analyzer, CollectContext, Evidence } from '../types.ts';
import { readSnap, type SnapFact, type StagedPackage } from './staged.ts';

const reader = (kind: SnapFact['kind']): FileReader<SnapFact> => ({
  kind: 'whole',
  limit: 4 << 20,
  read: (content) => readSnap(kind, new TextDecoder().decode(content.bytes())),
});
const MANIFEST = reader('app');
const BASE = reader('base');

function select(file: FileHead): FileReader<SnapFact> | undefined {
  if (file.path.endsWith('/snap/manifest.yaml')) return MANIFEST;
  return file.path.endsWith('/usr/share/snappy/dpkg.yaml') ? BASE : undefined;
}

function draft(
  image: ImageView,
  located: LocatedFact<SnapFact>,
  { name, version, arch }: StagedPackage,
  distro: Distro | undefined,
): Omit<Package, 'id' | 'ownedBy'> {
  const { kind, snap, snapVersion, base, architecture } = located.fact;
  const machine = arch ?? architecture;
  return {
    type: 'deb',
    name,
    version,
    ...(machine ? { arch: machine } : {}),
    purl: formatPurl({
      type: 'deb',
      namespace: distro?.id,
      name,
      version,
      qualifiers: { arch: machine, distro: distroQualifier(distro) },
    }),
    cpes: [],
    licenses: [],
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'snap',
    confidence: 'declared',
    metadataType: 'snap-entry',
    metadata: {
      snapType: kind,
      snapName: snap ?? '',
      snapVersion: snapVersion ?? '',
      ...(base ? { base } : {}),
      ...(architecture ? { architecture } : {}),
    },
    ...(distro ? { distro } : {}),
  };
}

function collect(image: ImageView, facts: LocatedFact<SnapFact>[], context: CollectContext): Evidence {
  const packages: NonNullable<Evidence['packages']> = [];
  const problems: Problem[] = [];
  for (const located of facts) {
    const { os, error } = located.fact;
    const built: Distro | undefined = os && { ...os, idLike: [], evidence: located.path };
    const distro = built ?? context.distroFor(located.path);
    for (const staged of located.fact.packages) packages.push(draft(image, located, staged, distro));
    if (error !== undefined)
      problems.push({
        code: 'snap-manifest-unreadable',
        message: `${located.path} is no YAML (${error}); the packages of the snap are missing`,
        severity: 'partial',
        path: located.path,
        source: 'snap',
      });
  }
  return { packages, problems };
}

/** Debian packages inside snaps. */
export const snapAnalyzer: Analyzer<SnapFact> = { name: 'snap', version: 1, kind: 'packages', select, collect };

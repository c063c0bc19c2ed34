import type { FileContent, FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Distro } from '../../model/distro.ts';
import type { OwnedFile } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { FoundPackage } from '../assemble-packages.ts';
import { licensesOf } from '../licenses.ts';
import { distroQualifier, formatPurl } from '../purl.ts';
import type { Analyzer, CollectContext, Evidence } from '../types.ts';
import { apkCpes } from './cpes.ts';
import { type ApkDatabase, type ApkEntry, type ApkFile, parseInstalled } from './parse.ts';

const LIMIT = 256 * 1024 * 1024;

/** Finds packages of Alpine's apk (apk-tools 2 and 3), also in Wolfi and its relatives. See readme.md. */
export const apkAnalyzer: Analyzer<ApkDatabase> = {
  name: 'apk',
  version: 1,
  kind: 'packages',
  select: (file: FileHead) => (file.path.endsWith('/apk/db/installed') ? reader : undefined),
  collect: collectApk,
};

const reader: FileReader<ApkDatabase> = {
  kind: 'whole',
  limit: LIMIT,
  read: (content: FileContent) => parseInstalled(new TextDecoder().decode(content.bytes())),
};

const PLACE = /^(.*?\/)(?:usr\/)?(?:lib\/)?apk\/db\/installed$/;

function collectApk(image: ImageView, facts: LocatedFact<ApkDatabase>[], context: CollectContext): Evidence {
  const packages: FoundPackage[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const { path, layer, fact } of facts) {
    const root = PLACE.exec(path)?.[1] ?? '/';
    const distro = context.distroFor(path);
    const digest = image.layers[layer]?.digest;
    for (const entry of fact.entries) {
      // `lib/apk` and `usr/lib/apk` of one root are the same database, before and after the merge of /usr.
      const key = `${root}\0${entry.name}\0${entry.version}\0${entry.architecture ?? ''}`;
      if (seen.has(key)) continue;
      seen.add(key);
      packages.push(
        toPackage(entry, root, distro, { path, evidence: 'primary', ...(digest ? { layer: digest } : {}) }),
      );
    }
    if (fact.incomplete > 0) problems.push(incompleteRows(path, fact.incomplete));
  }
  return { packages, problems };
}

function toPackage(
  entry: ApkEntry,
  root: string,
  distro: Distro | undefined,
  location: FoundPackage['locations'][0],
): FoundPackage {
  const origin = entry.origin && entry.origin !== entry.name ? entry.origin : undefined;
  return {
    type: 'apk',
    name: entry.name,
    version: entry.version,
    purl: formatPurl({
      type: 'apk',
      namespace: distro?.id ?? 'alpine',
      name: entry.name.toLowerCase(),
      version: entry.version,
      qualifiers: { arch: entry.architecture, distro: distroQualifier(distro), upstream: origin },
    }),
    cpes: apkCpes(entry),
    licenses: licensesOf(entry.license ? [entry.license] : []),
    locations: [location],
    upstreams: origin ? [{ name: origin }] : [],
    dependencies: entry.depends,
    files: entry.files.map((file) => ownedFile(root, file)),
    foundBy: 'apk',
    confidence: 'declared',
    metadataType: 'apk-db-entry',
    metadata: metadataOf(entry),
    ...(entry.architecture ? { arch: entry.architecture } : {}),
    ...(entry.maintainer ? { origin: entry.maintainer } : {}),
    ...(entry.installedSize === undefined ? {} : { size: entry.installedSize }),
    ...(distro ? { distro } : {}),
  };
}

function ownedFile(root: string, file: ApkFile): OwnedFile {
  return {
    path: root + file.path,
    ...(file.digest ? { digest: file.digest } : {}),
    ...(file.mode ? { mode: file.mode } : {}),
    ...(file.uid ? { user: file.uid } : {}),
    ...(file.gid ? { group: file.gid } : {}),
  };
}

function metadataOf(entry: ApkEntry): Record<string, unknown> {
  return {
    package: entry.name,
    originPackage: entry.origin ?? '',
    maintainer: entry.maintainer ?? '',
    version: entry.version,
    architecture: entry.architecture ?? '',
    url: entry.url ?? '',
    description: entry.description ?? '',
    size: entry.size ?? 0,
    installedSize: entry.installedSize ?? 0,
    pullDependencies: entry.depends,
    provides: entry.provides,
    pullChecksum: entry.checksum ?? '',
    gitCommitOfApkPort: entry.commit ?? '',
  };
}

function incompleteRows(path: string, count: number): Problem {
  return {
    code: 'package-database-incomplete',
    message: `${count} record${count === 1 ? '' : 's'} of the apk database have no name or version and are left out`,
    severity: 'partial',
    path,
    source: 'apk',
  };
}

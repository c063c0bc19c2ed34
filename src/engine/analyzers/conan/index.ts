import type { FileHead, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { Package, Relationship } from '../../model/package.ts';
import { cpeCandidates } from '../cpe.ts';
import { locate } from '../location.ts';
import { packageId } from '../package-id.ts';
import { formatPurl } from '../purl.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { type ConanInfo, type ConanReference, readConanInfo, readReference } from './info.ts';

type Draft = Omit<Package, 'id' | 'ownedBy'>;

const INFO: FileReader<ConanInfo> = {
  kind: 'whole',
  limit: 1 << 20,
  read: (content) => readConanInfo(new TextDecoder().decode(content.bytes())),
};
/** Place in the cache of Conan 1, which names the package; that of Conan 2 is a hash. */
const PLACE =
  /\/(?<name>[^/]+)\/(?<version>[^/]+)\/(?<user>[^/]+)\/(?<channel>[^/]+)\/package\/(?<packageId>[0-9a-f]+)\/conaninfo\.txt$/;

function select(file: FileHead): FileReader<ConanInfo> | undefined {
  return file.path.endsWith('/conaninfo.txt') ? INFO : undefined;
}

function ownReference(path: string): ConanReference | undefined {
  const { name, version, user, channel, packageId: id } = PLACE.exec(path)?.groups ?? {};
  return name === undefined ? undefined : readReference(`${name}/${version}@${user}/${channel}:${id}`);
}

function textOf({ name, version, user, channel, revision }: ConanReference): string {
  return `${name}/${version}${user ? `@${user}/${channel ?? '_'}` : ''}${revision ? `#${revision}` : ''}`;
}

function draft(image: ImageView, located: LocatedFact<ConanInfo>, reference: ConanReference, isOwn: boolean): Draft {
  const { name, version, user, channel, revision } = reference;
  const { settings } = located.fact;
  const pkg: Draft = {
    type: 'conan',
    name,
    version,
    ...(isOwn && settings.arch ? { arch: settings.arch } : {}),
    purl: formatPurl({ type: 'conan', namespace: user, name, version, qualifiers: { channel, rrev: revision } }),
    cpes: [],
    licenses: [],
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'conan',
    confidence: 'declared',
    metadataType: 'c-conan-info-entry',
    metadata: {
      ref: textOf(reference),
      ...(reference.packageId ? { package_id: reference.packageId } : {}),
      ...(isOwn && Object.keys(settings).length > 0 ? { settings } : {}),
    },
  };
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

function collect(image: ImageView, facts: LocatedFact<ConanInfo>[]): Evidence {
  const keyOf = ({ name, version }: ConanReference): string => `${name}/${version}`;
  const packages = new Map<string, Draft>();
  const owners = facts.map((located) => ({ located, own: ownReference(located.path) }));
  for (const { located, own } of owners) if (own) packages.set(keyOf(own), draft(image, located, own, true));
  const relationships: Relationship[] = [];
  for (const { located, own } of owners) {
    for (const needed of located.fact.requires) {
      const pkg = packages.get(keyOf(needed)) ?? draft(image, located, needed, false);
      packages.set(keyOf(needed), pkg);
      const user = own && packages.get(keyOf(own));
      if (user && user !== pkg)
        relationships.push({ from: packageId(pkg), to: packageId(user), type: 'dependency-of' });
    }
  }
  return { packages: [...packages.values()], relationships };
}

/** C and C++ packages of Conan, by the description beside their binaries. */
export const conanAnalyzer: Analyzer<ConanInfo> = { name: 'conan', version: 1, kind: 'packages', select, collect };

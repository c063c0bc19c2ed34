import type { RpmFile, RpmPackage } from '../../formats/rpmdb/index.ts';
import type { Distro } from '../../model/distro.ts';
import type { OwnedFile, PackageLocation, Upstream } from '../../model/package.ts';
import type { FoundPackage } from '../assemble-packages.ts';
import { licensesOf } from '../licenses.ts';
import { distroQualifier, formatPurl } from '../purl.ts';

/** What is known around one package of a database. */
export interface RpmContext {
  /** Root of the file system, ending with `/`. */
  root: string;
  distro: Distro | undefined;
  location: PackageLocation;
}

/** Makes the package of one header. */
export function toPackage(rpm: RpmPackage, { root, distro, location }: RpmContext): FoundPackage {
  const versionRelease = `${rpm.version}-${rpm.release}`;
  const pseudo = rpm.name === 'gpg-pubkey';
  const requires = rpm.requires.filter((name) => !name.startsWith('rpmlib('));
  return {
    type: 'rpm',
    name: rpm.name,
    version: rpm.epoch === undefined ? versionRelease : `${rpm.epoch}:${versionRelease}`,
    purl: formatPurl({
      type: 'rpm',
      namespace: purlNamespace(distro),
      name: rpm.name,
      version: versionRelease,
      qualifiers: {
        arch: rpm.arch,
        epoch: rpm.epoch === undefined ? undefined : String(rpm.epoch),
        upstream: rpm.sourceRpm,
        distro: distroQualifier(distro),
      },
    }),
    cpes: [],
    licenses: pseudo ? [] : licensesOf(rpm.license ? [rpm.license] : []),
    locations: [location],
    upstreams: upstreamsOf(rpm),
    dependencies: requires,
    files: rpm.files.map((file) => ownedFile(root, file)),
    foundBy: 'rpm',
    confidence: 'declared',
    metadataType: 'rpm-db-entry',
    metadata: {
      name: rpm.name,
      version: rpm.version,
      epoch: rpm.epoch ?? null,
      architecture: rpm.arch ?? '',
      release: rpm.release,
      sourceRpm: rpm.sourceRpm ?? '',
      size: rpm.size ?? 0,
      vendor: rpm.vendor ?? '',
      modularityLabel: rpm.modularityLabel ?? '',
      provides: rpm.provides,
      requires,
      ...(rpm.summary ? { summary: rpm.summary } : {}),
      ...(rpm.url ? { url: rpm.url } : {}),
      ...(rpm.installTime === undefined ? {} : { installTime: rpm.installTime }),
      ...(pseudo ? { pseudo: true } : {}),
    },
    ...(rpm.arch ? { arch: rpm.arch } : {}),
    ...((rpm.vendor ?? rpm.packager) ? { origin: rpm.vendor ?? (rpm.packager as string) } : {}),
    ...(rpm.size === undefined ? {} : { size: rpm.size }),
    ...(distro ? { distro } : {}),
  };
}

/** `rhel` is `redhat` and openSUSE's editions are `opensuse` in package URLs. */
export function purlNamespace(distro: Distro | undefined): string | undefined {
  if (distro?.id === 'rhel' || distro?.id === 'hummingbird') return 'redhat';
  return distro?.id.startsWith('opensuse') ? 'opensuse' : distro?.id;
}

/** Name and version-release of a source rpm's file name, `name-version-release.src.rpm`. */
export function parseSourceRpm(file: string): Upstream | undefined {
  const match = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(file);
  return match ? { name: match[1] as string, version: match[2] as string } : undefined;
}

function upstreamsOf(rpm: RpmPackage): Upstream[] {
  const source = rpm.sourceRpm ? parseSourceRpm(rpm.sourceRpm) : undefined;
  if (!source || (source.name === rpm.name && source.version === `${rpm.version}-${rpm.release}`)) return [];
  return [source];
}

function ownedFile(root: string, file: RpmFile): OwnedFile {
  return { ...file, path: root + file.path.replace(/^\/+/, '') };
}

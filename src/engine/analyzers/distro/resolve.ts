import type { Distro } from '../../model/distro.ts';
import type { DistroFact } from './facts.ts';
import type { ReleaseFields } from './parse.ts';
import { debianVersion, distroOfAlpineRelease, distroOfCpe, distroOfReleaseLine } from './release-lines.ts';

/** Gives the fact of the file at a path below one root, after links. */
export type FactAt = (relativePath: string) => { path: string; fact: DistroFact } | undefined;

type LineReader = (line: string, evidence: string) => Distro | undefined;

/** Release files below a root, best evidence first. */
const SOURCES: readonly [string, LineReader | 'fields'][] = [
  ['etc/os-release', 'fields'],
  ['usr/lib/os-release', 'fields'],
  ['etc/system-release-cpe', distroOfCpe],
  ...[
    'centos-release',
    'rocky-release',
    'almalinux-release',
    'oracle-release',
    'enterprise-release',
    'fedora-release',
    'photon-release',
    'mariner-release',
    'azurelinux-release',
    'SuSE-release',
    'redhat-release',
    'system-release',
  ].map((name): [string, LineReader] => [`etc/${name}`, distroOfReleaseLine]),
  ['etc/alpine-release', distroOfAlpineRelease],
  ['etc/lsb-release', 'fields'],
  ['etc/debian_version', distroOfDebianVersion],
];

/** Paths, relative to a root, whose presence makes that directory a root of its own. */
export const ROOT_MARKERS: readonly string[] = SOURCES.map(([path]) => path);

/** Multi-call binaries that show that an image is BusyBox and nothing else. */
const BUSYBOX = ['bin/busybox', 'bin/sh', 'bin/[', 'usr/bin/busybox', 'usr/bin/['];

/** The distribution of one root, or undefined when nothing tells. */
export function resolveDistro(factAt: FactAt): Distro | undefined {
  for (const [path, reader] of SOURCES) {
    const found = factAt(path);
    if (!found) continue;
    const distro = distroOfFact(found.fact, found.path, reader);
    if (distro) return refine(distro, factAt);
  }
  for (const path of BUSYBOX) {
    const found = factAt(path);
    if (found?.fact.kind !== 'busybox') continue;
    const version = found.fact.version;
    return {
      id: 'busybox',
      idLike: [],
      name: 'BusyBox',
      prettyName: `BusyBox v${version}`,
      versionId: version,
      evidence: found.path,
    };
  }
  return undefined;
}

function distroOfFact(fact: DistroFact, path: string, reader: LineReader | 'fields'): Distro | undefined {
  if (fact.kind === 'os-release') return distroOfFields(fact.fields, path);
  // A one-line file may be a link to os-release's place, and the other way round: trust the content.
  if (fact.kind === 'line' && reader !== 'fields') return reader(fact.text, path);
  return undefined;
}

function distroOfFields(fields: ReleaseFields, evidence: string): Distro | undefined {
  const name = fields.NAME ?? fields.DISTRIB_ID;
  const id = (fields.ID ?? name ?? '').toLowerCase().trim().replace(/\s+/g, '-');
  if (id === '') return undefined;
  const versionId = fields.VERSION_ID ?? fields.DISTRIB_RELEASE;
  const codename =
    fields.VERSION_CODENAME ??
    fields.UBUNTU_CODENAME ??
    fields.DISTRIB_CODENAME ??
    /\(([a-z]+)\)/.exec(fields.VERSION ?? '')?.[1];
  const prettyName = fields.PRETTY_NAME ?? fields.DISTRIB_DESCRIPTION;
  return {
    id,
    idLike: (fields.ID_LIKE ?? '')
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((like) => like !== ''),
    evidence,
    ...(versionId ? { versionId } : {}),
    ...(codename ? { codename } : {}),
    ...(name ? { name } : {}),
    ...(prettyName ? { prettyName } : {}),
  };
}

function distroOfDebianVersion(line: string, evidence: string): Distro | undefined {
  const version = debianVersion(line);
  if (!version.versionId && !version.codename) return undefined;
  return { id: 'debian', idLike: [], name: 'Debian GNU/Linux', evidence, ...version };
}

/** Debian leaves `VERSION_ID` out of testing and unstable; `debian_version` has it. Derived distributions are left alone. */
function refine(distro: Distro, factAt: FactAt): Distro {
  if (distro.id !== 'debian' || distro.versionId) return distro;
  const found = factAt('etc/debian_version');
  if (found?.fact.kind !== 'line') return distro;
  return { ...distro, ...debianVersion(found.fact.text), ...(distro.codename ? { codename: distro.codename } : {}) };
}

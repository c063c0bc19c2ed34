import { hash } from 'node:crypto';
import type { Distro } from '../model/distro.ts';
import type { Package } from '../model/package.ts';
import { OS_PACKAGE_TYPES } from '../model/package.ts';
import { effectiveType, effectiveVersion } from './effective-identity.ts';
import { originCpes } from './matchers/cpe.ts';
import { parseCpe } from './matchers/cpe-name.ts';
import { searchedNames } from './matchers/language.ts';
import { ECOSYSTEMS } from './matchers/language-names.ts';
import { rebuiltNames } from './matchers/rebuilt.ts';
import type { MatchablePackage } from './types.ts';

/** Metadata that matchers read, by package type; all other metadata does not count for identity. */
const METADATA_KEYS: Partial<Record<Package['type'], readonly string[]>> = {
  rpm: ['epoch'],
  'java-archive': ['groupId', 'artifactId', 'pomGroupID', 'pomArtifactID', 'pomProperties', 'pomProject'],
  'jenkins-plugin': ['groupId', 'artifactId', 'pomGroupID', 'pomArtifactID', 'pomProperties', 'pomProject'],
  'go-module': ['mainModule', 'isMainModule', 'goSymbols'],
  binary: ['isJvm'],
};

/** The identity-relevant part of a package. `imageDistro` is used where the package does not tell its own. */
export function toMatchable(pkg: Package, imageDistro?: Distro): MatchablePackage {
  const distro = pkg.distro ?? imageDistro;
  const module = moduleOf(pkg);
  const metadata = pick(pkg.metadata, METADATA_KEYS[pkg.type] ?? []);
  const language = pkg.metadata.language;
  return {
    type: effectiveType(pkg),
    name: pkg.name,
    version: effectiveVersion(pkg),
    upstreams: pkg.upstreams,
    cpes: pkg.cpes,
    ...(pkg.arch === undefined ? {} : { arch: pkg.arch }),
    ...(distro === undefined ? {} : { distro }),
    ...(module === undefined ? {} : { module }),
    ...(pkg.purl === undefined ? {} : { purl: pkg.purl }),
    ...(typeof language === 'string' ? { language } : {}),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** rpm: a modularity label is known as text; a package database without the field leaves it unknown. */
function moduleOf(pkg: Package): string | undefined {
  if (pkg.type !== 'rpm') return undefined;
  const label = pkg.metadata.modularityLabel ?? pkg.metadata.modularity;
  return typeof label === 'string' ? label : undefined;
}

function pick(metadata: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> | undefined {
  const found = keys.filter((key) => metadata[key] !== undefined).map((key): [string, unknown] => [key, metadata[key]]);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Identity as 64 hex digits: equal for packages that have equal matches in every index. Order of fields does not count. */
export function packageIdentity(pkg: MatchablePackage): string {
  const { distro } = pkg;
  const os = OS_PACKAGE_TYPES.has(pkg.type);
  return hash(
    'sha256',
    canonical([
      pkg.type,
      pkg.name,
      pkg.version,
      pkg.arch ?? null,
      // Other packages use the distribution for platform qualifiers alone: id and version decide them.
      distro
        ? [
            distro.id,
            distro.versionId ?? null,
            os ? [distro.codename ?? null, distro.idLike, distro.channel ?? null, unstable(distro)] : null,
          ]
        : null,
      pkg.upstreams.map((upstream) => [upstream.name, upstream.version ?? null]),
      pkg.module ?? null,
      pkg.cpes,
      pkg.type === 'java-archive' || pkg.type === 'jenkins-plugin' ? (pkg.purl ?? null) : null,
      pkg.metadata ?? null,
    ]),
  );
}

function unstable(distro: Distro): boolean {
  return distro.versionId === undefined && /\/sid\b/.test(distro.prettyName ?? '');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

const OS_ECOSYSTEMS: Partial<Record<Package['type'], readonly string[]>> = {
  deb: ['deb'],
  rpm: ['rpm'],
  apk: ['apk'],
  alpm: ['alpm', 'pacman', 'arch'],
  portage: ['portage', 'ebuild'],
};

/**
 * Names under which an index is searched for the package: `deb/openssl`, `java-archive/group:artifact`,
 * `cpe/vendor/product`, `os/debian`. When the content hash of one changes between two indexes, or that of `os/*`
 * for OS packages, the package has to be matched again; otherwise its matches stand.
 */
export function searchNames(pkg: MatchablePackage): string[] {
  const names = new Set<string>();
  const own = [pkg.name, ...pkg.upstreams.map((upstream) => upstream.name)];
  const written = own.flatMap((name) => rebuiltNames(pkg, name) ?? [name]);
  for (const ecosystem of OS_ECOSYSTEMS[pkg.type] ?? [])
    for (const name of written) names.add(`${ecosystem}/${name.toLowerCase()}`);
  const ecosystem = ECOSYSTEMS[pkg.type];
  if (ecosystem !== undefined) for (const name of searchedNames(pkg)) names.add(`${ecosystem}/${name.toLowerCase()}`);
  for (const text of pkg.type === 'apk' ? [...pkg.cpes, ...originCpes(pkg)] : pkg.cpes) {
    const cpe = parseCpe(text);
    if (cpe && cpe.vendor !== '' && cpe.product !== '') names.add(`cpe/${cpe.vendor}/${cpe.product}`);
  }
  if (pkg.distro && OS_PACKAGE_TYPES.has(pkg.type)) {
    names.add('os/*');
    for (const id of [pkg.distro.id, ...pkg.distro.idLike]) names.add(`os/${id.toLowerCase()}`);
  }
  return [...names];
}

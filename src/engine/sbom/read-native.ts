import { type Json, objectOf, objectsOf } from '#shared/json-object.ts';
import type { Analysis } from '../model/analysis.ts';
import type { Distro } from '../model/distro.ts';
import type { Package, PackageType, Relationship, Upstream } from '../model/package.ts';
import { text, texts } from './fields.ts';
import { packageTypeOf, parsePurl } from './parse-purl.ts';

const RELATIONSHIPS = new Set<string>(['dependency-of', 'ownership-by-file-overlap', 'contains']);

/** Names that older and newer documents give to the same type. */
const TYPE_ALIASES: Record<string, PackageType> = {
  'rust-crate': 'rust-crate',
  'python-package': 'python',
  'php-pecl': 'php-pear',
  dotnet: 'dotnet',
  'lua-rocks': 'lua-rocks',
};

/** Reads a native (Syft JSON) SBOM of any schema version that has `artifacts`. */
export function readNative(document: Json): Omit<Analysis, 'analyzerVersion' | 'schema'> {
  const distro = readDistro(objectOf(document.distro));
  const packages = objectsOf(document.artifacts).map((artifact) => readArtifact(artifact, distro));
  const ids = new Set(packages.map((pkg) => pkg.id));
  const relationships = objectsOf(document.artifactRelationships).flatMap((relation): Relationship[] => {
    const [from, to, type] = [text(relation.parent), text(relation.child), text(relation.type)];
    if (!from || !to || !type || !RELATIONSHIPS.has(type) || !ids.has(from) || !ids.has(to)) return [];
    return [{ from, to, type: type as Relationship['type'] }];
  });
  const owners = new Map(
    relationships.filter((r) => r.type === 'ownership-by-file-overlap').map((r) => [r.to, r.from]),
  );
  for (const pkg of packages) {
    const owner = owners.get(pkg.id);
    if (owner) pkg.ownedBy = owner;
  }
  const source = objectOf(document.source);
  const metadata = objectOf(source?.metadata) ?? objectOf(source?.target);
  return {
    source: { kind: 'sbom', name: text(source?.name) ?? text(metadata?.userInput) ?? 'sbom' },
    layers: [],
    ...(distro ? { distro } : {}),
    packages,
    relationships,
    problems: [],
  };
}

function readDistro(distro: Json | undefined): Distro | undefined {
  const id = text(distro?.id) ?? text(distro?.name)?.toLowerCase();
  if (!distro || !id) return undefined;
  const versionId = text(distro.versionID) ?? text(distro.version);
  const channel = texts(distro.channels).find((name): name is 'eus' | 'esm' => name === 'eus' || name === 'esm');
  const like = distro.idLike;
  return {
    id,
    ...(versionId ? { versionId } : {}),
    ...(text(distro.versionCodename) ? { codename: text(distro.versionCodename)! } : {}),
    idLike: typeof like === 'string' ? like.split(/\s+/) : texts(like),
    ...(text(distro.name) ? { name: text(distro.name)! } : {}),
    ...(text(distro.prettyName) ? { prettyName: text(distro.prettyName)! } : {}),
    ...(channel ? { channel } : {}),
    evidence: 'sbom',
  };
}

function readArtifact(artifact: Json, distro: Distro | undefined): Package {
  const purlText = text(artifact.purl);
  const purl = purlText ? parsePurl(purlText) : undefined;
  const stated = text(artifact.type);
  const type = (stated ? (TYPE_ALIASES[stated] ?? stated) : packageTypeOf(purl)) as PackageType;
  const metadata = objectOf(artifact.metadata) ?? {};
  const arch = text(metadata.architecture) ?? text(metadata.arch) ?? purl?.qualifiers.arch;
  const isOs = type === 'deb' || type === 'rpm' || type === 'apk' || type === 'alpm' || type === 'portage';
  return {
    id: text(artifact.id) ?? `${type}:${text(artifact.name) ?? ''}@${text(artifact.version) ?? ''}`,
    type,
    name: text(artifact.name) ?? purl?.name ?? '',
    version: text(artifact.version) ?? purl?.version ?? '',
    ...(arch ? { arch } : {}),
    ...(purlText ? { purl: purlText } : {}),
    cpes: readCpes(artifact.cpes),
    licenses: readLicenses(artifact.licenses),
    locations: objectsOf(artifact.locations).flatMap((location) => {
      const path = text(location.path) ?? text(location.accessPath);
      if (!path) return [];
      const layer = text(location.layerID);
      const evidence = text(objectOf(location.annotations)?.evidence) === 'supporting' ? 'supporting' : 'primary';
      return [{ path, ...(layer ? { layer } : {}), evidence } as const];
    }),
    upstreams: readUpstreams(type, metadata, purl?.qualifiers.upstream),
    ...originOf(metadata),
    ...sizeOf(type, metadata),
    ...(isOs && distro ? { distro } : {}),
    foundBy: text(artifact.foundBy) ?? 'sbom',
    confidence: 'declared',
    ...(text(artifact.metadataType) ? { metadataType: text(artifact.metadataType)! } : {}),
    metadata,
  };
}

/** Who made the package, in the field that its package manager has for it. */
function originOf(metadata: Json): { origin?: string } {
  const { maintainer, vendor, author, authorEmail, authors } = metadata;
  const name = text(maintainer) ?? text(vendor) ?? text(author) ?? texts(authors).join(', ');
  const email = text(maintainer) || text(vendor) ? undefined : text(authorEmail);
  const origin = name && email && !name.includes('<') ? `${name} <${email}>` : name || email;
  return origin ? { origin } : {};
}

/** Installed bytes; deb packages count in units of 1024. */
function sizeOf(type: PackageType, metadata: Json): { size?: number } {
  const size = type === 'rpm' ? metadata.size : metadata.installedSize;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size <= 0) return {};
  return { size: type === 'deb' ? size * 1024 : size };
}

function readCpes(value: unknown): string[] {
  return [...texts(value), ...objectsOf(value).flatMap((entry) => text(entry.cpe) ?? [])];
}

function readLicenses(value: unknown): Package['licenses'] {
  return [
    ...texts(value).map((license) => ({ value: license })),
    ...objectsOf(value).flatMap((license) => {
      const spdxExpression = text(license.spdxExpression);
      const stated = text(license.value) ?? spdxExpression;
      return stated ? [{ value: stated, ...(spdxExpression ? { spdxExpression } : {}) }] : [];
    }),
  ];
}

/** Source packages, from the metadata of the package manager, else from the purl's `upstream` qualifier. */
function readUpstreams(type: PackageType, metadata: Json, qualifier: string | undefined): Upstream[] {
  if (type === 'deb' && text(metadata.source)) {
    return [upstream(text(metadata.source)!, text(metadata.sourceVersion))];
  }
  if (type === 'apk' && text(metadata.originPackage)) return [upstream(text(metadata.originPackage)!)];
  if (type === 'rpm' && text(metadata.sourceRpm)) return sourceRpm(text(metadata.sourceRpm)!);
  return upstreamQualifier(type, qualifier);
}

/** The `upstream` qualifier: `name`, `name@version`, or the file name of a source rpm. */
export function upstreamQualifier(type: PackageType, qualifier: string | undefined): Upstream[] {
  if (!qualifier) return [];
  if (type === 'rpm') return sourceRpm(qualifier);
  const at = qualifier.lastIndexOf('@');
  return [at > 0 ? upstream(qualifier.slice(0, at), qualifier.slice(at + 1)) : upstream(qualifier)];
}

function sourceRpm(file: string): Upstream[] {
  const parts = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(file);
  return parts ? [upstream(parts[1]!, parts[2])] : [];
}

function upstream(name: string, version?: string): Upstream {
  return version ? { name, version } : { name };
}

import type { Analysis, FileRecord } from '../model/analysis.ts';
import type { Package } from '../model/package.ts';

/** Schema version of the Syft JSON shape that `nativeSbom` writes. */
export const NATIVE_SCHEMA_VERSION = '16.1.0';

/** Names Syft gives to languages, by package type. */
const LANGUAGES: Partial<Record<Package['type'], string>> = {
  npm: 'javascript',
  python: 'python',
  'java-archive': 'java',
  'jenkins-plugin': 'java',
  gem: 'ruby',
  'go-module': 'go',
  'rust-crate': 'rust',
  'php-composer': 'php',
  'php-pear': 'php',
  dotnet: 'dotnet',
  hex: 'erlang',
  'erlang-otp': 'erlang',
  'dart-pub': 'dart',
  swift: 'swift',
  'R-package': 'R',
  'lua-rocks': 'lua',
};

/**
 * An analysis as a native SBOM: the JSON shape of Syft, which clients and matchers of the field read. Files without a
 * digest (directories, links …) are left out unless `allFiles` asks for them.
 */
export function nativeSbom(analysis: Analysis, { allFiles = false }: { allFiles?: boolean } = {}) {
  const { image } = analysis;
  return {
    artifacts: analysis.packages.map(artifact),
    artifactRelationships: relationships(analysis),
    files: (analysis.files ?? [])
      .filter((file) => allFiles || file.sha256 || file.sha1)
      .map((file) => fileEntry(file, analysis)),
    source: {
      id: image?.manifestDigest ?? analysis.source.name,
      name: analysis.source.name,
      version: image?.manifestDigest ?? '',
      type: analysis.source.kind === 'image' ? 'image' : 'directory',
      metadata: image
        ? {
            userInput: analysis.source.name,
            imageID: image.imageId,
            manifestDigest: image.manifestDigest,
            mediaType: image.mediaType,
            tags: [],
            imageSize: image.size,
            layers: analysis.layers.map((layer) => ({
              mediaType: layer.mediaType,
              digest: layer.digest,
              size: layer.size,
            })),
            manifest: Buffer.from(analysis.manifest ?? '').toString('base64'),

            repoDigests: [],
            architecture: image.architecture,
            os: image.os,
            labels: image.labels,
          }
        : { path: analysis.source.name },
    },
    distro: analysis.distro
      ? {
          prettyName: analysis.distro.prettyName ?? '',
          name: analysis.distro.name ?? '',
          id: analysis.distro.id,
          idLike: analysis.distro.idLike,
          versionID: analysis.distro.versionId ?? '',
          ...(analysis.distro.codename ? { versionCodename: analysis.distro.codename } : {}),
          ...(analysis.distro.channel ? { extendedSupport: true, channels: [analysis.distro.channel] } : {}),
        }
      : {},
    descriptor: { name: 'windlass', version: analysis.analyzerVersion },
    schema: {
      version: NATIVE_SCHEMA_VERSION,
      url: `https://raw.githubusercontent.com/anchore/syft/main/schema/json/schema-${NATIVE_SCHEMA_VERSION}.json`,
    },
  };
}

function artifact(pkg: Package) {
  return {
    id: pkg.id,
    name: pkg.name,
    version: pkg.version,
    type: pkg.type,
    foundBy: pkg.foundBy,
    locations: pkg.locations.map((location) => ({
      path: location.path,
      ...(location.layer ? { layerID: location.layer } : {}),
      accessPath: location.path,
      annotations: { evidence: location.evidence },
    })),
    licenses: pkg.licenses.map((license) => ({
      value: license.value,
      spdxExpression: license.spdxExpression ?? '',
      type: 'declared' as const,
      urls: [],
      locations: [],
    })),
    language: LANGUAGES[pkg.type] ?? '',
    cpes: pkg.cpes.map((cpe) => ({ cpe, source: 'windlass-generated' })),
    purl: pkg.purl ?? '',
    ...(pkg.metadataType ? { metadataType: pkg.metadataType, metadata: metadata(pkg) } : {}),
  };
}

/** Matchers read source packages and owned files from the metadata of OS packages. */
function metadata(pkg: Package): Record<string, unknown> {
  if (!pkg.files || 'files' in pkg.metadata) return pkg.metadata;
  const files = pkg.files.map((file) => {
    const [algorithm, value] = file.digest?.split(':') ?? [];
    return {
      path: file.path,
      ...(algorithm && value ? { digest: { algorithm, value } } : {}),
      ...(file.isConfig === undefined ? {} : { isConfigFile: file.isConfig }),
    };
  });
  return { ...pkg.metadata, files };
}

function relationships(analysis: Analysis) {
  const root = analysis.image?.manifestDigest ?? analysis.source.name;
  return [
    ...analysis.packages.map((pkg) => ({ parent: root, child: pkg.id, type: 'contains' })),
    ...analysis.relationships.map((relation) => ({ parent: relation.from, child: relation.to, type: relation.type })),
  ];
}

const SYFT_FILE_TYPES: Record<FileRecord['type'], string> = {
  file: 'RegularFile',
  hardlink: 'HardLink',
  directory: 'Directory',
  symlink: 'SymbolicLink',
  'character-device': 'CharacterDevice',
  'block-device': 'BlockDevice',
  fifo: 'FIFONode',
  other: 'UnknownFileType',
};

function fileEntry(file: FileRecord, analysis: Analysis) {
  const layerID = analysis.layers[file.layer]?.digest;
  return {
    id: `${file.layer}:${file.path}`,
    location: { path: file.path, ...(layerID ? { layerID } : {}) },
    metadata: {
      // The format writes octal digits as a decimal number.
      mode: Number.parseInt((file.mode & 0o7777).toString(8), 10),
      type: SYFT_FILE_TYPES[file.type],
      userID: file.uid,
      groupID: file.gid,
      mimeType: '',
      size: file.size,
      ...(file.linkTarget ? { linkDestination: file.linkTarget } : {}),
    },
    digests: [
      ...(file.sha256 ? [{ algorithm: 'sha256', value: file.sha256.replace(/^sha256:/, '') }] : []),
      ...(file.sha1 ? [{ algorithm: 'sha1', value: file.sha1.replace(/^sha1:/, '') }] : []),
    ],
  };
}

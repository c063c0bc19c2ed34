import type { Digest } from '../model/digest.ts';
import type { Problem } from '../model/problem.ts';
import { RegistryError } from './errors.ts';
import { describeImage, digestOf } from './image-metadata.ts';
import { type ManifestDocument, parseManifest } from './manifest.ts';
import { describeArtifact, isImageConfig, OCI_MANIFEST } from './media-types.ts';
import { DEFAULT_PLATFORM, fitness, formatPlatform, isAttachment, type Platform } from './platform.ts';
import { convertSchema1 } from './schema1.ts';
import type { Descriptor, OpenImage } from './types.ts';

/** A manifest as received, its digest computed. */
export interface RawManifest {
  bytes: Uint8Array;
  mediaType: string;
  digest: Digest;
}

/** Where the parts of an image come from. */
export interface ImageParts {
  /** Manifest with this digest, verified. */
  manifest(descriptor: Descriptor): Promise<RawManifest>;
  /** A small blob as a whole, verified. */
  smallBlob(descriptor: Descriptor): Promise<Uint8Array>;
}

/** An image chosen from what a source holds. */
export type ResolvedImage = Pick<
  OpenImage,
  'metadata' | 'manifest' | 'config' | 'layers' | 'claimedDiffIds' | 'problems'
>;

/** Indexes in indexes, at most. */
const MAX_NESTING = 4;

/**
 * Follows a manifest or index to the image of one platform and reads its configuration. With no platform asked for, takes
 * linux/amd64, or the only image there is. Throws `RegistryError`: `unsupported` when there is no container image.
 */
export async function resolveImage(top: RawManifest, parts: ImageParts, platform?: Platform): Promise<ResolvedImage> {
  let current = top;
  let document = parseManifest(top.bytes);
  for (let depth = 0; document.kind === 'index'; depth++) {
    if (depth === MAX_NESTING) throw new RegistryError('invalid', 'The image index is nested too deeply.');
    current = await parts.manifest(choose(document.manifests, platform));
    document = parseManifest(current.bytes);
  }
  const parentDigest = current === top ? undefined : top.digest;
  if (document.kind === 'schema1') return fromSchema1(current, document.document, parentDigest);
  if (document.kind === 'artifact') throw notAnImage(document.artifactType);
  requireImage(document);
  const config = await parts.smallBlob(document.config);
  const mediaType = current.mediaType || OCI_MANIFEST;
  const described = describeImage({
    manifest: current.bytes,
    mediaType,
    config,
    layers: document.layers,
    ...(parentDigest ? { parentDigest } : {}),
  });
  const problems = platformProblems(described.metadata, platform);
  return { ...described, manifest: current.bytes, config, layers: document.layers, problems };
}

/** The entry of an index to take. */
export function choose(manifests: readonly Descriptor[], platform?: Platform): Descriptor {
  const images = manifests.filter((entry) => !isAttachment(entry) && entry.artifactType === undefined);
  if (images.length === 0) {
    throw new RegistryError('unsupported', 'The index holds no container image, only attestations or artifacts.');
  }
  const wanted = platform ?? DEFAULT_PLATFORM;
  const ranked = images
    .map((entry) => ({ entry, score: entry.platform ? fitness(wanted, entry.platform) : 0 }))
    .sort((a, b) => b.score - a.score);
  if (ranked[0]!.score > 0) return ranked[0]!.entry;
  const bare = images.filter((entry) => entry.platform === undefined);
  if (bare.length === 1) return bare[0]!;
  if (images.length === 1 && platform === undefined) return images[0]!;
  const offered = images.map((entry) => (entry.platform ? formatPlatform(entry.platform) : 'unknown')).join(', ');
  throw new RegistryError(
    'manifest-unknown',
    `There is no image for ${formatPlatform(wanted)}; the index offers ${offered}.`,
  );
}

function requireImage(document: Extract<ManifestDocument, { kind: 'image' }>): void {
  const { config, layers, artifactType } = document;
  if (!isImageConfig(config.mediaType)) throw notAnImage(artifactType ?? config.mediaType);
  // BuildKit writes attestations with an ordinary image configuration.
  if (layers.length > 0 && layers.every(({ mediaType }) => /in-toto|\+json$/.test(mediaType))) {
    throw notAnImage(layers[0]!.mediaType);
  }
}

function notAnImage(type: string): RegistryError {
  return new RegistryError('unsupported', `This is not a container image: it is ${describeArtifact(type)}.`);
}

function platformProblems(metadata: OpenImage['metadata'], platform: Platform | undefined): Problem[] {
  if (platform === undefined || fitness(platform, metadata) > 0) return [];
  const message = `The image is for ${formatPlatform(metadata)}, not for ${formatPlatform(platform)} as asked.`;
  return [{ code: 'platform-mismatch', message, severity: 'note', source: 'image' }];
}

function fromSchema1(
  raw: RawManifest,
  document: Record<string, unknown>,
  parentDigest: Digest | undefined,
): ResolvedImage {
  const { config, layers } = convertSchema1(document);
  const mediaType = raw.mediaType || 'application/vnd.docker.distribution.manifest.v1+prettyjws';
  const described = describeImage({
    manifest: raw.bytes,
    manifestDigest: raw.digest,
    mediaType,
    config,
    layers,
    ...(parentDigest ? { parentDigest } : {}),
  });
  return { ...described, manifest: raw.bytes, config, layers, problems: [] };
}

/** Checks bytes against a descriptor. Throws `RegistryError` (`digest-mismatch`). */
export function verify(bytes: Uint8Array, descriptor: Pick<Descriptor, 'digest' | 'size'>, what: string): Uint8Array {
  const actual = digestOf(bytes);
  if (actual !== descriptor.digest) {
    throw new RegistryError(
      'digest-mismatch',
      `The ${what} ${descriptor.digest} has other content: its digest is ${actual}.`,
    );
  }
  if (descriptor.size >= 0 && bytes.length !== descriptor.size) {
    throw new RegistryError(
      'digest-mismatch',
      `The ${what} ${descriptor.digest} has ${bytes.length} bytes, not ${descriptor.size}.`,
    );
  }
  return bytes;
}

import { createHash } from 'node:crypto';
import type { Analysis, ImageMetadata } from '#engine/model/analysis.ts';
import type { Digest } from '#engine/model/digest.ts';
import type { Distro } from '#engine/model/distro.ts';
import { readSbom, SbomError } from '#engine/sbom/index.ts';
import { badRequest } from '#shared/errors.ts';

/** An SBOM that a client sent. */
export interface SubmittedSbom {
  /** The document's own id, else the digest of its content. */
  id: string;
  analysis: Analysis;
  /** Whether packages are judged by the advisories of an extended support. */
  extendedSupport: boolean;
}

/** More packages than any image has; each costs microseconds. */
const MAX_PACKAGES = 200_000;

type Json = Record<string, unknown>;

/**
 * Reads a native, CycloneDX or SPDX document. `extendedSupport` outweighs what the document says of its distribution.
 * Throws 400 for anything else, and beyond 200,000 packages.
 */
export function submittedSbom(document: Json, extendedSupport: boolean | undefined): SubmittedSbom {
  let analysis: Analysis;
  try {
    analysis = readSbom(document);
  } catch (error) {
    if (error instanceof SbomError) throw badRequest(error.message);
    throw error;
  }
  if (analysis.packages.length > MAX_PACKAGES)
    throw badRequest(`the SBOM has ${analysis.packages.length} packages; up to ${MAX_PACKAGES} are scanned`);
  const image = imageOf(document);
  const supported = extendedSupport === undefined ? analysis : withSupport(analysis, extendedSupport);
  return {
    id: idOf(document),
    analysis: image ? { ...supported, image } : supported,
    extendedSupport: supported.distro?.channel !== undefined,
  };
}

/** CycloneDX serial number, SPDX namespace, or the digest of the content. */
function idOf(document: Json): string {
  for (const name of ['serialNumber', 'documentNamespace']) {
    const value = document[name];
    if (typeof value === 'string' && value !== '') return value.slice(0, 1024);
  }
  const hash = createHash('sha256');
  hash.update(JSON.stringify(document));
  return `sha256:${hash.digest('hex')}`;
}

const CHANNELS: readonly (readonly [distros: readonly string[], channel: 'eus' | 'esm'])[] = [
  [['rhel', 'redhat'], 'eus'],
  [['ubuntu'], 'esm'],
];

function withSupport(analysis: Analysis, wanted: boolean): Analysis {
  const change = (distro: Distro): Distro => {
    const { channel: _, ...plain } = distro;
    const channel = CHANNELS.find(([ids]) => ids.includes(distro.id))?.[1];
    return wanted && channel ? { ...plain, channel } : plain;
  };
  return {
    ...analysis,
    ...(analysis.distro ? { distro: change(analysis.distro) } : {}),
    packages: analysis.packages.map((pkg) => (pkg.distro ? { ...pkg, distro: change(pkg.distro) } : pkg)),
  };
}

/** What a native SBOM tells of the image that it describes; undefined for other sources. */
function imageOf(document: Json): ImageMetadata | undefined {
  const source = record(document.source);
  if (source?.type !== 'image') return undefined;
  const metadata = record(source.metadata) ?? record(source.target);
  if (!metadata) return undefined;
  const config = decoded(metadata.config);
  const digest = text(metadata.manifestDigest);
  return {
    manifestDigest: (/^sha256:[0-9a-f]{64}$/i.test(digest) ? digest.toLowerCase() : '') as Digest,
    imageId: text(metadata.imageID),
    mediaType: text(metadata.mediaType),
    os: text(metadata.os) || text(config?.os),
    architecture: text(metadata.architecture) || text(config?.architecture),
    size: typeof metadata.imageSize === 'number' && metadata.imageSize >= 0 ? metadata.imageSize : 0,
    config: record(config?.config) ?? {},
    history: historyOf(config?.history),
    labels: labelsOf(record(metadata.labels) ?? record(record(config?.config)?.Labels)),
    ...(typeof config?.created === 'string' ? { created: config.created } : {}),
  };
}

/** The OCI configuration, which native SBOMs carry as base64; undefined when it cannot be read. */
function decoded(value: unknown): Json | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  try {
    return record(JSON.parse(Buffer.from(value, 'base64').toString('utf8')));
  } catch {
    return undefined; // policies then see an image without configuration
  }
}

function historyOf(value: unknown): ImageMetadata['history'] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry) => {
    const step = record(entry);
    if (!step) return [];
    return [
      {
        ...(typeof step.created === 'string' ? { created: step.created } : {}),
        ...(typeof step.created_by === 'string' ? { created_by: step.created_by } : {}),
        ...(step.empty_layer === true ? { empty_layer: true } : {}),
      },
    ];
  });
}

function labelsOf(labels: Json | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels ?? {}).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

function record(value: unknown): Json | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

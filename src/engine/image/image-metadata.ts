import { createHash } from 'node:crypto';
import { isObject } from '#shared/json-object.ts';
import type { ImageMetadata } from '../model/analysis.ts';
import type { Digest } from '../model/digest.ts';
import { parseObject, textValues } from './manifest.ts';
import type { Descriptor } from './types.ts';

/** sha256 of bytes, as a digest. */
export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** What an image says of itself, with diff-ids as claimed. */
export interface DescribedImage {
  metadata: ImageMetadata;
  claimedDiffIds: string[];
}

/** Parts of an image that its metadata is made of. */
export interface ImageParts {
  manifest: Uint8Array;
  mediaType: string;
  config: Uint8Array;
  layers: Descriptor[];
  /** Digest that the image is known by; default: of the manifest bytes. */
  manifestDigest?: Digest;
  parentDigest?: Digest;
}

/** Reads the configuration of an image (OCI image configuration), taking nothing in it for granted. */
export function describeImage(parts: ImageParts): DescribedImage {
  const config = parseObject(parts.config, 'image configuration');
  const inner = isObject(config.config) ? config.config : {};
  const rootfs = isObject(config.rootfs) ? config.rootfs : {};
  const diffIds = Array.isArray(rootfs.diff_ids) ? rootfs.diff_ids.filter((id) => typeof id === 'string') : [];
  const metadata: ImageMetadata = {
    manifestDigest: parts.manifestDigest ?? digestOf(parts.manifest),
    imageId: digestOf(parts.config),
    mediaType: parts.mediaType,
    os: text(config.os) ?? 'linux',
    architecture: text(config.architecture) ?? 'amd64',
    size: parts.layers.reduce((sum, { size }) => sum + Math.max(size, 0), 0),
    config,
    history: history(config.history),
    labels: isObject(inner.Labels) ? textValues(inner.Labels) : {},
  };
  const variant = text(config.variant);
  if (variant !== undefined) metadata.variant = variant;
  const created = text(config.created);
  if (created !== undefined) metadata.created = created;
  if (parts.parentDigest !== undefined) metadata.parentDigest = parts.parentDigest;
  return { metadata, claimedDiffIds: diffIds };
}

function history(value: unknown): ImageMetadata['history'] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map((step) => ({
    ...textField(step, 'created'),
    ...textField(step, 'created_by'),
    ...textField(step, 'comment'),
    ...(step.empty_layer === true ? { empty_layer: true } : {}),
  }));
}

function textField<K extends string>(object: Record<string, unknown>, key: K): { [key in K]?: string } {
  const value = text(object[key]);
  return (value === undefined ? {} : { [key]: value }) as { [key in K]?: string };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

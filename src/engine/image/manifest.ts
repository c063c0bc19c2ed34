import { isObject } from '#shared/json-object.ts';
import { isDigest } from '../model/digest.ts';
import { RegistryError } from './errors.ts';
import type { Descriptor } from './types.ts';

/** A manifest document, told apart by what it contains: media types are not always right. */
export type ManifestDocument =
  | { kind: 'index'; manifests: Descriptor[] }
  | { kind: 'image'; config: Descriptor; layers: Descriptor[]; artifactType?: string }
  | { kind: 'schema1'; document: Record<string, unknown> }
  | { kind: 'artifact'; artifactType: string };

/** Most entries accepted in one list. */
const MAX_ENTRIES = 10_000;

/** Reads a manifest or index. Throws `RegistryError` (`invalid`) when it is neither. */
export function parseManifest(bytes: Uint8Array): ManifestDocument {
  const document = parseObject(bytes, 'manifest');
  if (Array.isArray(document.manifests)) return { kind: 'index', manifests: descriptors(document.manifests, 'index') };
  if (document.schemaVersion === 1 && Array.isArray(document.fsLayers)) return { kind: 'schema1', document };
  const artifactType = typeof document.artifactType === 'string' ? document.artifactType : undefined;
  if (isObject(document.config) && Array.isArray(document.layers)) {
    const config = descriptor(document.config, 'manifest');
    const layers = descriptors(document.layers, 'manifest');
    return { kind: 'image', config, layers, ...(artifactType ? { artifactType } : {}) };
  }
  if (artifactType !== undefined) return { kind: 'artifact', artifactType };
  throw new RegistryError('invalid', 'The document is neither an image manifest nor an index.');
}

/** Parses a JSON object of an image; `what` names it in errors. */
export function parseObject(bytes: Uint8Array, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
        .toString('utf8')
        .replace(/^\ufeff/, ''),
    );
  } catch (error) {
    throw new RegistryError('invalid', `The ${what} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!isObject(value)) throw new RegistryError('invalid', `The ${what} is not a JSON object.`);
  return value;
}

function descriptors(list: unknown[], what: string): Descriptor[] {
  if (list.length > MAX_ENTRIES) throw new RegistryError('too-large', `The ${what} has ${list.length} entries.`);
  return list.map((entry) => descriptor(entry, what));
}

function descriptor(value: unknown, what: string): Descriptor {
  if (!isObject(value)) throw new RegistryError('invalid', `An entry of the ${what} is not an object.`);
  const { digest, size, mediaType, platform, annotations, artifactType, urls } = value;
  if (typeof digest !== 'string' || !isDigest(digest)) {
    throw new RegistryError('unsupported', `An entry of the ${what} has no sha256 digest: ${String(digest)}`);
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new RegistryError('invalid', `The entry ${digest} of the ${what} has no valid size.`);
  }
  const result: Descriptor = { mediaType: typeof mediaType === 'string' ? mediaType : '', digest, size };
  if (isObject(platform) && typeof platform.os === 'string' && typeof platform.architecture === 'string') {
    const variant =
      typeof platform.variant === 'string' && platform.variant !== '' ? { variant: platform.variant } : {};
    result.platform = { os: platform.os, architecture: platform.architecture, ...variant };
  }
  if (isObject(annotations)) result.annotations = textValues(annotations);
  if (typeof artifactType === 'string' && artifactType !== '') result.artifactType = artifactType;
  if (Array.isArray(urls)) result.urls = urls.filter((url) => typeof url === 'string');
  return result;
}

/** The members of an object whose values are text. */
export function textValues(object: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

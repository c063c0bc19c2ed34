import { createHash } from 'node:crypto';
import { isObject } from '#shared/json-object.ts';
import { isDigest } from '../model/digest.ts';
import { RegistryError } from './errors.ts';
import type { Descriptor } from './types.ts';

/**
 * Makes a configuration and layer list from a Docker manifest of schema 1 (distribution spec, "Image Manifest Version 2,
 * Schema 1"). Its layers and history are newest first and must be of equal number; entries marked `throwaway` changed
 * nothing. Sizes and diff-ids are unknown: sizes are -1, diff-ids are left out.
 */
export function convertSchema1(document: Record<string, unknown>): { config: Uint8Array; layers: Descriptor[] } {
  const blobs = Array.isArray(document.fsLayers) ? document.fsLayers.filter(isObject).reverse() : [];
  const steps = Array.isArray(document.history) ? document.history.filter(isObject).reverse() : [];
  if (blobs.length === 0 || blobs.length !== steps.length) {
    throw new RegistryError('invalid', 'The schema 1 manifest has different numbers of layers and history entries.');
  }
  const layers: Descriptor[] = [];
  const history: Record<string, unknown>[] = [];
  let newest: Record<string, unknown> = {};
  for (const [i, blob] of blobs.entries()) {
    const digest = blob.blobSum;
    if (typeof digest !== 'string' || !isDigest(digest)) {
      throw new RegistryError('invalid', 'The schema 1 manifest has a layer without a sha256 digest.');
    }
    newest = compatibility(steps[i]!.v1Compatibility);
    const throwaway = newest.throwaway === true;
    if (!throwaway)
      layers.push({ mediaType: 'application/vnd.docker.container.image.rootfs.diff+x-gtar', digest, size: -1 });
    history.push(historyEntry(newest, throwaway));
  }
  const { id: _id, parent: _parent, throwaway: _throwaway, Size: _size, layer_id: _layer, ...kept } = newest;
  const config = {
    architecture: document.architecture,
    os: 'linux',
    ...kept,
    history,
    rootfs: { type: 'layers', diff_ids: [] },
  };
  return { config: Buffer.from(JSON.stringify(config)), layers };
}

/** Digest of a signed schema 1 manifest: of its payload, that is, without the signatures (libtrust "pretty JWS"). */
export function schema1PayloadDigest(bytes: Uint8Array): string | undefined {
  try {
    const text = Buffer.from(bytes).toString('utf8');
    const document = JSON.parse(text) as { signatures?: { protected?: string }[] };
    const header = document.signatures?.[0]?.protected;
    if (header === undefined) return undefined;
    const { formatLength, formatTail } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
    if (!Number.isSafeInteger(formatLength) || formatLength < 0 || formatLength > bytes.length) return undefined;
    const tail = Buffer.from(String(formatTail), 'base64url');
    const payload = Buffer.concat([bytes.subarray(0, formatLength), tail]);
    return `sha256:${createHash('sha256').update(payload).digest('hex')}`;
  } catch {
    return undefined; // not signed in this form: the caller compares the digest of all bytes
  }
}

function compatibility(value: unknown): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(String(value));
    if (isObject(parsed)) return parsed;
  } catch (error) {
    throw new RegistryError('invalid', 'The schema 1 manifest has a history entry that is not JSON.', { cause: error });
  }
  throw new RegistryError('invalid', 'The schema 1 manifest has a history entry that is not an object.');
}

function historyEntry(step: Record<string, unknown>, throwaway: boolean): Record<string, unknown> {
  const inner = isObject(step.container_config) ? step.container_config : {};
  const command = Array.isArray(inner.Cmd) ? inner.Cmd.join(' ') : '';
  return {
    ...(typeof step.created === 'string' ? { created: step.created } : {}),
    created_by: command,
    ...(typeof step.comment === 'string' ? { comment: step.comment } : {}),
    ...(throwaway ? { empty_layer: true } : {}),
  };
}

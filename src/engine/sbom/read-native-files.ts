import { type Json, objectOf, objectsOf } from '#shared/json-object.ts';
import type { FileRecord } from '../model/analysis.ts';
import { text } from './fields.ts';

const TYPES: Record<string, FileRecord['type']> = {
  RegularFile: 'file',
  HardLink: 'hardlink',
  Directory: 'directory',
  SymbolicLink: 'symlink',
  CharacterDevice: 'character-device',
  BlockDevice: 'block-device',
  FIFONode: 'fifo',
};

/**
 * The files of a native (Syft JSON) SBOM. `layers` are the layer digests of the image, lowest first: a file of a layer
 * that is not among them is filed under the last one. Entries without a path are left out.
 */
export function readNativeFiles(document: Json, layers: readonly string[]): FileRecord[] {
  const order = new Map(layers.map((digest, index) => [digest, index]));
  return objectsOf(document.files).flatMap((entry): FileRecord[] => {
    const location = objectOf(entry.location);
    const path = text(location?.path);
    if (!path?.startsWith('/')) return [];
    const metadata = objectOf(entry.metadata) ?? {};
    const target = text(metadata.linkDestination);
    const digests = new Map(objectsOf(entry.digests).map((digest) => [text(digest.algorithm), text(digest.value)]));
    return [
      {
        path,
        type: TYPES[text(metadata.type) ?? ''] ?? 'other',
        mode: permissions(metadata.mode),
        uid: whole(metadata.userID),
        gid: whole(metadata.groupID),
        size: whole(metadata.size),
        ...(target ? { linkTarget: target } : {}),
        ...hash('sha256', digests),
        ...hash('sha1', digests),
        ...hash('md5', digests),
        layer: order.get(text(location?.layerID) ?? '') ?? Math.max(0, layers.length - 1),
      },
    ];
  });
}

/** The format writes octal digits as a decimal number. */
function permissions(mode: unknown): number {
  const digits = String(whole(mode));
  return /^[0-7]{1,5}$/.test(digits) ? Number.parseInt(digits, 8) : 0;
}

function whole(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

function hash<K extends 'sha256' | 'sha1' | 'md5'>(name: K, digests: Map<string | undefined, string | undefined>) {
  const value = digests.get(name);
  return (value && /^[0-9a-f]+$/i.test(value) ? { [name]: value.toLowerCase() } : {}) as { [P in K]?: string };
}

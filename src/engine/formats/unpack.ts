import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { isXz, unpackXz } from './xz/index.ts';

/** How bytes are packed, told by their first ones; undefined when they are not packed in a form that is read here. */
export function packingOf(head: Uint8Array): 'gzip' | 'zstd' | 'xz' | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd';
  return isXz(head) ? 'xz' : undefined;
}

/**
 * Unpacks gzip, zstd or xz at once; other bytes are given back as they are. Throws an Error for damaged data and for
 * more than `limit` bytes of content.
 */
export function unpack(bytes: Uint8Array, limit: number): Uint8Array {
  switch (packingOf(bytes)) {
    case 'gzip':
      return gunzipSync(bytes, { maxOutputLength: limit });
    case 'zstd':
      return zstdDecompressSync(bytes, { maxOutputLength: limit });
    case 'xz':
      return unpackXz(bytes, limit);
    default:
      return bytes;
  }
}

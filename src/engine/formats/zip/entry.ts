import { crc32, inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { asBuffer, type ByteSource, memorySource, sliceSource } from '../byte-source.ts';
import { type ZipEntry, ZipError } from './types.ts';

const LOCAL = 0x04034b50;
const LOCAL_SIZE = 30;
/** Deflate cannot do better than 1032:1; nothing honest comes near it above this many bytes. */
const RATIO_FLOOR = 8 << 20;
const WORST_RATIO = 400;

/** Stored bytes of an entry, still compressed. */
function rawSource(source: ByteSource, entry: ZipEntry): ByteSource {
  if (entry.encrypted) throw new ZipError('encrypted', `Entry ${entry.name} is encrypted.`);
  if (!Number.isSafeInteger(entry.offset))
    throw new ZipError('corrupt', `Entry ${entry.name} lies outside of the archive.`);
  const header = asBuffer(source.read(entry.offset, LOCAL_SIZE));
  if (header.length < LOCAL_SIZE || header.readUInt32LE(0) !== LOCAL) {
    throw new ZipError('corrupt', `Entry ${entry.name} has no local header.`);
  }
  const start = entry.offset + LOCAL_SIZE + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (start + entry.compressedSize > source.size) {
    throw new ZipError('corrupt', `Entry ${entry.name} reaches beyond the end of the archive.`);
  }
  return sliceSource(source, start, entry.compressedSize);
}

/**
 * Content of an entry, at most `limit` bytes, checked against its CRC-32. Throws ZipError for what is encrypted,
 * damaged, compressed by an unknown method, larger than `limit`, or a decompression bomb.
 */
export function readZipEntry(source: ByteSource, entry: ZipEntry, limit: number): Uint8Array {
  const raw = rawSource(source, entry);
  if (entry.size > limit || raw.size > limit) {
    throw new ZipError('too-large', `Entry ${entry.name} has ${entry.size} bytes; the limit is ${limit}.`);
  }
  if (entry.size > RATIO_FLOOR && entry.size > raw.size * WORST_RATIO) {
    throw new ZipError(
      'too-large',
      `Entry ${entry.name} would grow ${Math.round(entry.size / Math.max(raw.size, 1))}-fold.`,
    );
  }
  const bytes = decompress(raw.read(0, raw.size), entry, Math.min(limit, entry.size + 1));
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc32) {
    throw new ZipError('corrupt', `Entry ${entry.name} fails its checksum.`);
  }
  return bytes;
}

function decompress(raw: Uint8Array, entry: ZipEntry, limit: number): Uint8Array {
  if (entry.method === 0) return raw;
  try {
    if (entry.method === 8) return inflateRawSync(raw, { maxOutputLength: Math.max(limit, 1) });
    if (entry.method === 93) return zstdDecompressSync(raw, { maxOutputLength: Math.max(limit, 1) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new ZipError('corrupt', `Entry ${entry.name} does not inflate: ${reason}.`);
  }
  throw new ZipError('unsupported-method', `Entry ${entry.name} uses compression method ${entry.method}.`);
}

/** An entry as a source of its own: a view when it is stored, else inflated into memory (at most `limit` bytes). */
export function zipEntrySource(source: ByteSource, entry: ZipEntry, limit: number): ByteSource {
  if (entry.method === 0) {
    const raw = rawSource(source, entry);
    if (raw.size > limit) throw new ZipError('too-large', `Entry ${entry.name} is larger than ${limit} bytes.`);
    return raw;
  }
  return memorySource(readZipEntry(source, entry, limit));
}

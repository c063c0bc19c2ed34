import { asBuffer, type ByteSource } from '../byte-source.ts';
import { type ZipArchive, type ZipEntry, ZipError } from './types.ts';

const END = 0x06054b50;
const END_SIZE = 22;
const LONGEST_COMMENT = 0xffff;
const ZIP64_LOCATOR = 0x07064b50;
const ZIP64_END = 0x06064b50;
const CENTRAL = 0x02014b50;
const CENTRAL_SIZE = 46;
const MOST_ENTRIES = 500_000;
const LARGEST_DIRECTORY = 128 << 20;
const ZIP64_EXTRA = 1;

interface DirectoryPlace {
  /** Offset of the first central header in the source. */
  start: number;
  size: number;
  prefix: number;
}

/**
 * Reads the central directory of a ZIP archive from its end: plain or zip64, with bytes before the archive, a comment,
 * or other bytes after it. Throws ZipError `no-directory` when there is none.
 */
export function readZipDirectory(source: ByteSource): ZipArchive {
  const place = findDirectory(source);
  const wanted = Math.min(place.size, LARGEST_DIRECTORY);
  const bytes = asBuffer(source.read(place.start, wanted));
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at + CENTRAL_SIZE <= bytes.length && entries.length < MOST_ENTRIES) {
    if (bytes.readUInt32LE(at) !== CENTRAL) break;
    const nameLength = bytes.readUInt16LE(at + 28);
    const extraLength = bytes.readUInt16LE(at + 30);
    const next = at + CENTRAL_SIZE + nameLength + extraLength + bytes.readUInt16LE(at + 32);
    if (at + CENTRAL_SIZE + nameLength + extraLength > bytes.length) break;
    entries.push(readEntry(bytes, at, nameLength, extraLength, place.prefix));
    at = next;
  }
  return { entries, incomplete: at < place.size, prefix: place.prefix };
}

function readEntry(bytes: Buffer, at: number, nameLength: number, extraLength: number, prefix: number): ZipEntry {
  const flags = bytes.readUInt16LE(at + 8);
  const nameEnd = at + CENTRAL_SIZE + nameLength;
  const entry: ZipEntry = {
    name: entryName(bytes, at + CENTRAL_SIZE, nameEnd),
    method: bytes.readUInt16LE(at + 10),
    encrypted: (flags & 1) !== 0,
    crc32: bytes.readUInt32LE(at + 16),
    compressedSize: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24),
    offset: bytes.readUInt32LE(at + 42),
  };
  const disk = bytes.readUInt16LE(at + 34);
  applyZip64(entry, bytes.subarray(nameEnd, nameEnd + extraLength), disk);
  entry.offset += prefix;
  return entry;
}

/** Name as UTF-8 when valid (with or without the flag that says so), else byte by byte. */
function entryName(bytes: Buffer, start: number, end: number): string {
  const latin = bytes.toString('latin1', start, end);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: tells ASCII from the rest
  if (/^[\x00-\x7f]*$/.test(latin)) return latin;
  const utf8 = bytes.toString('utf8', start, end);
  return utf8.includes('\ufffd') ? latin : utf8;
}

/** Takes 64-bit values of the zip64 extra field for those that are saturated (APPNOTE 4.5.3). */
function applyZip64(entry: ZipEntry, extra: Buffer, disk: number): void {
  if (entry.size !== 0xffffffff && entry.compressedSize !== 0xffffffff && entry.offset !== 0xffffffff) return;
  for (let at = 0; at + 4 <= extra.length; ) {
    const id = extra.readUInt16LE(at);
    const end = Math.min(at + 4 + extra.readUInt16LE(at + 2), extra.length);
    if (id === ZIP64_EXTRA) {
      let value = at + 4;
      const take = (): number | undefined => {
        if (value + 8 > end) return undefined;
        const number = Number(extra.readBigUInt64LE(value));
        value += 8;
        return number;
      };
      if (entry.size === 0xffffffff) entry.size = take() ?? entry.size;
      if (entry.compressedSize === 0xffffffff) entry.compressedSize = take() ?? entry.compressedSize;
      if (entry.offset === 0xffffffff) entry.offset = take() ?? entry.offset;
      if (disk === 0xffff) value += 4;
      return;
    }
    at = end;
  }
}

function findDirectory(source: ByteSource): DirectoryPlace {
  const tailSize = Math.min(source.size, END_SIZE + LONGEST_COMMENT);
  const tailStart = source.size - tailSize;
  const tail = asBuffer(source.read(tailStart, tailSize));
  let loose: DirectoryPlace | undefined;
  for (let at = tail.length - END_SIZE; at >= 0; at--) {
    if (tail[at] !== 0x50 || tail.readUInt32LE(at) !== END) continue;
    const place = placeFromEnd(source, tail, at, tailStart);
    if (place === undefined) continue;
    // An end record whose comment reaches exactly to the end is the real one; else the last plausible one.
    if (at + END_SIZE + tail.readUInt16LE(at + 20) === tail.length) return place;
    loose ??= place;
  }
  if (loose !== undefined) return loose;
  throw new ZipError('no-directory', 'The archive has no central directory: it is cut short or no ZIP file.');
}

function placeFromEnd(source: ByteSource, tail: Buffer, at: number, tailStart: number): DirectoryPlace | undefined {
  const endOffset = tailStart + at;
  let size = tail.readUInt32LE(at + 12);
  let offset = tail.readUInt32LE(at + 16);
  const count = tail.readUInt16LE(at + 10);
  let directoryEnd = endOffset;
  if (size === 0xffffffff || offset === 0xffffffff || count === 0xffff) {
    const zip64 = zip64End(source, endOffset);
    if (zip64 !== undefined) ({ size, offset, directoryEnd } = zip64);
  }
  if (size === 0 && count === 0) return { start: directoryEnd, size: 0, prefix: 0 };
  for (const start of [directoryEnd - size, offset]) {
    if (start < 0 || start + CENTRAL_SIZE > source.size) continue;
    const head = asBuffer(source.read(start, 4));
    if (head.length === 4 && head.readUInt32LE(0) === CENTRAL) {
      return { start, size: Math.min(size, source.size - start), prefix: Math.max(0, start - offset) };
    }
  }
  return undefined;
}

function zip64End(source: ByteSource, endOffset: number) {
  if (endOffset < 20) return undefined;
  const locator = asBuffer(source.read(endOffset - 20, 20));
  if (locator.length < 20 || locator.readUInt32LE(0) !== ZIP64_LOCATOR) return undefined;
  // With bytes before the archive the stored offset is too small: the record then lies right before the locator.
  for (const at of [Number(locator.readBigUInt64LE(8)), endOffset - 20 - 56]) {
    if (!Number.isSafeInteger(at) || at < 0) continue;
    const record = asBuffer(source.read(at, 56));
    if (record.length === 56 && record.readUInt32LE(0) === ZIP64_END) {
      const size = Number(record.readBigUInt64LE(40));
      const offset = Number(record.readBigUInt64LE(48));
      if (Number.isSafeInteger(size) && Number.isSafeInteger(offset)) return { size, offset, directoryEnd: at };
    }
  }
  return undefined;
}

import { crc32 } from 'node:zlib';
import { asBuffer } from '../byte-source.ts';
import { LzmaDecoder, Output, XzError } from './lzma.ts';

const MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]);
const LZMA2 = 0x21;
const CRC32 = 1;
/** Bytes of the check behind a block, by its kind (xz file format, 2.1.1.2). */
const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/** True when bytes start as a stream of xz does. */
export function isXz(head: Uint8Array): boolean {
  return head.length >= 6 && MAGIC.equals(asBuffer(head.subarray(0, 6)));
}

/**
 * Unpacks an xz file (.xz file format 1.1, filter LZMA2) of at most `limit` bytes of content, in memory and at once.
 * Headers and CRC-32 are verified; other checks are passed over. Throws {@link XzError}.
 */
export function unpackXz(packed: Uint8Array, limit: number): Uint8Array {
  const bytes = asBuffer(packed);
  const output = new Output(packed.length * 3, limit);
  let at = 0;
  do {
    if (
      !isXz(bytes.subarray(at)) ||
      at + 12 > bytes.length ||
      crc32(bytes.subarray(at + 6, at + 8)) !== bytes.readUInt32LE(at + 8)
    )
      throw new XzError('corrupt', 'the header of the stream is damaged');
    at = readStream(bytes, at + 12, (bytes[at + 7] as number) & 15, output);
    while (at + 4 <= bytes.length && bytes.readUInt32LE(at) === 0) at += 4;
  } while (at + 12 <= bytes.length);
  return output.bytes.subarray(0, output.length);
}

/** Unpacks the blocks from `at`; returns the place behind the stream's footer. */
function readStream(bytes: Buffer, at: number, check: number, output: Output): number {
  let place = at;
  while (bytes[place] !== 0) {
    if (place >= bytes.length) throw new XzError('corrupt', 'the data end early');
    const dataStart = readBlockHeader(bytes, place);
    const from = output.length;
    let end = unpackChunks(bytes, dataStart, output);
    end += -(end - dataStart) & 3;
    const checkSize = CHECK_SIZES[check] as number;
    if (end + checkSize > bytes.length) throw new XzError('corrupt', 'the data end early');
    if (check === CRC32 && crc32(output.bytes.subarray(from, output.length)) !== bytes.readUInt32LE(end))
      throw new XzError('corrupt', 'the data fail their checksum');
    place = end + checkSize;
  }
  return skipIndex(bytes, place);
}

/** Checks the header of a block; returns where its data start. */
function readBlockHeader(bytes: Buffer, at: number): number {
  const size = ((bytes[at] as number) + 1) * 4;
  const end = at + size;
  if (end > bytes.length || crc32(bytes.subarray(at, end - 4)) !== bytes.readUInt32LE(end - 4))
    throw new XzError('corrupt', 'the header of a block is damaged');
  const flags = bytes[at + 1] as number;
  let place = at + 2;
  for (const flag of [0x40, 0x80]) if ((flags & flag) !== 0) place = readNumber(bytes, place).next;
  const filter = readNumber(bytes, place);
  if ((flags & 3) !== 0 || filter.value !== LZMA2)
    throw new XzError('unsupported', 'the data are packed with a filter other than LZMA2');
  return end;
}

/** Unpacks LZMA2 chunks until their end mark; returns the place behind it. */
function unpackChunks(bytes: Buffer, start: number, output: Output): number {
  const decoder = new LzmaDecoder();
  let dictionaryStart = output.length;
  let at = start;
  for (;;) {
    const control = bytes[at];
    if (control === 0) return at + 1;
    if (control === undefined || at + 6 > bytes.length) throw new XzError('corrupt', 'the data end early');
    const resetsDictionary = control === 1 || control >= 0xe0;
    if (at === start && !resetsDictionary) throw new XzError('corrupt', 'the data do not start with a dictionary');
    if (resetsDictionary) dictionaryStart = output.length;
    if (control < 0x80) {
      if (control > 2) throw new XzError('corrupt', 'a chunk is of no known kind');
      const size = bytes.readUInt16BE(at + 1) + 1;
      if (at + 3 + size > bytes.length) throw new XzError('corrupt', 'the data end early');
      output.reserve(size);
      bytes.copy(output.bytes, output.length, at + 3, at + 3 + size);
      output.length += size;
      at += 3 + size;
      continue;
    }
    const size = (control & 0x1f) * 65_536 + bytes.readUInt16BE(at + 1) + 1;
    const packed = bytes.readUInt16BE(at + 3) + 1;
    at += 5;
    if (control >= 0xc0) decoder.setProperties(bytes[at++] as number);
    if (control >= 0xa0) decoder.reset();
    if (at + packed > bytes.length) throw new XzError('corrupt', 'the data end early');
    decoder.decode(bytes.subarray(at, at + packed), output, size, dictionaryStart);
    at += packed;
  }
}

/** Passes over the index and the footer that end a stream. */
function skipIndex(bytes: Buffer, at: number): number {
  const records = readNumber(bytes, at + 1);
  let place = records.next;
  for (let i = 0; i < records.value * 2; i++) place = readNumber(bytes, place).next;
  place += -(place - at) & 3;
  if (place + 16 > bytes.length || bytes.toString('latin1', place + 14, place + 16) !== 'YZ')
    throw new XzError('corrupt', 'the data end early');
  return place + 16;
}

/** A number of seven bits a byte, the lowest first (xz file format, 1.2). */
function readNumber(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw new XzError('corrupt', 'the data end early');
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  throw new XzError('corrupt', 'a number is too long');
}

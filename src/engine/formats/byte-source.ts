/** Bytes that can be read at any offset: a file, a spool, or a part of another source. */
export interface ByteSource {
  readonly size: number;
  /** Bytes at `[offset, offset+length)`, fewer at the end, none beyond it. */
  read(offset: number, length: number): Uint8Array;
  /** Reads into memory of the caller, for sources whose `read` allocates; returns how many bytes. */
  readInto?(offset: number, target: Uint8Array): number;
}

/** A source over bytes in memory; reads are views, not copies. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length)),
  };
}

/** The part `[offset, offset+size)` of a source, cut at its end. */
export function sliceSource(source: ByteSource, offset: number, size: number): ByteSource {
  const length = Math.max(0, Math.min(size, source.size - offset));
  const slice: ByteSource = {
    size: length,
    read: (at, wanted) => source.read(offset + Math.min(at, length), Math.max(0, Math.min(wanted, length - at))),
  };
  if (source.readInto !== undefined) {
    slice.readInto = (at, target) =>
      at >= length
        ? 0
        : (source.readInto?.(offset + at, target.subarray(0, Math.min(target.length, length - at))) ?? 0);
  }
  return slice;
}

/** A Buffer over the same memory, for its number readers and searches. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

const PIECE = 1 << 20;
let scratch = Buffer.alloc(0);

/**
 * Pieces of the part `[offset, offset+size)` of a source, in order, each followed by the first `overlap` bytes of the
 * next one. A piece may be overwritten when the next is asked for, or when another source is read in pieces.
 */
export function* pieces(source: ByteSource, offset: number, size: number, overlap = 0): Generator<Buffer, void, void> {
  const end = Math.min(offset + size, source.size);
  for (let at = offset; at < end; at += PIECE) {
    const wanted = Math.min(PIECE + overlap, end - at);
    const piece = readPiece(source, at, wanted);
    if (piece.length > 0) yield piece;
    if (piece.length < wanted) return;
  }
}

function readPiece(source: ByteSource, at: number, wanted: number): Buffer {
  if (source.readInto === undefined) return asBuffer(source.read(at, wanted));
  if (scratch.length < wanted) scratch = Buffer.allocUnsafeSlow(Math.max(wanted, PIECE + 8192));
  return scratch.subarray(0, source.readInto(at, scratch.subarray(0, wanted)));
}

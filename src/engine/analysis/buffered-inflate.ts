import { constants, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { InflateError, type Inflater } from './inflater.ts';

/** Largest compressed and decompressed stream held in memory, bytes. */
const LARGEST_INPUT = 1024 ** 3;
const LARGEST_OUTPUT = 2 ** 31 - 1;
const PIECE = 256 * 1024;

/**
 * The decompressor for versions of Node without a synchronous engine to drive: it collects the stream and decompresses it
 * at the end, by public functions only. Slower and larger, with the same output.
 */
export function openBufferedInflater(compression: 'gzip' | 'zstd', emit: (chunk: Uint8Array) => void): Inflater {
  const parts: Uint8Array[] = [];
  let size = 0;
  return {
    write(chunk) {
      size += chunk.length;
      if (size > LARGEST_INPUT) throw new InflateError(`The ${compression} stream is too large to be held.`, false);
      parts.push(new Uint8Array(chunk));
    },
    end() {
      const input = Buffer.concat(parts);
      parts.length = 0;
      if (compression === 'gzip') gunzip(input, emit);
      else unzstd(input, emit);
    },
    close() {
      parts.length = 0;
    },
  };
}

function gunzip(input: Uint8Array, emit: (chunk: Uint8Array) => void): void {
  const limit = { maxOutputLength: LARGEST_OUTPUT };
  try {
    inPieces(gunzipSync(input, limit), emit);
  } catch (error) {
    if (!isCut(error)) throw failure('gzip', error);
    try {
      inPieces(gunzipSync(input, { ...limit, finishFlush: constants.Z_SYNC_FLUSH }), emit);
    } catch (inner) {
      throw failure('gzip', inner);
    }
    throw failure('gzip', error);
  }
}

/** One frame after the other: the function stops behind the first. */
function unzstd(input: Uint8Array, emit: (chunk: Uint8Array) => void): void {
  for (let at = 0; at < input.length; ) {
    let frame: { buffer: Uint8Array; engine: { bytesWritten: number } };
    try {
      const options = { info: true, maxOutputLength: LARGEST_OUTPUT } as object;
      frame = zstdDecompressSync(input.subarray(at), options) as unknown as typeof frame;
    } catch (error) {
      if (at > 0 && !isZstd(input, at)) return; // padding behind the last frame
      throw failure('zstd', error);
    }
    inPieces(frame.buffer, emit);
    if (frame.engine.bytesWritten <= 0) return;
    at += frame.engine.bytesWritten;
  }
}

function isZstd(bytes: Uint8Array, at: number): boolean {
  const magic = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(4, bytes.length - at));
  return magic.length === 4 && (magic.readUInt32LE(0) === 0xfd2fb528 || magic.readUInt32LE(0) >>> 4 === 0x184d2a5);
}

function inPieces(output: Uint8Array, emit: (chunk: Uint8Array) => void): void {
  for (let at = 0; at < output.length; at += PIECE) emit(output.subarray(at, at + PIECE));
}

function isCut(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
}

function failure(compression: string, error: unknown): InflateError {
  const reason = error instanceof Error ? error.message : String(error);
  return new InflateError(`The ${compression} stream is damaged: ${reason}.`, isCut(error));
}

import { createGunzip, createZstdDecompress } from 'node:zlib';
import { openBufferedInflater } from './buffered-inflate.ts';
import { InflateError, type Inflater } from './inflater.ts';

export { InflateError, type Inflater } from './inflater.ts';

/** Compression of a blob, told by its first bytes: media types are often wrong. */
export type Compression = 'gzip' | 'zstd' | 'none' | 'xz' | 'bzip2';

/** Bytes that `detectCompression` wants to see. */
export const MAGIC_LENGTH = 6;

/** Recognises gzip, zstd (also behind a skippable frame), xz and bzip2; anything else is taken for a bare tar. */
export function detectCompression(head: Uint8Array): Compression {
  const [a, b, c, d] = head;
  if (a === 0x1f && b === 0x8b) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  if (a !== undefined && (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18) return 'zstd';
  if (a === 0xfd && b === 0x37 && c === 0x7a && d === 0x58) return 'xz';
  if (a === 0x42 && b === 0x5a && c === 0x68) return 'bzip2';
  return 'none';
}

const OUTPUT = 256 * 1024;

/** Native engine behind a zlib stream. */
interface Handle {
  writeSync(
    flush: number,
    input: Uint8Array,
    inOffset: number,
    inLength: number,
    output: Uint8Array,
    outOffset: number,
    outLength: number,
  ): void;
  close(): void;
  onerror: (message: string, errno: number, code: string) => void;
}

interface EngineStream {
  _handle?: Handle;
  /** Output and input space left by the last write. */
  _writeState?: Uint32Array;
  destroy(): void;
}

/**
 * Decompressor for gzip (all members) or zstd (all frames, skippable ones too), bytes after the last member ignored.
 *
 * It drives the engine of a zlib stream synchronously into one reused buffer. The public streams cost a quarter more
 * CPU and twice the memory (a thread hop and a fresh buffer for each chunk), and the zstd one ends at the first frame.
 * The engine is private to Node: where it is missing, whole streams are decompressed (see `buffered-inflate.ts`).
 */
export function openInflater(compression: 'gzip' | 'zstd', emit: (chunk: Uint8Array) => void): Inflater {
  const stream = (compression === 'gzip' ? createGunzip() : createZstdDecompress()) as unknown as EngineStream;
  const { _handle: handle, _writeState: state } = stream;
  if (typeof handle?.writeSync !== 'function' || !(state instanceof Uint32Array)) {
    stream.destroy();
    return openBufferedInflater(compression, emit);
  }
  return driveEngine(compression, stream, handle, state, emit);
}

function driveEngine(
  compression: 'gzip' | 'zstd',
  stream: EngineStream,
  handle: Handle,
  state: Uint32Array,
  emit: (chunk: Uint8Array) => void,
): Inflater {
  const finish = compression === 'gzip' ? 4 : 2; // Z_FINISH, ZSTD_e_end
  const output = new Uint8Array(OUTPUT);
  let failure: InflateError | undefined;
  let finished = false;
  handle.onerror = (message, _errno, code) => {
    failure = new InflateError(`The ${compression} stream is damaged: ${message}.`, code === 'Z_BUF_ERROR');
  };
  const run = (chunk: Uint8Array, flush: number): void => {
    let offset = 0;
    let available = chunk.length;
    for (;;) {
      handle.writeSync(flush, chunk, offset, available, output, 0, OUTPUT);
      if (failure !== undefined) throw failure;
      const produced = OUTPUT - state[0]!;
      const left = state[1]!;
      if (produced > 0) emit(produced === OUTPUT ? output : output.subarray(0, produced));
      const consumed = available - left;
      offset += consumed;
      available = left;
      if (state[0] === 0) continue;
      if (available === 0) return;
      if (consumed === 0 && produced === 0) {
        finished = true; // padding or garbage after the last member
        return;
      }
    }
  };
  return {
    write(chunk) {
      if (!finished && chunk.length > 0) run(chunk, 0);
    },
    end() {
      if (!finished) run(new Uint8Array(0), finish);
    },
    close() {
      stream.destroy();
    },
  };
}

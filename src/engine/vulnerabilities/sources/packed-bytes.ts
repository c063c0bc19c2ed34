import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import xz from 'xz-decompress';
import { FeedError } from '../feed-error.ts';

/** What a stream of bytes is, told by its head. */
export type ByteKind = 'sqlite' | 'zstd' | 'gzip' | 'xz' | 'tar' | 'zip' | 'other';

/** Bytes that `byteKind` looks at. */
export const HEAD_SIZE = 263;

/** Tells what bytes are. */
export function byteKind(head: Buffer): ByteKind {
  if (head.toString('latin1', 0, 15) === 'SQLite format 3') return 'sqlite';
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return 'zstd';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.toString('latin1', 0, 6) === '\u00fd7zXZ\0') return 'xz';
  if (head.toString('latin1', 0, 4) === 'PK\u0003\u0004' || head.toString('latin1', 0, 4) === 'PK\u0005\u0006')
    return 'zip';
  if (head.toString('latin1', 257, 262) === 'ustar') return 'tar';
  return 'other';
}

/** Reads a file in large pieces. */
export function fileBytes(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: 1024 * 1024 });
}

/** Unpacks a stream. Errors of the unpacker come as `FeedError`: truncated, corrupt. */
export async function* unpackedBytes(
  packed: AsyncIterable<Uint8Array>,
  kind: 'gzip' | 'zstd' | 'xz',
): AsyncGenerator<Uint8Array> {
  try {
    if (kind === 'xz') yield* xzBytes(packed);
    else yield* zlibBytes(packed, kind);
  } catch (error) {
    if (kind === 'xz' && /get_next_output|memory access|unreachable/i.test(String(error)))
      throw new FeedError('corrupt', 'the packed file (xz) cannot be unpacked: get it again', error);
    throw asUnpackError(error);
  }
}

async function* zlibBytes(packed: AsyncIterable<Uint8Array>, kind: 'gzip' | 'zstd'): AsyncGenerator<Uint8Array> {
  // Databases are packed at the highest level, which needs a window of 2^27 bytes.
  const unpacker =
    kind === 'gzip' ? createGunzip() : createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 27 } });
  const done = pipeline(Readable.from(packed), unpacker);
  done.catch(() => undefined);
  yield* unpacker as AsyncIterable<Uint8Array>;
  await done;
}

async function* xzBytes(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = packed[Symbol.asyncIterator]();
  let last = Buffer.alloc(0);
  let ended = false;
  const input = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) {
        ended = true;
        return controller.close();
      }
      last = Buffer.concat([last, next.value.subarray(-12)]).subarray(-12);
      controller.enqueue(next.value);
    },
    cancel: async () => void (await iterator.return?.()),
  });
  // The decoder takes an early end of its input for the end, or fails; a whole stream closes with this mark.
  const cutOff = (): boolean =>
    ended && !last.toString('latin1', 0, last.findLastIndex((byte) => byte !== 0) + 1).endsWith('YZ');
  const truncated = (): FeedError => new FeedError('truncated', 'the packed file ends early: get it again');
  try {
    yield* new xz.XzReadableStream(input as never) as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw cutOff() ? truncated() : error;
  }
  if (cutOff()) throw truncated();
}

/** Makes a `FeedError` of what an unpacker reports. */
export function asUnpackError(error: unknown): unknown {
  if (error instanceof FeedError) return error;
  const code = String((error as { code?: unknown }).code ?? '');
  const text = String(error);
  if (code === 'ENOSPC')
    return new FeedError('no-space', 'there is no space left to unpack the vulnerability data', error);
  if (code === 'Z_BUF_ERROR' || /unexpected end/i.test(text))
    return new FeedError('truncated', 'the archive of the vulnerability data ends early: get it again', error);
  if (
    code.startsWith('Z_') ||
    code.startsWith('ZSTD') ||
    code.startsWith('ERR_ZSTD') ||
    /XZ_|xz|lzma|unreachable/i.test(text)
  )
    return new FeedError(
      'corrupt',
      `the archive of the vulnerability data cannot be unpacked (${code}): get it again`,
      error,
    );
  return error;
}

/** Looks at the head of a stream without losing it. */
export async function withHead(
  bytes: AsyncIterable<Uint8Array>,
  size = HEAD_SIZE,
): Promise<{ head: Buffer; bytes: AsyncIterable<Uint8Array> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length < size) {
    const next = await iterator.next();
    if (next.done) break;
    parts.push(next.value);
    length += next.value.length;
  }
  const head = Buffer.concat(parts);
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head;
      for (;;) {
        const next = await iterator.next();
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { head: head.subarray(0, size), bytes: whole() };
}

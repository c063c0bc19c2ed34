import { type FileHandle, open } from 'node:fs/promises';

/** Bytes of a local file, or a part of one. */
export interface FileRange {
  path: string;
  offset: number;
  size: number;
}

const CHUNK = 256 * 1024;

/** Reads a range whole. */
export async function readRange(range: FileRange): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of streamRange(range)) parts.push(part);
  return Buffer.concat(parts);
}

/** Streams a range from `start` bytes into it. Ends early when the file does. */
export async function* streamRange(range: FileRange, start = 0, signal?: AbortSignal): AsyncIterable<Uint8Array> {
  const file: FileHandle = await open(range.path, 'r');
  try {
    for (let at = start; at < range.size; ) {
      signal?.throwIfAborted();
      const buffer = new Uint8Array(Math.min(CHUNK, range.size - at));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, range.offset + at);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}

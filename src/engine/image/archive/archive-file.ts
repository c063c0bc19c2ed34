import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { RegistryError } from '../errors.ts';

/** A tar on disk, and how to clean up after it. */
export interface ArchiveFile {
  path: string;
  close(): Promise<void>;
}

/** Largest archive after decompression, bytes. */
const MAX_SIZE = 128 * 1024 ** 3;

/** Makes an archive readable at random: itself when bare, a decompressed copy when it is gzip-compressed as a whole. */
export async function openArchiveFile(
  path: string,
  signal?: AbortSignal,
  spoolDirectory?: string,
): Promise<ArchiveFile> {
  const magic = await readMagic(path);
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) return { path, close: async () => {} };
  const folder = await mkdtemp(join(spoolDirectory ?? tmpdir(), 'windlass-archive-'));
  const copy = join(folder, 'archive.tar');
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const input = (await open(path, 'r')).createReadStream({ highWaterMark: 1024 * 1024 });
    const gunzip = createGunzip({ chunkSize: 256 * 1024 });
    await pipeline(
      input,
      gunzip,
      (source) => Readable.from(limited(source)),
      createWriteStream(copy),
      signal ? { signal } : {},
    );
  } catch (error) {
    await close();
    signal?.throwIfAborted();
    if (error instanceof RegistryError) throw error;
    throw new RegistryError('invalid', `The archive could not be decompressed: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return { path: copy, close };
}

async function* limited(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > MAX_SIZE) throw new RegistryError('too-large', 'The archive is too large when decompressed.');
    yield chunk;
  }
}

async function readMagic(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const buffer = new Uint8Array(2);
    await file.read(buffer, 0, 2, 0);
    return buffer;
  } finally {
    await file.close();
  }
}

import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { FeedError } from '../feed-error.ts';
import { tarMembers } from './untar.ts';

/** Kinds of files that a database comes in, told by their first bytes. */
export type ArchiveKind = 'sqlite' | 'zstd' | 'gzip' | 'tar';

/** Largest database that is unpacked, bytes: far above any that is published. */
const UNPACKED_LIMIT = 64 * 1024 ** 3;

/** Tells what a file is. Throws `FeedError`: truncated, unsupported-format. */
export async function archiveKind(path: string): Promise<ArchiveKind> {
  const file = await open(path, 'r');
  const head = Buffer.alloc(263);
  try {
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    if (bytesRead < 16)
      throw new FeedError('truncated', 'the file of the vulnerability database is empty or ends early');
  } finally {
    await file.close();
  }
  if (head.toString('latin1', 0, 15) === 'SQLite format 3') return 'sqlite';
  if (head.readUInt32LE(0) === 0xfd2fb528) return 'zstd';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.toString('latin1', 257, 262) === 'ustar') return 'tar';
  if (head.toString('latin1', 1, 6) === '7zXZ\0') {
    throw new FeedError(
      'unsupported-format',
      'archives packed with xz cannot be read: use a .tar.zst or .tar.gz archive, or the .db file',
    );
  }
  throw new FeedError(
    'unsupported-format',
    'the file is neither a SQLite database nor a .tar.zst, .tar.gz or .tar archive',
  );
}

/** Unpacks `vulnerability.db` of an archive to a file. Throws `FeedError`: truncated, corrupt, no-space, aborted. */
export async function unpackDatabase(
  archive: string,
  kind: Exclude<ArchiveKind, 'sqlite'>,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await pipeline(
      Readable.from(databaseBytes(packedBytes(archive, kind))),
      createWriteStream(target, { flags: 'wx' }),
      signal ? { signal } : {},
    );
  } catch (error) {
    throw asUnpackError(error, signal);
  }
  if ((await stat(target)).size === 0) throw new FeedError('corrupt', 'the archive holds an empty vulnerability.db');
}

function packedBytes(archive: string, kind: Exclude<ArchiveKind, 'sqlite'>): AsyncIterable<Uint8Array> {
  const file = createReadStream(archive, { highWaterMark: 1024 * 1024 });
  if (kind === 'tar') return file;
  // Databases are packed at the highest level, which needs a window of 2^27 bytes.
  const unpacker =
    kind === 'gzip' ? createGunzip() : createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 27 } });
  file.on('error', (error) => unpacker.destroy(error));
  return file.pipe(unpacker);
}

async function* databaseBytes(tar: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const member of tarMembers(tar)) {
    if (!member.isFile || !/(?:^|\/)vulnerability\.db$/.test(member.name)) continue;
    if (member.size > UNPACKED_LIMIT)
      throw new FeedError('corrupt', 'the archive says that its database is larger than 64 GiB');
    yield* member.data();
    return;
  }
  throw new FeedError('corrupt', 'the archive holds no vulnerability.db');
}

function asUnpackError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (error instanceof FeedError) return error;
  if (signal?.aborted) return new FeedError('aborted', 'the import of the vulnerability database was cancelled', error);
  const code = String((error as { code?: unknown }).code ?? '');
  if (code === 'ENOSPC')
    return new FeedError('no-space', 'there is no space left to unpack the vulnerability database', error);
  if (code === 'Z_BUF_ERROR' || /unexpected end/i.test(String(error))) {
    return new FeedError('truncated', 'the archive of the vulnerability database ends early: get it again', error);
  }
  if (code.startsWith('Z_') || code.startsWith('ZSTD') || code.startsWith('ERR_ZSTD')) {
    return new FeedError(
      'corrupt',
      `the archive of the vulnerability database cannot be unpacked (${code}): get it again`,
      error,
    );
  }
  return error;
}

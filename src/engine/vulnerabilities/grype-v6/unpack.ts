import { createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FeedError } from '../feed-error.ts';
import { asUnpackError, byteKind, fileBytes, HEAD_SIZE, unpackedBytes } from '../sources/packed-bytes.ts';
import { tarMembers } from './untar.ts';

/** Kinds of files that a database comes in, told by their first bytes. */
export type ArchiveKind = 'sqlite' | 'zstd' | 'gzip' | 'xz' | 'tar';

/** Largest database that is unpacked, bytes: far above any that is published. */
const UNPACKED_LIMIT = 64 * 1024 ** 3;

/** Tells what a file is. Throws `FeedError`: truncated, unsupported-format. */
export async function archiveKind(path: string): Promise<ArchiveKind> {
  const file = await open(path, 'r');
  const head = Buffer.alloc(HEAD_SIZE);
  try {
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    if (bytesRead < 16)
      throw new FeedError('truncated', 'the file of the vulnerability database is empty or ends early');
  } finally {
    await file.close();
  }
  const kind = byteKind(head);
  if (kind !== 'other' && kind !== 'zip') return kind;
  throw new FeedError(
    'unsupported-format',
    'the file is neither a SQLite database nor a .tar.zst, .tar.gz, .tar.xz or .tar archive',
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
    throw asCancelled(error, signal);
  }
  if ((await stat(target)).size === 0) throw new FeedError('corrupt', 'the archive holds an empty vulnerability.db');
}

function packedBytes(archive: string, kind: Exclude<ArchiveKind, 'sqlite'>): AsyncIterable<Uint8Array> {
  const file = fileBytes(archive);
  return kind === 'tar' ? file : unpackedBytes(file, kind);
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

function asCancelled(error: unknown, signal: AbortSignal | undefined): unknown {
  if (error instanceof FeedError) return error;
  if (signal?.aborted) return new FeedError('aborted', 'the import of the vulnerability database was cancelled', error);
  return asUnpackError(error);
}

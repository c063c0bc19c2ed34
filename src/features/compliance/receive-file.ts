import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { type ContentKind, contentKind, contradictsType, KIND_BYTES } from '#engine/compliance/index.ts';
import { badRequest } from '#shared/errors.ts';

/** A file that came with a request, compressed with Zstandard in a local file until `dispose`. */
export interface ReceivedFile {
  path: string;
  /** Bytes and digest of the file as it was sent. */
  size: number;
  sha256: string;
  kind: ContentKind;
  dispose(): Promise<void>;
}

/**
 * Takes a file of a multipart body, chunk by chunk. 400 above `maxBytes`, and when the declared type says something
 * else than the content.
 */
export async function receiveFile(
  part: { name: string; file: Readable; contentType?: string },
  options: { directory: string; maxBytes: number },
): Promise<ReceivedFile> {
  const path = join(options.directory, `compliance-${randomUUID()}`);
  const hash = createHash('sha256');
  let size = 0;
  let head = Buffer.alloc(0);
  const dispose = () => rm(path, { force: true });
  try {
    await pipeline(
      part.file,
      async function* (source) {
        for await (const chunk of source as AsyncIterable<Buffer>) {
          size += chunk.length;
          if (size > options.maxBytes)
            throw badRequest(`'${part.name}' has more than ${Math.floor(options.maxBytes / 1024 ** 2)} MB`);
          if (head.length < KIND_BYTES) head = Buffer.concat([head, chunk.subarray(0, KIND_BYTES - head.length)]);
          hash.update(chunk);
          yield chunk;
        }
      },
      createZstdCompress(),
      createWriteStream(path, { mode: 0o600 }),
    );
    const kind = contentKind(head);
    if (size > 0 && contradictsType(part.contentType, kind))
      throw badRequest(`'${part.name}' was sent as ${part.contentType}, but its content is ${WORDS[kind]}`);
    return { path, size, sha256: hash.digest('hex'), kind, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

const WORDS: Record<ContentKind, string> = { xml: 'XML', html: 'HTML', json: 'JSON', other: 'neither XML nor HTML' };

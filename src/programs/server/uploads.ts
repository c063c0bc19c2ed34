import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BodyStream } from '#platform/http/index.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { badRequest } from '#shared/errors.ts';

const IMAGE_UPLOADS = 'uploads/images/';

/** Days after which an uploaded archive goes; its analysis keeps what was found. */
const KEEP_DAYS = 2;

/** Deletes uploaded archives that have served their time. */
export async function expireUploads(objects: ObjectStore, now: Date): Promise<void> {
  const oldest = new Date(now.getTime() - KEEP_DAYS * 86_400_000).toISOString().slice(0, 10);
  for await (const { key } of objects.list(IMAGE_UPLOADS)) {
    if (key.slice(IMAGE_UPLOADS.length).slice(0, 10) < oldest) await objects.delete(key);
  }
}

/** Receives large bodies: to a local file first, so that a broken upload leaves nothing behind, then to the object store. */
export function createUploads({ objects, temporaryDirectory }: { objects: ObjectStore; temporaryDirectory: string }) {
  async function spool(bytes: Readable): Promise<{ path: string; sha256: string; size: number }> {
    const path = join(temporaryDirectory, `upload-${randomUUID()}`);
    const hash = createHash('sha256');
    let size = 0;
    try {
      await pipeline(
        bytes,
        async function* (source) {
          for await (const chunk of source as AsyncIterable<Buffer>) {
            hash.update(chunk);
            size += chunk.length;
            yield chunk;
          }
        },
        createWriteStream(path, { mode: 0o600 }),
      );
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { path, sha256: hash.digest('hex'), size };
  }

  return {
    /** An image archive; the local file lives until `dispose`, the object until its last image is analysed or expires. */
    async imageArchive(stream: BodyStream) {
      const { path, sha256, size } = await spool(stream.bytes);
      try {
        if (size === 0) throw badRequest('the archive is empty');
        // The day in the key tells housekeeping when the upload has served its time.
        const key = `${IMAGE_UPLOADS}${new Date().toISOString().slice(0, 10)}/${sha256}`;
        if ((await objects.head(key))?.size !== size) await objects.put(key, createReadStream(path));
        return { key, path, dispose: () => rm(path, { force: true }) };
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    },

    /** The file of a multipart feed upload; its sha256 must be the one the client announced. */
    async feedArchive(stream: BodyStream, checksum: string) {
      for await (const part of stream.parts()) {
        if (!part.file) continue;
        if (part.name !== 'file' && part.name !== 'archive_file') {
          part.file.resume();
          continue;
        }
        const { path, sha256 } = await spool(part.file);
        try {
          if (`sha256:${sha256}` !== checksum) {
            throw badRequest(`the uploaded file has checksum sha256:${sha256}, not ${checksum}`);
          }
          const key = `uploads/feeds/${sha256}`;
          await objects.put(key, createReadStream(path));
          return { key };
        } finally {
          await rm(path, { force: true });
        }
      }
      throw badRequest("'file' is a required property of the multipart body");
    },

    /** A local copy of an object, for readers that need a file. */
    async localCopy(key: string): Promise<{ path: string; dispose(): Promise<void> }> {
      const object = await objects.open(key);
      if (!object) throw new Error(`the uploaded file ${key} is gone from the object store`);
      const { path } = await spool(object);
      return { path, dispose: () => rm(path, { force: true }) };
    },
  };
}

export type Uploads = ReturnType<typeof createUploads>;

import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { pipeline as piped } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import type { Db } from '#platform/database/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import type { ReceivedFile } from './receive-file.ts';
import { unreferencedKeys } from './store.ts';

const PREFIX = 'compliance/';
/** Keys looked up in one statement when orphans are searched. */
const BATCH = 500;

/** Puts a received file into the object store, as it lies: compressed. The day in the key tells the sweep its age. */
export async function putObject(objects: ObjectStore, file: ReceivedFile): Promise<string> {
  const key = `${PREFIX}${new Date().toISOString().slice(0, 10)}/${randomUUID()}.zst`;
  await objects.put(key, createReadStream(file.path));
  return key;
}

/** The file as it was sent. Undefined when the object is gone. */
export async function openObject(objects: ObjectStore, key: string): Promise<Readable | undefined> {
  const stored = await objects.open(key);
  if (!stored) return undefined;
  // An error on either side ends both.
  return pipeline(stored, createZstdDecompress(), () => undefined) as unknown as Readable;
}

/** A local copy of an object, still compressed, for threads that read files. */
export async function localObject(
  objects: ObjectStore,
  key: string,
  directory: string,
): Promise<{ path: string; dispose(): Promise<void> }> {
  const stored = await objects.open(key);
  if (!stored) throw new Error(`the file ${key} is gone from the object store`);
  const path = join(directory, `compliance-${randomUUID()}`);
  const dispose = () => rm(path, { force: true });
  try {
    await piped(stored, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await dispose();
    throw error;
  }
  return { path, dispose };
}

/** Deletes files that lost their rows: with an account, an image, or an upload that broke off. Returns how many. */
export async function sweepObjects(objects: ObjectStore, db: Db, now: Date): Promise<number> {
  const day = new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10);
  let deleted = 0;
  let batch: string[] = [];
  const flush = async () => {
    for (const key of await unreferencedKeys(db, batch)) {
      await objects.delete(key);
      deleted += 1;
    }
    batch = [];
  };
  for await (const { key } of objects.list(PREFIX)) {
    if (key.slice(PREFIX.length, PREFIX.length + 10) >= day) continue;
    batch.push(key);
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  return deleted;
}

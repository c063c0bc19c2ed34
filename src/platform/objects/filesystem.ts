import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkKey, checkPrefix } from './keys.ts';
import type { ObjectStore } from './types.ts';

/** Beside the objects and on the same file system, so that a rename is atomic; no key can lie in it. */
const TEMPORARY = '.incoming';

/** Keeps objects as files below a folder. A put is written aside, synced and renamed. */
export async function openFilesystemStore(folder: string): Promise<ObjectStore> {
  const incoming = join(folder, TEMPORARY);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Left behind by a process that was killed. Several processes may share the folder: only old ones go.
  await removeOld(incoming, 24 * 3_600_000);
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  const pathOf = (key: string): string => join(folder, ...checkKey(key).split('/'));
  return {
    put: (key, body) => put(pathOf(key), join(incoming, randomUUID()), folder, body),
    get: (key) => absent(readFile(pathOf(key))),
    open: (key, range) => openFile(pathOf(key), range),
    head: async (key) => {
      const info = await absent(stat(pathOf(key)));
      return info?.isFile() ? { size: info.size } : undefined;
    },
    delete: async (key) => {
      const path = pathOf(key);
      const info = await absent(stat(path));
      if (info?.isFile()) await rm(path, { force: true });
    },
    list: (prefix) => list(folder, checkPrefix(prefix)),
    close: async () => undefined,
  };
}

async function put(path: string, temporary: string, root: string, body: Uint8Array | Readable): Promise<number> {
  try {
    await pipeline(
      body instanceof Readable ? body : [body],
      createWriteStream(temporary, { mode: 0o600, flags: 'wx' }),
    );
    const handle = await open(temporary, 'r+');
    const { size } = await handle.stat().finally(async () => {
      await handle.sync();
      await handle.close();
    });
    const created = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rename(temporary, path);
    await syncFolders(dirname(path), created ? dirname(created) : dirname(path), root);
    return size;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Makes new names durable, from the folder of the file up to the first that was there before. */
async function syncFolders(from: string, to: string, root: string): Promise<void> {
  for (let folder = from; ; folder = dirname(folder)) {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
    if (folder === to || folder === root || folder === dirname(folder)) return;
  }
}

async function openFile(
  path: string,
  range: { start: number; end?: number } | undefined,
): Promise<Readable | undefined> {
  const handle = await absent(open(path, 'r'));
  if (!handle) return undefined;
  const info = await handle.stat();
  if (!info.isFile() || (range && range.start >= info.size)) {
    await handle.close();
    return info.isFile() ? Readable.from([]) : undefined;
  }
  return createReadStream(path, { fd: handle, ...range });
}

/** Undefined instead of "no such file". */
async function absent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}

async function* list(root: string, prefix: string): AsyncIterable<{ key: string; size: number }> {
  const cut = prefix.lastIndexOf('/');
  yield* walk(root, join(root, ...prefix.slice(0, Math.max(cut, 0)).split('/')), prefix);
}

async function* walk(root: string, folder: string, prefix: string): AsyncIterable<{ key: string; size: number }> {
  const entries = (await absent(readdir(folder, { withFileTypes: true }))) ?? [];
  // S3 lists in the order of whole keys, in which a folder counts with its slash.
  const order = (entry: { name: string; isDirectory(): boolean }): string =>
    entry.name + (entry.isDirectory() ? '/' : '');
  entries.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    const key = relative(root, path).split(sep).join('/');
    if (entry.isDirectory()) {
      if (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`)) yield* walk(root, path, prefix);
    } else if (entry.isFile() && key.startsWith(prefix)) {
      const info = await absent(stat(path));
      if (info) yield { key, size: info.size };
    }
  }
}

async function removeOld(folder: string, age: number): Promise<void> {
  for (const name of (await absent(readdir(folder))) ?? []) {
    const info = await absent(stat(join(folder, name)));
    if (info && Date.now() - info.mtimeMs > age) await rm(join(folder, name), { force: true });
  }
}

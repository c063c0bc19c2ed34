import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { RegistryError } from '../errors.ts';
import { type FileRange, readRange } from './blob-files.ts';
import type { TarIndex } from './tar-index.ts';

/** Files of an image layout by name, in a tar or a directory. */
export interface LayoutFiles {
  find(name: string): Promise<FileRange | undefined>;
}

/** Largest JSON document read, bytes. */
export const MAX_DOCUMENT = 16 * 1024 * 1024;

/** Files of an indexed tar. */
export function tarFiles(index: TarIndex): LayoutFiles {
  return { find: async (name) => index.get(name) };
}

/** Files below a directory. Links that lead out of it are not followed. */
export function directoryFiles(directory: string): LayoutFiles {
  return {
    async find(name) {
      try {
        const root = await realpath(directory);
        const path = await realpath(join(root, name));
        if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
        const info = await stat(path);
        return info.isFile() ? { path, offset: 0, size: info.size } : undefined;
      } catch (error) {
        if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
        throw error;
      }
    },
  };
}

/** Reads a JSON document of a layout; undefined when it is absent. */
export async function readDocument(files: LayoutFiles, name: string): Promise<Uint8Array | undefined> {
  const range = await files.find(name);
  if (range === undefined) return undefined;
  if (range.size > MAX_DOCUMENT) throw new RegistryError('too-large', `${name} has ${range.size} bytes.`);
  return readRange(range);
}

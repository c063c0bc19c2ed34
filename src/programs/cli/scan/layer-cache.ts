import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayerCache } from '#engine/analysis/index.ts';

/** A cache of layers in a folder. */
export interface DiskLayerCache extends LayerCache {
  /** Deletes what was used least recently until the folder fits its bound. */
  trim(): Promise<void>;
}

/** Largest share of the bound that one layer may take. */
const LARGEST_SHARE = 4;

/**
 * Layer records on disk, at most `limit` bytes after `trim`. Several processes may share the folder: entries appear whole
 * or not at all, and one that vanishes costs reading its layer again. A folder that cannot be written keeps nothing.
 */
export function diskLayerCache(folder: string, limit: number): DiskLayerCache {
  const pathOf = (key: string): string => join(folder, `${key.replace(/[^0-9A-Za-z_-]/g, '_')}.layer`);
  return {
    async get(key) {
      try {
        const bytes = await readFile(pathOf(key));
        const now = new Date();
        await utimes(pathOf(key), now, now);
        return bytes;
      } catch {
        return undefined; // absent, unreadable or just removed by another process: the layer is read again
      }
    },
    async put(key, bytes) {
      if (bytes.length > limit / LARGEST_SHARE) return;
      const partial = join(folder, `.${randomUUID()}`);
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(partial, bytes);
        await rename(partial, pathOf(key));
      } catch {
        await rm(partial, { force: true });
      }
    },
    async trim() {
      const names = await readdir(folder).catch(() => []);
      const files: { path: string; size: number; used: number }[] = [];
      for (const name of names) {
        const path = join(folder, name);
        const info = await stat(path).catch(() => undefined);
        if (info?.isFile()) files.push({ path, size: info.size, used: info.mtimeMs });
      }
      let size = files.reduce((sum, file) => sum + file.size, 0);
      for (const file of files.sort((a, b) => a.used - b.used)) {
        if (size <= limit) return;
        await rm(file.path, { force: true });
        size -= file.size;
      }
    },
  };
}

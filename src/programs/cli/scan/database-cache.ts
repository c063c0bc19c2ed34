import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

/** The index that was made of a location. */
export interface CachedDatabase {
  location: string;
  checksum: string;
  /** Folder of the index. */
  directory: string;
  /** When the location was last asked, milliseconds since 1970. */
  checkedAt: number;
  /** State of a local location when it was read. */
  stamp?: string | undefined;
}

/** Indices of databases by their location. */
export interface DatabaseCache {
  folder: string;
  find(location: string): Promise<CachedDatabase | undefined>;
  store(entry: CachedDatabase): Promise<void>;
  /** Deletes indices that no location refers to any more. */
  prune(now: number): Promise<void>;
}

/** An index without an entry may be one that another process is about to note. */
const GRACE_MS = 3_600_000;

/** A cache in a folder, made on first use. Several processes may share it. */
export function databaseCache(folder: string): DatabaseCache {
  const entryPath = (location: string): string => {
    const name = /^https?:/i.test(location) ? location : resolve(location);
    return join(folder, `location-${createHash('sha256').update(name).digest('hex').slice(0, 16)}.json`);
  };
  return {
    folder,
    find: (location) => readEntry(entryPath(location)),
    async store(entry) {
      await mkdir(folder, { recursive: true });
      const partial = join(folder, `.${randomUUID()}`);
      await writeFile(partial, JSON.stringify(entry));
      await rename(partial, entryPath(entry.location));
    },
    async prune(now) {
      const names = await readdir(folder).catch(() => []);
      const used = new Set<string>();
      for (const name of names.filter((file) => /^location-.*\.json$/.test(file))) {
        const entry = await readEntry(join(folder, name));
        if (entry) used.add(basename(entry.directory));
      }
      for (const name of names) {
        if (!name.startsWith('index-') || used.has(name)) continue;
        const info = await stat(join(folder, name)).catch(() => undefined);
        if (info && now - info.mtimeMs > GRACE_MS) await rm(join(folder, name), { recursive: true, force: true });
      }
    },
  };
}

async function readEntry(path: string): Promise<CachedDatabase | undefined> {
  try {
    const entry = JSON.parse(await readFile(path, 'utf8')) as Partial<CachedDatabase> | null;
    const { location, checksum, directory, checkedAt, stamp } = entry ?? {};
    if (
      typeof location !== 'string' ||
      typeof checksum !== 'string' ||
      typeof directory !== 'string' ||
      typeof checkedAt !== 'number'
    )
      return undefined;
    return { location, checksum, directory, checkedAt, ...(typeof stamp === 'string' ? { stamp } : {}) };
  } catch {
    return undefined; // absent or damaged: the database is fetched again
  }
}

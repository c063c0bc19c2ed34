import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/*
 * A folder as one file: zstd over a sequence of entries, each a JSON line {path, mode, size} (size absent for a
 * folder) followed by the bytes. Only for files of our own making; a tar reader for foreign input lies in the engine.
 */
interface Entry {
  path: string;
  mode: number;
  size?: number;
}

/** Packs a folder. Sorted, so that equal folders give equal archives. */
export function packFolder(folder: string, level = 19): Buffer {
  const parts: Buffer[] = [];
  const names = (readdirSync(folder, { recursive: true }) as string[]).sort();
  for (const path of names) {
    const info = statSync(join(folder, path));
    const entry: Entry = { path, mode: info.mode & 0o777, ...(info.isFile() ? { size: info.size } : {}) };
    parts.push(Buffer.from(`${JSON.stringify(entry)}\n`));
    if (info.isFile()) parts.push(readFileSync(join(folder, path)));
  }
  return zstdCompressSync(Buffer.concat(parts), {
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_enableLongDistanceMatching]: 1 },
  });
}

/** Unpacks into a folder that does not exist yet. @param durable sync every file to the disk */
export function unpackFolder(archive: Uint8Array, folder: string, durable: boolean): void {
  const bytes = zstdDecompressSync(archive);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let position = 0;
  while (position < bytes.length) {
    const end = bytes.indexOf(10, position);
    const entry = JSON.parse(bytes.toString('utf8', position, end)) as Entry;
    position = end + 1;
    const path = join(folder, entry.path);
    if (entry.size === undefined) {
      mkdirSync(path, { recursive: true, mode: entry.mode });
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeWhole(path, bytes.subarray(position, position + entry.size), entry.mode, durable);
    position += entry.size;
  }
}

function writeWhole(path: string, bytes: Uint8Array, mode: number, durable: boolean): void {
  const handle = openSync(path, 'w', mode);
  try {
    writeFileSync(handle, bytes);
    if (durable) fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

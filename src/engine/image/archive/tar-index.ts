import { open } from 'node:fs/promises';
import { cleanPath, type TarEntry, type TarProblem, TarWalker } from '../../formats/tar/index.ts';
import { RegistryError } from '../errors.ts';
import type { FileRange } from './blob-files.ts';

/** Files of a tar by name, with where their bytes lie. Links have been followed. */
export type TarIndex = ReadonlyMap<string, FileRange>;

const BLOCK = 512;
const READ = 64 * 1024;
const MAX_ENTRIES = 200_000;
const MAX_LINKS = 16;

/**
 * Lists a tar file without reading the content of its files. Names have no leading `/` or `./`.
 * `truncated` tells that the file ends before the tar does. Throws `RegistryError` (`invalid`) when it is no tar.
 */
export async function indexTar(path: string, signal?: AbortSignal): Promise<{ index: TarIndex; truncated: boolean }> {
  const files = new Map<string, FileRange>();
  const links = new Map<string, string>();
  let position = 0;
  let problem: TarProblem | undefined;
  const walker: TarWalker = new TarWalker({
    entry(entry: TarEntry) {
      const clean = cleanPath(entry.name);
      if ('rejected' in clean) return false;
      const name = clean.path.slice(1);
      files.delete(name);
      links.delete(name);
      if (entry.type === 'file' && !entry.sparse) files.set(name, { path, offset: position + BLOCK, size: entry.size });
      else if (entry.type === 'symlink') links.set(name, Buffer.from(entry.link).toString('utf8'));
      else if (entry.type === 'hardlink') links.set(name, `/${Buffer.from(entry.link).toString('utf8')}`);
      return false;
    },
    data() {},
    entryEnd() {},
    problem(found) {
      problem ??= found;
    },
  });
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const buffer = new Uint8Array(READ);
    let start = 0;
    let filled = 0;
    while (position < size && !walker.ended) {
      signal?.throwIfAborted();
      if (walker.entries > MAX_ENTRIES) throw new RegistryError('too-large', 'The archive has too many entries.');
      if (position < start || position + BLOCK > start + filled) {
        start = position;
        filled = (await file.read(buffer, 0, READ, position)).bytesRead;
        if (filled < BLOCK) break;
      }
      walker.write(buffer.subarray(position - start, position - start + BLOCK));
      position += BLOCK;
      while (walker.skippable > 0) {
        const count = walker.skippable;
        walker.skip(count);
        position += count;
      }
    }
    walker.end();
    if (walker.entries === 0) throw new RegistryError('invalid', 'The file is not a tar archive.');
    const truncated = position > size || problem !== undefined;
    for (const name of links.keys()) {
      const target = follow(name, files, links);
      if (target !== undefined) files.set(name, target);
    }
    return { index: files, truncated };
  } finally {
    await file.close();
  }
}

/** `docker save` writes a layer that occurs twice as a link to the first. */
function follow(
  name: string,
  files: ReadonlyMap<string, FileRange>,
  links: ReadonlyMap<string, string>,
): FileRange | undefined {
  let at = name;
  for (let i = 0; i < MAX_LINKS; i++) {
    const link = links.get(at);
    if (link === undefined) return undefined;
    const joined = link.startsWith('/') ? link : `${at.slice(0, at.lastIndexOf('/') + 1)}${link}`;
    const clean = cleanPath(Buffer.from(joined));
    if ('rejected' in clean) return undefined;
    at = clean.path.slice(1);
    const found = files.get(at);
    if (found !== undefined) return found;
  }
  return undefined;
}

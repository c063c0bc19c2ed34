import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileRange } from '../formats/elf/code-ranges.ts';
import type { FileContent } from '../image/types.ts';

/** Files up to this size are kept in memory while they are read, bytes. */
export const MEMORY_LIMIT = 16 * 1024 * 1024;

/** Random access to bytes in memory. */
export function memoryContent(bytes: Uint8Array): FileContent {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    bytes: () => bytes,
  };
}

/**
 * Collects one file after the other and gives random access to each, in memory or, when large, in an unnamed file below
 * `directory`. Memory and file are used again for the next one: content is valid until `begin` is called again.
 */
export class ContentStore {
  readonly #directory: string;
  #memory = new Uint8Array(0);
  #fd = -1;
  #spooled = false;
  #filled = 0;
  #size = 0;
  #holes: readonly FileRange[] = [];

  constructor(directory: string = tmpdir()) {
    this.#directory = directory;
  }

  /** Starts a file of `size` bytes. Of a large one the `holes` (ascending) are not stored and read as zeros. */
  begin(size: number, holes: () => readonly FileRange[]): void {
    this.#filled = 0;
    this.#size = size;
    this.#spooled = size > MEMORY_LIMIT;
    if (this.#spooled) {
      this.#holes = holes();
      if (this.#fd < 0) this.#fd = openUnnamed(this.#directory);
    } else if (this.#memory.length < size) {
      this.#memory = new Uint8Array(Math.min(MEMORY_LIMIT, Math.max(size, this.#memory.length * 2, 256 * 1024)));
    }
  }

  write(chunk: Uint8Array): void {
    const part = this.#filled + chunk.length > this.#size ? chunk.subarray(0, this.#size - this.#filled) : chunk;
    if (this.#spooled) this.#spool(part);
    else this.#memory.set(part, this.#filled);
    this.#filled += part.length;
  }

  /** What was written since `begin`. */
  content(): FileContent {
    if (!this.#spooled) return memoryContent(this.#memory.subarray(0, this.#filled));
    ftruncateSync(this.#fd, this.#filled); // the end may lie in a hole
    const size = this.#filled;
    const fd = this.#fd;
    const readInto = (offset: number, target: Uint8Array): number => {
      const wanted = Math.max(0, Math.min(target.length, size - offset));
      let at = 0;
      while (at < wanted) {
        const n = readSync(fd, target, at, wanted - at, offset + at);
        if (n === 0) break;
        at += n;
      }
      return at;
    };
    const read = (offset: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      return bytes.subarray(0, readInto(offset, bytes));
    };
    return { size, read, readInto, bytes: () => read(0, size) };
  }

  /** The file is done with: frees disk space, keeps what the next one can use. */
  end(): void {
    if (this.#spooled) ftruncateSync(this.#fd, 0);
    this.#spooled = false;
  }

  /** Frees everything. */
  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
    this.#memory = new Uint8Array(0);
  }

  #spool(part: Uint8Array): void {
    const start = this.#filled;
    let at = 0;
    for (const hole of this.#holes) {
      const from = Math.min(part.length, Math.max(at, hole.offset - start));
      const to = Math.min(part.length, hole.offset + hole.size - start);
      if (to <= from) continue;
      this.#put(part, at, from);
      at = to;
    }
    this.#put(part, at, part.length);
  }

  #put(part: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; ) at += writeSync(this.#fd, part, at, to - at, this.#filled + at);
  }
}

/** A file without a name cannot outlive the process, however that ends. */
function openUnnamed(directory: string): number {
  const folder = mkdtempSync(join(directory, 'windlass-spool-'));
  try {
    return openSync(join(folder, 'file'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanPath, type TarEntry, type TarHandler, TarWalker } from '../formats/tar/index.ts';
import { detectCompression, InflateError, type Inflater, MAGIC_LENGTH, openInflater } from './inflate.ts';

/** One file of a layer, complete. Its content may be read once, during the call that it is given to. */
export interface LayerFile {
  path: string;
  size: number;
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Larger files wait on disk. */
const IN_MEMORY = 4 << 20;
/** Compressed bytes between two looks at what came out of them: bounds what waits in memory. */
const SLICE = 64 << 10;

/**
 * Reads a layer once more for the contents of some of its files, by clean path: each is given to `use`, and the layer waits
 * until that is done. A damaged layer ends early: its analysis has said so. Rejects when the source or `use` does.
 */
export async function readLayerFiles(
  blob: AsyncIterable<Uint8Array>,
  wanted: ReadonlySet<string>,
  use: (file: LayerFile) => Promise<void>,
  options: { spoolDirectory?: string; signal?: AbortSignal } = {},
): Promise<void> {
  const directory = mkdtempSync(join(options.spoolDirectory ?? tmpdir(), 'layer-files-'));
  const taker = new FileTaker(wanted, directory);
  const reader = new LayerStream(taker);
  try {
    for await (const chunk of blob) {
      for (let at = 0; at < chunk.length; at += SLICE) {
        options.signal?.throwIfAborted();
        reader.write(chunk.subarray(at, at + SLICE));
        for (let file = taker.done.shift(); file; file = taker.done.shift()) await use(file);
        if (reader.ended || taker.missing.size === 0) return;
      }
    }
    reader.end();
    for (let file = taker.done.shift(); file; file = taker.done.shift()) await use(file);
  } finally {
    reader.close();
    taker.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Decompresses a layer into a tar walker; what is damaged ends it. */
class LayerStream {
  ended = false;
  readonly #walker: TarWalker;
  #magic: Uint8Array = new Uint8Array(0);
  #inflater: Inflater | undefined;
  #begun = false;

  constructor(handler: TarHandler) {
    this.#walker = new TarWalker(handler);
  }

  write(chunk: Uint8Array): void {
    if (this.#begun) {
      this.#pass(chunk);
      return;
    }
    this.#magic = Buffer.concat([this.#magic, chunk]);
    if (this.#magic.length >= MAGIC_LENGTH) this.#begin();
  }

  end(): void {
    if (!this.#begun) this.#begin();
    this.#guard(() => this.#inflater?.end());
    this.#walker.end();
  }

  close(): void {
    this.#inflater?.close();
  }

  #begin(): void {
    this.#begun = true;
    const compression = detectCompression(this.#magic);
    if (compression === 'gzip' || compression === 'zstd')
      this.#inflater = openInflater(compression, (bytes) => this.#walker.write(bytes));
    else if (compression !== 'none') this.ended = true;
    this.#pass(this.#magic);
  }

  #pass(chunk: Uint8Array): void {
    if (this.ended) return;
    this.#guard(() => (this.#inflater ? this.#inflater.write(chunk) : this.#walker.write(chunk)));
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof InflateError)) throw error;
      this.ended = true;
    }
  }
}

/** Keeps the contents of wanted entries until they are complete. */
class FileTaker implements TarHandler {
  readonly done: LayerFile[] = [];
  readonly missing: Set<string>;
  readonly #directory: string;
  #path = '';
  #size = 0;
  #chunks: Buffer[] = [];
  #spool: { name: string; fd: number } | undefined;
  #spooled = 0;

  constructor(wanted: ReadonlySet<string>, directory: string) {
    this.missing = new Set(wanted);
    this.#directory = directory;
  }

  entry(entry: TarEntry): boolean {
    if (entry.type !== 'file') return false;
    const clean = cleanPath(entry.name);
    if ('rejected' in clean || !this.missing.has(clean.path)) return false;
    this.#path = clean.path;
    this.#size = 0;
    this.#chunks = [];
    if (entry.size > IN_MEMORY) {
      const name = join(this.#directory, String(this.#spooled++));
      this.#spool = { name, fd: openSync(name, 'wx', 0o600) };
    }
    return true;
  }

  data(chunk: Uint8Array): void {
    this.#size += chunk.length;
    if (this.#spool) writeSync(this.#spool.fd, chunk);
    else this.#chunks.push(Buffer.from(chunk));
  }

  entryEnd(complete: boolean): void {
    const spool = this.#spool;
    if (spool) closeSync(spool.fd);
    this.#spool = undefined;
    if (!complete) return;
    this.missing.delete(this.#path);
    const content = spool ? fromDisk(spool.name) : this.#chunks;
    this.done.push({ path: this.#path, size: this.#size, content });
    this.#chunks = [];
  }

  problem(): void {
    // The analysis has listed what is wrong with the layer.
  }

  close(): void {
    if (this.#spool) closeSync(this.#spool.fd);
  }
}

async function* fromDisk(name: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(name, { highWaterMark: 256 << 10 });
  rmSync(name, { force: true });
}

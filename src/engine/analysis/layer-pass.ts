import { createHash, hash } from 'node:crypto';
import type { Analyzer, AnalyzerSettings } from '../analyzers/types.ts';
import { cleanPath, type TarEntry, type TarHandler, type TarProblem, TarWalker } from '../formats/tar/index.ts';
import type { Digest } from '../model/digest.ts';
import { EntryWriter } from './entry-writer.ts';
import { FileSink } from './file-sink.ts';
import { factsOfLinks, findLateLinks, type LateLinks } from './hard-links.ts';
import {
  type Compression,
  detectCompression,
  InflateError,
  type Inflater,
  MAGIC_LENGTH,
  openInflater,
} from './inflate.ts';
import { LayerChanges } from './layer-changes.ts';
import type { LayerFact, LayerRecord } from './layer-record.ts';
import { type AnalysisLimits, DEFAULT_LIMITS } from './limits.ts';
import { ProblemList, pathText } from './problem-list.ts';

/** How a layer is read. */
export interface LayerPassOptions {
  analyzers: readonly Analyzer[];
  settings: AnalyzerSettings;
  /** Compute digests of every regular file. */
  hashFiles: boolean;
  limits?: AnalysisLimits;
  spoolDirectory?: string;
  /**
   * Second pass over a layer whose hard links have names that analyzers want, but whose content went by under a name
   * that they did not: entries with content, and the links to read each under.
   */
  late?: LateLinks;
}

/**
 * One pass over the bytes of a layer: blob digest, decompression, digest of the tar, entries, digests of files, facts of
 * analyzers. Push in compressed bytes with `write`, then call `end` for the record. Bad input never throws; it makes the
 * record incomplete and adds a problem.
 */
export class LayerPass implements TarHandler {
  /** Uncompressed bytes so far. */
  rawSize = 0;
  /** Compressed bytes so far. */
  size = 0;

  readonly #options: LayerPassOptions;
  readonly #limits: AnalysisLimits;
  readonly #blobHash = createHash('sha256');
  readonly #rawHash = createHash('sha256');
  readonly #walker = new TarWalker(this);
  readonly #writer = new EntryWriter();
  readonly #problems = new ProblemList();
  readonly #facts: LayerFact[] = [];
  readonly #changes = new LayerChanges(this.#problems);
  readonly #selected = new Map<number, Set<string>>();
  readonly #sink: FileSink;
  readonly #lateSinks: FileSink[] = [];
  readonly #deadline: number;
  #magic: Uint8Array = new Uint8Array(0);
  #compression: Compression | undefined;
  #inflater: Inflater | undefined;
  #stopped = false;
  #entry = -1;
  #fileSize = 0;
  #fileHash: ReturnType<typeof createHash> | undefined;
  #fileDigest: Uint8Array | undefined;

  constructor(options: LayerPassOptions) {
    this.#options = options;
    this.#limits = options.limits ?? DEFAULT_LIMITS;
    this.#sink = new FileSink(options.analyzers, options.settings, options.spoolDirectory);
    this.#deadline = performance.now() + this.#limits.layerTimeMs;
  }

  /** The next bytes of the blob. */
  write(chunk: Uint8Array): void {
    this.#blobHash.update(chunk);
    this.size += chunk.length;
    if (this.#stopped) return;
    if (this.#compression !== undefined) {
      this.#inflate(chunk);
      return;
    }
    if (this.#magic.length === 0 && chunk.length >= MAGIC_LENGTH) {
      this.#begin(chunk);
      return;
    }
    this.#magic = Buffer.concat([this.#magic, chunk]);
    if (this.#magic.length >= MAGIC_LENGTH) this.#begin(this.#magic);
  }

  /** Ends the blob. `incomplete` says why bytes are missing, when the source failed. */
  end(incomplete?: string): LayerRecord {
    if (this.#compression === undefined) this.#begin(this.#magic);
    if (incomplete !== undefined) {
      this.#problems.add('layer-unreadable', `The layer could not be read to its end: ${incomplete}`);
      this.#stopped = true;
    }
    if (!this.#stopped) {
      this.#attempt(() => this.#inflater?.end());
      // zstd does not tell a cut stream from a whole one; a tar without its end mark does.
      if (!this.#stopped && this.#compression === 'zstd' && !this.#walker.sawEnd && this.rawSize > 0) {
        this.#problems.add('layer-truncated', 'The layer has no end-of-archive mark: it may have been cut short.');
      }
    }
    this.#walker.end();
    this.close();
    const entries = this.#writer.finish();
    if (this.#options.late === undefined) {
      const { analyzers, settings } = this.#options;
      this.#facts.push(...factsOfLinks(entries, this.#facts, analyzers, settings));
    }
    const problems = this.#problems.finish();
    const digest = `sha256:${this.#blobHash.digest('hex')}` as Digest;
    return {
      format: 1,
      digest,
      diffId: this.#inflater === undefined ? digest : (`sha256:${this.#rawHash.digest('hex')}` as Digest),
      compression: this.#compression ?? 'none',
      size: this.size,
      rawSize: this.rawSize,
      entryCount: this.#walker.entries,
      entries,
      whiteouts: this.#changes.whiteouts,
      opaques: this.#changes.opaques,
      facts: this.#facts,
      complete: !problems.some((problem) => problem.severity === 'partial'),
      problems,
    };
  }

  /** Frees native state and temporary files; `end` does so too. */
  close(): void {
    this.#inflater?.close();
    this.#sink.close();
  }

  /** Links that need a second pass over the same blob: see `LayerPassOptions.late`. Call after `end`. */
  lateLinks(record: LayerRecord): LateLinks {
    const { analyzers, settings } = this.#options;
    return findLateLinks(record.entries, this.#selected, analyzers, settings);
  }

  entry(entry: TarEntry): boolean {
    if (this.#stopped) return false;
    if (this.#walker.entries > this.#limits.layerEntries) {
      return this.#stop(
        'layer-limit',
        `The layer has more than ${this.#limits.layerEntries} entries; the rest is unread.`,
      );
    }
    const clean = cleanPath(entry.name);
    if ('rejected' in clean) return this.#reject(entry.name, clean.rejected);
    const { path } = clean;
    if (clean.lossy)
      this.#problems.add('name-not-utf8', 'A name is not UTF-8 and is shown with replacement marks.', path, 'note');
    if (this.#changes.take(path, entry)) return false;
    let linkPath: string | undefined;
    if (entry.type === 'hardlink') {
      const target = cleanPath(entry.link);
      if ('rejected' in target) return this.#reject(entry.name, target.rejected);
      linkPath = target.path;
    }
    const row = {
      path,
      type: entry.type,
      mode: entry.mode,
      uid: entry.uid >>> 0,
      gid: entry.gid >>> 0,
      size: entry.size,
    };
    const isLink = entry.type === 'symlink' || entry.type === 'hardlink';
    this.#entry = this.#writer.add(isLink ? { ...row, link: lossyText(entry.link) } : row, linkPath);
    return entry.type === 'file' && this.#startFile(path, entry);
  }

  data(chunk: Uint8Array): void {
    if (this.#stopped) return;
    if (this.#options.hashFiles) {
      if (chunk.length === this.#fileSize) this.#fileDigest = hash('sha256', chunk, 'buffer');
      else {
        this.#fileHash ??= createHash('sha256');
        this.#fileHash.update(chunk);
      }
    }
    if (this.#lateSinks.length > 0) for (const sink of this.#lateSinks) sink.write(chunk);
    else this.#sink.write(chunk);
  }

  entryEnd(complete: boolean): void {
    if (this.#options.late !== undefined) {
      this.#endLate(complete);
      return;
    }
    if (this.#options.hashFiles && complete) {
      const digest = this.#fileDigest ?? this.#fileHash?.digest() ?? hash('sha256', '', 'buffer');
      this.#writer.setDigests(this.#entry, digest);
    }
    const { facts, problems } = this.#sink.end(complete && !this.#stopped);
    for (const fact of facts) {
      this.#facts.push({ ...fact, entry: this.#entry });
      const known = this.#selected.get(this.#entry);
      if (known) known.add(fact.analyzer);
      else this.#selected.set(this.#entry, new Set([fact.analyzer]));
    }
    for (const problem of problems) this.#problems.push(problem);
  }

  problem(problem: TarProblem): void {
    // The reason for stopping is listed already; that the tar ends there follows from it.
    if (this.#stopped && problem.code === 'tar-truncated') return;
    const path = problem.name === undefined ? undefined : pathText(problem.name);
    const code = problem.code === 'tar-truncated' ? 'layer-truncated' : `layer-${problem.code}`;
    this.#problems.add(code, problem.message, path);
  }

  #begin(first: Uint8Array): void {
    this.#compression = detectCompression(first);
    if (this.#compression === 'gzip' || this.#compression === 'zstd') {
      this.#inflater = openInflater(this.#compression, (chunk) => this.#raw(chunk));
    } else if (this.#compression !== 'none') {
      this.#stop(
        'layer-compression',
        `Layers compressed with ${this.#compression} cannot be read; its files are missing.`,
      );
      return;
    }
    if (first.length > 0) this.#inflate(first);
  }

  #inflate(chunk: Uint8Array): void {
    if (this.#inflater === undefined) this.#raw(chunk);
    else this.#attempt(() => this.#inflater?.write(chunk));
    if (this.#stopped) return;
    if (performance.now() > this.#deadline) {
      this.#stop('layer-limit', 'Reading the layer took too long; the rest is unread.');
    }
  }

  #raw(chunk: Uint8Array): void {
    if (this.#stopped) return;
    this.rawSize += chunk.length;
    if (this.rawSize > this.#limits.layerBytes) {
      this.#stop('layer-limit', `The layer has more than ${this.#limits.layerBytes} bytes; the rest is unread.`);
      return;
    }
    if (this.rawSize > this.#limits.ratioFloor && this.rawSize > this.size * this.#limits.ratio) {
      const grown = `The layer grows more than ${this.#limits.ratio}-fold when decompressed; the rest is unread.`;
      this.#stop('layer-limit', grown);
      return;
    }
    // A bare layer is its own tar: one digest is enough.
    if (this.#inflater !== undefined) this.#rawHash.update(chunk);
    this.#walker.write(chunk);
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof InflateError)) throw error;
      this.#stop(error.truncated ? 'layer-truncated' : 'layer-corrupt', `${error.message} What follows is missing.`);
    }
  }

  #stop(code: string, message: string): false {
    this.#problems.add(code, message);
    this.#stopped = true;
    return false;
  }

  #reject(name: Uint8Array, reason: 'escape' | 'nul' | 'too-long'): false {
    const why = { escape: 'leads out of the image', nul: 'contains a NUL byte', 'too-long': 'is too long' }[reason];
    const code = reason === 'escape' ? 'path-escape' : 'path-invalid';
    this.#problems.add(code, `An entry was rejected because its name or target ${why}.`, pathText(name));
    return false;
  }

  #startFile(path: string, entry: TarEntry): boolean {
    if (
      entry.size > this.#limits.fileBytes ||
      this.rawSize + (entry.sparse ? entry.size : 0) > this.#limits.layerBytes
    ) {
      this.#problems.add(
        'file-too-large',
        `The file has ${entry.size} bytes, too many to read; its content is unknown.`,
        path,
      );
      return false;
    }
    this.#fileSize = entry.size;
    this.#fileHash = undefined;
    this.#fileDigest = undefined;
    if (this.#options.late === undefined) {
      this.#sink.start(path, entry.size, entry.mode);
      return true;
    }
    const links = this.#options.late.get(this.#entry);
    this.#lateSinks.length = 0;
    for (const link of links ?? []) {
      const sink = new FileSink(this.#options.analyzers, this.#options.settings, this.#options.spoolDirectory);
      sink.start(link.path, entry.size, entry.mode, link.skip);
      this.#lateSinks.push(sink);
    }
    return this.#lateSinks.length > 0;
  }

  #endLate(complete: boolean): void {
    const links = this.#options.late?.get(this.#entry) ?? [];
    for (const [i, sink] of this.#lateSinks.entries()) {
      const { facts, problems } = sink.end(complete);
      sink.close();
      for (const fact of facts) if (fact.by === 'name') this.#facts.push({ ...fact, entry: links[i]!.entry });
      for (const problem of problems) this.#problems.push(problem);
    }
    this.#lateSinks.length = 0;
  }
}

function lossyText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

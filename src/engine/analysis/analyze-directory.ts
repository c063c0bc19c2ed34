import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync, type Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { analyzers as allAnalyzers } from '../analyzers/index.ts';
import type { TarEntryType } from '../formats/tar/index.ts';
import { manifestAnalyzer, withoutInstalledTwice } from '../manifests/index.ts';
import type { Analysis } from '../model/analysis.ts';
import { type AnalyzeOptions, collectEvidence, sortProblems } from './analyze-image.ts';
import { EntryWriter } from './entry-writer.ts';
import { FileSink } from './file-sink.ts';
import { analyzerSetVersion } from './layer-codec.ts';
import type { LayerFact, LayerRecord } from './layer-record.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { ProblemList } from './problem-list.ts';

const CHUNK = 256 * 1024;
const SLASH = Buffer.from('/');
const EMPTY = `sha256:${'0'.repeat(64)}` as const;

/**
 * Analyses a directory as if it were the file system of an image: its top is `/`. Links are recorded, and followed only
 * inside the tree; nothing outside is read. Lock files and manifests count unless the tree is the root of a system. Files that cannot be read are problems. Throws when `path` is no directory.
 */
export async function analyzeDirectory(
  path: string,
  options: Omit<AnalyzeOptions, 'cache' | 'pool'>,
): Promise<Analysis> {
  const all = options.analyzers ?? [...allAnalyzers, manifestAnalyzer];
  const analyzers = all.filter((analyzer) => !options.packagesOnly || analyzer.kind === 'packages');
  const walk = new DirectoryWalk(path, { ...options, analyzers });
  const record = await walk.run();
  const result = await collectEvidence({ records: [record], summaries: [] }, analyzers, options, undefined, () => {});
  return {
    schema: 1,
    analyzerVersion: analyzerSetVersion(all),
    source: { kind: 'directory', name: path },
    layers: [],
    ...result.evidence,
    ...withoutInstalledTwice(result.evidence.packages, result.evidence.relationships),
    ...(options.packagesOnly ? {} : { files: [...result.tree.nodes()] }),
    problems: sortProblems(result.problems),
  };
}

/** A place in the tree: names of files are bytes, which need not be UTF-8. */
interface Place {
  /** Where it is in the file system. */
  real: Buffer;
  /** Absolute in the tree, as text; empty for its top. */
  path: string;
}

class DirectoryWalk {
  readonly #top: Place;
  readonly #options: Omit<AnalyzeOptions, 'cache' | 'pool'>;
  readonly #sink: FileSink;
  readonly #writer = new EntryWriter();
  readonly #facts: LayerFact[] = [];
  readonly #problems = new ProblemList();
  /** Analyzers that had a fact of the content, by file: a file with several names is one. */
  readonly #inodes = new Map<string, Set<string>>();
  readonly #buffer = new Uint8Array(CHUNK);
  #bytes = 0;

  constructor(top: string, options: Omit<AnalyzeOptions, 'cache' | 'pool'>) {
    this.#top = { real: Buffer.from(top), path: '' };
    this.#options = options;
    this.#sink = new FileSink(options.analyzers ?? [], options.settings, options.spoolDirectory);
  }

  async run(): Promise<LayerRecord> {
    try {
      return await this.#walk();
    } finally {
      this.#sink.close();
    }
  }

  async #walk(): Promise<LayerRecord> {
    const limits = { ...DEFAULT_LIMITS, ...this.#options.limits };
    const pending = [this.#top];
    for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
      this.#options.signal?.throwIfAborted();
      for (const name of (await this.#names(place)).sort(Buffer.compare).reverse()) {
        if (this.#writer.count >= limits.layerEntries) {
          this.#problems.add(
            'layer-limit',
            `The directory has more than ${limits.layerEntries} entries; the rest is unread.`,
          );
          return this.#record();
        }
        const child = this.#below(place, name);
        if (await this.#visit(child, limits.fileBytes)) pending.push(child);
      }
    }
    return this.#record();
  }

  async #names({ real, path }: Place): Promise<Buffer[]> {
    try {
      return await readdir(real, { encoding: 'buffer' });
    } catch (error) {
      if (path === '') throw error;
      this.#unreadable(path, error);
      return [];
    }
  }

  #below({ real, path }: Place, name: Buffer): Place {
    const child = { real: Buffer.concat([real, SLASH, name]), path: `${path}/${name.toString('utf8')}` };
    if (!isUtf8(name))
      this.#problems.add(
        'name-not-utf8',
        'A name is not UTF-8 and is shown with replacement marks.',
        child.path,
        'note',
      );
    return child;
  }

  /** Records one path; true when it is a directory to go into. */
  async #visit({ real, path }: Place, largest: number): Promise<boolean> {
    try {
      const info = await lstat(real);
      const type = entryType(info);
      if (type === undefined) return false;
      const base = {
        path,
        type,
        mode: info.mode & 0o7777,
        uid: info.uid,
        gid: info.gid,
        size: type === 'file' ? info.size : 0,
      };
      if (type === 'symlink') this.#writer.add({ ...base, link: await readlink(real) });
      else if (type === 'file') this.#file(real, base, info, largest);
      else this.#writer.add(base);
      return type === 'directory';
    } catch (error) {
      this.#unreadable(path, error);
      return false;
    }
  }

  #file(
    real: Buffer,
    base: { path: string; type: TarEntryType; mode: number; uid: number; gid: number; size: number },
    info: Stats,
    largest: number,
  ): void {
    const key = `${info.dev}:${info.ino}`;
    const known = (info.nlink > 1 && this.#inodes.get(key)) || new Set<string>();
    if (info.nlink > 1) this.#inodes.set(key, known);
    // Each name of a hard-linked file is read: here that costs nothing but time, and every name counts.
    const entry = this.#writer.add(base);
    if (info.size > largest) {
      this.#problems.add('file-too-large', `The file has ${info.size} bytes, too many to read.`, base.path);
      return;
    }
    const fd = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      this.#read(fd, base, entry, known);
    } finally {
      closeSync(fd);
    }
  }

  #read(
    fd: number,
    { path, size, mode }: { path: string; size: number; mode: number },
    entry: number,
    known: Set<string>,
  ): void {
    const hash = this.#options.packagesOnly ? undefined : createHash('sha256');
    this.#sink.start(path, size, mode);
    let at = 0;
    while (at < size) {
      const n = readSync(fd, this.#buffer, 0, Math.min(CHUNK, size - at), at);
      if (n === 0) break;
      const chunk = this.#buffer.subarray(0, n);
      hash?.update(chunk);
      this.#sink.write(chunk);
      at += n;
      this.#bytes += n;
    }
    if (hash) this.#writer.setDigests(entry, hash.digest());
    const { facts, problems } = this.#sink.end(at === size);
    for (const fact of facts) {
      if (fact.by === 'content' && known.has(fact.analyzer)) continue;
      if (fact.by === 'content') known.add(fact.analyzer);
      this.#facts.push({ ...fact, entry });
    }
    for (const problem of problems) this.#problems.push(problem);
    if (at < size) this.#problems.add('file-unreadable', 'The file became shorter while it was read.', path);
  }

  #unreadable(path: string, error: unknown): void {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    this.#problems.add('file-unreadable', `It could not be read (${code}); what it holds is missing.`, path);
  }

  #record(): LayerRecord {
    const problems = this.#problems.finish();
    return {
      format: 1,
      digest: EMPTY,
      diffId: EMPTY,
      compression: 'none',
      size: this.#bytes,
      rawSize: this.#bytes,
      entryCount: this.#writer.count,
      entries: this.#writer.finish(),
      whiteouts: [],
      opaques: [],
      facts: this.#facts,
      complete: !problems.some((problem) => problem.severity === 'partial'),
      problems,
    };
  }
}

function entryType(info: Stats): TarEntryType | undefined {
  if (info.isFile()) return 'file';
  if (info.isDirectory()) return 'directory';
  if (info.isSymbolicLink()) return 'symlink';
  if (info.isCharacterDevice()) return 'character-device';
  if (info.isBlockDevice()) return 'block-device';
  return info.isFIFO() ? 'fifo' : undefined;
}

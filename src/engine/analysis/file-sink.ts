import type { Analyzer, AnalyzerSettings } from '../analyzers/types.ts';
import { codeRanges } from '../formats/elf/code-ranges.ts';
import type { FileContent, FileHead, FileReader } from '../image/types.ts';
import type { Problem } from '../model/problem.ts';
import { ContentStore, memoryContent } from './spool.ts';

/** Bytes that analyzers see before they choose. */
export const HEAD_SIZE = 4096;

const NOTHING = new Uint8Array(0);

/** What analyzers made of one file. */
export interface SinkResult {
  facts: { analyzer: string; by: 'name' | 'content'; fact: unknown }[];
  problems: Problem[];
}

interface StreamReader {
  analyzer: Analyzer;
  writer: { write(chunk: Uint8Array): void; end(): unknown };
}

interface WholeReader {
  analyzer: Analyzer;
  reader: Extract<FileReader<unknown>, { kind: 'whole' }>;
}

/**
 * Feeds one file at a time to the analyzers that select it. Reused for all files of a layer: nothing is allocated for
 * a file that nobody wants, and a file that comes in one piece is read where it lies. An analyzer that throws costs its
 * own fact, and a problem.
 */
export class FileSink {
  readonly #analyzers: readonly Analyzer[];
  readonly #settings: AnalyzerSettings;
  readonly #store: ContentStore;
  #file: FileHead = { path: '', size: 0, mode: 0, head: NOTHING };
  #skip: ReadonlySet<string> | undefined;
  readonly #headBytes = new Uint8Array(HEAD_SIZE);
  #headFilled = 0;
  #chosen = false;
  /** The whole file, when it came in one piece. */
  #piece: Uint8Array | undefined;
  #stored = false;
  #streams: StreamReader[] = [];
  #wholes: WholeReader[] = [];
  #result: SinkResult = { facts: [], problems: [] };

  constructor(analyzers: readonly Analyzer[], settings: AnalyzerSettings, spoolDirectory?: string) {
    this.#analyzers = analyzers;
    this.#settings = settings;
    this.#store = new ContentStore(spoolDirectory);
  }

  /** Begins a file. Analyzers named in `skip` are not asked. */
  start(path: string, size: number, mode: number, skip?: ReadonlySet<string>): void {
    this.#file = { path, size, mode, head: NOTHING };
    this.#skip = skip;
    this.#headFilled = 0;
    this.#chosen = false;
    this.#piece = undefined;
    this.#stored = false;
    if (this.#streams.length > 0) this.#streams = [];
    if (this.#wholes.length > 0) this.#wholes = [];
    this.#result = { facts: [], problems: [] };
  }

  /** The next bytes of the file. They must stay as they are until the next `write` or `end`. */
  write(chunk: Uint8Array): void {
    if (this.#chosen) {
      this.#pass(chunk);
      return;
    }
    const wanted = Math.min(HEAD_SIZE, this.#file.size);
    if (this.#headFilled === 0 && chunk.length >= wanted) {
      if (chunk.length === this.#file.size) this.#piece = chunk;
      this.#choose(chunk.subarray(0, wanted));
      this.#pass(chunk);
      return;
    }
    const n = Math.min(wanted - this.#headFilled, chunk.length);
    this.#headBytes.set(chunk.subarray(0, n), this.#headFilled);
    this.#headFilled += n;
    if (this.#headFilled < wanted) return;
    const head = this.#headBytes.subarray(0, wanted);
    this.#choose(head);
    this.#pass(head);
    if (n < chunk.length) this.#pass(chunk.subarray(n));
  }

  /** Ends the file and returns what was found. An incomplete file gives no facts. */
  end(complete: boolean): SinkResult {
    if (!this.#chosen && complete) this.#choose(this.#headBytes.subarray(0, this.#headFilled));
    for (const { analyzer, writer } of this.#streams) {
      if (complete) this.#guard(analyzer, () => this.#keep(analyzer, writer.end()));
    }
    if (this.#wholes.length > 0 && complete) {
      const content = this.#content();
      for (const { analyzer, reader } of this.#wholes) {
        this.#guard(analyzer, () => this.#keep(analyzer, reader.read(content, this.#file)));
      }
    }
    if (this.#stored) this.#store.end();
    return this.#result;
  }

  /** Frees memory and disk. */
  close(): void {
    this.#store.close();
  }

  #content(): FileContent {
    return this.#stored ? this.#store.content() : memoryContent(this.#piece ?? NOTHING);
  }

  #choose(head: Uint8Array): void {
    this.#chosen = true;
    const file = this.#file;
    file.head = head;
    for (const analyzer of this.#analyzers) {
      if (this.#skip?.has(analyzer.name)) continue;
      let reader: FileReader<unknown> | undefined;
      try {
        reader = analyzer.select(file, this.#settings);
      } catch (error) {
        this.#failed(analyzer, error);
      }
      if (reader !== undefined) this.#open(analyzer, reader);
    }
    // Readers see the head again when the file has ended: by then its memory may hold something else.
    if (this.#piece === undefined)
      file.head = this.#streams.length + this.#wholes.length > 0 ? new Uint8Array(head) : NOTHING;
    if (this.#wholes.length === 0 || this.#piece !== undefined || file.size === 0) return;
    this.#stored = true;
    const codeMatters = this.#wholes.some(({ reader }) => !reader.ignoresCode);
    this.#store.begin(file.size, () => (codeMatters ? [] : codeRanges(head)));
  }

  #open(analyzer: Analyzer, reader: FileReader<unknown>): void {
    const file = this.#file;
    if (reader.kind === 'stream') {
      const { open } = reader;
      this.#guard(analyzer, () => this.#streams.push({ analyzer, writer: open(file) }));
    } else if (file.size > reader.limit) {
      this.#result.problems.push({
        code: 'file-too-large',
        message: `The file has ${file.size} bytes, more than the ${reader.limit} that are read; what it lists is missing.`,
        severity: 'partial',
        path: file.path,
        source: analyzer.name,
      });
    } else this.#wholes.push({ analyzer, reader });
  }

  #pass(chunk: Uint8Array): void {
    if (this.#stored) this.#store.write(chunk);
    for (let i = 0; i < this.#streams.length; i++) {
      const { analyzer, writer } = this.#streams[i]!;
      if (!this.#guard(analyzer, () => writer.write(chunk))) this.#streams.splice(i--, 1);
    }
  }

  #keep(analyzer: Analyzer, fact: unknown): void {
    if (fact === undefined) return;
    const by = selectsByName(analyzer, this.#file, this.#settings) ? 'name' : 'content';
    this.#result.facts.push({ analyzer: analyzer.name, by, fact });
  }

  #guard(analyzer: Analyzer, action: () => void): boolean {
    try {
      action();
      return true;
    } catch (error) {
      this.#failed(analyzer, error);
      return false;
    }
  }

  #failed(analyzer: Analyzer, error: unknown): void {
    this.#result.problems.push({
      code: 'analyzer-failed',
      message: `Reading the file failed: ${error instanceof Error ? error.message : String(error)}; what it lists is missing.`,
      severity: 'partial',
      path: this.#file.path,
      source: analyzer.name,
    });
  }
}

/** True when an analyzer wants a file whatever its content. */
export function selectsByName(
  analyzer: Analyzer,
  file: { path: string; size: number; mode: number },
  settings: AnalyzerSettings,
): boolean {
  try {
    const { path, size, mode } = file;
    return analyzer.select({ path, size, mode, head: NOTHING }, settings) !== undefined;
  } catch {
    return false; // the same call with the real head reports it
  }
}

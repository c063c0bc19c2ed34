import { Extensions, isExtension } from './extensions.ts';
import { BLOCK, checksumHolds, entryType, isZeroBlock, numberField, parseHeader, type RawHeader } from './header.ts';
import { isSound, MAX_SEGMENTS, readGnuPairs, SparseExpander, type SparseMap, SparseMapReader } from './sparse.ts';
import type { TarEntry, TarHandler, TarProblem } from './types.ts';

/** Largest extended header or long name read; larger ones are skipped with a problem. */
const MAX_METADATA = 4 * 1024 * 1024;
const NONE = new Uint8Array(0);

type State = 'header' | 'metadata' | 'data' | 'padding' | 'sparse-headers' | 'sparse-map' | 'end';

/**
 * Push parser of tar streams: v7, ustar, star, GNU (long names, base-256, old sparse files) and PAX (extended and global
 * headers, sparse 0.0, 0.1 and 1.0). Content is passed on as views of the given chunks, never copied. It throws nothing:
 * what cannot be read is reported, and a corrupt header ends the walk, since nothing after it can be trusted.
 */
export class TarWalker {
  /** True once the two zero blocks were met. */
  sawEnd = false;
  /** Entries given to the handler. */
  entries = 0;

  readonly #handler: TarHandler;
  #state: State = 'header';
  readonly #block = new Uint8Array(BLOCK);
  #filled = 0;
  #zeroBlocks = 0;
  #remaining = 0;
  #padding = 0;
  #wanted = false;
  #metadata: Uint8Array | undefined;
  #metadataFlag = 0;
  readonly #extensions = new Extensions();
  #pending: RawHeader | undefined;
  #sparse: SparseMap | undefined;
  #mapReader: SparseMapReader | undefined;
  #expander: SparseExpander | undefined;

  constructor(handler: TarHandler) {
    this.#handler = handler;
  }

  /** Feeds the next bytes. */
  write(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      switch (this.#state) {
        case 'header':
        case 'sparse-headers':
          at = this.#takeBlock(chunk, at);
          break;
        case 'data':
          at = this.#takeData(chunk, at);
          break;
        case 'metadata':
          at = this.#takeMetadata(chunk, at);
          break;
        case 'sparse-map':
          at = this.#takeSparseMap(chunk, at);
          break;
        case 'padding': {
          const n = Math.min(this.#padding, chunk.length - at);
          this.#padding -= n;
          at += n;
          if (this.#padding === 0) this.#state = 'header';
          break;
        }
        case 'end':
          return; // anything after the end mark is padding
      }
    }
  }

  /** Bytes that come next and that nobody wants: a caller that can seek may pass over them with `skip`. */
  get skippable(): number {
    if (this.#state === 'padding') return this.#padding;
    return this.#state === 'data' && !this.#wanted ? this.#remaining : 0;
  }

  /** Passes over `count` bytes, at most `skippable`. */
  skip(count: number): void {
    if (this.#state === 'padding') {
      this.#padding -= count;
      if (this.#padding === 0) this.#state = 'header';
    } else {
      this.#remaining -= count;
      if (this.#remaining === 0) this.#endData();
    }
  }

  /** True when nothing after this point is read. */
  get ended(): boolean {
    return this.#state === 'end';
  }

  /** The stream is over. */
  end(): void {
    if (this.#state === 'end') return;
    const between = this.#state === 'header' && this.#filled === 0 && !this.#extensions.pending;
    if (this.#state === 'data' && this.#wanted) this.#handler.entryEnd(false);
    // A missing end mark alone is common and harmless; so is missing padding of the last entry.
    if (!between && this.#state !== 'padding')
      this.#fail('tar-truncated', 'The tar stream ends in the middle of an entry.');
    this.#state = 'end';
  }

  #takeBlock(chunk: Uint8Array, at: number): number {
    let source = chunk;
    let from = at;
    let next = at + BLOCK;
    if (this.#filled > 0 || chunk.length - at < BLOCK) {
      const n = Math.min(BLOCK - this.#filled, chunk.length - at);
      this.#block.set(chunk.subarray(at, at + n), this.#filled);
      this.#filled += n;
      next = at + n;
      if (this.#filled < BLOCK) return next;
      this.#filled = 0;
      source = this.#block;
      from = 0;
    }
    if (this.#state === 'sparse-headers') this.#sparseHeader(source, from);
    else this.#header(source, from);
    return next;
  }

  #header(bytes: Uint8Array, at: number): void {
    if (bytes[at] === 0 && bytes[at + 148] === 0 && isZeroBlock(bytes, at)) {
      if (++this.#zeroBlocks === 2) {
        this.sawEnd = true;
        this.#state = 'end';
      }
      return;
    }
    this.#zeroBlocks = 0;
    if (!checksumHolds(bytes, at)) {
      this.#stop('A header does not have the checksum that it claims; the rest is unread.');
      return;
    }
    const header = parseHeader(bytes, at);
    if (!(header.size >= 0)) {
      this.#stop('A header has an invalid size; the rest is unread.');
      return;
    }
    const flag = header.flag;
    if (isExtension(flag)) {
      this.#beginMetadata(header);
      return;
    }
    if (flag === 0x53) {
      // More blocks may follow before the entry begins, and overwrite this one.
      this.#pending = { ...header, name: new Uint8Array(header.name), link: new Uint8Array(header.link) };
      const segments: number[] = [];
      readGnuPairs(bytes, at + 386, 4, segments);
      this.#sparse = { segments, realSize: numberField(bytes, at + 483, 12) };
      if (bytes[at + 482] !== 0) this.#state = 'sparse-headers';
      else this.#beginEntry(header);
      return;
    }
    this.#beginEntry(header);
  }

  #sparseHeader(bytes: Uint8Array, at: number): void {
    const segments = this.#sparse!.segments;
    readGnuPairs(bytes, at, 21, segments);
    if (segments.length > MAX_SEGMENTS * 2) {
      this.#stop('A sparse file has too many segments; the rest is unread.');
      return;
    }
    if (bytes[at + 504] === 0) this.#beginEntry(this.#pending!);
  }

  #beginMetadata(header: RawHeader): void {
    this.#metadataFlag = header.flag;
    this.#remaining = header.size;
    this.#padding = padding(header.size);
    this.#metadata = undefined;
    if (header.size <= MAX_METADATA) this.#metadata = new Uint8Array(header.size);
    else
      this.#fail('tar-metadata-too-large', 'An extended header is too large and was skipped: a name may be cut short.');
    this.#state = 'metadata';
    if (header.size === 0) this.#endMetadata();
  }

  #takeMetadata(chunk: Uint8Array, at: number): number {
    const n = Math.min(this.#remaining, chunk.length - at);
    this.#metadata?.set(chunk.subarray(at, at + n), this.#metadata.length - this.#remaining);
    this.#remaining -= n;
    if (this.#remaining === 0) this.#endMetadata();
    return at + n;
  }

  #endMetadata(): void {
    this.#state = this.#padding > 0 ? 'padding' : 'header';
    const bytes = this.#metadata;
    this.#metadata = undefined;
    if (bytes === undefined) return;
    if (!this.#extensions.take(this.#metadataFlag, bytes)) {
      this.#stop('An extended header is malformed; the rest is unread.');
    }
  }

  #beginEntry(header: RawHeader): void {
    const extensions = this.#extensions;
    const extended = extensions.hasRecords;
    const name =
      (extended ? (extensions.record('GNU.sparse.name') ?? extensions.record('path')) : undefined) ??
      extensions.longName ??
      header.name;
    const link = (extended ? extensions.record('linkpath') : undefined) ?? extensions.longLink ?? header.link;
    const type = entryType(header.flag, name);
    let stored = extended ? extensions.number('size', header.size) : header.size;
    if (!(stored >= 0) || !Number.isSafeInteger(stored)) {
      this.#stop('An entry has an invalid size; the rest is unread.');
      return;
    }
    // Links, devices and directories have no content whatever their size field says; D entries do.
    if (type !== 'file' && type !== undefined && header.flag !== 0x44) stored = 0;
    if (extended && type === 'file') this.#paxSparse();
    this.#remaining = stored;
    this.#padding = padding(stored);
    this.#pending = undefined;
    const entry: TarEntry = {
      type: type ?? 'file',
      name,
      link: type === 'symlink' || type === 'hardlink' ? link : NONE,
      mode: header.mode,
      uid: extended ? number0(extensions.number('uid', header.uid)) : header.uid,
      gid: extended ? number0(extensions.number('gid', header.gid)) : header.gid,
      size: this.#sparse?.realSize ?? (type === 'file' ? stored : 0),
      mtime: extended ? number0(extensions.number('mtime', header.mtime)) : header.mtime,
      deviceMajor: header.deviceMajor,
      deviceMinor: header.deviceMinor,
      sparse: this.#sparse !== undefined,
    };
    const xattrs = extended ? extensions.xattrs() : undefined;
    if (xattrs !== undefined) entry.xattrs = xattrs;
    const inlineMap = this.#mapReader !== undefined;
    extensions.reset();
    if (this.#sparse !== undefined && !inlineMap && !isSound(this.#sparse, stored)) {
      this.#fail('tar-sparse-invalid', 'The map of a sparse file is invalid; its content is unread.', name);
      this.#sparse = undefined;
      this.#wanted = false;
      this.#afterHeader();
      return;
    }
    this.entries++;
    this.#wanted = type !== undefined && this.#handler.entry(entry);
    if (this.#sparse !== undefined && this.#wanted && !inlineMap) {
      this.#expander = new SparseExpander(this.#sparse, (part) => this.#handler.data(part));
    }
    this.#afterHeader();
  }

  #afterHeader(): void {
    this.#state = this.#mapReader !== undefined ? 'sparse-map' : 'data';
    if (this.#remaining === 0) this.#endData();
  }

  /** Recognises the three PAX ways to write a sparse file. */
  #paxSparse(): void {
    const extensions = this.#extensions;
    if (extensions.sparseNumbers === undefined) return;
    const realSize = extensions.number('GNU.sparse.realsize', extensions.number('GNU.sparse.size', Number.NaN));
    if (Number.isNaN(realSize)) return;
    if (extensions.number('GNU.sparse.major', 0) >= 1) {
      this.#mapReader = new SparseMapReader();
      this.#sparse = { segments: this.#mapReader.segments, realSize };
      return;
    }
    const map = extensions.record('GNU.sparse.map');
    const segments = map ? Buffer.from(map).toString('latin1').split(',').map(Number) : extensions.sparseNumbers;
    this.#sparse = { segments, realSize };
  }

  #takeSparseMap(chunk: Uint8Array, at: number): number {
    const reader = this.#mapReader!;
    const end = Math.min(chunk.length, at + this.#remaining);
    if (!reader.done && !reader.failed) {
      const next = reader.read(chunk, at, end);
      this.#remaining -= next - at;
      if (this.#remaining === 0) this.#endData();
      return next;
    }
    // The map is padded to whole blocks; data follows.
    const skip = reader.failed ? this.#remaining : padding(reader.consumed);
    const n = Math.min(skip, end - at);
    reader.consumed += n;
    this.#remaining -= n;
    if (!reader.failed && padding(reader.consumed) === 0) this.#startMappedData();
    if (this.#remaining === 0) this.#endData();
    return at + n;
  }

  #startMappedData(): void {
    this.#mapReader = undefined;
    this.#state = 'data';
    const sparse = this.#sparse!;
    if (isSound(sparse, this.#remaining)) {
      if (this.#wanted) this.#expander = new SparseExpander(sparse, (part) => this.#handler.data(part));
    } else this.#dropSparse();
  }

  #dropSparse(): void {
    this.#fail('tar-sparse-invalid', 'The map of a sparse file is invalid; its content is unread.');
    if (this.#wanted) this.#handler.entryEnd(false);
    this.#wanted = false;
    this.#sparse = undefined;
  }

  #takeData(chunk: Uint8Array, at: number): number {
    const n = Math.min(this.#remaining, chunk.length - at);
    if (this.#wanted) {
      const part = n === chunk.length ? chunk : chunk.subarray(at, at + n);
      if (this.#expander !== undefined) this.#expander.write(part);
      else this.#handler.data(part);
    }
    this.#remaining -= n;
    if (this.#remaining === 0) this.#endData();
    return at + n;
  }

  #endData(): void {
    if (this.#mapReader !== undefined) {
      this.#mapReader = undefined;
      this.#dropSparse();
    }
    this.#expander?.end();
    if (this.#wanted) this.#handler.entryEnd(true);
    this.#expander = undefined;
    this.#sparse = undefined;
    this.#wanted = false;
    this.#state = this.#padding > 0 ? 'padding' : 'header';
  }

  #stop(message: string): void {
    this.#fail('tar-corrupt', message);
    this.#state = 'end';
  }

  #fail(code: TarProblem['code'], message: string, name?: Uint8Array): void {
    this.#handler.problem(name === undefined ? { code, message } : { code, message, name });
  }
}

function padding(size: number): number {
  const over = size % BLOCK;
  return over === 0 ? 0 : BLOCK - over;
}

function number0(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

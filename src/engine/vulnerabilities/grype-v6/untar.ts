import { FeedError } from '../feed-error.ts';

const BLOCK = 512;

/** A member of a tar stream. Its data must be read before the next member is asked for. */
export interface TarMember {
  name: string;
  size: number;
  isFile: boolean;
  data(): AsyncGenerator<Uint8Array>;
}

/** Reads exactly as much as asked for from a stream of chunks. */
class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Up to `limit` bytes, empty at the end. */
  async some(limit: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return this.#rest;
      this.#rest = next.value;
    }
    const taken = this.#rest.subarray(0, limit);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** Gives up what was not read. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** `size` bytes, or fewer at the end. */
  async exactly(size: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    let missing = size;
    while (missing > 0) {
      const part = await this.some(missing);
      if (part.length === 0) break;
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }
}

/** Members of a tar archive (POSIX ustar, pax and GNU long names). Throws `FeedError`: truncated, corrupt. */
export async function* tarMembers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarMember> {
  const source = new ByteSource(chunks);
  try {
    yield* membersOf(source);
  } finally {
    await source.close();
  }
}

async function* membersOf(source: ByteSource): AsyncGenerator<TarMember> {
  let longName = '';
  for (;;) {
    const header = await source.exactly(BLOCK);
    if (header.length === 0 || header.every((byte) => byte === 0)) return;
    if (header.length < BLOCK) throw truncated();
    checkSum(header);
    const size = number(header, 124, 12);
    const type = String.fromCharCode(header[156] ?? 0);
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (type === 'x' || type === 'L' || type === 'g') {
      if (size > 1024 * 1024)
        throw new FeedError('corrupt', 'the archive of the vulnerability database has an oversized header');
      const text = (await source.exactly(size + padding)).subarray(0, size).toString('utf8');
      if (type === 'L') longName = text.replace(/\0.*$/s, '');
      if (type === 'x') longName = /(?:^|\n)[0-9]+ path=([^\n]*)/.exec(text)?.[1] ?? longName;
      continue;
    }
    let left = size;
    const member: TarMember = {
      name: longName === '' ? shortName(header) : longName,
      size,
      isFile: type === '0' || type === '\0',
      async *data() {
        while (left > 0) {
          const part = await source.some(left);
          if (part.length === 0) throw truncated();
          left -= part.length;
          yield part;
        }
      },
    };
    longName = '';
    yield member;
    for await (const _ of member.data());
    await source.exactly(padding);
  }
}

/** Name with the prefix that ustar keeps apart; GNU archives have other things in its place. */
function shortName(header: Buffer): string {
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? field(header, 345, 155) : '';
  return prefix === '' ? field(header, 0, 100) : `${prefix}/${field(header, 0, 100)}`;
}

function truncated(): FeedError {
  return new FeedError('truncated', 'the archive of the vulnerability database ends early: get it again');
}

function field(header: Buffer, start: number, length: number): string {
  return header.toString('utf8', start, start + length).replace(/\0.*$/s, '');
}

function number(header: Buffer, start: number, length: number): number {
  if ((header[start] ?? 0) & 0x80) {
    let value = 0;
    for (let i = start + length - 8; i < start + length; i++) value = value * 256 + (header[i] ?? 0);
    return value;
  }
  const value = Number.parseInt(field(header, start, length).trim() || '0', 8);
  if (Number.isNaN(value))
    throw new FeedError('corrupt', 'the archive of the vulnerability database is no tar archive');
  return value;
}

function checkSum(header: Buffer): void {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : (header[i] ?? 0);
  if (sum !== number(header, 148, 8))
    throw new FeedError('corrupt', 'the archive of the vulnerability database is no tar archive');
}

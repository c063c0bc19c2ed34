/** Most entries and bytes of data that rpm itself accepts in a header. */
const MAX_ENTRIES = 0xffff;
const MAX_DATA = 256 * 1024 * 1024;

/** rpm data types. */
const INT8 = 2;
const INT16 = 3;
const INT32 = 4;
const INT64 = 5;
const STRING = 6;
const BINARY = 7;
const STRING_ARRAY = 8;
const I18N_STRING = 9;

interface IndexEntry {
  type: number;
  offset: number;
  count: number;
}

/** Raw header of one package: tag values by number. Getters give undefined for tags that are absent or malformed. */
export interface RpmHeader {
  has(tag: number): boolean;
  /** First string of a string, string array or translated string. */
  text(tag: number): string | undefined;
  texts(tag: number): string[] | undefined;
  /** Integers of any width; 64-bit values above 2^53 lose precision. */
  numbers(tag: number): number[] | undefined;
  number(tag: number): number | undefined;
  bytes(tag: number): Uint8Array | undefined;
}

/**
 * Opens a header as databases store it: number of index entries, number of data bytes (both 32 bit big endian), 16 bytes
 * per entry, data. Databases leave out the eight bytes of magic that package files have; both forms are read.
 * Undefined when the counts do not fit the blob. Entries behind the immutable region override those inside.
 */
export function openHeader(blob: Uint8Array): RpmHeader | undefined {
  const buffer = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  const start = buffer.length >= 16 && buffer.readUInt32BE(0) === 0x8eade801 ? 8 : 0;
  if (buffer.length < start + 8) return undefined;
  const entries = buffer.readUInt32BE(start);
  const size = buffer.readUInt32BE(start + 4);
  const dataStart = start + 8 + entries * 16;
  if (entries === 0 || entries > MAX_ENTRIES || size > MAX_DATA || dataStart + size > buffer.length) return undefined;
  const index = new Map<number, IndexEntry>();
  for (let i = 0; i < entries; i++) {
    const at = start + 8 + i * 16;
    const tag = buffer.readUInt32BE(at);
    if (tag >= 61 && tag <= 63) continue;
    index.set(tag, {
      type: buffer.readUInt32BE(at + 4),
      offset: buffer.readUInt32BE(at + 8),
      count: buffer.readUInt32BE(at + 12),
    });
  }
  return new HeaderView(index, buffer.subarray(dataStart, dataStart + size));
}

class HeaderView implements RpmHeader {
  readonly #index: Map<number, IndexEntry>;
  readonly #data: Buffer;

  constructor(index: Map<number, IndexEntry>, data: Buffer) {
    this.#index = index;
    this.#data = data;
  }

  has(tag: number): boolean {
    return this.#index.has(tag);
  }

  text(tag: number): string | undefined {
    return this.#strings(tag, 1)?.[0];
  }

  texts(tag: number): string[] | undefined {
    return this.#strings(tag, Number.POSITIVE_INFINITY);
  }

  number(tag: number): number | undefined {
    return this.numbers(tag)?.[0];
  }

  numbers(tag: number): number[] | undefined {
    const entry = this.#index.get(tag);
    const width = entry && { [INT8]: 1, [INT16]: 2, [INT32]: 4, [INT64]: 8 }[entry.type];
    if (!entry || !width || entry.offset + entry.count * width > this.#data.length) return undefined;
    const values = new Array<number>(entry.count);
    for (let i = 0; i < entry.count; i++) {
      const at = entry.offset + i * width;
      values[i] = width === 8 ? Number(this.#data.readBigUInt64BE(at)) : this.#data.readUIntBE(at, width);
    }
    return values;
  }

  bytes(tag: number): Uint8Array | undefined {
    const entry = this.#index.get(tag);
    if (entry?.type !== BINARY || entry.offset + entry.count > this.#data.length) return undefined;
    return this.#data.subarray(entry.offset, entry.offset + entry.count);
  }

  #strings(tag: number, limit: number): string[] | undefined {
    const entry = this.#index.get(tag);
    if (!entry || (entry.type !== STRING && entry.type !== STRING_ARRAY && entry.type !== I18N_STRING))
      return undefined;
    const count = Math.min(entry.type === STRING ? 1 : entry.count, limit);
    const values: string[] = [];
    let at = entry.offset;
    while (values.length < count) {
      const end = at < this.#data.length ? this.#data.indexOf(0, at) : -1;
      if (end < 0) return undefined;
      values.push(this.#data.toString('utf8', at, end));
      at = end + 1;
    }
    return values;
  }
}

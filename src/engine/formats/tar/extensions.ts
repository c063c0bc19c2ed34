import { type PaxRecords, parsePax, paxNumber } from './pax.ts';

/** Type flags of records that describe the entry after them (or, `g`, all entries after them). */
const LONG_NAME = 0x4c;
const LONG_LINK = 0x4b;
const PAX = 0x78;
const SOLARIS_PAX = 0x58;
const GLOBAL_PAX = 0x67;

/** True for the flag of an extension: GNU long name or link, PAX header (POSIX or Solaris), PAX global header. */
export function isExtension(flag: number): boolean {
  return flag === LONG_NAME || flag === LONG_LINK || flag === PAX || flag === SOLARIS_PAX || flag === GLOBAL_PAX;
}

/** What extensions say about the next entry. */
export class Extensions {
  longName: Uint8Array | undefined;
  longLink: Uint8Array | undefined;
  #pax: PaxRecords | undefined;
  readonly #global = new Map<string, Uint8Array>();

  /** True when an entry must be given next. */
  get pending(): boolean {
    return this.#pax !== undefined;
  }

  /** True when records may differ from what the header says. */
  get hasRecords(): boolean {
    return this.#pax !== undefined || this.#global.size > 0;
  }

  /** Takes the content of an extension; false when it is malformed. */
  take(flag: number, bytes: Uint8Array): boolean {
    if (flag === LONG_NAME) this.longName = untilNul(bytes);
    else if (flag === LONG_LINK) this.longLink = untilNul(bytes);
    else {
      const records = parsePax(bytes);
      if (records === undefined) return false;
      if (flag !== GLOBAL_PAX) this.#pax = records;
      else for (const [key, value] of records.values) this.#global.set(key, value);
    }
    return true;
  }

  /** The entry has been given: what was said about it alone is over. */
  reset(): void {
    this.longName = undefined;
    this.longLink = undefined;
    this.#pax = undefined;
  }

  /** A record of the entry's own extended header, else of the global one; an empty value cancels. */
  record(key: string): Uint8Array | undefined {
    const value = this.#pax?.values.get(key) ?? (this.#global.size > 0 ? this.#global.get(key) : undefined);
    return value !== undefined && value.length > 0 ? value : undefined;
  }

  /** The same as a number, NaN when it is none. */
  number(key: string, fallback: number): number {
    const value = this.record(key);
    return value === undefined ? fallback : paxNumber(value);
  }

  /** Offsets and lengths that PAX sparse format 0.0 repeats; undefined without an own extended header. */
  get sparseNumbers(): number[] | undefined {
    return this.#pax?.sparseNumbers;
  }

  /** Extended attributes (`SCHILY.xattr.*`) of the entry. */
  xattrs(): Map<string, Uint8Array> | undefined {
    let found: Map<string, Uint8Array> | undefined;
    for (const [key, value] of this.#pax?.values ?? []) {
      if (!key.startsWith('SCHILY.xattr.')) continue;
      found ??= new Map();
      found.set(key.slice('SCHILY.xattr.'.length), value);
    }
    return found;
  }
}

function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

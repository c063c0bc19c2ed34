import type { FileContent } from '../../image/types.ts';
import { parseRpmPackage } from './package.ts';
import type { RpmDatabase } from './types.ts';

/** Magic number of a Berkeley DB hash file, at byte 12 in the byte order of the machine that wrote it. */
const HASH_MAGIC = 0x061561;

const PAGE_HEADER = 26;
const HASH_PAGES: ReadonlySet<number> = new Set([2, 13]);
const OVERFLOW_PAGE = 7;
const ON_PAGE = 1;
const OFF_PAGE = 3;

/** No header is larger: rpm's own limit for header data. */
const MAX_VALUE = 256 * 1024 * 1024;
/** The record with key 0 holds a counter of four bytes; anything as short as that is no header. */
const MIN_HEADER = 24;

/** Byte order of a Berkeley DB hash file, or undefined when the first bytes are not those of one. */
export function bdbByteOrder(head: Uint8Array): 'little' | 'big' | undefined {
  if (head.length < 16) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(12, true) === HASH_MAGIC) return 'little';
  return view.getUint32(12) === HASH_MAGIC ? 'big' : undefined;
}

interface BdbFile {
  content: FileContent;
  little: boolean;
  pageSize: number;
  pageCount: number;
}

/**
 * Reads the `Packages` file of rpm up to 4.15: a Berkeley DB hash whose values are headers, mostly on overflow pages.
 * Pages are read in file order, not through the buckets, so that damage in one place does not hide the rest.
 */
export function readBdbDatabase(content: FileContent): RpmDatabase {
  const database: RpmDatabase = { backend: 'bdb', packages: [], errors: [] };
  const file = openFile(content, database.errors);
  if (!file) return database;
  for (let number = 1; number < file.pageCount; number++) {
    const page = readPage(file, number);
    if (!page || !HASH_PAGES.has(page.getUint8(25))) continue;
    for (const value of pageValues(file, number, page, database.errors)) {
      const parsed = parseRpmPackage(value);
      if (parsed) database.packages.push(parsed);
      else database.errors.push(`page ${number}: value is no package header`);
    }
  }
  return database;
}

function openFile(content: FileContent, errors: string[]): BdbFile | undefined {
  const head = content.read(0, 512);
  const order = bdbByteOrder(head);
  if (!order || head.length < 76) {
    errors.push('the header is no Berkeley DB hash header');
    return undefined;
  }
  const little = order === 'little';
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const pageSize = view.getUint32(20, little);
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0)
    errors.push(`bad page size ${pageSize}`);
  else if (view.getUint8(24) !== 0) errors.push('the database is encrypted');
  else {
    const stated = view.getUint32(32, little) + 1;
    const present = Math.floor(content.size / pageSize);
    if (present < stated) errors.push(`the file ends after page ${present - 1} of ${stated - 1}`);
    return { content, little, pageSize, pageCount: Math.min(present, stated) };
  }
  return undefined;
}

function readPage(file: BdbFile, number: number): DataView | undefined {
  if (number < 1 || number >= file.pageCount) return undefined;
  const bytes = file.content.read(number * file.pageSize, file.pageSize);
  return bytes.length === file.pageSize ? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) : undefined;
}

/** Values of a hash page. Items alternate between key and value; they fill the page from its end. */
function* pageValues(file: BdbFile, number: number, page: DataView, errors: string[]): Generator<Uint8Array> {
  const { little, pageSize } = file;
  const count = Math.min(page.getUint16(20, little), Math.floor((pageSize - PAGE_HEADER) / 2));
  const offset = (item: number): number => page.getUint16(PAGE_HEADER + 2 * item, little);
  for (let item = 1; item < count; item += 2) {
    const at = offset(item);
    const end = offset(item - 1);
    if (at < PAGE_HEADER || at >= pageSize || end > pageSize || end <= at) {
      errors.push(`page ${number}: item ${item} lies outside of the page`);
      continue;
    }
    const kind = page.getUint8(at);
    if (kind === ON_PAGE && end - at > MIN_HEADER) yield bytesOf(page).subarray(at + 1, end);
    if (kind !== OFF_PAGE || at + 12 > pageSize) continue;
    const value = overflowValue(file, page.getUint32(at + 4, little), page.getUint32(at + 8, little));
    if (value) yield value;
    else errors.push(`page ${number}: overflow pages of item ${item} are broken`);
  }
}

/** Follows a chain of overflow pages. Undefined when it is shorter or longer than stated, or circular. */
function overflowValue(file: BdbFile, first: number, size: number): Uint8Array | undefined {
  if (size > MAX_VALUE || size > file.content.size) return undefined;
  const value = new Uint8Array(size);
  const visited = new Set<number>();
  let at = 0;
  for (let number = first; number !== 0; ) {
    const page = visited.has(number) ? undefined : readPage(file, number);
    if (page?.getUint8(25) !== OVERFLOW_PAGE) return undefined;
    visited.add(number);
    const length = page.getUint16(22, file.little);
    if (PAGE_HEADER + length > file.pageSize || at + length > size) return undefined;
    value.set(bytesOf(page).subarray(PAGE_HEADER, PAGE_HEADER + length), at);
    at += length;
    number = page.getUint32(16, file.little);
  }
  return at === size ? value : undefined;
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

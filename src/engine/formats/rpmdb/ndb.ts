import type { FileContent } from '../../image/types.ts';
import { parseRpmPackage } from './package.ts';
import type { RpmDatabase } from './types.ts';

const HEADER_MAGIC = 'RpmP';
const SLOT_MAGIC = 'Slot';
const BLOB_START = 'BlbS';
const BLOB_END = 'BlbE';

const SLOT = 16;
const SLOT_PAGE = 4096;
const BLOCK = 16;
const BLOB_HEAD = 16;
const BLOB_TAIL = 12;
const MAX_SLOT_PAGES = 65_536;

/** True when the first bytes are those of a `Packages.db` file. */
export function isNdb(head: Uint8Array): boolean {
  return magicAt(head, 0) === HEADER_MAGIC;
}

/**
 * Reads the "new database" of rpm (SUSE): slot pages that name blobs, each a header between a head and a tail with an
 * Adler-32 checksum. All numbers are little endian.
 */
export function readNdbDatabase(content: FileContent): RpmDatabase {
  const database: RpmDatabase = { backend: 'ndb', packages: [], errors: [] };
  const head = content.read(0, 32);
  if (head.length < 32 || !isNdb(head)) {
    database.errors.push('the header is no header of an ndb file');
    return database;
  }
  const slotPages = numberAt(head, 12);
  if (slotPages === 0 || slotPages > MAX_SLOT_PAGES) {
    database.errors.push(`bad number of slot pages ${slotPages}`);
    return database;
  }
  const slots = content.read(0, slotPages * SLOT_PAGE);
  if (slots.length < slotPages * SLOT_PAGE) database.errors.push('slot pages are cut off');
  // The file header takes the place of the first two slots.
  for (let at = 2 * SLOT; at + SLOT <= slots.length; at += SLOT) {
    if (magicAt(slots, at) !== SLOT_MAGIC) {
      database.errors.push(`slot ${at / SLOT} is damaged`);
      continue;
    }
    const index = numberAt(slots, at + 4);
    if (index === 0) continue;
    const blob = readBlob(content, index, numberAt(slots, at + 8) * BLOCK, numberAt(slots, at + 12) * BLOCK);
    const parsed = typeof blob === 'string' ? undefined : parseRpmPackage(blob);
    if (parsed) database.packages.push(parsed);
    else database.errors.push(`package ${index}: ${typeof blob === 'string' ? blob : 'value is no package header'}`);
  }
  return database;
}

/** The header in a blob, or the reason why it cannot be trusted. */
function readBlob(content: FileContent, index: number, offset: number, space: number): Uint8Array | string {
  const head = content.read(offset, BLOB_HEAD);
  if (head.length < BLOB_HEAD || magicAt(head, 0) !== BLOB_START) return 'blob is missing';
  if (numberAt(head, 4) !== index) return 'blob belongs to another package';
  const size = numberAt(head, 12);
  if (BLOB_HEAD + size + BLOB_TAIL > space) return 'blob is larger than its place';
  const tail = content.read(offset + space - BLOB_TAIL, BLOB_TAIL);
  if (tail.length < BLOB_TAIL || magicAt(tail, 8) !== BLOB_END || numberAt(tail, 4) !== size) return 'blob is cut off';
  const padded = content.read(offset, space - BLOB_TAIL);
  if (adler32(padded) !== numberAt(tail, 0)) return 'checksum of the blob is wrong';
  return padded.subarray(BLOB_HEAD, BLOB_HEAD + size);
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let start = 0; start < bytes.length; start += 3800) {
    const end = Math.min(start + 3800, bytes.length);
    for (let i = start; i < end; i++) {
      a += bytes[i] as number;
      b += a;
    }
    a %= 65_521;
    b %= 65_521;
  }
  return b * 65_536 + a;
}

function magicAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function numberAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}

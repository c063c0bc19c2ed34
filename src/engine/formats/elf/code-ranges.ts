import { asBuffer } from '../byte-source.ts';
import { isElf } from './index.ts';

/** A part of a file. */
export interface FileRange {
  offset: number;
  size: number;
}

const PT_LOAD = 1;
const PF_X = 1;
const PF_W = 2;
const MOST_SEGMENTS = 64;
/** Go's linker puts the headers, and small notes behind them, into the executable segment: they are never passed over. */
const HEADER_BYTES = 4096;

/**
 * Parts of an ELF file that hold machine code and nothing else, told by its first bytes alone: executable segments of a
 * file that keeps its constants in a read-only segment of their own (what linkers do since 2018). Empty for other
 * layouts, and when segments overlap.
 */
export function codeRanges(head: Uint8Array): FileRange[] {
  if (!isElf(head) || head.length < 64 || head[4] !== 2 || head[5] !== 1) return [];
  const bytes = asBuffer(head);
  const table = Number(bytes.readBigUInt64LE(32));
  const rowSize = bytes.readUInt16LE(54);
  const count = bytes.readUInt16LE(56);
  if (rowSize < 56 || count > MOST_SEGMENTS || table + rowSize * count > bytes.length) return [];
  const code: FileRange[] = [];
  const data: FileRange[] = [];
  let hasConstants = false;
  for (let i = 0; i < count; i++) {
    const at = table + i * rowSize;
    if (bytes.readUInt32LE(at) !== PT_LOAD) continue;
    const flags = bytes.readUInt32LE(at + 4);
    const range = { offset: Number(bytes.readBigUInt64LE(at + 8)), size: Number(bytes.readBigUInt64LE(at + 32)) };
    if (!Number.isSafeInteger(range.offset + range.size)) return [];
    if ((flags & (PF_X | PF_W)) === 0 && range.size > 0) hasConstants = true;
    ((flags & PF_X) !== 0 ? code : data).push(range);
  }
  const overlaps = code.some((one) => data.some((other) => meet(one, other)));
  if (!hasConstants || overlaps) return [];
  const headers = Math.max(HEADER_BYTES, table + rowSize * count);
  const sectionTable = Number(bytes.readBigUInt64LE(40));
  const kept = code
    .map(({ offset, size }) => ({ offset: Math.max(offset, headers), size: offset + size - Math.max(offset, headers) }))
    .filter(({ size }) => size > 0)
    .sort((a, b) => a.offset - b.offset);
  const holdsSections = kept.some(({ offset, size }) => sectionTable >= offset && sectionTable < offset + size);
  return holdsSections ? [] : kept;
}

function meet(a: FileRange, b: FileRange): boolean {
  return a.offset < b.offset + b.size && b.offset < a.offset + a.size;
}

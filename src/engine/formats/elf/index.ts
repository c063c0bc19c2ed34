import { asBuffer, type ByteSource } from '../byte-source.ts';
import type { Executable, Mapping, Section } from '../executable.ts';

const MOST_SECTIONS = 4096;
const MOST_SEGMENTS = 1024;
const LARGEST_NAMES = 4 << 20;

const SHT_NOBITS = 8;
const SHF_WRITE = 1;
const SHF_EXECINSTR = 4;
const PT_LOAD = 1;
const PT_INTERP = 3;
const PT_NOTE = 4;
const PF_X = 1;
const PF_W = 2;
const ET_REL = 1;
const ET_EXEC = 2;
const ET_DYN = 3;

const MACHINES: Record<number, string> = {
  3: 'x86',
  8: 'mips',
  20: 'powerpc',
  21: 'powerpc64',
  22: 's390x',
  40: 'arm',
  62: 'x86_64',
  183: 'aarch64',
  243: 'riscv',
  258: 'loongarch',
};

/** True for the magic of ELF (System V ABI, chapter 4). */
export function isElf(head: Uint8Array): boolean {
  return head.length >= 20 && head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

/** Number readers for one class and byte order of ELF. Offsets beyond the buffer give 0. */
class Fields {
  readonly bytes: Buffer;
  readonly wide: boolean;
  readonly little: boolean;

  constructor(bytes: Uint8Array, wide: boolean, little: boolean) {
    this.bytes = asBuffer(bytes);
    this.wide = wide;
    this.little = little;
  }

  half(at: number): number {
    if (at + 2 > this.bytes.length) return 0;
    return this.little ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  word(at: number): number {
    if (at + 4 > this.bytes.length) return 0;
    return this.little ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  /** Address or offset: 4 bytes, or 8 in the 64-bit class. Values that no file can have become 2^53-1. */
  native(at: number): number {
    if (!this.wide) return this.word(at);
    if (at + 8 > this.bytes.length) return 0;
    const value = this.word(this.little ? at + 4 : at) * 2 ** 32 + this.word(this.little ? at : at + 4);
    return Math.min(value, Number.MAX_SAFE_INTEGER);
  }
}

/**
 * Reads headers, sections and segments of an ELF file; undefined when it is neither a program nor a library, nor, where
 * asked for, an object that is linked later (`.o`, kernel modules).
 */
export function openElf(source: ByteSource, wanted: { objects?: boolean } = {}): Executable | undefined {
  const head = source.read(0, 64);
  if (!isElf(head) || head.length < 52) return undefined;
  const wide = head[4] === 2;
  const little = head[5] !== 2;
  const header = new Fields(head, wide, little);
  const type = header.half(16);
  const isObject = type === ET_REL && wanted.objects === true;
  if (type !== ET_EXEC && type !== ET_DYN && !isObject) return undefined;
  const machine = header.half(18);
  const at = wide ? { phoff: 32, shoff: 40, phentsize: 54 } : { phoff: 28, shoff: 32, phentsize: 42 };
  const segments = readTable(
    source,
    header.native(at.phoff),
    header.half(at.phentsize),
    header.half(at.phentsize + 2),
    MOST_SEGMENTS,
  );
  const { mappings, notes, hasInterpreter } = readSegments(segments, header);
  const sections = readSections(source, header, header.native(at.shoff), at.phentsize + 4);
  return {
    format: 'elf',
    architecture: MACHINES[machine] ?? `machine-${machine}`,
    bits: wide ? 64 : 32,
    littleEndian: little,
    isProgram: type === ET_EXEC || hasInterpreter,
    sections,
    mappings,
    ...(notes.length > 0 ? { notes } : {}),
    source,
  };
}

/** Rows of a header table, none when its place makes no sense. */
function readTable(source: ByteSource, offset: number, rowSize: number, count: number, most: number): Uint8Array[] {
  if (offset <= 0 || offset >= source.size || rowSize < 32 || rowSize > 1024) return [];
  const bytes = source.read(offset, rowSize * Math.min(count, most));
  return Array.from({ length: Math.floor(bytes.length / rowSize) }, (_, i) =>
    bytes.subarray(i * rowSize, (i + 1) * rowSize),
  );
}

function readSegments(
  rows: Uint8Array[],
  { wide, little }: Fields,
): { mappings: Mapping[]; notes: { offset: number; size: number }[]; hasInterpreter: boolean } {
  const mappings: Mapping[] = [];
  const notes: { offset: number; size: number }[] = [];
  let hasInterpreter = false;
  for (const row of rows) {
    const fields = new Fields(row, wide, little);
    const type = fields.word(0);
    if (type === PT_INTERP) hasInterpreter = true;
    if (type === PT_NOTE) notes.push({ offset: fields.native(wide ? 8 : 4), size: fields.native(wide ? 32 : 16) });
    if (type !== PT_LOAD) continue;
    const flags = fields.word(wide ? 4 : 24);
    mappings.push({
      offset: fields.native(wide ? 8 : 4),
      address: fields.native(wide ? 16 : 8),
      size: fields.native(wide ? 32 : 16),
      writable: (flags & PF_W) !== 0,
      executable: (flags & PF_X) !== 0,
    });
  }
  return { mappings, notes, hasInterpreter };
}

function readSections(source: ByteSource, header: Fields, offset: number, entsizeAt: number): Section[] {
  const { wide, little } = header;
  const rowSize = header.half(entsizeAt);
  let count = header.half(entsizeAt + 2);
  let namesIndex = header.half(entsizeAt + 4);
  const first = new Fields(source.read(offset, rowSize === 0 ? 0 : Math.min(rowSize, 1024)), wide, little);
  // Files with very many sections keep the numbers in the first section header (gABI, "e_shnum").
  if (count === 0 && offset > 0) count = first.native(wide ? 32 : 20);
  if (namesIndex === 0xffff) namesIndex = first.word(wide ? 40 : 24);
  const rows = readTable(source, offset, rowSize, count, MOST_SECTIONS).map((row) => new Fields(row, wide, little));
  const place = (fields: Fields) => ({ offset: fields.native(wide ? 24 : 16), size: fields.native(wide ? 32 : 20) });
  const namesRow = rows[namesIndex];
  const namesPlace = namesRow === undefined ? { offset: 0, size: 0 } : place(namesRow);
  const names = asBuffer(source.read(namesPlace.offset, Math.min(namesPlace.size, LARGEST_NAMES)));
  return rows.map((fields): Section => {
    const flags = fields.native(8);
    const { offset: at, size } = place(fields);
    const stored = fields.word(4) === SHT_NOBITS || at >= source.size ? 0 : Math.min(size, source.size - at);
    return {
      name: nameAt(names, fields.word(0)),
      offset: at,
      size: stored,
      address: fields.native(wide ? 16 : 12),
      writable: (flags & SHF_WRITE) !== 0,
      executable: (flags & SHF_EXECINSTR) !== 0,
    };
  });
}

function nameAt(names: Buffer, at: number): string {
  if (at >= names.length) return '';
  const end = names.indexOf(0, at);
  return names.toString('latin1', at, Math.min(end < 0 ? names.length : end, at + 256));
}

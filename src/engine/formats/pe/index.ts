import { asBuffer, type ByteSource } from '../byte-source.ts';
import type { Executable, Section } from '../executable.ts';

const MOST_SECTIONS = 512;
const SECTION_ROW = 40;
const IMAGE_SCN_MEM_EXECUTE = 0x20000000;
const IMAGE_SCN_MEM_WRITE = 0x80000000;
const IMAGE_FILE_DLL = 0x2000;
const MACHINES: Record<number, string> = { 332: 'x86', 34404: 'x86_64', 43620: 'aarch64', 448: 'arm', 452: 'arm' };

/** An entry of the optional header's data directories. */
export interface DataDirectory {
  /** Address relative to the image base. */
  address: number;
  size: number;
}

/** A PE file with the directories that .NET and resources need. */
export interface PortableExecutable extends Executable {
  format: 'pe';
  imageBase: number;
  /** By index: 2 resources, 14 CLI header (PE format, "Optional header data directories"). */
  directories: DataDirectory[];
}

/** True for the magic of a DOS stub, with which PE files start. */
export function isPe(head: Uint8Array): boolean {
  return head.length >= 64 && head[0] === 0x4d && head[1] === 0x5a;
}

/** Reads headers and sections of a PE32 or PE32+ file; undefined when it has none. */
export function openPe(source: ByteSource): PortableExecutable | undefined {
  const dos = asBuffer(source.read(0, 64));
  if (!isPe(dos)) return undefined;
  const start = dos.readUInt32LE(60);
  const head = asBuffer(source.read(start, 24 + 512));
  if (head.length < 24 + 96 || head.toString('latin1', 0, 4) !== 'PE\0\0') return undefined;
  const optionalSize = head.readUInt16LE(20);
  const optional = head.subarray(24, Math.min(24 + optionalSize, head.length));
  if (optional.length < 96) return undefined;
  const wide = optional.readUInt16LE(0) === 0x20b;
  const imageBase = wide ? Number(optional.readBigUInt64LE(24)) : optional.readUInt32LE(28);
  const rowsAt = start + 24 + optionalSize;
  const rows = asBuffer(source.read(rowsAt, SECTION_ROW * Math.min(head.readUInt16LE(6), MOST_SECTIONS)));
  const sections: Section[] = [];
  for (let at = 0; at + SECTION_ROW <= rows.length; at += SECTION_ROW) {
    const flags = rows.readUInt32LE(at + 36);
    const offset = rows.readUInt32LE(at + 20);
    const size = Math.max(0, Math.min(rows.readUInt32LE(at + 16), source.size - offset));
    sections.push({
      name: rows.toString('latin1', at, at + 8).replace(/\0.*$/s, ''),
      offset,
      size,
      address: imageBase + rows.readUInt32LE(at + 12),
      writable: (flags & IMAGE_SCN_MEM_WRITE) !== 0,
      executable: (flags & IMAGE_SCN_MEM_EXECUTE) !== 0,
    });
  }
  const machine = head.readUInt16LE(4);
  return {
    format: 'pe',
    architecture: MACHINES[machine] ?? `machine-${machine}`,
    bits: wide ? 64 : 32,
    littleEndian: true,
    isProgram: (head.readUInt16LE(22) & IMAGE_FILE_DLL) === 0,
    sections,
    mappings: sections.map(({ name: _, ...mapping }) => mapping),
    source,
    imageBase,
    directories: readDirectories(optional, wide ? 112 : 96),
  };
}

function readDirectories(optional: Buffer, at: number): DataDirectory[] {
  const count = optional.length >= at ? Math.min(optional.readUInt32LE(at - 4), 16) : 0;
  const directories: DataDirectory[] = [];
  for (let i = 0; i < count && at + i * 8 + 8 <= optional.length; i++) {
    directories.push({ address: optional.readUInt32LE(at + i * 8), size: optional.readUInt32LE(at + i * 8 + 4) });
  }
  return directories;
}

import type { ByteSource } from './byte-source.ts';
import { isElf, openElf } from './elf/index.ts';
import { isMachO, openMachO } from './macho/index.ts';
import { isPe, openPe } from './pe/index.ts';

/** A named part of an executable file. */
export interface Section {
  /** `.rodata`, `.go.buildinfo`; of Mach-O `__TEXT,__rodata`. */
  name: string;
  /** Where its bytes lie in the file; size 0 when it has none there (`.bss`). */
  offset: number;
  size: number;
  /** Address when loaded (PE: with the image base). */
  address: number;
  writable: boolean;
  executable: boolean;
}

/** A part of the file that is mapped at an address. */
export interface Mapping {
  address: number;
  offset: number;
  size: number;
  writable: boolean;
  executable: boolean;
}

/** An executable or shared library of any of the three formats. */
export interface Executable {
  format: 'elf' | 'pe' | 'macho';
  /** `x86_64`, `aarch64` … or `machine-<number>`. */
  architecture: string;
  bits: 32 | 64;
  littleEndian: boolean;
  /** False for libraries and objects without an entry of their own. */
  isProgram: boolean;
  sections: Section[];
  mappings: Mapping[];
  /** Where notes lie in the file, as the segments of an ELF file tell. */
  notes?: { offset: number; size: number }[];
  /** The bytes it lies in: the file, or one architecture's slice of it. */
  source: ByteSource;
}

/** True when the first bytes are those of an executable format that is read here. */
export function looksExecutable(head: Uint8Array): boolean {
  return isElf(head) || isPe(head) || isMachO(head);
}

/**
 * Opens an executable: one for each architecture of a universal file, none when the headers cannot be read.
 * All reads are bounded by the counts below, whatever the headers claim. Never throws.
 */
export function openExecutables(source: ByteSource): Executable[] {
  let executables = opened.get(source);
  if (executables === undefined) {
    executables = open(source);
    opened.set(source, executables);
  }
  return executables;
}

/** Several analyzers look at the same file, one after the other: its headers are read once. */
const opened = new WeakMap<ByteSource, Executable[]>();

function open(source: ByteSource): Executable[] {
  const head = source.read(0, 4096);
  if (isElf(head)) return [openElf(source)].filter((one) => one !== undefined);
  if (isPe(head)) return [openPe(source)].filter((one) => one !== undefined);
  if (isMachO(head)) return openMachO(source);
  return [];
}

/** The section of this name that has bytes in the file. */
export function findSection(executable: Executable, name: string): Section | undefined {
  return executable.sections.find((section) => section.name === name && section.size > 0);
}

/** Bytes at a loaded address, as many as are mapped there up to `length`; undefined when nothing is. */
export function readAddress(executable: Executable, address: number, length: number): Uint8Array | undefined {
  for (const mapping of executable.mappings) {
    const inside = address - mapping.address;
    if (inside < 0 || inside >= mapping.size) continue;
    return executable.source.read(mapping.offset + inside, Math.min(length, mapping.size - inside));
  }
  return undefined;
}

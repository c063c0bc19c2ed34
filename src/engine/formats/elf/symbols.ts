import { asBuffer } from '../byte-source.ts';
import { type Executable, findSection } from '../executable.ts';

const LARGEST_TABLE = 64 << 20;
/** Table of symbols and the names that go with it: those for other files, then all of a file that is not stripped. */
const TABLES = [
  ['.dynsym', '.dynstr'],
  ['.symtab', '.strtab'],
] as const;

/**
 * Addresses of symbols of an ELF file by name (System V ABI, "Symbol Table"). Names are looked for in the table of names
 * first, so that files without them cost one search. Symbols without a place in the file are left out.
 */
export function symbolAddresses(elf: Executable, names: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const [symbolTable, nameTable] of TABLES) {
    const [symbols, texts] = [findSection(elf, symbolTable), findSection(elf, nameTable)];
    if (!symbols || !texts) continue;
    const strings = asBuffer(elf.source.read(texts.offset, Math.min(texts.size, LARGEST_TABLE)));
    const wanted = new Map<number, string>();
    for (const name of names) {
      const at = strings.indexOf(`\0${name}\0`);
      if (at >= 0 && !found.has(name)) wanted.set(at + 1, name);
    }
    if (wanted.size === 0) continue;
    const rows = asBuffer(elf.source.read(symbols.offset, Math.min(symbols.size, LARGEST_TABLE)));
    const rowSize = elf.bits === 64 ? 24 : 16;
    for (let at = 0; at + rowSize <= rows.length; at += rowSize) {
      const name = wanted.get(elf.littleEndian ? rows.readUInt32LE(at) : rows.readUInt32BE(at));
      const address = name === undefined ? 0 : addressAt(rows, at, elf);
      if (name !== undefined && address > 0) found.set(name, address);
    }
  }
  return found;
}

function addressAt(rows: Buffer, at: number, { bits, littleEndian }: Executable): number {
  if (bits === 32) return littleEndian ? rows.readUInt32LE(at + 4) : rows.readUInt32BE(at + 4);
  return Number(littleEndian ? rows.readBigUInt64LE(at + 8) : rows.readBigUInt64BE(at + 8));
}

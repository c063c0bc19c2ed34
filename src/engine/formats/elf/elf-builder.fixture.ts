/** A section of a test ELF file. */
export interface ElfSection {
  name: string;
  content: Uint8Array;
  writable?: boolean;
}

/** Writes a 64- or 32-bit ELF program with these sections and one segment that maps the whole file at `base`. */
export function buildElf(
  sections: readonly ElfSection[],
  options: { wide?: boolean; little?: boolean; base?: number } = {},
): Buffer {
  const { wide = true, little = true, base = 0x400000 } = options;
  const headerSize = wide ? 64 : 52;
  const segmentSize = wide ? 56 : 32;
  const rowSize = wide ? 64 : 40;
  const all: ElfSection[] = [{ name: '', content: Buffer.alloc(0) }, ...sections];
  const names = Buffer.from(`${[...all.map(({ name }) => name), '.shstrtab'].join('\0')}\0`, 'latin1');
  all.push({ name: '.shstrtab', content: names });
  const bodies: Buffer[] = [];
  const offsets: number[] = [];
  let at = headerSize + segmentSize;
  for (const { content } of all) {
    const padding = (16 - (at % 16)) % 16;
    bodies.push(Buffer.alloc(padding), Buffer.from(content));
    offsets.push(at + padding);
    at += padding + content.length;
  }
  const file = Buffer.alloc(at + rowSize * all.length);
  const half = (offset: number, value: number) =>
    little ? file.writeUInt16LE(value, offset) : file.writeUInt16BE(value, offset);
  const word = (offset: number, value: number) =>
    little ? file.writeUInt32LE(value, offset) : file.writeUInt32BE(value, offset);
  const native = (offset: number, value: number) => {
    if (!wide) word(offset, value);
    else if (little) file.writeBigUInt64LE(BigInt(value), offset);
    else file.writeBigUInt64BE(BigInt(value), offset);
  };
  file.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2, 1]);
  half(16, 2);
  half(18, wide ? 62 : 3);
  native(wide ? 32 : 28, headerSize);
  native(wide ? 40 : 32, at);
  const tables = wide ? 54 : 42;
  for (const [i, value] of [segmentSize, 1, rowSize, all.length, all.length - 1].entries()) half(tables + i * 2, value);
  word(headerSize, 1);
  word(headerSize + (wide ? 4 : 24), 6);
  native(headerSize + (wide ? 16 : 8), base);
  native(headerSize + (wide ? 32 : 16), at);
  Buffer.concat(bodies).copy(file, headerSize + segmentSize);
  let nameAt = 0;
  for (const [i, { name, content, writable }] of all.entries()) {
    const row = at + i * rowSize;
    word(row, nameAt);
    word(row + 4, i === 0 ? 0 : 1);
    native(row + 8, writable ? 3 : 2);
    native(row + (wide ? 16 : 12), base + (offsets[i] ?? 0));
    native(row + (wide ? 24 : 16), offsets[i] ?? 0);
    native(row + (wide ? 32 : 20), content.length);
    nameAt += name.length + 1;
  }
  return file;
}

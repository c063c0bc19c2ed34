/** What the Go linker writes into a program about its making. */
export interface GoBuild {
  /** `go1.19.1`. */
  goVersion: string;
  /** Module of the program itself. */
  main: string;
  /** Modules linked in: path and version. */
  modules: Readonly<Record<string, string>>;
}

const HEADER = 64;
const ROW = 64;
/** Scanners look into files of the size of real programs only; zeros pack well. */
const FILLER = 128 * 1024;
const SENTINEL = Buffer.alloc(16, 0x30);

/** A file that carries Go build information where a real program has it (ELF section `.go.buildinfo`). It cannot run. */
export function goProgram(build: GoBuild): Buffer {
  const info = buildInfo(build);
  const names = Buffer.from('\0.go.buildinfo\0.shstrtab\0', 'latin1');
  const namesAt = HEADER + info.length + FILLER;
  const table = namesAt + names.length + ((8 - ((namesAt + names.length) % 8)) % 8);
  const file = Buffer.alloc(table + 3 * ROW);
  // ELF64, little endian, executable, x86-64; three sections, the last of which holds the names.
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(62, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(table), 40);
  file.writeUInt16LE(HEADER, 52);
  file.writeUInt16LE(ROW, 58);
  file.writeUInt16LE(3, 60);
  file.writeUInt16LE(2, 62);
  info.copy(file, HEADER);
  names.copy(file, namesAt);
  section(file, table + ROW, { name: 1, type: 1, offset: HEADER, size: info.length });
  section(file, table + 2 * ROW, { name: 15, type: 3, offset: namesAt, size: names.length });
  return file;
}

function section(
  file: Buffer,
  at: number,
  { name, type, offset, size }: { name: number; type: number; offset: number; size: number },
): void {
  file.writeUInt32LE(name, at);
  file.writeUInt32LE(type, at + 4);
  file.writeBigUInt64LE(BigInt(offset), at + 24);
  file.writeBigUInt64LE(BigInt(size), at + 32);
}

/** Form since Go 1.18: a header of 32 bytes, then two strings with their lengths before them. */
function buildInfo({ goVersion, main, modules }: GoBuild): Buffer {
  const header = Buffer.alloc(32);
  header.write('\xff Go buildinf:', 'latin1');
  header.set([8, 2], 14);
  const lines = [
    `path\t${main}`,
    `mod\t${main}\t(devel)\t`,
    ...Object.entries(modules).map(([path, version]) => `dep\t${path}\t${version}\t`),
  ];
  const text = Buffer.concat([SENTINEL, Buffer.from(`${lines.join('\n')}\n`), SENTINEL]);
  return Buffer.concat([header, sized(Buffer.from(goVersion)), sized(text)]);
}

/** Length as a varint, then the bytes. */
function sized(bytes: Buffer): Buffer {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 0x7f; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

import { asBuffer, type ByteSource, sliceSource } from '../byte-source.ts';
import type { Executable, Mapping, Section } from '../executable.ts';

const MOST_COMMANDS = 4096;
const LARGEST_COMMANDS = 4 << 20;
const MOST_SECTIONS = 4096;
const MOST_SLICES = 16;
const LC_SEGMENT = 1;
const LC_SEGMENT_64 = 0x19;
const MH_EXECUTE = 2;
const VM_PROT_WRITE = 2;
const VM_PROT_EXECUTE = 4;
const MACHINES: Record<number, string> = {
  7: 'x86',
  12: 'arm',
  18: 'powerpc',
  16777223: 'x86_64',
  16777228: 'aarch64',
  16777234: 'powerpc64',
};

function magic(head: Uint8Array): number {
  return head.length < 8 ? 0 : asBuffer(head).readUInt32BE(0);
}

/** Universal ("fat") files share their magic with Java classes, whose next number is a version above 40. */
function isFat(head: Uint8Array): boolean {
  const first = magic(head);
  if (first !== 0xcafebabe && first !== 0xcafebabf) return false;
  const count = asBuffer(head).readUInt32BE(4);
  return count > 0 && count <= MOST_SLICES;
}

/** True for the magic of Mach-O files, thin or universal. */
export function isMachO(head: Uint8Array): boolean {
  return [0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe].includes(magic(head)) || isFat(head);
}

/** Reads headers, segments and sections of a Mach-O file: one result for each architecture. */
export function openMachO(source: ByteSource): Executable[] {
  const head = source.read(0, 8 + MOST_SLICES * 32);
  if (!isFat(head)) {
    const one = openThin(source);
    return one === undefined ? [] : [one];
  }
  const bytes = asBuffer(head);
  const wide = magic(head) === 0xcafebabf;
  const rowSize = wide ? 32 : 20;
  const slices: Executable[] = [];
  for (let i = 0, at = 8; i < bytes.readUInt32BE(4) && at + rowSize <= bytes.length; i++, at += rowSize) {
    const offset = wide ? Number(bytes.readBigUInt64BE(at + 8)) : bytes.readUInt32BE(at + 8);
    const size = wide ? Number(bytes.readBigUInt64BE(at + 16)) : bytes.readUInt32BE(at + 12);
    if (offset >= source.size) continue;
    const slice = openThin(sliceSource(source, offset, size));
    if (slice !== undefined) slices.push(slice);
  }
  return slices;
}

function openThin(source: ByteSource): Executable | undefined {
  const head = asBuffer(source.read(0, 32));
  if (head.length < 32 || isFat(head) || !isMachO(head)) return undefined;
  const first = magic(head);
  const little = first === 0xcefaedfe || first === 0xcffaedfe;
  const wide = first === 0xcffaedfe || first === 0xfeedfacf;
  const word = (bytes: Buffer, at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const long = (bytes: Buffer, at: number) => Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  const commands = asBuffer(source.read(wide ? 32 : 28, Math.min(word(head, 20), LARGEST_COMMANDS)));
  const sections: Section[] = [];
  const mappings: Mapping[] = [];
  let at = 0;
  for (let i = 0; i < Math.min(word(head, 16), MOST_COMMANDS) && at + 8 <= commands.length; i++) {
    const size = word(commands, at + 4);
    if (size < 8 || at + size > commands.length) break;
    const command = commands.subarray(at, at + size);
    if (word(command, 0) === (wide ? LC_SEGMENT_64 : LC_SEGMENT)) readSegment(command);
    at += size;
  }
  const machine = word(head, 4);
  return {
    format: 'macho',
    architecture: MACHINES[machine] ?? `machine-${machine}`,
    bits: wide ? 64 : 32,
    littleEndian: little,
    isProgram: word(head, 12) === MH_EXECUTE,
    sections,
    mappings,
    source,
  };

  function readSegment(command: Buffer): void {
    const headerSize = wide ? 72 : 56;
    if (command.length < headerSize) return;
    const protection = word(command, wide ? 60 : 44);
    const flags = { writable: (protection & VM_PROT_WRITE) !== 0, executable: (protection & VM_PROT_EXECUTE) !== 0 };
    mappings.push({
      address: wide ? long(command, 24) : word(command, 24),
      offset: wide ? long(command, 40) : word(command, 32),
      size: wide ? long(command, 48) : word(command, 36),
      ...flags,
    });
    const rowSize = wide ? 80 : 68;
    for (let row = headerSize; row + rowSize <= command.length && sections.length < MOST_SECTIONS; row += rowSize) {
      const offset = word(command, row + (wide ? 48 : 40));
      const size = wide ? long(command, row + 40) : word(command, row + 36);
      const name = (from: number) => command.toString('latin1', from, from + 16).replace(/\0.*$/s, '');
      sections.push({
        name: `${name(row + 16)},${name(row)}`,
        offset,
        size: Math.max(0, Math.min(size, source.size - offset)),
        address: wide ? long(command, row + 32) : word(command, row + 32),
        ...flags,
      });
    }
  }
}

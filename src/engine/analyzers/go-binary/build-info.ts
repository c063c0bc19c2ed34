import { asBuffer } from '../../formats/byte-source.ts';
import { type Executable, findSection, readAddress } from '../../formats/executable.ts';

/** Build information as the Go linker stores it (Go package debug/buildinfo). */
export interface RawBuildInfo {
  /** `go1.21.3`, with experiments: `go1.20 X:boringcrypto`. */
  goVersion: string;
  /** Lines `path`, `mod`, `dep`, `=>`, `build`; empty when built without modules. */
  moduleText: string;
}

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const HEADER_SIZE = 32;
const ALIGNMENT = 16;
/** The blob starts within this many bytes of the data segment, or of its own section. */
const SEARCHED = 64 << 10;
const LONGEST_TEXT = 4 << 20;
const FLAG_BIG_ENDIAN = 1;
const FLAG_INLINE = 2;
/** Length of the markers around the module text. */
const SENTINEL = 16;

/** Where the blob may lie: its section, else the start of writable data. */
function* places(executable: Executable): Iterable<{ offset: number; size: number }> {
  for (const name of ['.go.buildinfo', '__DATA,__go_buildinfo']) {
    const section = findSection(executable, name);
    if (section !== undefined) yield section;
  }
  if (executable.format === 'pe') {
    const section = findSection(executable, '.data');
    if (section !== undefined) yield section;
  }
  for (const mapping of executable.mappings) if (mapping.writable && mapping.size > 0) yield mapping;
}

/** Finds and reads the build information of an executable; undefined when it has none. */
export function readBuildInfo(executable: Executable): RawBuildInfo | undefined {
  for (const { offset, size } of places(executable)) {
    const start = asBuffer(executable.source.read(offset, Math.min(size, SEARCHED)));
    for (let at = start.indexOf(MAGIC); at >= 0; at = start.indexOf(MAGIC, at + 1)) {
      if (at % ALIGNMENT !== 0 || at + HEADER_SIZE > start.length) continue;
      const flags = start[at + 15] ?? 0;
      const header = start.subarray(at, at + HEADER_SIZE);
      const info = (flags & FLAG_INLINE) !== 0 ? inline(executable, offset + at) : pointers(executable, header, flags);
      if (info !== undefined && /^(go\d|devel|weekly|release)/.test(info.goVersion)) return info;
    }
  }
  return undefined;
}

/** Since Go 1.18: two strings, each with a varint length, follow the header. */
function inline(executable: Executable, offset: number): RawBuildInfo | undefined {
  const { source } = executable;
  const readText = (at: number): { text: Buffer; end: number } | undefined => {
    const prefix = source.read(at, 10);
    let length = 0;
    let used = 0;
    for (;;) {
      const byte = prefix[used];
      if (byte === undefined || used > 4) return undefined;
      length += (byte & 0x7f) * 2 ** (7 * used);
      used++;
      if (byte < 0x80) break;
    }
    if (length > LONGEST_TEXT) return undefined;
    const text = asBuffer(source.read(at + used, length));
    return text.length < length ? undefined : { text, end: at + used + length };
  };
  const version = readText(offset + HEADER_SIZE);
  if (version === undefined) return undefined;
  const modules = readText(version.end);
  return {
    goVersion: version.text.toString('utf8'),
    moduleText: modules === undefined ? '' : withoutSentinels(modules.text),
  };
}

/** Before Go 1.18: the header points to two Go string headers (address and length). */
function pointers(executable: Executable, header: Buffer, flags: number): RawBuildInfo | undefined {
  const size = header[14];
  if (size !== 4 && size !== 8) return undefined;
  const big = (flags & FLAG_BIG_ENDIAN) !== 0;
  const readPointer = (bytes: Buffer, at: number): number => {
    if (at + size > bytes.length) return -1;
    if (size === 4) return big ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    return Number(big ? bytes.readBigUInt64BE(at) : bytes.readBigUInt64LE(at));
  };
  const readGoString = (at: number): Buffer | undefined => {
    const pair = readAddress(executable, at, size * 2);
    if (pair === undefined) return undefined;
    const address = readPointer(asBuffer(pair), 0);
    const length = readPointer(asBuffer(pair), size);
    if (address < 0 || length <= 0 || length > LONGEST_TEXT) return undefined;
    const text = readAddress(executable, address, length);
    return text === undefined || text.length < length ? undefined : asBuffer(text);
  };
  const version = readGoString(readPointer(header, 16));
  if (version === undefined) return undefined;
  const modules = readGoString(readPointer(header, 16 + size));
  return { goVersion: version.toString('utf8'), moduleText: modules === undefined ? '' : withoutSentinels(modules) };
}

/** The linker wraps the text into markers of 16 bytes, so that it can be found in a running process. */
function withoutSentinels(text: Buffer): string {
  if (text.length < 2 * SENTINEL + 1 || text[text.length - SENTINEL - 1] !== 0x0a) return '';
  return text.toString('utf8', SENTINEL, text.length - SENTINEL);
}

import { asBuffer } from '../../formats/byte-source.ts';
import { type Executable, findSection, openExecutables } from '../../formats/executable.ts';
import type { FileContent } from '../../image/types.ts';

/** What a program says of the package that it was built for. */
export interface PackageNote {
  /** Package manager: `rpm`, `deb`, `apk`, `alpm`; any other word for packages of none. */
  type: string;
  name: string;
  version: string;
  architecture?: string;
  /** Distribution, as `ID` and `VERSION_ID` of os-release. */
  os?: string;
  osVersion?: string;
  osCpe?: string;
  /** CPE name of the software itself. */
  appCpe?: string;
  debugInfoUrl?: string;
  vendor?: string;
}

const SECTION = '.note.package';
const OWNER = Buffer.from('FDO\0', 'latin1');
const PACKAGING_METADATA = 0xcafe1a7e;
const LARGEST_NOTES = 1 << 20;
const LARGEST_TEXT = 64 << 10;
const MOST_SEGMENTS = 16;
const OPTIONAL = ['architecture', 'os', 'osVersion', 'osCpe', 'appCpe', 'debugInfoUrl', 'vendor'] as const;

/**
 * Reads the packaging metadata of an ELF file ("Package Metadata for Executable Files", a note of the owner FDO with a
 * JSON object). Undefined when it has none, or one without name or version. Never throws.
 */
export function readPackageNote(content: FileContent): PackageNote | undefined {
  const [elf] = openExecutables(content);
  if (elf?.format !== 'elf') return undefined;
  for (const { offset, size } of notePlaces(elf)) {
    const note = noteWithin(asBuffer(elf.source.read(offset, Math.min(size, LARGEST_NOTES))), elf.littleEndian);
    if (note) return note;
  }
  return undefined;
}

/** The section that linkers write, else the segments that survive when sections are stripped. */
function notePlaces(elf: Executable): { offset: number; size: number }[] {
  const section = findSection(elf, SECTION);
  return [...(section ? [section] : []), ...(elf.notes ?? []).slice(0, MOST_SEGMENTS)];
}

/**
 * Finds the note by its owner's name, not by walking from the start: padding between notes is 4 or 8 bytes, and some linkers
 * get it wrong.
 */
function noteWithin(bytes: Buffer, little: boolean): PackageNote | undefined {
  for (let at = bytes.indexOf(OWNER, 12); at >= 0; at = bytes.indexOf(OWNER, at + 1)) {
    const word = (offset: number) => (little ? bytes.readUInt32LE(at - offset) : bytes.readUInt32BE(at - offset));
    if (word(12) !== OWNER.length || word(4) !== PACKAGING_METADATA) continue;
    const size = Math.min(word(8), LARGEST_TEXT);
    const note = parseNote(bytes.toString('utf8', at + 4, at + 4 + size));
    if (note) return note;
  }
  return undefined;
}

/** Reads the JSON object of a note; zero bytes may follow it. */
export function parseNote(json: string): PackageNote | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json.split('\0', 1)[0] ?? '');
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const text = (key: string): string | undefined => {
    const field = (value as Record<string, unknown>)[key];
    return typeof field === 'string' && field !== '' && field.length <= 512 ? field : undefined;
  };
  const name = text('name');
  const version = text('version');
  if (name === undefined || version === undefined) return undefined;
  const optional = OPTIONAL.flatMap((key) => (text(key) === undefined ? [] : [[key, text(key)]]));
  return { type: text('type')?.toLowerCase() ?? '', name, version, ...Object.fromEntries(optional) };
}

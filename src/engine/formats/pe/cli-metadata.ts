import { asBuffer } from '../byte-source.ts';
import { readAddress } from '../executable.ts';
import type { PortableExecutable } from './index.ts';

/** What a .NET assembly says of itself (ECMA-335, partition II, 22). */
export interface CliAssembly {
  name: string;
  /** Four numbers: the identity that other assemblies bind to, often not the version of a release. */
  version: string;
  /** Language of an assembly that holds nothing but translations. */
  culture?: string;
  /** Texts of attributes of the assembly, by the attribute's name without `Assembly` and `Attribute`. */
  attributes: Record<string, string>;
  /** Names of assemblies that it uses. */
  references: string[];
}

const CLI_HEADER = 14;
const LARGEST_METADATA = 128 << 20;
const MOST_STREAMS = 32;
const MOST_ATTRIBUTES = 100;
const MOST_REFERENCES = 1000;
const LONGEST_TEXT = 1024;

/** Bits of the tag and tables, by tag, of the coded indexes (II.24.2.6). */
const CODED = {
  typeDefOrRef: [2, [0x02, 0x01, 0x1b]],
  hasConstant: [2, [0x04, 0x08, 0x17]],
  hasAttribute: [
    5,
    [
      0x06, 0x04, 0x01, 0x02, 0x08, 0x09, 0x0a, 0x00, 0x0e, 0x17, 0x14, 0x11, 0x1a, 0x1b, 0x20, 0x23, 0x26, 0x27, 0x28,
      0x2a, 0x2c, 0x2b,
    ],
  ],
  hasMarshal: [1, [0x04, 0x08]],
  hasSecurity: [2, [0x02, 0x06, 0x20]],
  memberParent: [3, [0x02, 0x01, 0x1a, 0x06, 0x1b]],
  hasSemantics: [1, [0x14, 0x17]],
  methodDefOrRef: [1, [0x06, 0x0a]],
  forwarded: [1, [0x04, 0x06]],
  attributeType: [3, [0x06, 0x0a]],
  scope: [2, [0x00, 0x1a, 0x23, 0x01]],
} as const;

/** A column: bytes of a number, an index into a heap, the number of a table as `t04`, or a coded index. */
type Column = 'u2' | 'u4' | 'string' | 'guid' | 'blob' | `t${string}` | keyof typeof CODED;

/** Columns of the tables 0x00 to 0x23 (II.22); those with no known layout end the reading. */
const TABLES: readonly (readonly Column[])[] = [
  ['u2', 'string', 'guid', 'guid', 'guid'],
  ['scope', 'string', 'string'],
  ['u4', 'string', 'string', 'typeDefOrRef', 't04', 't06'],
  ['t04'],
  ['u2', 'string', 'blob'],
  ['t06'],
  ['u4', 'u2', 'u2', 'string', 'blob', 't08'],
  ['t08'],
  ['u2', 'u2', 'string'],
  ['t02', 'typeDefOrRef'],
  ['memberParent', 'string', 'blob'],
  ['u2', 'hasConstant', 'blob'],
  ['hasAttribute', 'attributeType', 'blob'],
  ['hasMarshal', 'blob'],
  ['u2', 'hasSecurity', 'blob'],
  ['u2', 'u4', 't02'],
  ['u4', 't04'],
  ['blob'],
  ['t02', 't14'],
  ['t14'],
  ['u2', 'string', 'typeDefOrRef'],
  ['t02', 't17'],
  ['t17'],
  ['u2', 'string', 'blob'],
  ['u2', 't06', 'hasSemantics'],
  ['t02', 'methodDefOrRef', 'methodDefOrRef'],
  ['string'],
  ['blob'],
  ['u2', 'forwarded', 'string', 't1a'],
  ['u4', 't04'],
  ['u4', 'u4'],
  ['u4'],
  ['u4', 'u2', 'u2', 'u2', 'u2', 'u4', 'blob', 'string', 'string'],
  ['u4'],
  ['u4', 'u4', 'u4'],
  ['u2', 'u2', 'u2', 'u2', 'u4', 'blob', 'string', 'string', 'blob'],
];
const TYPE_REF = 0x01;
const MEMBER_REF = 0x0a;
const ATTRIBUTE = 0x0c;
const ASSEMBLY = 0x20;
const ASSEMBLY_REF = 0x23;
/** The first row of the table of assemblies, as the owner of an attribute. */
const THE_ASSEMBLY = (1 << 5) | 14;

interface Metadata {
  strings: Buffer;
  blobs: Buffer;
  row(table: number, index: number): number[] | undefined;
  rows(table: number): number;
}

/** Reads the assembly that a PE file is; undefined for native code, for modules of an assembly, and for damaged tables. */
export function readCliAssembly(pe: PortableExecutable): CliAssembly | undefined {
  const metadata = openMetadata(pe);
  const row = metadata?.row(ASSEMBLY, 1);
  if (!metadata || !row) return undefined;
  const [, major, minor, build, revision, , , name = 0, culture = 0] = row;
  const named = stringAt(metadata.strings, name);
  if (named === '') return undefined;
  const language = stringAt(metadata.strings, culture);
  const references = Array.from({ length: Math.min(metadata.rows(ASSEMBLY_REF), MOST_REFERENCES) }, (_, i) =>
    stringAt(metadata.strings, metadata.row(ASSEMBLY_REF, i + 1)?.[6] ?? 0),
  );
  return {
    name: named,
    version: [major, minor, build, revision].join('.'),
    ...(language === '' ? {} : { culture: language }),
    attributes: readAttributes(metadata),
    references: references.filter((one) => one !== ''),
  };
}

function openMetadata(pe: PortableExecutable): Metadata | undefined {
  const directory = pe.directories[CLI_HEADER];
  if (!directory || directory.address === 0) return undefined;
  const header = asBuffer(readAddress(pe, pe.imageBase + directory.address, 16) ?? new Uint8Array());
  if (header.length < 16) return undefined;
  const size = Math.min(header.readUInt32LE(12), LARGEST_METADATA);
  const root = asBuffer(readAddress(pe, pe.imageBase + header.readUInt32LE(8), size) ?? new Uint8Array());
  if (root.length < 20 || root.toString('latin1', 0, 4) !== 'BSJB') return undefined;
  const streams = readStreams(root);
  const tables = streams.get('#~') ?? streams.get('#-');
  const strings = streams.get('#Strings');
  if (!tables || !strings || tables.length < 24) return undefined;
  return readTables(tables, strings, streams.get('#Blob') ?? Buffer.alloc(0));
}

function readStreams(root: Buffer): Map<string, Buffer> {
  const streams = new Map<string, Buffer>();
  let at = 16 + Math.min(root.readUInt32LE(12), 256);
  if (at + 4 > root.length) return streams;
  const count = Math.min(root.readUInt16LE(at + 2), MOST_STREAMS);
  at += 4;
  for (let i = 0; i < count && at + 9 <= root.length; i++) {
    const offset = root.readUInt32LE(at);
    const size = root.readUInt32LE(at + 4);
    const end = root.indexOf(0, at + 8);
    if (end < 0) break;
    streams.set(root.toString('latin1', at + 8, Math.min(end, at + 40)), root.subarray(offset, offset + size));
    at = end + 1 + ((at + 8 - end - 1) & 3);
  }
  return streams;
}

/** Places of the tables: their rows lie one after the other, of a size that depends on how many rows others have. */
function readTables(bytes: Buffer, strings: Buffer, blobs: Buffer): Metadata | undefined {
  const heaps = bytes[6] as number;
  const present = bytes.readBigUInt64LE(8);
  const counts: number[] = [];
  let at = 24;
  for (let table = 0; table < 64; table++) {
    const isPresent = ((present >> BigInt(table)) & 1n) === 1n;
    if (isPresent && at + 4 > bytes.length) return undefined;
    counts.push(isPresent ? bytes.readUInt32LE(at) : 0);
    if (isPresent) at += 4;
  }
  if ((heaps & 0x40) !== 0) at += 4;
  const places = TABLES.map((columns, table) => {
    const widths = columns.map((column) => widthOf(column, heaps, counts));
    const place = { at, widths, size: widths.reduce((sum, width) => sum + width, 0) };
    at += place.size * (counts[table] as number);
    return place;
  });
  return {
    strings,
    blobs,
    rows: (table) => counts[table] ?? 0,
    row: (table, index) => {
      const place = places[table];
      if (!place || index < 1 || index > (counts[table] as number)) return undefined;
      let column = place.at + (index - 1) * place.size;
      if (column + place.size > bytes.length) return undefined;
      return place.widths.map((width) => {
        const value = width === 2 ? bytes.readUInt16LE(column) : bytes.readUInt32LE(column);
        column += width;
        return value;
      });
    },
  };
}

function widthOf(column: Column, heaps: number, counts: readonly number[]): 2 | 4 {
  switch (column) {
    case 'u2':
      return 2;
    case 'u4':
      return 4;
    case 'string':
      return (heaps & 1) === 0 ? 2 : 4;
    case 'guid':
      return (heaps & 2) === 0 ? 2 : 4;
    case 'blob':
      return (heaps & 4) === 0 ? 2 : 4;
  }
  const [bits, tables] =
    column in CODED ? CODED[column as keyof typeof CODED] : [0, [Number.parseInt(column.slice(1), 16)]];
  const most = Math.max(...tables.map((table) => counts[table] ?? 0));
  return most < 2 ** (16 - bits) ? 2 : 4;
}

/** Attributes of the assembly that hold one text. */
function readAttributes(metadata: Metadata): Record<string, string> {
  const attributes: [string, string][] = [];
  const count = metadata.rows(ATTRIBUTE);
  for (let i = 1; i <= count && attributes.length < MOST_ATTRIBUTES; i++) {
    const row = metadata.row(ATTRIBUTE, i);
    if (!row) break;
    const [owner, type = 0, value = 0] = row;
    // Of the two kinds of constructors, those of other assemblies are members by reference.
    if (owner !== THE_ASSEMBLY || (type & 7) !== 3) continue;
    const parent = metadata.row(MEMBER_REF, type >> 3)?.[0] ?? 0;
    if ((parent & 7) !== 1) continue;
    const name = stringAt(metadata.strings, metadata.row(TYPE_REF, parent >> 3)?.[1] ?? 0);
    attributes.push([name.replace(/^Assembly|Attribute$/g, ''), attributeText(metadata.blobs, value)]);
  }
  return Object.fromEntries(attributes);
}

/** The first argument of an attribute, when it is a text (II.23.3); else an empty text. */
function attributeText(blobs: Buffer, offset: number): string {
  const blob = compressed(blobs, offset);
  if (!blob || blob.value < 3 || blobs[blob.next] !== 1 || blobs[blob.next + 1] !== 0) return '';
  const text = compressed(blobs, blob.next + 2);
  if (!text || text.next + text.value > blob.next + blob.value) return '';
  return blobs.toString('utf8', text.next, text.next + Math.min(text.value, LONGEST_TEXT));
}

/** A compressed unsigned number (II.23.2). */
function compressed(bytes: Buffer, at: number): { value: number; next: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { value: first, next: at + 1 };
  if (first < 0xc0 && at + 2 <= bytes.length) return { value: bytes.readUInt16BE(at) & 0x3fff, next: at + 2 };
  if (first < 0xe0 && at + 4 <= bytes.length) return { value: bytes.readUInt32BE(at) & 0x1fffffff, next: at + 4 };
  return undefined;
}

function stringAt(strings: Buffer, at: number): string {
  if (at <= 0 || at >= strings.length) return '';
  const end = strings.indexOf(0, at);
  return strings.toString('utf8', at, Math.min(end < 0 ? strings.length : end, at + LONGEST_TEXT));
}

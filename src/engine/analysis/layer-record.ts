import { isAscii } from 'node:buffer';
import type { FileRecord } from '../model/analysis.ts';
import type { Digest } from '../model/digest.ts';
import type { Problem } from '../model/problem.ts';
import type { Compression } from './inflate.ts';

/** Entry kinds by their code in `EntryColumns.types`. */
export const ENTRY_TYPES = [
  'file',
  'directory',
  'symlink',
  'hardlink',
  'character-device',
  'block-device',
  'fifo',
] as const satisfies FileRecord['type'][];

/** Entries of a layer in tar order, one column for each property: 3 M entries must fit in memory. */
export interface EntryColumns {
  count: number;
  /** Clean absolute paths, UTF-8, back to back; `pathEnds[i]` is where path `i` ends. */
  paths: Uint8Array;
  pathEnds: Uint32Array;
  /** Index into `ENTRY_TYPES`. */
  types: Uint8Array;
  modes: Uint16Array;
  uids: Uint32Array;
  gids: Uint32Array;
  sizes: Float64Array;
  /** Symlink and hard link: index into `links`. File: row in `sha256` (and `md5`, when present). Else or unhashed: -1. */
  extras: Int32Array;
  /** Targets as written. */
  links: string[];
  /** Hard links only: entry of the same layer that has the content, or -1; others: own index is implied. */
  bindings: Map<number, number>;
  /** 32 bytes for each hashed file. */
  sha256: Uint8Array;
  /** 16 bytes for each hashed file, or empty. */
  md5: Uint8Array;
}

/** A fact of one analyzer about one entry. */
export interface LayerFact {
  analyzer: string;
  /** Entry that the fact belongs to. */
  entry: number;
  /**
   * `name`: the analyzer chose the file by its name, so it holds for this entry's path only.
   * `content`: chosen by content, so it holds once for the file, under whatever name is still visible.
   */
  by: 'name' | 'content';
  fact: unknown;
}

/** All that is kept of a layer after reading it once. Structured-cloneable; cached by blob digest. */
export interface LayerRecord {
  format: 1;
  /** Computed from the bytes read. */
  digest: Digest;
  diffId: Digest;
  compression: Compression;
  /** Compressed and uncompressed bytes. */
  size: number;
  rawSize: number;
  /** Headers met, whiteouts and rejected ones included. */
  entryCount: number;
  entries: EntryColumns;
  /** Paths of lower layers that this layer hides. */
  whiteouts: string[];
  /** Directories whose lower content this layer hides. */
  opaques: string[];
  facts: LayerFact[];
  /** False when a part could not be read. */
  complete: boolean;
  /** Without `layer`, which the image fills in. */
  problems: Problem[];
}

/** All paths of a layer as one text, when they are ASCII: parts of it cost next to nothing. */
const asciiPaths = new WeakMap<Uint8Array, string | undefined>();

/** Path of entry `index`. */
export function entryPath(columns: EntryColumns, index: number): string {
  const { paths, pathEnds } = columns;
  const start = index === 0 ? 0 : pathEnds[index - 1]!;
  const end = pathEnds[index]!;
  let all = asciiPaths.get(paths);
  if (all === undefined && !asciiPaths.has(paths)) {
    const bytes = Buffer.from(paths.buffer, paths.byteOffset, paths.length);
    all = isAscii(bytes) ? bytes.toString('latin1') : undefined;
    asciiPaths.set(paths, all);
  }
  if (all !== undefined) return all.slice(start, end);
  return Buffer.from(paths.buffer, paths.byteOffset + start, end - start).toString('utf8');
}

/** Entry that holds the content of entry `index`: itself, or what a hard link is bound to; -1 when unknown. */
export function contentEntry(columns: EntryColumns, index: number): number {
  return columns.types[index] === 3 ? (columns.bindings.get(index) ?? -1) : index;
}

/** Lower-case hex sha256 of a file entry, when it was hashed. */
export function entrySha256(columns: EntryColumns, index: number): string | undefined {
  return hexRow(columns.sha256, columns.types[index] === 0 ? columns.extras[index]! : -1, 32);
}

/** Lower-case hex md5 of a file entry, when it was hashed. */
export function entryMd5(columns: EntryColumns, index: number): string | undefined {
  return hexRow(columns.md5, columns.types[index] === 0 ? columns.extras[index]! : -1, 16);
}

function hexRow(digests: Uint8Array, row: number, width: number): string | undefined {
  if (row < 0 || (row + 1) * width > digests.length) return undefined;
  return Buffer.from(digests.buffer, digests.byteOffset + row * width, width).toString('hex');
}

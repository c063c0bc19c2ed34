import { pieces } from '../../formats/byte-source.ts';
import type { Executable } from '../../formats/executable.ts';

/** Crates and compiler told by the source paths in panic messages. */
export interface PanicPaths {
  crates: { name: string; version: string }[];
  /** Commit of the compiler, from `/rustc/<hash>/library/…`. */
  compilerCommit?: string;
}

const OVERLAP = 512;
const LARGEST_SECTION = 512 << 20;
const MOST_CRATES = 5000;
const READ_ONLY = new Set(['.rodata', '.rdata', '__TEXT,__const', '__TEXT,__cstring']);

/** `registry/src/<index>/<crate>-<version>/`, or without the index as distributions lay it out. */
const CRATE =
  /registry\/(?:src\/[\w.-]{1,80}\/)?([A-Za-z][\w-]{0,63}?)-(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]{1,40})?)\//y;
const COMPILER = /\/rustc\/([0-9a-f]{40})\//y;

/**
 * Collects crate names and versions from the paths that Rust keeps for panic messages. Crates whose code cannot panic
 * leave no trace: the list is a lower bound. Undefined when the file shows no sign of Rust.
 */
export function readPanicPaths(executable: Executable): PanicPaths | undefined {
  const crates = new Map<string, { name: string; version: string }>();
  let compilerCommit: string | undefined;
  for (const section of executable.sections) {
    if (!READ_ONLY.has(section.name)) continue;
    for (const piece of pieces(executable.source, section.offset, Math.min(section.size, LARGEST_SECTION), OVERLAP)) {
      compilerCommit ??= first(piece, '/rustc/', COMPILER);
      forEachMatch(piece, 'registry/', CRATE, ([, name = '', version = '']) => {
        if (crates.size < MOST_CRATES) crates.set(`${name}@${version}`, { name, version });
      });
    }
  }
  if (crates.size === 0 && compilerCommit === undefined) return undefined;
  return { crates: [...crates.values()], ...(compilerCommit === undefined ? {} : { compilerCommit }) };
}

function forEachMatch(piece: Buffer, anchor: string, pattern: RegExp, visit: (match: RegExpExecArray) => void): void {
  for (let at = piece.indexOf(anchor); at >= 0; at = piece.indexOf(anchor, at + 1)) {
    pattern.lastIndex = 0;
    const match = pattern.exec(piece.toString('latin1', at, Math.min(at + 300, piece.length)));
    if (match !== null) visit(match);
  }
}

function first(piece: Buffer, anchor: string, pattern: RegExp): string | undefined {
  let found: string | undefined;
  forEachMatch(piece, anchor, pattern, ([, value]) => {
    found ??= value;
  });
  return found;
}

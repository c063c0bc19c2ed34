import { type Executable, findSection, looksExecutable, openExecutables } from '../../formats/executable.ts';
import type { FileContent, FileHead, FileReader } from '../../image/types.ts';
import type { Analyzer } from '../types.ts';
import { type AuditedCrate, readAuditData } from './audit-data.ts';
import { collectRust } from './collect.ts';
import { type PanicPaths, readPanicPaths } from './panic-paths.ts';

/** Fact of one Rust program or library. */
export interface RustBinaryFact {
  audited?: AuditedCrate[];
  /** Only without audit data. */
  paths?: PanicPaths;
  /** Why the audit data could not be read. */
  error?: string;
}

const AUDIT_SECTIONS = ['.dep-v0', '__DATA,.dep-v0', 'rust-deps'];
const LARGEST_SECTION = 16 << 20;

function read(content: FileContent): RustBinaryFact | undefined {
  for (const executable of openExecutables(content)) {
    const section = AUDIT_SECTIONS.map((name) => findSection(executable, name)).find((one) => one !== undefined);
    if (section !== undefined) {
      try {
        return {
          audited: readAuditData(executable.source.read(section.offset, Math.min(section.size, LARGEST_SECTION))),
        };
      } catch (error) {
        return { error: error instanceof Error ? error.message.slice(0, 200) : 'unreadable' };
      }
    }
    if (isGo(executable)) continue;
    const paths = readPanicPaths(executable);
    if (paths !== undefined && paths.crates.length > 0) return { paths };
  }
  return undefined;
}

/** Go programs have large data sections, and no crates. */
function isGo(executable: Executable): boolean {
  return executable.sections.some(({ name }) => name === '.go.buildinfo' || name === '__DATA,__go_buildinfo');
}

const EXECUTABLE: FileReader<RustBinaryFact> = { kind: 'whole', limit: 4 * 2 ** 30, ignoresCode: true, read };

/** Smaller files hold no Rust program worth reading: its runtime alone is larger. */
const SMALLEST = 64 << 10;

function select(file: FileHead): FileReader<RustBinaryFact> | undefined {
  return file.size >= SMALLEST && looksExecutable(file.head) ? EXECUTABLE : undefined;
}

/** Crates linked into Rust programs and libraries. */
export const rustBinaryAnalyzer: Analyzer<RustBinaryFact> = {
  name: 'rust-binary',
  version: 1,
  kind: 'packages',
  select,
  collect: collectRust,
};

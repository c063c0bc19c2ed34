import { looksExecutable, openExecutables } from '../../formats/executable.ts';
import type { FileContent, FileHead, FileReader } from '../../image/types.ts';
import type { Analyzer } from '../types.ts';
import { readBuildInfo } from './build-info.ts';
import { collectGo } from './collect.ts';
import { type GoBuildInfo, readModules } from './modules.ts';

/** Fact of one Go binary; universal files give one for each architecture. */
export interface GoBinaryFact {
  builds: (GoBuildInfo & { architecture: string })[];
  /** Set for a packed program, whose build information cannot be seen. */
  packed?: 'upx';
}

function read(content: FileContent): GoBinaryFact | undefined {
  const builds = openExecutables(content).flatMap((executable) => {
    const raw = readBuildInfo(executable);
    if (raw === undefined) return [];
    return [{ ...readModules(raw.goVersion, raw.moduleText), architecture: executable.architecture }];
  });
  if (builds.length > 0) return { builds };
  const head = Buffer.from(content.read(0, 4096));
  return head.indexOf('UPX!') >= 0 ? { builds, packed: 'upx' } : undefined;
}

const EXECUTABLE: FileReader<GoBinaryFact> = { kind: 'whole', limit: 4 * 2 ** 30, ignoresCode: true, read };

/** Smaller files cannot hold a Go program: its runtime alone is larger. */
const SMALLEST = 100 << 10;

function select(file: FileHead): FileReader<GoBinaryFact> | undefined {
  return file.size >= SMALLEST && looksExecutable(file.head) ? EXECUTABLE : undefined;
}

/** Modules and standard library linked into Go programs and libraries. */
export const goBinaryAnalyzer: Analyzer<GoBinaryFact> = {
  name: 'go-binary',
  version: 2,
  kind: 'packages',
  select,
  collect: collectGo,
};

import { readFile, stat } from 'node:fs/promises';
import { findStatement, readVex, type VexImage, type VexStatement } from '#engine/vex/index.ts';
import type { SourceFindings } from '#engine/vulnerabilities/find-vulnerabilities.ts';
import { usageFailure } from '../failure.ts';
import type { AnalysedSource } from './analyse.ts';

/** A VEX document is read whole. */
const MAX_VEX_BYTES = 256 * 1024 * 1024;

/** A statement with the document that it is of. */
export interface SourcedStatement extends VexStatement {
  source: string;
}

/** Reads VEX documents in the order named. Throws CliFailure for one that cannot be read. */
export async function readVexFiles(files: readonly string[]): Promise<SourcedStatement[]> {
  const statements: SourcedStatement[] = [];
  for (const file of files) {
    if ((await stat(file)).size > MAX_VEX_BYTES) throw usageFailure(`${file} is larger than ${MAX_VEX_BYTES} bytes`);
    try {
      const document = readVex(await readFile(file));
      const source = document.author ? `${document.author} in ${file}` : file;
      for (const statement of document.statements) statements.push({ ...statement, source });
    } catch (error) {
      if ((error as Error).name !== 'VexError') throw error;
      throw usageFailure(`${file}: ${(error as Error).message}`, 'Readable are OpenVEX, CSAF 2.0 and CycloneDX.');
    }
  }
  return statements;
}

/** Takes findings away that the newest statement about them calls `not_affected` or `fixed`. */
export function applyVex(
  found: SourceFindings,
  source: AnalysedSource,
  tag: string | undefined,
  statements: readonly SourcedStatement[],
): SourceFindings {
  if (statements.length === 0) return found;
  const image = imageOf(source, tag);
  const kept: SourceFindings = { ...found, findings: [], suppressed: [...found.suppressed] };
  for (const finding of found.findings) {
    const { package: pkg, match, detail } = finding;
    const statement = findStatement(statements, image, {
      vulnerabilities: [...new Set([match.vulnerability, detail.id, ...match.aliases, ...detail.aliases])],
      purl: pkg.purl,
      version: pkg.version,
      cpes: pkg.cpes,
    });
    if (statement?.status === 'not_affected' || statement?.status === 'fixed') {
      const why = [statement.justification, statement.impactStatement, statement.statusNotes]
        .filter(Boolean)
        .join(': ');
      const reason = `${statement.status} according to ${statement.source}${why ? `: ${why}` : ''}`;
      kept.suppressed.push({ package: pkg, match: { ...match, rule: 'vex', reason } });
    } else kept.findings.push(finding);
  }
  return kept;
}

function imageOf({ analysis, tag: known }: AnalysedSource, tag: string | undefined): VexImage {
  const { image } = analysis;
  const digests = [image?.manifestDigest, image?.parentDigest, image?.imageId].flatMap((id) => id || []);
  return { digests, tags: [tag, known].flatMap((name) => name ?? []) };
}

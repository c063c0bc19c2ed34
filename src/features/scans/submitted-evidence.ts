import type { ContentSearch, FileContents, ScanRequest } from '#contract/scan.ts';
import type { Analysis, RetrievedFile, SearchHit } from '#engine/model/analysis.ts';

/** What a client found in files beside the packages, as an analysis has it. */
export function submittedEvidence(
  request: Pick<ScanRequest, 'secret_scan' | 'content_search' | 'retrieved_files'>,
): Pick<Analysis, 'secrets' | 'contentSearch' | 'retrievedFiles'> {
  const { secret_scan: secrets, content_search: content, retrieved_files: files } = request;
  return {
    ...(secrets ? { secrets: hits(secrets) } : {}),
    ...(content ? { contentSearch: hits(content) } : {}),
    ...(files ? { retrievedFiles: retrieved(files) } : {}),
  };
}

/** One hit for each file and rule. The report counts lines from 1; its expressions are not told. */
function hits({ findings }: ContentSearch): SearchHit[] {
  return findings.flatMap(({ location, content_searches: searches }) => {
    const byRule = new Map<string, number[]>();
    for (const { classification, line_number: line } of searches) {
      const lines = byRule.get(classification) ?? [];
      lines.push(Math.max(0, line - 1));
      byRule.set(classification, lines);
    }
    return [...byRule].map(([name, lines]) => ({
      path: location.path,
      ...(location.layerID ? { layer: location.layerID } : {}),
      name,
      regex: '',
      lines: [...new Set(lines)].sort((a, b) => a - b),
    }));
  });
}

function retrieved({ findings }: FileContents): RetrievedFile[] {
  return findings.map(({ location, contents }) => ({ path: location.path, content_base64: contents }));
}

import type { FileContent, FileReader, ImageView, LocatedFact } from '../../image/types.ts';
import type { RetrievedFile } from '../../model/analysis.ts';
import type { Problem } from '../../model/problem.ts';
import { fileName } from '../location.ts';
import type { Analyzer, AnalyzerSettings, CollectContext, Evidence } from '../types.ts';

/** Keeps configured files whole, for policy gates and audit. See readme.md. */
export const retrievedFilesAnalyzer: Analyzer<Uint8Array> = {
  name: 'retrieved-files',
  version: 1,
  kind: 'evidence',
  select(file, settings) {
    return file.size <= settings.retrieveMaxFileSize && wantedNames(settings).has(fileName(file.path))
      ? reader
      : undefined;
  },
  collect: collectFiles,
};

const reader: FileReader<Uint8Array> = {
  kind: 'whole',
  limit: 64 * 1024 * 1024,
  read: (content: FileContent) => new Uint8Array(content.bytes()),
};

const namesBySettings = new WeakMap<AnalyzerSettings, Set<string>>();

/** A wanted path may be a link of another layer to a file of the same name elsewhere: names decide, paths later. */
function wantedNames(settings: AnalyzerSettings): Set<string> {
  const known = namesBySettings.get(settings);
  if (known) return known;
  const names = new Set(settings.retrieveFiles.map(fileName));
  namesBySettings.set(settings, names);
  return names;
}

function collectFiles(image: ImageView, facts: LocatedFact<Uint8Array>[], { settings }: CollectContext): Evidence {
  const byPath = new Map(facts.map(({ path, fact }) => [path, fact]));
  const retrievedFiles: RetrievedFile[] = [];
  const problems: Problem[] = [];
  for (const path of new Set(settings.retrieveFiles)) {
    const record = image.tree.resolve(path);
    const content = record && byPath.get(record.path);
    if (content) retrievedFiles.push({ path, content_base64: Buffer.from(content).toString('base64') });
    else if (record && record.size > settings.retrieveMaxFileSize) problems.push(tooLarge(path, record.size));
  }
  return { retrievedFiles, problems };
}

function tooLarge(path: string, size: number): Problem {
  return {
    code: 'retrieved-file-too-large',
    message: `the file has ${size} bytes and was not kept`,
    severity: 'partial',
    path,
    source: 'retrieved-files',
  };
}

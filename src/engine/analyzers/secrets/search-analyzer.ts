import type { FileContent, FileReader, LocatedFact } from '../../image/types.ts';
import type { SearchHit } from '../../model/analysis.ts';
import type { Problem } from '../../model/problem.ts';
import { locate } from '../location.ts';
import type { Analyzer, AnalyzerSettings, Evidence } from '../types.ts';
import type { SearchRule } from './rules.ts';
import { compileSearch, type FileHits } from './search.ts';

/** How one search analyzer differs from another. */
export interface SearchKind {
  name: string;
  version: number;
  rules(settings: AnalyzerSettings): readonly SearchRule[];
  /** Where the hits go. */
  key: 'secrets' | 'contentSearch';
}

/** Makes an analyzer that searches files line by line with the rules of the settings. */
export function searchAnalyzer(kind: SearchKind): Analyzer<FileHits> {
  const readers = new WeakMap<AnalyzerSettings, FileReader<FileHits> | null>();
  const readerFor = (settings: AnalyzerSettings): FileReader<FileHits> | null => {
    let reader = readers.get(settings);
    if (reader === undefined) {
      reader = makeReader(kind.rules(settings), settings.secretSearchMaxFileSize);
      readers.set(settings, reader);
    }
    return reader;
  };
  return {
    name: kind.name,
    version: kind.version,
    kind: 'evidence',
    select(file, settings) {
      if (file.size === 0 || file.size > settings.secretSearchMaxFileSize) return undefined;
      return readerFor(settings) ?? undefined;
    },
    collect(image, facts, { settings }): Evidence {
      const hits = facts.flatMap((located) => hitsOf(located, locate(image, located).layer));
      const problems = [...badRules(kind, settings), ...exhausted(kind, facts)];
      return { [kind.key]: hits, problems };
    },
  };
}

function makeReader(rules: readonly SearchRule[], limit: number): FileReader<FileHits> | null {
  if (rules.length === 0) return null;
  const search = compileSearch(rules, () => undefined);
  return { kind: 'whole', limit, read: (content: FileContent) => search(content.bytes()) };
}

function hitsOf({ path, fact }: LocatedFact<FileHits>, layer: string | undefined): SearchHit[] {
  return fact.hits.map((hit) => ({ path, ...hit, ...(layer ? { layer } : {}) }));
}

/** Rules are compiled again here, so that a bad one is told once per image and not once per file. */
function badRules(kind: SearchKind, settings: AnalyzerSettings): Problem[] {
  const problems: Problem[] = [];
  compileSearch(kind.rules(settings), (rule, reason) => {
    const message = `the search rule ${rule.name} cannot be used: ${reason}`;
    problems.push({ code: 'search-rule-invalid', message, severity: 'partial', source: kind.name });
  });
  return problems;
}

function exhausted(kind: SearchKind, facts: readonly LocatedFact<FileHits>[]): Problem[] {
  const rules = new Map<string, string>();
  for (const { path, fact } of facts) for (const name of fact.exhausted) if (!rules.has(name)) rules.set(name, path);
  return [...rules].map(([name, path]) => ({
    code: 'search-rule-too-slow',
    message: `the search rule ${name} backtracks without end on this file and was not applied to it, nor perhaps to others`,
    severity: 'partial',
    path,
    source: kind.name,
  }));
}

import { defaultSettings, factsOf, type MemoryFiles, memoryImage } from '../../../test/builders/memory-image.ts';
import type { LocatedFact } from '../image/types.ts';
import type { Analyzer, Evidence } from './types.ts';

/** Runs both phases of one analyzer over test files, without the joining that the frame adds. */
export function analyzeFiles<Fact>(
  analyzer: Analyzer<Fact>,
  files: MemoryFiles,
): Required<Pick<Evidence, 'packages' | 'relationships' | 'problems'>> {
  const facts = factsOf(analyzer as Analyzer, files) as LocatedFact<Fact>[];
  const context = { settings: defaultSettings, distroFor: () => undefined };
  const { packages = [], relationships = [], problems = [] } = analyzer.collect(memoryImage(files), facts, context);
  return { packages, relationships, problems };
}

/** `name@version path` of all packages. */
export function rows(packages: readonly { name: string; version: string; locations: { path: string }[] }[]): string[] {
  return packages.map(({ name, version, locations }) => `${name}@${version} ${locations[0]?.path}`);
}

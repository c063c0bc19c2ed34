import type { Analyzer, AnalyzerSettings } from '../analyzers/types.ts';
import { selectsByName } from './file-sink.ts';
import { type EntryColumns, entryPath, type LayerFact } from './layer-record.ts';

/** Entry with content → hard links to it that a first pass had to leave, with the analyzers that have it already. */
export type LateLinks = Map<number, { entry: number; path: string; skip: ReadonlySet<string> }[]>;

/** A hard link as analyzers see it: the file that it names, under its own name. */
function linkedFile(
  entries: EntryColumns,
  entry: number,
  target: number,
): { path: string; size: number; mode: number } {
  return { path: entryPath(entries, entry), size: entries.sizes[target]!, mode: entries.modes[target]! };
}

/** Facts chosen by name that also hold for hard links, since their names would have been chosen as well. */
export function factsOfLinks(
  entries: EntryColumns,
  facts: readonly LayerFact[],
  analyzers: readonly Analyzer[],
  settings: AnalyzerSettings,
): LayerFact[] {
  const found: LayerFact[] = [];
  if (entries.bindings.size === 0) return found;
  const byEntry = Map.groupBy(
    facts.filter(({ by }) => by === 'name'),
    ({ entry }) => entry,
  );
  for (const [entry, target] of entries.bindings) {
    for (const fact of byEntry.get(target) ?? []) {
      const analyzer = analyzers.find(({ name }) => name === fact.analyzer);
      if (analyzer && selectsByName(analyzer, linkedFile(entries, entry, target), settings)) {
        found.push({ ...fact, entry });
      }
    }
  }
  return found;
}

/**
 * Hard links with names that analyzers want, whose content went by under a name that they did not.
 * `selected`: analyzers with a fact, by entry.
 */
export function findLateLinks(
  entries: EntryColumns,
  selected: ReadonlyMap<number, ReadonlySet<string>>,
  analyzers: readonly Analyzer[],
  settings: AnalyzerSettings,
): LateLinks {
  const late: LateLinks = new Map();
  for (const [entry, target] of entries.bindings) {
    if (target < 0) continue;
    const file = linkedFile(entries, entry, target);
    const first = linkedFile(entries, target, target);
    const skip = selected.get(target) ?? new Set<string>();
    // What an analyzer wants under the first name too, it has read already.
    const missed = analyzers.some(
      (analyzer) =>
        !skip.has(analyzer.name) &&
        selectsByName(analyzer, file, settings) &&
        !selectsByName(analyzer, first, settings),
    );
    if (missed) late.set(target, [...(late.get(target) ?? []), { entry, path: file.path, skip }]);
  }
  return late;
}

import type { Package } from '../model/package.ts';

/** Packages of one name and type, on both sides of a comparison. */
export interface PackageDifference {
  type: string;
  name: string;
  /** Versions, sorted; empty = not there. */
  before: string[];
  after: string[];
}

/** Differences between two package lists by type and name, in order of name. */
export function packageDrift(before: readonly Package[], after: readonly Package[]): PackageDifference[] {
  const entries = new Map<string, { type: string; name: string; before: Set<string>; after: Set<string> }>();
  function add(list: readonly Package[], side: 'before' | 'after'): void {
    for (const { type, name, version } of list) {
      const key = `${type}/${name}`;
      let entry = entries.get(key);
      if (!entry) {
        entry = { type, name, before: new Set(), after: new Set() };
        entries.set(key, entry);
      }
      entry[side].add(version);
    }
  }
  add(before, 'before');
  add(after, 'after');
  return [...entries.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => ({ ...entry, before: [...entry.before].sort(), after: [...entry.after].sort() }))
    .filter((entry) => entry.before.join() !== entry.after.join());
}

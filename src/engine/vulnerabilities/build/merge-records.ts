import type { PackedRecord } from '../index/format.ts';
import type { StagedRecord } from './staging.ts';

/** Whether a record can say that a package is vulnerable. */
function isActive(record: PackedRecord): boolean {
  return record[2] !== 'rejected' && record[2] !== 'withdrawn';
}

function namesOf(record: PackedRecord): string[] {
  return [record[0], ...record[3]].map((name) => name.toLowerCase());
}

/**
 * Adds records to those of the same package and release. One flaw stands once: a record that is another name of a flaw
 * that is there already, or covers nothing but such flaws, is not added; the record that stays takes over its names.
 * Advisories of accounts never come this way. Returns the records and calls `duplicate` for each one left out.
 */
export function mergeRecords(
  existing: readonly PackedRecord[],
  added: readonly StagedRecord[],
  duplicate: (record: StagedRecord) => void,
): PackedRecord[] {
  const merged = existing.map((record) => [...record] as PackedRecord);
  const byName = new Map<string, PackedRecord[]>();
  const note = (record: PackedRecord): void => {
    for (const name of namesOf(record)) {
      const list = byName.get(name);
      if (list) list.push(record);
      else byName.set(name, [record]);
    }
  };
  for (const record of merged) note(record);
  for (const staged of added) {
    const standing = standsFor(byName, staged);
    if (standing === undefined) {
      merged.push(staged.record);
      note(staged.record);
      continue;
    }
    duplicate(staged);
    takeOver(standing, staged);
    note(standing);
  }
  return merged;
}

/** The record that makes the staged one needless. */
function standsFor(
  byName: ReadonlyMap<string, PackedRecord[]>,
  { record, covers }: StagedRecord,
): PackedRecord | undefined {
  const [id, provider, , aliases, affected] = record;
  const known = byName.get(id.toLowerCase()) ?? [];
  const same = known.find((other) => other[0] === id && other[1] === provider && other[4] === affected);
  // Several CPEs of one flaw are records of their own.
  if (same) return record[7] && JSON.stringify(same[7]) !== JSON.stringify(record[7]) ? undefined : same;
  if (!affected || !isActive(record) || record[7]) return undefined;
  const active = (name: string): PackedRecord | undefined =>
    byName.get(name.toLowerCase())?.find((other) => other[4] && isActive(other));
  const covered = new Set(covers);
  for (const name of [id, ...aliases]) {
    const found = covered.has(name) ? undefined : active(name);
    if (found) return found;
  }
  if (covers.length === 0) return undefined;
  const all = covers.map(active);
  return all.every((found) => found !== undefined) ? all[0] : undefined;
}

function takeOver(standing: PackedRecord, { record, covers }: StagedRecord): void {
  const [id, , , aliases, , , qualifiers] = record;
  // An update that mends several flaws is not another name of one of them.
  const names = covers.length > 1 ? [] : [id, ...aliases];
  standing[3] = [...new Set([...standing[3], ...names])].filter((name) => name !== standing[0]);
  if (qualifiers?.goImports && !standing[6]?.goImports && standing[1] !== record[1])
    standing[6] = { ...(standing[6] ?? {}), goImports: qualifiers.goImports };
}

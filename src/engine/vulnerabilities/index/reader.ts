import type { IndexMeta, PackageEntry, PackedRecord } from './format.ts';
import { indexKey } from './format.ts';
import type { AdvisoryRecord } from './record.ts';
import { unpackRecord } from './record.ts';
import type { IndexStore } from './store.ts';
import { weightedCache } from './weighted-cache.ts';

/** Records by package name and by CPE, unpacked and cached. */
export interface RecordReader {
  meta: IndexMeta;
  /** Records of a package; `system` is the key of an operating system, or '' for records without one. */
  packageRecords(ecosystem: string, name: string, system: string): readonly AdvisoryRecord[];
  cpeRecords(vendor: string, product: string): readonly AdvisoryRecord[];
}

/** How many records and names stay unpacked in memory. */
export interface ReaderLimits {
  records: number;
  names: number;
}

const DEFAULT_LIMITS: ReaderLimits = { records: 300_000, names: 60_000 };
const NONE: readonly AdvisoryRecord[] = [];
const NO_SYSTEMS: ReadonlyMap<string, string> = new Map();

/** Makes a reader over an open store. */
export function recordReader(store: IndexStore, limits: ReaderLimits = DEFAULT_LIMITS): RecordReader {
  const names = weightedCache<ReadonlyMap<string, string>>(limits.names * 4);
  const groups = weightedCache<readonly AdvisoryRecord[]>(limits.records);

  const groupsOfName = (key: string): ReadonlyMap<string, string> => {
    const known = names.get(key);
    if (known) return known;
    const entries = store.get(key) as PackageEntry[] | undefined;
    const found = entries ? new Map(entries.map(([system, group]) => [system, group])) : NO_SYSTEMS;
    names.set(key, found, 1 + found.size);
    return found;
  };
  const group = (id: string): readonly AdvisoryRecord[] => {
    const known = groups.get(id);
    if (known) return known;
    const packed = store.get(indexKey('g', id)) as PackedRecord[] | undefined;
    const records = (packed ?? []).map(unpackRecord);
    groups.set(id, records, 1 + records.length);
    return records;
  };
  return {
    meta: store.meta,
    packageRecords: (ecosystem, name, system) => {
      const id = groupsOfName(indexKey('p', ecosystem, name.toLowerCase())).get(system);
      return id === undefined ? NONE : group(id);
    },
    cpeRecords: (vendor, product) => {
      const key = indexKey('c', vendor, product);
      let found = names.get(key);
      if (!found) {
        const entry = store.get(key) as [string, string] | undefined;
        found = entry ? new Map([['', entry[0]]]) : NO_SYSTEMS;
        names.set(key, found, 1);
      }
      const id = found.get('');
      return id === undefined ? NONE : group(id);
    },
  };
}

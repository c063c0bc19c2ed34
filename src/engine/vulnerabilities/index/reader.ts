import type { IndexMeta, PackageEntry, PackedRecord } from './format.ts';
import { indexKey } from './format.ts';
import type { RecordGroup } from './record.ts';
import { unpackGroup } from './record.ts';
import type { IndexStore } from './store.ts';
import { weightedCache } from './weighted-cache.ts';

/** Records by package name and by CPE, unpacked and cached. */
export interface RecordReader {
  meta: IndexMeta;
  /** Records of a package; `system` is the key of an operating system, or '' for records without one. */
  packageRecords(ecosystem: string, name: string, system: string): RecordGroup | undefined;
  cpeRecords(vendor: string, product: string): RecordGroup | undefined;
}

/** How many records and names stay unpacked in memory. */
export interface ReaderLimits {
  records: number;
  names: number;
}

const DEFAULT_LIMITS: ReaderLimits = { records: 300_000, names: 60_000 };
/** Group ids by system. */
type Systems = ReadonlyMap<string, string>;
const NO_SYSTEMS: Systems = new Map();

/** Makes a reader over an open store. */
export function recordReader(store: IndexStore, limits: ReaderLimits = DEFAULT_LIMITS): RecordReader {
  // By name alone, then by ecosystem: the text of a name is hashed once, a made-up key would be hashed at every look-up.
  const packages = weightedCache<Map<string, Systems>>(limits.names * 4);
  const products = weightedCache<Map<string, string>>(limits.names);
  const groups = weightedCache<RecordGroup>(limits.records);

  const systemsOf = (ecosystem: string, name: string): Systems => {
    let byEcosystem = packages.get(name);
    const known = byEcosystem?.get(ecosystem);
    if (known) return known;
    const entries = store.get(indexKey('p', ecosystem, name.toLowerCase())) as PackageEntry[] | undefined;
    const found = entries ? new Map(entries.map(([system, group]) => [system, group])) : NO_SYSTEMS;
    byEcosystem ??= new Map();
    byEcosystem.set(ecosystem, found);
    packages.set(name, byEcosystem, 1 + found.size);
    return found;
  };
  const group = (id: string): RecordGroup => {
    const known = groups.get(id);
    if (known) return known;
    const unpacked = unpackGroup((store.get(indexKey('g', id)) as PackedRecord[] | undefined) ?? []);
    groups.set(id, unpacked, 1 + unpacked.records.length);
    return unpacked;
  };
  return {
    meta: store.meta,
    packageRecords: (ecosystem, name, system) => {
      const id = systemsOf(ecosystem, name).get(system);
      return id === undefined ? undefined : group(id);
    },
    cpeRecords: (vendor, product) => {
      let byVendor = products.get(product);
      let id = byVendor?.get(vendor);
      if (id === undefined) {
        const entry = store.get(indexKey('c', vendor, product)) as [string, string] | undefined;
        id = entry?.[0] ?? '';
        byVendor ??= new Map();
        byVendor.set(vendor, id);
        products.set(product, byVendor, 1);
      }
      return id === '' ? undefined : group(id);
    },
  };
}

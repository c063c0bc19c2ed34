import type { IndexMeta, OperatingSystemRow, PackedRecord } from '../index/format.ts';
import { indexKey } from '../index/format.ts';
import type { SystemName } from '../sources/types.ts';
import type { RangeCheck } from './check-range.ts';
import { targetSystems } from './merge-sources.ts';
import { groupOf } from './package-records.ts';
import type { StagedRecord, Staging } from './staging.ts';
import type { IndexWriter } from './writer.ts';

/** What the steps of a merge share. */
export interface MergeContext {
  staging: Staging;
  systems: ReadonlyMap<string, SystemName>;
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  group(id: string | undefined): PackedRecord[];
  putGroup(records: PackedRecord[]): [group: string, hash: string];
  targets(key: string, system: SystemName): OperatingSystemRow[];
  countEcosystem(ecosystem: string, rows: number): void;
  duplicate(record: StagedRecord): void;
  checkRanges(records: readonly StagedRecord[]): void;
  noteName(provider: string, id: string, namespace: string, name: [ecosystem: string, name: string]): void;
  /** Adds to a list that is written by `flushLists`. */
  addTo(key: string, known: readonly string[], value: string): void;
  flushLists(): void;
  step(records: number): void;
}

/** How many named packages are held before they are written: bounds memory, at the cost of reading some again. */
const NAMED_LIMIT = 60_000;

/** Makes the context over an index whose first source is written. */
export function mergeContext(options: {
  staging: Staging;
  writer: IndexWriter;
  meta: IndexMeta;
  check: RangeCheck;
  duplicate(record: StagedRecord): void;
  step(records: number): void;
}): MergeContext & { flushNames(): void } {
  const { staging, writer, meta } = options;
  const get = (key: string): unknown => writer.get(key);
  const groups = new Set<string>();
  const targets = new Map<string, OperatingSystemRow[]>();
  const lists = new Map<string, Set<string>>();
  let named = new Map<string, Map<string, Map<string, [string, string]>>>();
  let namedCount = 0;
  const flushNames = (): void => {
    for (const [key, namespaces] of named) {
      const known = (get(key) as [string, [string, string][]][] | undefined) ?? [];
      for (const [namespace, packages] of known) {
        const list = namespaces.get(namespace) ?? new Map<string, [string, string]>();
        for (const one of packages) list.set(one.join('\u0001'), one);
        namespaces.set(namespace, list);
      }
      writer.put(
        key,
        [...namespaces].map(([namespace, packages]) => [namespace, [...packages.values()]]),
      );
    }
    named = new Map();
    namedCount = 0;
    writer.flush();
  };
  return {
    staging,
    systems: staging.systems,
    get,
    put: (key, value) => writer.put(key, value),
    group: (id) => (id === undefined ? [] : ((get(indexKey('g', id)) as PackedRecord[] | undefined) ?? [])),
    putGroup: (records) => {
      const { id, contentHash } = groupOf(records);
      if (!groups.has(id)) {
        groups.add(id);
        writer.put(indexKey('g', id), records);
      }
      return [id, contentHash];
    },
    targets: (key, system) => {
      const known = targets.get(key) ?? targetSystems(meta, system);
      targets.set(key, known);
      return known;
    },
    countEcosystem: (ecosystem, rows) => {
      meta.ecosystems[ecosystem] = (meta.ecosystems[ecosystem] ?? 0) + rows;
    },
    duplicate: options.duplicate,
    checkRanges: (records) => {
      for (const { record } of records) for (const [type, constraint] of record[5]) options.check(type, constraint);
    },
    noteName: (provider, id, namespace, name) => {
      const key = indexKey('x', provider, id.toLowerCase());
      const namespaces = named.get(key) ?? new Map<string, Map<string, [string, string]>>();
      const packages = namespaces.get(namespace) ?? new Map<string, [string, string]>();
      packages.set(name.join('\u0001'), name);
      namespaces.set(namespace, packages);
      named.set(key, namespaces);
      if (++namedCount >= NAMED_LIMIT) flushNames();
    },
    addTo: (key, known, value) => {
      const list = lists.get(key) ?? new Set(known);
      list.add(value);
      lists.set(key, list);
    },
    flushLists: () => {
      for (const [key, values] of lists) writer.put(key, [...values]);
      lists.clear();
      writer.flush();
    },
    step: options.step,
    flushNames,
  };
}

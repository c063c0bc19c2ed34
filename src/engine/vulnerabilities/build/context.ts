import type { PackedRecord } from '../index/format.ts';
import { indexKey } from '../index/format.ts';
import type { RangeCheck } from './check-range.ts';
import { rangeCheck } from './check-range.ts';
import { groupOf } from './package-records.ts';
import type { Source } from './source.ts';
import type { VulnerabilityName } from './vulnerability-names.ts';
import { vulnerabilityNames } from './vulnerability-names.ts';
import type { IndexWriter } from './writer.ts';

/** What the steps of one build share. */
export interface BuildContext {
  source: Source;
  put(key: string, value: unknown): void;
  /** Writes a group once and returns its id and content hash. */
  putGroup(records: PackedRecord[]): [group: string, hash: string];
  vulnerability(rowId: number): VulnerabilityName | undefined;
  countEcosystem(ecosystem: string, rows: number): void;
  anomaly(kind: string, times: number): void;
  checkRange: RangeCheck;
  /** Counts a record for the progress report, and stops the build when it was cancelled. */
  step(): void;
}

/** Totals of one build. */
export interface BuildCounts {
  records: number;
  ecosystems: Record<string, number>;
  anomalies: Record<string, number>;
}

/** Makes the context. `onStep` is called for every record and may throw to stop. */
export function buildContext(
  source: Source,
  writer: IndexWriter,
  counts: BuildCounts,
  onStep: (records: number) => void,
): BuildContext {
  const groups = new Set<string>();
  const anomaly = (kind: string, times: number): void => {
    counts.anomalies[kind] = (counts.anomalies[kind] ?? 0) + times;
  };
  const put = (key: string, value: unknown): void => writer.put(key, value);
  return {
    source,
    put,
    putGroup: (records) => {
      const { id, contentHash } = groupOf(records);
      if (!groups.has(id)) {
        groups.add(id);
        put(indexKey('g', id), records);
      }
      return [id, contentHash];
    },
    vulnerability: vulnerabilityNames(source),
    countEcosystem: (ecosystem, rows) => {
      const name = ecosystem.toLowerCase();
      counts.ecosystems[name] = (counts.ecosystems[name] ?? 0) + rows;
    },
    anomaly,
    checkRange: rangeCheck(anomaly),
    step: () => onStep(++counts.records),
  };
}

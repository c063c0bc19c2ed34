import type { IndexMeta } from './index/format.ts';
import { readIndexMeta } from './index/store.ts';

/** What a build took, and what it could not take as it should. */
export type BuildReport = Pick<IndexMeta, 'anomalies'> & { sources: NonNullable<IndexMeta['sources']> };

/** The report of an index folder; undefined when there is no index of this format. */
export function readBuildReport(directory: string): BuildReport | undefined {
  const meta = readIndexMeta(directory);
  return meta && { anomalies: meta.anomalies, sources: meta.sources ?? [] };
}

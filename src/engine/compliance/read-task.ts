import type { HdfSummary } from './hdf/types.ts';
import type { ComplianceReport, ReadLimits } from './types.ts';

/** Work for a reading thread: the path is a local file, compressed with Zstandard when so marked. */
export interface ReadTask {
  /** Read a report; read one and give it as HDF text; or check an HDF document. */
  kind: 'report' | 'convert' | 'check-hdf';
  path: string;
  compressed: boolean;
  limits: ReadLimits;
}

/** What a task of a kind results in. */
export interface ReadResults {
  report: ComplianceReport;
  convert: string;
  'check-hdf': HdfSummary;
}

/** What the thread answers: one message, then it ends. */
export type ReadAnswer =
  | { type: 'done'; result: ComplianceReport | string | HdfSummary }
  | { type: 'refused'; code: string; message: string }
  | { type: 'failed'; message: string };

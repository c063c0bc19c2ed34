import type { Analyzer, AnalyzerSettings } from '../analyzers/types.ts';
import type { LayerPassOptions } from './layer-pass.ts';
import type { LayerRecord } from './layer-record.ts';
import type { AnalysisLimits } from './limits.ts';

/** Part of a file that holds a blob. */
export interface FileRange {
  path: string;
  offset: number;
  size: number;
}

/** How layers of one analysis are read. Crosses threads. */
export interface LayerSettings {
  settings: AnalyzerSettings;
  /** Only analyzers of kind `packages`, and no digests of files. */
  packagesOnly: boolean;
  limits: AnalysisLimits;
  spoolDirectory?: string;
}

/** Messages to a layer worker. It reads one layer at a time. */
export type ToWorker =
  | { type: 'begin'; settings: LayerSettings; range?: FileRange; encode: boolean }
  | { type: 'chunk'; bytes: Uint8Array }
  | { type: 'end'; incomplete?: string };

/** Messages from a layer worker. `again` asks for the same blob once more. */
export type FromWorker =
  | { type: 'taken'; bytes: number }
  | { type: 'progress'; bytes: number }
  | { type: 'again' }
  | { type: 'done'; record: LayerRecord; encoded?: Uint8Array }
  | { type: 'failed'; message: string };

/** Options of a pass with the analyzers that the settings ask for. */
export function passOptions(all: readonly Analyzer[], task: LayerSettings): LayerPassOptions {
  const { settings, limits, packagesOnly, spoolDirectory } = task;
  return {
    analyzers: packagesOnly ? all.filter((analyzer) => analyzer.kind === 'packages') : all,
    settings,
    limits,
    hashFiles: !packagesOnly,
    ...(spoolDirectory === undefined ? {} : { spoolDirectory }),
  };
}

/** Bounds of one analysis. Exceeding one makes a layer partial, with a problem; it never fails the image. */
export interface AnalysisLimits {
  /** Uncompressed bytes of one layer. */
  layerBytes: number;
  /** Entries of one layer. */
  layerEntries: number;
  /** Uncompressed bytes for each compressed one, judged once a layer has grown past `ratioFloor`. */
  ratio: number;
  ratioFloor: number;
  /** Largest single file read, bytes; sparse files count with their holes. */
  fileBytes: number;
  /** Time for one layer, milliseconds. */
  layerTimeMs: number;
}

/** Bounds that real images stay far below. */
export const DEFAULT_LIMITS: AnalysisLimits = {
  layerBytes: 64 * 1024 ** 3,
  layerEntries: 5_000_000,
  ratio: 250,
  ratioFloor: 2 * 1024 ** 3,
  fileBytes: 32 * 1024 ** 3,
  layerTimeMs: 30 * 60_000,
};

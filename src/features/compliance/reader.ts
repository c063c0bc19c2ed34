import { readInThread } from '#engine/compliance/index.ts';
import { createSlots, SlotsBusy } from '#platform/auth/slots.ts';
import { AppError } from '#shared/errors.ts';

/** Reads files in threads of their own. */
export type ComplianceReader = ReturnType<typeof createReader>;

/** Bounds of reading, and of how many files are read at once on behalf of requests: others wait for their turn. */
export function createReader(options: { timeoutMs: number; maxBytes: number; atOnce?: number }) {
  const { timeoutMs } = options;
  const limits = { bytes: options.maxBytes };
  const slots = createSlots({ concurrency: options.atOnce ?? 2, maxWaiting: 50 });

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await slots.run(work);
    } catch (error) {
      if (error instanceof SlotsBusy)
        throw new AppError(503, 'Too many files wait to be read; try again later.', {
          headers: { 'retry-after': '30' },
        });
      throw error;
    }
  }

  return {
    /** The report in a compressed file. Throws ComplianceReadError. */
    report: (path: string, signal: AbortSignal) =>
      readInThread({ kind: 'report', path, compressed: true }, { timeoutMs, signal, limits }),
    /** The same as HDF text. */
    convert: (path: string, signal: AbortSignal) =>
      inTurn(() => readInThread({ kind: 'convert', path, compressed: true }, { timeoutMs, signal, limits })),
    /** What an HDF document says. */
    checkHdf: (path: string, signal: AbortSignal) =>
      inTurn(() => readInThread({ kind: 'check-hdf', path, compressed: true }, { timeoutMs, signal, limits })),
  };
}

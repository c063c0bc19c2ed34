import type { Analyzer } from '../analyzers/types.ts';
import { encodeRecord } from './layer-codec.ts';
import type { LayerJob, LayerPool, LayerResult } from './layer-pool.ts';
import { LayerReader } from './layer-reader.ts';
import { passOptions } from './layer-task.ts';

/** Reads layers in the calling thread, one after the other: for analyzers that are values, which no thread can be sent. */
export function inlineReader(analyzers: readonly Analyzer[]): LayerPool {
  let queue: Promise<unknown> = Promise.resolve();
  return {
    run(job) {
      const turn = queue.then(() => read(analyzers, job));
      queue = turn.catch(() => undefined);
      return turn;
    },
    close: async () => {},
  };
}

async function read(analyzers: readonly Analyzer[], job: LayerJob): Promise<LayerResult> {
  job.signal?.throwIfAborted();
  const reader = new LayerReader(passOptions(analyzers, job.settings));
  try {
    for (;;) {
      for await (const chunk of await job.open()) {
        job.signal?.throwIfAborted();
        reader.write(chunk);
        job.onBytes?.(chunk.length);
      }
      const record = reader.end();
      if (record === 'again') continue;
      return job.encode && record.complete ? { record, encoded: encodeRecord(record) } : { record };
    }
  } finally {
    reader.close();
  }
}

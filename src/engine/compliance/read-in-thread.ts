import { Worker } from 'node:worker_threads';
import type { ReadAnswer, ReadResults, ReadTask } from './read-task.ts';
import { ComplianceReadError, DEFAULT_READ_LIMITS, type ReadLimits } from './types.ts';

/** How a thread may be used. */
export interface ThreadOptions {
  /** The thread is ended after this time. */
  timeoutMs: number;
  signal?: AbortSignal;
  limits?: Partial<ReadLimits>;
  /** Heap of the thread. */
  memoryMb?: number;
}

/**
 * Does one reading task in a thread of its own. Throws ComplianceReadError when the file is at fault, also when it takes
 * too long or needs too much memory; the reason of `signal` when aborted.
 */
export function readInThread<K extends keyof ReadResults>(
  task: { kind: K; path: string; compressed: boolean },
  options: ThreadOptions,
): Promise<ReadResults[K]> {
  const { signal, timeoutMs, memoryMb = 768 } = options;
  signal?.throwIfAborted();
  const workerData: ReadTask = { ...task, limits: { ...DEFAULT_READ_LIMITS, ...options.limits } };
  const worker = new Worker(new URL('./read-worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  return new Promise<ReadResults[K]>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new ComplianceReadError('timeout', `Reading the file took longer than ${timeoutMs / 1000} s.`)),
      timeoutMs,
    );
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    worker.once('message', (answer: ReadAnswer) => {
      if (answer.type === 'done') resolve(answer.result as ReadResults[K]);
      else if (answer.type === 'refused') reject(new ComplianceReadError(answer.code, answer.message));
      else reject(new Error(answer.message));
    });
    worker.once('error', (error: Error & { code?: string }) => {
      const starved = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      reject(starved ? new ComplianceReadError('too-large', `Reading the file needs over ${memoryMb} MB.`) : error);
    });
    worker.once('exit', (code) => reject(new Error(`the reading thread ended with code ${code}`)));
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    worker.once('exit', settle);
  }).finally(() => worker.terminate());
}

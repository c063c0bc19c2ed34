import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { LayerRecord } from './layer-record.ts';
import type { FileRange, FromWorker, LayerSettings, ToWorker } from './layer-task.ts';

/** Bytes sent to a worker and not yet read by it. */
const MAX_IN_FLIGHT = 2 * 1024 * 1024;
const CHUNK = 256 * 1024;

/** One layer to read. */
export interface LayerJob {
  settings: LayerSettings;
  /** Where the blob lies in a local file, when it does: the worker reads it itself. */
  range?: FileRange;
  /** Opens the blob otherwise; called again when a second pass is needed. */
  open(): Promise<AsyncIterable<Uint8Array>>;
  /** Also return the packed record. */
  encode: boolean;
  signal?: AbortSignal;
  onBytes?(bytes: number): void;
}

/** A record, and its packed form when that was asked for and the record is complete. */
export interface LayerResult {
  record: LayerRecord;
  encoded?: Uint8Array;
}

/** Reads layers. */
export interface LayerPool {
  /** Rejects when the source fails, when the job is aborted, or when the worker dies. */
  run(job: LayerJob): Promise<LayerResult>;
  close(): Promise<void>;
}

/** Threads for reading layers, started when needed: one layer each, at most `size` (default: cores, up to 4). */
export function createLayerPool(options: { size?: number; analyzersModule?: string } = {}): LayerPool {
  const size = Math.max(1, options.size ?? Math.min(availableParallelism(), 4));
  const analyzersModule = options.analyzersModule ?? new URL('../analyzers/registry.ts', import.meta.url).href;
  const idle: Worker[] = [];
  const waiting: Waiting[] = [];
  let closed = false;
  const all = new Set<Worker>();
  const leaving = new Set<Promise<unknown>>();

  function start(): Worker {
    const worker = new Worker(new URL('./layer-worker.ts', import.meta.url), {
      workerData: { analyzersModule },
      stderr: false,
    });
    worker.unref();
    all.add(worker);
    return worker;
  }

  function acquire(signal: AbortSignal | undefined): Promise<Worker> {
    const worker = idle.pop();
    if (worker !== undefined) return Promise.resolve(worker);
    if (all.size < size) return Promise.resolve(start());
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.splice(waiting.indexOf(entry), 1);
        signal?.removeEventListener('abort', abort);
      };
      const abort = (): void => entry.refuse(signal?.reason);
      const entry: Waiting = {
        give(next) {
          leave();
          resolve(next);
        },
        refuse(reason) {
          leave();
          reject(reason);
        },
      };
      waiting.push(entry);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  function release(worker: Worker): void {
    worker.unref();
    const [next] = waiting;
    if (next) next.give(worker);
    else idle.push(worker);
  }

  /** Ends a worker in an unknown state. Nobody has to wait until it is gone. */
  function discard(worker: Worker): void {
    if (!all.delete(worker)) return;
    const gone = worker.terminate();
    leaving.add(gone);
    gone.finally(() => leaving.delete(gone));
    waiting[0]?.give(start());
  }

  return {
    async run(job) {
      if (closed) throw new Error('The layer pool is closed.');
      job.signal?.throwIfAborted();
      const worker = await acquire(job.signal);
      worker.ref();
      try {
        const result = await runOn(worker, job);
        release(worker);
        return result;
      } catch (error) {
        discard(worker);
        throw error;
      }
    },
    async close() {
      closed = true;
      for (const entry of [...waiting]) entry.refuse(new Error('The layer pool is closed.'));
      const workers = [...all];
      all.clear();
      idle.length = 0;
      await Promise.all([...leaving, ...workers.map((worker) => worker.terminate())]);
    },
  };
}

/** A job that waits for a worker. */
interface Waiting {
  give(worker: Worker): void;
  refuse(reason: unknown): void;
}

/** Drives one job on one worker; whatever rejects here leaves the worker in an unknown state. */
function runOn(worker: Worker, job: LayerJob): Promise<LayerResult> {
  return new Promise((resolve, reject) => {
    const post = (message: ToWorker, transfer: ArrayBuffer[] = []): void => worker.postMessage(message, transfer);
    let inFlight = 0;
    let onRoom: (() => void) | undefined;
    let settled = false;
    const deadline = setTimeout(() => finish(new LayerTimeout()), job.settings.limits.layerTimeMs * 1.2 + 1000);

    function finish(outcome: LayerResult | Error): void {
      if (settled) return;
      settled = true;
      clearTimeout(deadline);
      worker.off('message', receive).off('error', fail).off('exit', exited);
      job.signal?.removeEventListener('abort', abort);
      onRoom?.();
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    }
    const fail = (error: unknown): void => finish(error instanceof Error ? error : new Error(String(error)));
    const exited = (code: number): void => finish(new Error(`The layer worker ended with code ${code}.`));
    const abort = (): void => fail(job.signal?.reason ?? new Error('Aborted'));

    function receive(message: FromWorker): void {
      if (message.type === 'taken') {
        inFlight -= message.bytes;
        onRoom?.();
        job.onBytes?.(message.bytes);
      } else if (message.type === 'progress') job.onBytes?.(message.bytes);
      else if (message.type === 'again') feed().catch(fail);
      else if (message.type === 'failed') finish(new Error(message.message));
      else finish(message.encoded ? { record: message.record, encoded: message.encoded } : { record: message.record });
    }

    async function feed(): Promise<void> {
      let buffer = new Uint8Array(CHUNK);
      let filled = 0;
      const flush = async (): Promise<void> => {
        if (filled === 0) return;
        const bytes = buffer.subarray(0, filled);
        buffer = new Uint8Array(CHUNK);
        inFlight += filled;
        filled = 0;
        post({ type: 'chunk', bytes }, [bytes.buffer]);
        while (inFlight >= MAX_IN_FLIGHT && !settled) {
          await new Promise<void>((room) => {
            onRoom = room;
          });
        }
      };
      for await (const chunk of await job.open()) {
        for (let at = 0; at < chunk.length; ) {
          const n = Math.min(CHUNK - filled, chunk.length - at);
          buffer.set(chunk.subarray(at, at + n), filled);
          filled += n;
          at += n;
          if (filled === CHUNK) await flush();
        }
        if (settled) return;
      }
      await flush();
      post({ type: 'end' });
    }

    worker.on('message', receive).on('error', fail).on('exit', exited);
    job.signal?.addEventListener('abort', abort, { once: true });
    if (job.signal?.aborted) return abort();
    const { settings, encode } = job;
    post({ type: 'begin', settings, encode, ...(job.range ? { range: job.range } : {}) });
    if (job.range === undefined) feed().catch(fail);
  });
}

/** A worker did not come back in time: something in the layer keeps it busy without end. */
export class LayerTimeout extends Error {
  override readonly name = 'LayerTimeout';
  constructor() {
    super('Reading the layer took too long.');
  }
}

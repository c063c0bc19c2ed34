import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { prepareCluster, socketFolder } from './cluster.ts';
import { lockDataFolder } from './data-lock.ts';
import type { EngineMessage, EngineOptions } from './engine.worker.ts';

/** The embedded engine, running in its own thread. */
export interface Engine {
  /** Folder of the unix socket `.s.PGSQL.5432`: the `host` of a PostgreSQL client. */
  socketFolder: string;
  close(): Promise<void>;
}

export interface EngineSettings {
  /** Folder of the embedded database; created when absent. */
  folder: string;
  checkpointSeconds: number;
  idleTransactionSeconds?: number;
  /** False only for tests. */
  durable?: boolean;
  /** Packed cluster for the first start; tests pass one with the schema in it. */
  template?: string;
  /** Called when the engine ends without being asked to. */
  onCrash?: (error: Error) => void;
}

/** Locks the folder, makes the cluster at the first start, and starts the engine. */
export async function startEngine(settings: EngineSettings): Promise<Engine> {
  const durable = settings.durable ?? true;
  mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
  const lock = lockDataFolder(settings.folder);
  try {
    const cluster = join(settings.folder, 'cluster');
    prepareCluster(cluster, durable, settings.template);
    const socket = socketFolder(settings.folder);
    const options: EngineOptions = {
      folder: cluster,
      socket: socket.path,
      durable,
      checkpointSeconds: settings.checkpointSeconds,
      idleTransactionSeconds: settings.idleTransactionSeconds ?? 30,
    };
    const thread = new Worker(new URL('./engine.worker.ts', import.meta.url), {
      workerData: options,
      execArgv: [],
      name: 'database',
    });
    const stop = await ready(thread, settings.onCrash);
    return {
      socketFolder: socket.folder,
      close: async () => {
        await stop();
        if (socket.temporary) rmSync(socket.folder, { recursive: true, force: true });
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Waits until the engine serves; resolves with the function that stops it. */
function ready(thread: Worker, onCrash: ((error: Error) => void) | undefined): Promise<() => Promise<void>> {
  let closing = false;
  let started = false;
  return new Promise((resolve, reject) => {
    const ended = new Promise<void>((done) => thread.once('exit', () => done()));
    const stop = async (): Promise<void> => {
      closing = true;
      const closed = new Promise<void>((done) => {
        thread.on('message', (message: EngineMessage) => message.kind === 'closed' && done());
      });
      thread.postMessage('close');
      await Promise.race([closed, ended]);
      // The engine's runtime would keep the thread for a while.
      await thread.terminate();
    };
    const crashed = (error: Error): void => {
      if (!started) reject(error);
      else if (!closing) onCrash?.(error);
    };
    thread.on('message', (message: EngineMessage) => {
      if (message.kind === 'failed') {
        crashed(new Error(`the embedded database does not start: ${message.message}`));
        void thread.terminate();
      }
      if (message.kind === 'ready') {
        started = true;
        resolve(stop);
      }
    });
    thread.on('error', (error) => crashed(error instanceof Error ? error : new Error(String(error))));
    thread.on('exit', () => crashed(new Error('the embedded database ended')));
  });
}

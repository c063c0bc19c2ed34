import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { DurableFiles } from './durable-files.ts';
import { openSession } from './session.ts';
import { serveSocket } from './socket-server.ts';
import { query, Turns } from './turns.ts';

/** What the thread is told at its start. */
export interface EngineOptions {
  /** Folder of the database cluster; it exists and holds one. */
  folder: string;
  socket: string;
  /** False only for tests: nothing is synced to the disk. */
  durable: boolean;
  checkpointSeconds: number;
  idleTransactionSeconds: number;
}

/** What the thread says. */
export type EngineMessage = { kind: 'ready' } | { kind: 'failed'; message: string } | { kind: 'closed' };

const options = workerData as EngineOptions;
const port = parentPort;
if (!port) throw new Error('the database engine runs in a thread');

function say(message: EngineMessage): void {
  port?.postMessage(message);
}

/**
 * Settings of the server beside those of the engine. All of the buffers is in use from the start, even when the database
 * is small; the system caches its files as well.
 */
const SETTINGS = ['timezone=UTC', 'autovacuum=off', 'max_wal_size=256MB', 'shared_buffers=32MB'];
const SYNCED = ['fsync=on', 'wal_sync_method=fsync'];

/** Parameters of the server: those of the engine, with fsync. */
function parameters(): string[] {
  const settings = (list: string[]): string[] => list.flatMap((setting) => ['-c', setting]);
  if (!options.durable) return [...PGlite.defaultStartParams, ...settings(SETTINGS)];
  const durable = PGlite.defaultStartParams.filter((parameter) => parameter !== '-F');
  return [...durable, ...settings([...SYNCED, ...SETTINGS])];
}

async function main(): Promise<void> {
  const fs = options.durable ? new DurableFiles(options.folder) : new NodeFS(options.folder);
  const engine = await openSession({ fs, startParams: parameters() });
  const turns = new Turns(engine, options.idleTransactionSeconds * 1000);
  const server = await serveSocket(options.socket, turns);
  // The engine has no background processes: without this the write-ahead log grows for ever.
  const maintenance = { send: () => undefined, refuse: () => undefined };
  const timer = setInterval(
    () => turns.submit(maintenance, query('CHECKPOINT'), false),
    options.checkpointSeconds * 1000,
  );
  timer.unref();
  port?.on('message', (message) => {
    if (message !== 'close') return;
    clearInterval(timer);
    void close(engine, server);
  });
  say({ kind: 'ready' });
}

async function close(engine: PGlite, server: { close(): Promise<void> }): Promise<void> {
  await server.close();
  await engine.close();
  say({ kind: 'closed' });
  port?.close();
}

main().catch((error: unknown) =>
  say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
);

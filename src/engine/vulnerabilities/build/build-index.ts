import { fork } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FeedError } from '../feed-error.ts';
import { readIndexMeta } from '../index/store.ts';
import type { BuilderMessage, BuilderTask } from './builder-process.ts';
import type { FurtherSource } from './further-sources.ts';
import type { BuildProgress } from './write-index.ts';

export type { FurtherSource } from './further-sources.ts';
export type { BuildPhase, BuildProgress } from './write-index.ts';

/** Input of a build. */
export interface BuildOptions {
  /** Path of the SQLite file of a Grype database of model 6; absent: further sources alone. */
  database?: string;
  /** Sources beside the database; of equal records the earlier source's stays, the database's before all. */
  further?: readonly FurtherSource[];
  /** Folder that holds the indexes, one folder per build. Made when absent. */
  directory: string;
  /** Checksum of the archive that the file came from, or of all sources; by default that of the file. */
  checksum?: string;
  onProgress?: (progress: BuildProgress) => void;
  signal?: AbortSignal;
}

/**
 * Builds the match index of a database in a process of its own and returns its folder, `index-<checksum>`. The folder
 * appears only when it is complete; an index of the same checksum is not built again. Throws `FeedError`.
 */
export async function buildIndex(
  options: BuildOptions,
): Promise<{ directory: string; checksum: string; reused: boolean }> {
  throwIfAborted(options.signal);
  const checksum = options.checksum ?? `sha256:${await fileHash(options.database ?? '')}`;
  const name = `index-${checksum
    .replace(/^sha256:/, '')
    .replace(/[^0-9A-Za-z_-]/g, '')
    .slice(0, 64)}`;
  const target = join(options.directory, name);
  if (readIndexMeta(target)) return { directory: target, checksum, reused: true };
  const partial = join(options.directory, `.${name}-${randomUUID()}`);
  try {
    await mkdir(partial, { recursive: true });
    await runBuilder(options, partial, checksum);
    await rm(join(partial, 'index.mdb-lock'), { force: true });
    await publish(partial, target);
    return { directory: target, checksum, reused: false };
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Bounds of the heap, MiB: records are streamed, so that more would only delay the collector. */
const HEAP = ['--max-old-space-size=256', '--max-semi-space-size=8'];

/** Moves the finished folder to its name; a folder there of another format or without an index gives way. */
async function publish(partial: string, target: string): Promise<void> {
  try {
    await rename(partial, target);
  } catch (error) {
    if (readIndexMeta(target)) return;
    await rm(target, { recursive: true, force: true });
    await rename(partial, target).catch(() => {
      throw error;
    });
  }
}

/** A process of its own: what the build needed goes back to the system when it ends. */
async function runBuilder(options: BuildOptions, directory: string, checksum: string): Promise<void> {
  const task: BuilderTask = {
    ...(options.database === undefined ? {} : { database: options.database }),
    further: options.further ?? [],
    directory,
    checksum,
  };
  const builder = fork(new URL('./builder-process.ts', import.meta.url), [JSON.stringify(task)], {
    execPath: process.execPath,
    execArgv: HEAP,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const cancel = (): void => void builder.kill('SIGKILL');
  options.signal?.addEventListener('abort', cancel);
  try {
    await new Promise<void>((resolve, reject) => {
      let failure: Error | undefined = new FeedError(
        'corrupt',
        'the build of the vulnerability index ended without a result',
      );
      builder.on('message', (message: BuilderMessage) => {
        if (message.kind === 'progress') options.onProgress?.(message.progress);
        else if (message.kind === 'done') failure = undefined;
        else failure = asFailure(message);
      });
      builder.on('error', (error) => {
        failure = error;
        reject(error);
      });
      builder.on('exit', () => (failure ? reject(failure) : resolve()));
    });
  } catch (error) {
    throwIfAborted(options.signal);
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', cancel);
  }
}

function asFailure(message: Extract<BuilderMessage, { kind: 'failed' }>): Error {
  if (message.code === undefined) return new Error(message.message);
  const failure = new FeedError(message.code, message.message);
  if (message.source !== undefined) failure.source = message.source;
  return failure;
}

async function fileHash(path: string): Promise<string> {
  const digest = createHash('sha256');
  try {
    await pipeline(createReadStream(path), digest);
  } catch (cause) {
    throw new FeedError('unreachable', `the vulnerability database ${path} cannot be read`, cause);
  }
  return digest.digest('hex');
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new FeedError('aborted', 'the build of the vulnerability index was cancelled');
}

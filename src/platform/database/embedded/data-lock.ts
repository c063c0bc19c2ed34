import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The data folder is in use by another process. */
export class DataFolderInUse extends Error {}

/**
 * Takes a data folder for this process alone. The lock is one of the operating system (held by an open SQLite
 * transaction, as Node offers no file locks of its own), so that it ends with the process however that ends, and holds
 * between containers which share the folder.
 */
export function lockDataFolder(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const owner = join(folder, 'owner.json');
  const lock = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== 5) throw error;
    throw new DataFolderInUse(
      `the data folder ${folder} is in use by ${describeOwner(owner)}; stop it first, or set WINDLASS_DATA_DIR to another folder`,
    );
  }
  writeFileSync(owner, JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() }));
  return { release: () => lock.close() };
}

function describeOwner(path: string): string {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    return `process ${String(pid)} on ${String(host)} since ${String(since)}`;
  } catch {
    return 'another process';
  }
}

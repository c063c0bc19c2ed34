import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { unpackFolder } from './archive.ts';
import { syncFolder } from './durable-files.ts';

/** Major version of PostgreSQL whose files the engine reads. */
export const ENGINE_MAJOR = '18';

/** Path of a fresh cluster, packed; made by scripts/generate-database-template.ts. */
export const templatePath = join(import.meta.dirname, 'template.zst');

/** The cluster cannot be opened by this version of the engine. */
export class ClusterVersionError extends Error {}

/**
 * Makes the cluster folder at the first start, from the packed template (initdb itself takes ten times as long), and
 * checks the version of an existing one.
 */
export function prepareCluster(folder: string, durable: boolean, template = templatePath): void {
  const version = join(folder, 'PG_VERSION');
  if (!existsSync(version)) {
    const fresh = `${folder}.new`;
    rmSync(fresh, { recursive: true, force: true });
    unpackFolder(readFileSync(template), fresh, durable);
    if (durable) syncFolder(fresh);
    renameSync(fresh, folder);
    if (durable) syncFolder(resolve(folder, '..'));
    return;
  }
  const major = readFileSync(version, 'utf8').trim();
  if (major !== ENGINE_MAJOR) {
    throw new ClusterVersionError(
      `the embedded database in ${folder} was written by PostgreSQL ${major}, this version reads PostgreSQL ${ENGINE_MAJOR}: ` +
        'export it with the version of Windlass that wrote it, and import it into a new data folder',
    );
  }
}

/** Longest path of a unix socket on Linux, in bytes, without the final zero. macOS has 103. */
const SOCKET_PATH_LIMIT = 103;
const SOCKET_NAME = '.s.PGSQL.5432';

/**
 * Folder for the socket, named as PostgreSQL clients expect: `folder`, or a new private one in the temporary
 * folder when the path would be too long.
 */
export function socketFolder(folder: string): { folder: string; path: string; temporary: boolean } {
  const path = join(resolve(folder), SOCKET_NAME);
  if (Buffer.byteLength(path) <= SOCKET_PATH_LIMIT) {
    rmSync(path, { force: true });
    return { folder: resolve(folder), path, temporary: false };
  }
  const temporary = mkdtempSync(join(tmpdir(), 'windlass-'));
  return { folder: temporary, path: join(temporary, SOCKET_NAME), temporary: true };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#platform/database/index.ts';
import type { Database } from '#platform/database/types.ts';
import { postgresPrograms, startPostgres } from '../../test/scale/backing.ts';
import { fillFleet, isFilled } from './fleet.ts';

/** A database with a fleet. */
export interface FleetDatabase {
  database: Database;
  close(): Promise<void>;
}

/** Fleet of a server that is started for it, or kept in the database of `url`: then it is filled only once. */
export async function openFleet(images: number, url: string | undefined): Promise<FleetDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'windlass-reports-'));
  const server = url ? undefined : await startServer(folder);
  const database = await openDatabase({
    server: { data_dir: folder },
    database: { url: url ?? server?.url, pool_size: 4, connect_timeout_seconds: 20, checkpoint_seconds: 3_600 },
  } as Parameters<typeof openDatabase>[0]);
  const close = async () => {
    await database.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    if (!(await isFilled(database))) await fillFleet(database, folder, images);
  } catch (error) {
    await close();
    throw error;
  }
  return { database, close };
}

function startServer(folder: string): ReturnType<typeof startPostgres> {
  const programs = postgresPrograms();
  if (!programs) throw new Error('PostgreSQL 15 or newer is not installed');
  return startPostgres(folder, programs);
}

import { join } from 'node:path';
import type pg from 'pg';
import { columnTypes } from '../column-types.ts';
import { createPool } from '../pool.ts';
import { type Engine, type EngineSettings, startEngine } from './engine.ts';

/** Clients behind which the one session is shared; more than one keeps the engine busy while rows are decoded. */
const POOL_SIZE = 4;

/** Starts the engine and a pool of clients in front of it. */
export async function openEmbedded(
  settings: EngineSettings,
  onError: (error: unknown) => void,
): Promise<{ pool: pg.Pool; engine: Engine }> {
  const engine = await startEngine({ onCrash: onError, ...settings });
  const pool = createPool(
    {
      host: engine.socketFolder,
      port: 5432,
      user: 'postgres',
      database: 'postgres',
      max: POOL_SIZE,
      idleTimeoutMillis: 0,
      types: columnTypes,
    },
    onError,
  );
  return { pool, engine };
}

/** Where the embedded database lies in a data folder. */
export function embeddedFolder(dataFolder: string): string {
  return join(dataFolder, 'database');
}

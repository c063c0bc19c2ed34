import { resolve } from 'node:path';
import type { Config } from '../config/index.ts';
import { createDatabase } from './database.ts';
import { embeddedFolder, openEmbedded } from './embedded/open.ts';
import { startMaintenance } from './maintenance.ts';
import { migrate, readMigrations } from './migrations.ts';
import { connectPostgres } from './postgres.ts';
import type { Database } from './types.ts';

export interface OpenOptions {
  /** Receives errors of idle connections, of maintenance and of listeners. Default: standard error. */
  onError?: (error: unknown) => void;
}

/**
 * Opens the database the settings name and brings its tables up to date.
 * @throws `DatabaseUnusable`, `DataFolderInUse`, `ClusterVersionError` or `MigrationError`, all with texts for operators
 */
export async function openDatabase(
  config: Pick<Config, 'server' | 'database'>,
  options: OpenOptions = {},
): Promise<Database> {
  const report = options.onError ?? ((error) => void process.stderr.write(`database: ${String(error)}\n`));
  const { url } = config.database;
  return url ? openPostgres(config.database, url, report) : openInFolder(config, report);
}

async function openPostgres(
  settings: Config['database'],
  url: string,
  report: (error: unknown) => void,
): Promise<Database> {
  const { pool, client } = await connectPostgres({
    url,
    poolSize: settings.pool_size,
    connectTimeoutSeconds: settings.connect_timeout_seconds,
    onError: report,
  });
  try {
    await migrate(pool, readMigrations());
  } catch (error) {
    await pool.end();
    throw error;
  }
  return createDatabase({ kind: 'postgres', pool, client, report });
}

async function openInFolder(
  config: Pick<Config, 'server' | 'database'>,
  report: (error: unknown) => void,
): Promise<Database> {
  const folder = embeddedFolder(resolve(config.server.data_dir));
  const { pool, engine } = await openEmbedded(
    { folder, checkpointSeconds: config.database.checkpoint_seconds },
    report,
  );
  try {
    await migrate(pool, readMigrations());
  } catch (error) {
    await pool.end();
    await engine.close();
    throw error;
  }
  let stopMaintenance = async (): Promise<void> => undefined;
  const database = createDatabase({ kind: 'embedded', pool, report, onClose: () => engine.close() });
  stopMaintenance = startMaintenance(database.db, config.database.maintenance_seconds, report);
  return {
    ...database,
    close: async () => {
      await stopMaintenance();
      await database.close();
    },
  };
}

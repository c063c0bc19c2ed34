import { type Config, loadConfig } from '#platform/config/index.ts';
import { openPlatform } from './server/platform.ts';

export interface ServerOptions {
  env: NodeJS.ProcessEnv;
  /** Settings of the command line, e.g. `--port 9000`. */
  argv?: readonly string[];
}

/** A running server. */
export interface RunningServer {
  /** Address on this machine; undefined when this process does not serve the API. */
  url: string | undefined;
  /** The random password of the administrator, when this start created it. */
  adminPassword: string | undefined;
  config: Config;
  /** Stops taking work, lets running work end, closes the database. */
  stop(): Promise<void>;
}

/**
 * Starts the roles that the settings name: API, worker, scheduler. Throws errors with texts for operators when the
 * settings are wrong, the data folder is in use or the database cannot be reached.
 */
export async function runServer(options: ServerOptions): Promise<RunningServer> {
  const config = loadConfig({ env: options.env, ...(options.argv ? { argv: options.argv } : {}) });
  // The database starts in a thread or machine of its own; the sources of all features are read meanwhile.
  const opening = openPlatform(config, options.env);
  const reading = import('./server/start-roles.ts');
  reading.catch(() => undefined); // awaited when the platform is open, so that it is closed again
  const platform = await opening;
  // What was started is stopped in the opposite order, also when a later step of the start fails.
  const started: (() => Promise<unknown>)[] = [() => platform.close()];
  const stop = async (): Promise<void> => {
    for (const end of started.splice(0).reverse()) await end();
  };
  try {
    const { startRoles } = await reading;
    return { ...(await startRoles(platform, started)), config, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

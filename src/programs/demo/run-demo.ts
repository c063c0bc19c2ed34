import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CliContext } from '../cli/context.ts';
import { CliFailure } from '../cli/failure.ts';
import { styleFor } from '../cli/terminal/style.ts';
import { playDemo } from './play.ts';

/** How the demo is run. */
export interface DemoOptions {
  /** Folder of all its data. */
  dataDirectory?: string;
  port?: number;
  /** End after the report. */
  once?: boolean;
}

const CREDENTIALS = 'demo-password';

/**
 * Starts a server with a data folder of its own, plays the demo against its API and serves on until Ctrl-C. Feeds are not
 * synchronised and nothing is fetched: it works without a network.
 */
export async function runDemo(options: DemoOptions, cli: CliContext): Promise<void> {
  const folder = resolve(options.dataDirectory ?? './data-demo');
  await mkdir(folder, { recursive: true });
  const password = await ownPassword(join(folder, CREDENTIALS));
  const style = styleFor(cli.stdout, cli.env);
  await cli.stdout.write('Starting a server …\n');
  const settings = [`--data-dir=${folder}`, ...(options.port === undefined ? [] : [`--port=${options.port}`])];
  const server = await cli.serve(settings, demoEnvironment(cli.env, password));
  try {
    if (server.url === undefined) throw new CliFailure('the server serves no API', { hint: 'Unset WINDLASS_ROLES.' });
    await playDemo(cli, { url: server.url, password, folder });
    await cli.stdout.write(
      `\n${style('bold', 'Look around')}\n  ${server.url}   user: admin   password: ${password}\n` +
        `  WINDLASS_URL=${server.url} WINDLASS_USERNAME=admin WINDLASS_PASSWORD=${password} ${ownCommand()} image list\n` +
        `  Data lies in ${folder}; delete the folder to begin anew.\n`,
    );
    if (options.once) return;
    await cli.stdout.write('Serving on; Ctrl-C ends.\n');
    if (!cli.signal.aborted) await once(cli.signal, 'abort');
  } finally {
    await server.stop();
  }
}

/** How to call this program from where it was called. */
function ownCommand(): string {
  return relative('.', fileURLToPath(new URL('../../../bin/windlass', import.meta.url)));
}

/** The password of the first start stays that of the folder. */
async function ownPassword(path: string): Promise<string> {
  const known = await readFile(path, 'utf8').catch(() => '');
  if (known.trim() !== '') return known.trim();
  const password = randomBytes(9).toString('base64url');
  await writeFile(path, `${password}\n`, { mode: 0o600 });
  return password;
}

/** The embedded database, no network, and logs that do not get in the way. */
function demoEnvironment(env: NodeJS.ProcessEnv, password: string): NodeJS.ProcessEnv {
  const { DATABASE_URL: _database, WINDLASS_ROLES: _roles, WINDLASS_DATA_DIR: _folder, ...rest } = env;
  return {
    WINDLASS_LOG_LEVEL: 'error',
    ...rest,
    WINDLASS_ADMIN_PASSWORD: password,
    WINDLASS_FEED_AUTO_SYNC: 'false',
  };
}

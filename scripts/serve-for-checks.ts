/**
 * Starts a server on a throw-away data folder, runs a command against it, stops it, and exits as the command did:
 * node scripts/serve-for-checks.ts COMMAND [ARGUMENTS …]   with {url} and {password} replaced in the arguments.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runServer } from '../src/programs/server.ts';

const directory = mkdtempSync(join(tmpdir(), 'windlass-check-'));
const password = randomBytes(12).toString('hex');
const server = await runServer({
  env: {
    ...process.env,
    WINDLASS_DATA_DIR: directory,
    WINDLASS_HOST: '127.0.0.1',
    WINDLASS_PORT: '0',
    WINDLASS_ADMIN_PASSWORD: password,
    WINDLASS_ACCESS_LOG: 'false',
  },
});
const [command = 'true', ...given] = process.argv.slice(2);
const url = server.url?.replace('localhost', '127.0.0.1') ?? '';
const code = await new Promise<number>((resolve) => {
  const child = spawn(
    command,
    given.map((argument) => argument.replaceAll('{url}', url).replaceAll('{password}', password)),
    { stdio: 'inherit' },
  );
  child.on('error', (error) => {
    console.error(error.message);
    resolve(1);
  });
  child.on('exit', (status) => resolve(status ?? 1));
});
await server.stop();
rmSync(directory, { recursive: true, force: true });
process.exit(code);

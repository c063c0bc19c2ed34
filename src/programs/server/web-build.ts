import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '#platform/logging/index.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const SCRIPT = join(ROOT, 'scripts', 'build-web.ts');

/** Folder of the built web UI. */
export const WEB_ROOT = join(ROOT, 'web', 'dist');

/**
 * Builds the web UI in a process of its own when its sources changed, while the server starts; until it is there, the
 * server says so. Returns how to stop the build. An installation without sources keeps the UI that it came with.
 */
export function buildWebInBackground(log: Logger): () => void {
  mkdirSync(WEB_ROOT, { recursive: true });
  if (!existsSync(SCRIPT)) return () => undefined;
  const build = spawn(process.execPath, [SCRIPT], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  build.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2_000);
  });
  build.on('error', (error) => log.warn({ err: error }, 'the web interface could not be built'));
  build.on('exit', (code, signal) => {
    if (code !== 0 && signal === null)
      log.warn({ complaint }, 'the web interface could not be built; the API is not affected');
  });
  build.unref();
  return () => void build.kill();
}

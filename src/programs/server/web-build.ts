import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Logger } from '#platform/logging/index.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const SCRIPT = join(ROOT, 'scripts', 'build-web.ts');

const WEB_ROOT = join(ROOT, 'web', 'dist');

/** Folder of the built web UI; it exists, if only empty. */
export function webRoot(): string {
  mkdirSync(WEB_ROOT, { recursive: true });
  return WEB_ROOT;
}

/**
 * Builds the web UI in a process of its own when its sources changed, while the server starts; until it is there, the
 * server says so. Returns how to stop the build. An installation without sources keeps the UI that it came with.
 */
export function buildWebInBackground(log: Logger): () => void {
  if (!existsSync(SCRIPT)) return () => undefined;
  let build: ChildProcess | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    const { pageIsCurrent } = (await import(pathToFileURL(SCRIPT).href)) as { pageIsCurrent(): boolean };
    if (!stopped && !pageIsCurrent()) build = startBuild(log);
  };
  look().catch((error: unknown) => log.warn({ err: error }, 'the web interface could not be looked at'));
  return () => {
    stopped = true;
    build?.kill();
  };
}

function startBuild(log: Logger): ChildProcess {
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
  return build;
}

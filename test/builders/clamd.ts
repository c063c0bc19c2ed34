import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClamdClient } from '#platform/clamd/index.ts';

/** Recognised by the daemon's only signature, `Windlass.Test`; harmless. */
export const MALWARE_MARK = 'windlass test content that a signature knows';

/** True when ClamAV's daemon is installed. */
export function hasClamd(): boolean {
  try {
    execFileSync('clamd', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Starts a ClamAV daemon with one signature of our own, which takes files up to 1 MB. */
export async function startClamd(): Promise<{ address: string; stop(): void }> {
  const directory = mkdtempSync(join(tmpdir(), 'clamd-'));
  chmodSync(directory, 0o755);
  const database = join(directory, 'database');
  mkdirSync(database);
  writeFileSync(join(database, 'own.ndb'), `Windlass.Test:0:*:${Buffer.from(MALWARE_MARK).toString('hex')}\n`);
  const address = join(directory, 'socket');
  const lines = [`DatabaseDirectory ${database}`, `LocalSocket ${address}`, 'Foreground yes', 'StreamMaxLength 1M'];
  if (process.getuid?.() === 0) lines.push('User root');
  const file = join(directory, 'clamd.conf');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const daemon = spawn('clamd', ['-c', file], { stdio: 'ignore' });
  const stop = (): void => {
    daemon.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 600; tries++) {
    const client = createClamdClient({ address, timeoutMs: 5_000 });
    const version = await client.version().catch(() => undefined);
    client.close();
    if (version) return { address, stop };
    await pause(100);
  }
  stop();
  throw new Error('clamd did not start');
}

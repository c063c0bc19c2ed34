import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'windlass-demo-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the program in a process of its own, with nothing of the environment but the path. */
function windlass(args: string[]): Promise<{ code: number | null; output: string }> {
  const program = join(import.meta.dirname, '..', '..', 'bin', 'windlass');
  const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: folder };
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

it('starts a server, shows what it finds, and ends', async () => {
  const { code, output } = await windlass(['demo', '--data-dir', join(folder, 'data'), '--port', '0', '--once']);
  expect(output).toContain('Loading a sample database of');
  expect(output).toMatch(/Critical\s+GHSA-jfh8-c2jp-5v3q\s+log4j-core\s+2\.14\.1/);
  expect(output).toMatch(/Policy {2}FAIL \(stop\) by Windlass default/);
  expect(output).toMatch(/stop\s+secret_scans\/content_regex_checks/);
  expect(output).toMatch(/http:\/\/localhost:\d+ {3}user: admin {3}password: \S+/);
  expect(code).toBe(0);
});

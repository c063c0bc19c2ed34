import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program that a test started, with what it wrote. */
export interface Started {
  child: ChildProcess;
  pid: number;
  /** Standard output and error, joined. */
  output(): string;
  /** Waits until the output holds a match; throws when the program ends before, or after `seconds`. */
  waitFor(pattern: RegExp, seconds?: number): Promise<RegExpMatchArray>;
  /** Waits for the end. Code, or the name of the signal that ended it. */
  ended: Promise<number | string>;
  kill(signal: NodeJS.Signals): Promise<number | string>;
}

/** Starts a program; it is killed with this process at the latest. */
export function start(
  program: string,
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): Started {
  const child = spawn(program, args, {
    env: { ...plainEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let text = '';
  const watchers = new Set<() => void>();
  const collect = (chunk: Buffer): void => {
    text += chunk.toString('utf8');
    for (const watcher of watchers) watcher();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  let over = false;
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => {
    over = true;
    process.off('exit', last);
    for (const watcher of watchers) watcher();
    return code ?? signal ?? 'unknown';
  });
  const last = (): void => void child.kill('SIGKILL');
  process.on('exit', last);
  return {
    child,
    pid: child.pid ?? 0,
    output: () => text,
    ended,
    waitFor: (pattern, seconds = 30) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => finish(new Error(`no ${String(pattern)} within ${seconds} s in:\n${text.slice(-4_000)}`)),
          seconds * 1000,
        );
        const finish = (result: RegExpMatchArray | Error): void => {
          clearTimeout(timer);
          watchers.delete(look);
          if (result instanceof Error) reject(result);
          else resolve(result);
        };
        const look = (): void => {
          const match = pattern.exec(text);
          if (match) finish(match);
          else if (over) finish(new Error(`the program ended without ${String(pattern)}:\n${text.slice(-4_000)}`));
        };
        watchers.add(look);
        look();
      }),
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** This environment without settings of the product. */
function plainEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && !/^(WINDLASS_|ANCHORE_|DATABASE_URL|TEST_|NODE_OPTIONS|VITEST)/.test(entry[0]),
    ),
  );
}

/** True when a program can be found. */
export function hasProgram(name: string): boolean {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A port that was free a moment ago, on loopback. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A folder of its own for a test file. */
export function temporaryFolder(name: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `windlass-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Asks again until the answer is defined; throws with the last thing seen after `seconds`. */
export async function until<T>(ask: () => Promise<T | undefined>, what: string, seconds = 30): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

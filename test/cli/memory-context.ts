import type { CliContext, Output } from '../../src/programs/cli/context.ts';
import { runCli } from '../../src/programs/cli/run.ts';

/** A finished run of the command line. */
export interface Run {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** What a test gives to the command line. */
export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  stdin?: string;
  /** Columns of a terminal that output goes to; absent: no terminal. */
  terminal?: number;
  fetch?: CliContext['fetch'];
  signal?: AbortSignal;
  now?: Date;
}

/** Runs a command line in this process, with no network and no environment but `env`. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { context, text } = memoryContext(options);
  const exitCode = await runCli(args, context);
  return { exitCode, ...text() };
}

/** A context that keeps what is written. */
export function memoryContext({ env = {}, stdin = '', terminal, fetch, signal, now }: RunOptions = {}): {
  context: CliContext;
  text(): { stdout: string; stderr: string };
} {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr'): Output => ({
    write(text) {
      written[name] += text;
    },
    isTerminal: terminal !== undefined,
    columns: terminal ?? 100,
  });
  const refuse = () => Promise.reject(new Error('tests have no network'));
  const context: CliContext = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    async *stdin() {
      yield Buffer.from(stdin);
    },
    env,
    signal: signal ?? new AbortController().signal,
    now: () => now ?? new Date('2025-06-01T00:00:00Z'),
    fetcher: async () => ({ request: refuse }),
    fetch: fetch ?? refuse,
    serve: refuse,
    demo: refuse,
  };
  return { context, text: () => written };
}

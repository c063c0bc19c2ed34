import type { CliContext, Output } from './context.ts';

const DEFAULT_COLUMNS = 100;

/** What only the entry point can give: it may import the platform. */
export interface Wiring extends Pick<CliContext, 'fetcher' | 'serve'> {
  demo(options: Parameters<CliContext['demo']>[0], cli: CliContext): Promise<void>;
}

/** The context of a real process. The first Ctrl-C or SIGTERM asks for an end, a second one ends at once. */
export function processContext(wiring: Wiring): CliContext {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending.signal.aborted) process.exit(130);
      ending.abort(new DOMException('interrupted', 'AbortError'));
    });
  }
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));
  const context: CliContext = {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    stdin: () => process.stdin,
    env: process.env,
    signal: ending.signal,
    now,
    fetcher: wiring.fetcher,
    serve: wiring.serve,
    demo: (options) => wiring.demo(options, context),
  };
  return context;
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => (stream.write(text) ? undefined : new Promise((resolve) => stream.once('drain', resolve))),
    get isTerminal() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns ?? DEFAULT_COLUMNS;
    },
  };
}

/** The time, or the one that `SOURCE_DATE_EPOCH` (seconds since 1970) names: makes results reproducible. */
function now(): Date {
  const epoch = Number(process.env.SOURCE_DATE_EPOCH);
  return process.env.SOURCE_DATE_EPOCH && Number.isFinite(epoch) ? new Date(epoch * 1000) : new Date();
}

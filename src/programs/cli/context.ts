import type { Fetch } from '#client/index.ts';
import type { Fetcher } from '#shared/fetcher.ts';

/** A stream that text is written to. */
export interface Output {
  write(text: string): Promise<void> | void;
  /** A terminal: widths are minded, colours and progress shown. */
  readonly isTerminal: boolean;
  /** Columns of the terminal. */
  readonly columns: number;
}

/** A server that this process runs. */
export interface RunningServer {
  /** Absent when this process does not serve the API. */
  url: string | undefined;
  /** Set when this start created the administrator. */
  adminPassword: string | undefined;
  stop(): Promise<void>;
}

/** What the command line lives in. Entry points and tests make it; commands reach the outside through it alone. */
export interface CliContext {
  stdout: Output;
  stderr: Output;
  stdin(): AsyncIterable<Uint8Array>;
  env: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C and SIGTERM. */
  signal: AbortSignal;
  now(): Date;
  /** The guarded way out, for registries and feeds. Made on first use. */
  fetcher(): Promise<Fetcher>;
  /** For calls of the server's API. Default: Node's. */
  fetch?: Fetch;
  /** Starts the server with settings of the command line, `--port=9000`. */
  serve(settings: readonly string[], env?: NodeJS.ProcessEnv): Promise<RunningServer>;
  demo(options: { dataDirectory?: string; port?: number; once?: boolean }): Promise<void>;
}

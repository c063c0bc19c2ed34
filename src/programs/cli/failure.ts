import { EXIT, type ExitCode } from './exit-codes.ts';

/** An error for people: one line that says what is wrong, one that says what to do, and the exit code. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exitCode: ExitCode;
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(message: string, options: { exitCode?: ExitCode; hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? EXIT.error;
    this.hint = options.hint;
  }
}

/** A failure of the caller's input. */
export function usageFailure(message: string, hint?: string): CliFailure {
  return new CliFailure(message, { exitCode: EXIT.usage, ...(hint === undefined ? {} : { hint }) });
}

/** What is printed for an error, and the exit code. Errors are told apart by name: their classes are loaded lazily. */
export function describeFailure(error: unknown): { lines: string[]; exitCode: ExitCode } {
  if (!(error instanceof Error)) return { lines: [`error: ${String(error)}`], exitCode: EXIT.error };
  if (error instanceof CliFailure) {
    return { lines: lines(error.message, error.hint), exitCode: error.exitCode };
  }
  const fields = error as Error & Record<'status' | 'code' | 'detail' | 'requestId', unknown>;
  switch (error.name) {
    case 'ApiError':
      return { lines: lines(apiMessage(fields), apiHint(fields)), exitCode: EXIT.error };
    case 'RegistryError':
      return {
        lines: lines(error.message, registryHint(fields.code)),
        exitCode: fields.code === 'invalid' ? EXIT.usage : EXIT.error,
      };
    case 'SbomError':
      return {
        lines: lines(error.message, 'Readable are native (Syft) JSON, CycloneDX JSON and SPDX 2 JSON.'),
        exitCode: EXIT.usage,
      };
    case 'FeedError':
      return { lines: lines(`vulnerability database: ${error.message}`), exitCode: EXIT.error };
    case 'AbortError':
      return { lines: ['interrupted'], exitCode: EXIT.interrupted };
    case 'ConfigError':
      return { lines: lines(error.message), exitCode: EXIT.usage };
    default:
      return systemFailure(fields);
  }
}

function lines(message: string, hint?: string): string[] {
  return [`error: ${message}`, ...(hint === undefined ? [] : [`  ${hint}`])];
}

function apiMessage({ message, status, requestId }: Error & Record<'status' | 'requestId', unknown>): string {
  const about = [
    status === 0 ? undefined : `HTTP ${status}`,
    requestId === undefined ? undefined : `request ${requestId}`,
  ];
  const known = about.filter((part) => part !== undefined);
  return known.length === 0 ? message : `${message} (${known.join(', ')})`;
}

function apiHint({ status, detail }: Record<'status' | 'detail', unknown>): string | undefined {
  if (status === 0) return 'Is the server running? Set WINDLASS_URL or --url.';
  if (status === 401)
    return 'Set WINDLASS_USERNAME and WINDLASS_PASSWORD (or --username, --password); an API key has the user name _api_key.';
  if (status === 403) return 'The user has no role in this account that permits it; see: windlass role list';
  const { error_codes: codes, ...rest } = (detail ?? {}) as Record<string, unknown>;
  const parts = [
    ...(Array.isArray(codes) && codes.length > 0 ? [codes.join(', ')] : []),
    ...Object.entries(rest)
      .filter(
        ([name, value]) =>
          !['message', 'code', 'httpcode', 'error_type'].includes(name) && value !== null && value !== '',
      )
      .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`),
  ];
  return parts.length === 0 ? undefined : parts.join('; ').slice(0, 1000);
}

function registryHint(code: unknown): string | undefined {
  if (code === 'unauthorized' || code === 'denied')
    return 'Log in with --username and --password, or with docker login or podman login.';
  if (code === 'unreachable')
    return 'For a registry without TLS use --insecure; for one with a CA of its own, --ca FILE.';
  return undefined;
}

const FILE_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read',
  EISDIR: 'is a directory',
  ENOTDIR: 'is no directory',
};

/** Node names the system call first; people want the path. A file that cannot be read was most likely mistyped. */
function systemFailure(error: Error & { code?: unknown; path?: unknown; port?: unknown }): {
  lines: string[];
  exitCode: ExitCode;
} {
  if (error.code === 'EADDRINUSE')
    return {
      lines: lines(`port ${String(error.port)} is in use by another process`, 'Choose another one: --port=9000.'),
      exitCode: EXIT.error,
    };
  const reason = FILE_REASONS[String(error.code)];
  if (reason && typeof error.path === 'string')
    return { lines: lines(`${error.path} ${reason}`), exitCode: EXIT.usage };
  return { lines: lines(error.message), exitCode: EXIT.error };
}

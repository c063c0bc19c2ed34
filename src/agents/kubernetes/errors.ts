import { FetchError, type FetchFailure } from '#shared/fetcher.ts';

/** Why an API server gave no usable answer. */
export type KubernetesFailure =
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'gone'
  | 'timeout'
  | 'tls'
  | 'unreachable'
  | 'denied'
  | 'endless'
  | 'protocol'
  | 'server'
  | 'aborted';

/** A failed call of an API server. The message is for people and holds no credentials. */
export class KubernetesError extends Error {
  override readonly name = 'KubernetesError';
  readonly reason: KubernetesFailure;
  constructor(reason: KubernetesFailure, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

const REASONS: Record<FetchFailure, KubernetesFailure> = {
  denied: 'denied',
  dns: 'unreachable',
  refused: 'unreachable',
  network: 'unreachable',
  redirect: 'protocol',
  invalid: 'protocol',
  tls: 'tls',
  timeout: 'timeout',
  aborted: 'aborted',
};

/** What the way out reported, in words of this client. `timedOut` tells a deadline from a cancelled call. */
export function connectionError(error: unknown, what: string, timedOut: number | undefined): KubernetesError {
  if (error instanceof KubernetesError) return error;
  if (timedOut !== undefined) {
    return new KubernetesError('timeout', `${what}: no answer within ${timedOut / 1000} s`, error);
  }
  if (error instanceof FetchError)
    return new KubernetesError(REASONS[error.reason], `${what}: ${error.message}`, error);
  return new KubernetesError(
    'unreachable',
    `${what}: ${error instanceof Error ? error.message : String(error)}`,
    error,
  );
}

/** The error that a status of 300 and above stands for; `text` is the start of the body. */
export function statusError(status: number, what: string, text: string): KubernetesError {
  const said = statusMessage(text);
  const about = `${what}: HTTP ${status}${said ? ` (${said})` : ''}`;
  if (status === 401)
    return new KubernetesError('unauthorized', `${what}: the credentials were not accepted (HTTP 401)`);
  if (status === 403)
    return new KubernetesError('forbidden', `${what}: not permitted (HTTP 403${said ? `: ${said}` : ''})`);
  if (status === 404) return new KubernetesError('not_found', about);
  if (status === 410) return new KubernetesError('gone', about);
  if (status < 400)
    return new KubernetesError(
      'protocol',
      `${what}: the server redirects (HTTP ${status}); redirects are not followed`,
    );
  return new KubernetesError('server', about);
}

/** `message` of a Kubernetes Status object, shortened; other bodies are not repeated. */
function statusMessage(text: string): string | undefined {
  try {
    const body = JSON.parse(text) as unknown;
    const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
    return typeof message === 'string' ? message.replace(/\s+/g, ' ').slice(0, 300) : undefined;
  } catch {
    return undefined;
  }
}

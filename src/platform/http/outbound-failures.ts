import { FetchError, type FetchFailure } from '#shared/fetcher.ts';

const CODES: Record<string, FetchFailure> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  ENODATA: 'dns',
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_ABORTED: 'aborted',
  ABORT_ERR: 'aborted',
  EPROTO: 'tls',
  UND_ERR_INVALID_ARG: 'invalid',
};

const PHRASES: Record<FetchFailure, string> = {
  denied: 'the address is not allowed',
  dns: 'the name does not resolve',
  refused: 'the connection was refused',
  tls: 'the TLS connection could not be made',
  timeout: 'no answer in time',
  aborted: 'the request was cancelled',
  redirect: 'too many redirects',
  invalid: 'the request is not valid',
  network: 'the connection failed',
};

/** Turns whatever the HTTP client throws into a FetchError that names host and cause, never credentials. */
export function fetchError(error: unknown, host: string, signal?: AbortSignal): FetchError {
  const known = findFetchError(error);
  if (known) return known;
  if (signal?.aborted) return new FetchError('aborted', `${host}: ${PHRASES.aborted}`, error);
  const first = firstCause(error);
  const reason = reasonOf(first);
  const detail = reason === 'tls' || reason === 'network' ? ` (${first.message})` : '';
  return new FetchError(reason, `${host}: ${PHRASES[reason]}${detail}`, error);
}

function findFetchError(error: unknown): FetchError | undefined {
  for (let one = error; one instanceof Error; one = one.cause) if (one instanceof FetchError) return one;
  return undefined;
}

/** Connecting to several addresses of a host fails with an AggregateError. */
function firstCause(error: unknown): Error & { code?: string } {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0];
  if (error instanceof Error) return error;
  return new Error(String(error));
}

function reasonOf(error: Error & { code?: string }): FetchFailure {
  const code = error.code ?? (error.name === 'AbortError' ? 'ABORT_ERR' : '');
  const known = CODES[code];
  if (known) return known;
  if (/CERT|ERR_TLS|ERR_SSL|ERR_OSSL|SELF_SIGNED|UNABLE_TO_/.test(code)) return 'tls';
  return 'network';
}

/** TLS settings of one request. PEM texts. */
export interface FetcherTls {
  /** Accept any certificate. */
  insecure?: boolean;
  /** Extra certificate authorities, added to the trusted ones. */
  ca?: string;
  /** Only the certificates in `ca` are trusted, each as it stands: an intermediate authority needs no root. */
  caOnly?: boolean;
  /** Name that the certificate must be for, when it is not the one in the URL. */
  servername?: string;
  /** Client certificate and its private key. */
  cert?: string;
  key?: string;
}

/** One outbound request. */
export interface FetcherOptions {
  /** Default GET. */
  method?: string;
  /** Lower-case names. `authorization`, `cookie` and `proxy-authorization` are dropped when a redirect leaves the origin. */
  headers?: Record<string, string>;
  body?: Uint8Array | string | AsyncIterable<Uint8Array>;
  /**
   * `follow` (default) follows up to ten redirects; `same-method` only those that keep method and body, and returns others;
   * `manual` returns the 3xx response. A stream body is never sent twice.
   */
  redirect?: 'follow' | 'same-method' | 'manual';
  tls?: FetcherTls;
  signal?: AbortSignal;
  /** Fails when neither headers nor a body chunk arrive for this long. Default 60 s. */
  stallTimeoutMs?: number;
}

/** An answer. Its body must be read to the end or cancelled by ending the iteration. */
export interface FetcherResponse {
  status: number;
  /** Lower-case names; an array where a header occurs more than once. */
  headers: Record<string, string | string[]>;
  body: AsyncIterable<Uint8Array>;
  /** The URL that answered, after redirects. */
  url: string;
}

/**
 * The way out of the process. The platform's implementation checks every address after name resolution and after each
 * redirect; tests bring their own. Statuses of 400 and above are answers, not errors. Throws `FetchError`.
 */
export interface Fetcher {
  request(url: string, options?: FetcherOptions): Promise<FetcherResponse>;
}

/** Why no answer came. */
export type FetchFailure =
  | 'denied'
  | 'dns'
  | 'refused'
  | 'tls'
  | 'timeout'
  | 'aborted'
  | 'redirect'
  | 'invalid'
  | 'network';

/** An outbound request without an answer. The message names the host, never credentials. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly reason: FetchFailure;
  constructor(reason: FetchFailure, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

/** Reads a body whole; fails with `invalid` beyond `limit` bytes. */
export async function readBytes(response: FetcherResponse, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > limit)
      throw new FetchError('invalid', `${new URL(response.url).host}: the answer is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Gives up the rest of a body, so that its connection is free. */
export async function discard(response: FetcherResponse): Promise<void> {
  const iterator = response.body[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.return?.();
}

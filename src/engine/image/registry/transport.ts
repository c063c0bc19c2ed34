import { FetchError, type Fetcher, type FetcherResponse, type FetcherTls } from '#shared/fetcher.ts';
import { retryAfterMs } from '#shared/retry-after.ts';
import { RegistryError } from '../errors.ts';
import type { Authorizer } from './authorizer.ts';
import { discard } from './body.ts';
import { parseChallenges } from './challenge.ts';
import type { Clock } from './clock.ts';
import type { Limiter } from './limiter.ts';
import { backoff, isTransient, MAX_RETRIES, MAX_WAIT_MS } from './retry.ts';

/** What a transport needs. */
export interface TransportOptions {
  fetcher: Fetcher;
  clock: Clock;
  authorizer: Authorizer;
  limiter: Limiter;
  /** Host and port. */
  host: string;
  /** Base addresses to try, best first; the first that speaks is kept. */
  bases: string[];
  tls?: FetcherTls;
  /** Default {@link MAX_RETRIES}. */
  retries?: number;
  stallTimeoutMs?: number;
}

/** A request to the registry. */
export interface TransportRequest {
  method?: 'GET' | 'HEAD';
  /** Path and query below the base, from `/v2/`. */
  path: string;
  /** Scope that a token needs when the challenge names none. */
  scope: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** An answer, and how to give back its place at the host when its body has been read. */
export interface TransportResponse extends FetcherResponse {
  release(): void;
}

const MAX_REDIRECTS = 5;
/** Failures of https after which a registry allowed to do without is asked by http. */
const NO_TLS = new Set(['tls', 'refused', 'network', 'invalid']);

/** Sends requests to one registry: authentication, redirects without credentials, retries, concurrency. */
export class RegistryTransport {
  readonly #options: TransportOptions;
  #base: string | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** Address in use; the first choice before any answer. */
  get base(): string {
    return this.#base ?? this.#options.bases[0]!;
  }

  /** Sends until an answer that is worth having: anything but 401 (answered once), redirects and transient failures. */
  async send(request: TransportRequest): Promise<TransportResponse> {
    const { clock, limiter, host, retries = MAX_RETRIES } = this.#options;
    for (let attempt = 0; ; attempt++) {
      const release = await limiter.acquire(request.signal);
      let wait: number | undefined;
      try {
        const response = await this.#authorized(request);
        if (!isTransient(response.status)) return { ...response, release };
        wait = retryAfterMs(response.headers['retry-after'], clock.now());
        await discard(response.body);
        if (attempt >= retries || (wait ?? 0) > MAX_WAIT_MS) throw exhausted(host, response.status, wait, clock);
      } catch (error) {
        release();
        if (error instanceof RegistryError || request.signal?.aborted) throw error;
        const retriable = error instanceof FetchError && ['timeout', 'network', 'refused'].includes(error.reason);
        if (!retriable || attempt >= retries) throw unreachable(host, error);
      }
      release();
      await clock.sleep(Math.max(wait ?? 0, backoff(attempt, clock)), request.signal);
    }
  }

  async #authorized(request: TransportRequest): Promise<FetcherResponse> {
    const { authorizer, host } = this.#options;
    let authorization = await authorizer.known(request.scope);
    for (let attempt = 0; ; attempt++) {
      const response = await this.#redirected(request, authorization);
      if (response.status !== 401) return response;
      const challenges = parseChallenges(response.headers['www-authenticate']);
      await discard(response.body);
      if (attempt === 2)
        throw new RegistryError(
          'unauthorized',
          `${host} does not grant access: the image may not exist, or the credentials do not allow to read it.`,
          { status: 401 },
        );
      authorization = await authorizer.answer(challenges, request.scope, authorization);
    }
  }

  async #redirected(request: TransportRequest, authorization: string | undefined): Promise<FetcherResponse> {
    let response = await this.#first(request, authorization);
    const origin = new URL(this.base).origin;
    let from = `${this.base}${request.path}`;
    for (let hops = 0; response.status >= 300 && response.status < 400 && response.status !== 304; hops++) {
      const location = single(response.headers.location);
      await discard(response.body);
      if (location === undefined || hops === MAX_REDIRECTS || !URL.canParse(location, from)) {
        throw new RegistryError('invalid', `${this.#options.host} redirects without end or to nowhere.`);
      }
      const to = new URL(location, from);
      const downgrade = to.protocol !== 'https:' && from.startsWith('https:');
      if (downgrade || !/^https?:$/.test(to.protocol)) {
        throw new RegistryError('invalid', `${this.#options.host} redirects to an address that is not https.`);
      }
      from = to.href;
      // Credentials are for the registry alone: storage hosts have signed addresses, and some refuse a second proof.
      response = await this.#fetch(
        to.href,
        request,
        to.origin === origin ? authorization : undefined,
        to.origin === origin,
      );
    }
    return response;
  }

  /** The first request finds out which base address works. */
  async #first(request: TransportRequest, authorization: string | undefined): Promise<FetcherResponse> {
    if (this.#base !== undefined) return this.#fetch(`${this.#base}${request.path}`, request, authorization, true);
    let failure: unknown;
    for (const base of this.#options.bases) {
      try {
        const response = await this.#fetch(`${base}${request.path}`, request, authorization, true);
        // A TLS port answers plain requests with 400; then the first failure says more.
        if (failure !== undefined && response.status === 400) {
          await discard(response.body);
          break;
        }
        this.#base = base;
        return response;
      } catch (error) {
        failure ??= error;
        if (!(error instanceof FetchError && NO_TLS.has(error.reason))) break;
      }
    }
    throw failure;
  }

  #fetch(
    url: string,
    request: TransportRequest,
    authorization: string | undefined,
    own: boolean,
  ): Promise<FetcherResponse> {
    const { fetcher, tls, stallTimeoutMs } = this.#options;
    const headers = { ...request.headers };
    if (authorization !== undefined) headers.authorization = authorization;
    return fetcher.request(url, {
      method: request.method ?? 'GET',
      headers,
      redirect: 'manual',
      // A client certificate is a credential too.
      ...(tls ? { tls: own ? tls : foreignTls(tls) } : {}),
      ...(request.signal ? { signal: request.signal } : {}),
      ...(stallTimeoutMs === undefined ? {} : { stallTimeoutMs }),
    });
  }
}

function foreignTls({ insecure, ca }: FetcherTls): FetcherTls {
  return { ...(insecure === undefined ? {} : { insecure }), ...(ca === undefined ? {} : { ca }) };
}

/** First value of a header. */
export function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function exhausted(host: string, status: number, wait: number | undefined, clock: Clock): RegistryError {
  if (status !== 429)
    return new RegistryError('unreachable', `${host} keeps answering with status ${status}.`, { status });
  const retryAt = wait === undefined ? {} : { retryAt: clock.now() + wait };
  const when = wait === undefined ? '' : ` It allows the next one in ${Math.ceil(wait / 1000)} seconds.`;
  return new RegistryError('rate-limited', `${host} limits requests.${when}`, { status, ...retryAt });
}

function unreachable(host: string, cause: unknown): RegistryError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RegistryError('unreachable', `${host} cannot be reached: ${reason}`, { cause });
}

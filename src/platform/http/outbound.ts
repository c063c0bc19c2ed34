import { createHash } from 'node:crypto';
import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { getCACertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import {
  FetchError,
  type Fetcher,
  type FetcherOptions,
  type FetcherResponse,
  type FetcherTls,
} from '#shared/fetcher.ts';
import { type AddressCheck, addressCheck } from './outbound-addresses.ts';
import { fetchError } from './outbound-failures.ts';
import { type ProxySettings, proxyFor } from './outbound-proxy.ts';

/** Settings of the way out. */
export interface OutboundOptions {
  /** CIDR networks that are never reached, beside the built-in ones. */
  deny?: readonly string[];
  /** CIDR networks that are reached although a shorter prefix denies them. */
  allow?: readonly string[];
  proxy?: ProxySettings;
  /** PEM certificates trusted in addition to the system's. */
  extraCa?: string;
  userAgent?: string;
  /** Name resolution; tests bring their own. */
  resolve?: (host: string) => Promise<{ address: string; family: number }[]>;
}

/** The guarded HTTP client of the process. */
export interface Outbound extends Fetcher {
  /** An address of a host that may be reached, for protocols other than HTTP. Throws `FetchError`. */
  addressOf(host: string): Promise<string>;
  close(): Promise<void>;
}

const MAX_REDIRECTS = 10;
const MAX_DISPATCHERS = 32;
const DEFAULT_STALL_MS = 60_000;
const CONNECT_MS = 20_000;
const CREDENTIALS = ['authorization', 'cookie', 'proxy-authorization'];

type Resolve = NonNullable<OutboundOptions['resolve']>;

/** Creates the client. Every address is checked after name resolution, on each connection and after each redirect. */
export function createOutbound(options: OutboundOptions = {}): Outbound {
  const allowed = addressCheck(options);
  const resolve = options.resolve ?? resolveHost;
  const dispatchers = new Map<string, Dispatcher>();

  function dispatcherFor(client: HttpClient, url: URL, tls: FetcherTls = {}): Dispatcher {
    const proxy = proxyFor(url, options.proxy ?? {});
    const key = createHash('sha256')
      .update(JSON.stringify([proxy, tls]))
      .digest('base64');
    let dispatcher = dispatchers.get(key);
    if (dispatcher) dispatchers.delete(key);
    else dispatcher = makeDispatcher(client, proxy, tlsOptions(tls, options.extraCa), guardedLookup(resolve, allowed));
    dispatchers.set(key, dispatcher);
    for (const [old, unused] of dispatchers) {
      if (dispatchers.size <= MAX_DISPATCHERS) break;
      dispatchers.delete(old);
      void unused.close(); // lets running requests finish
    }
    return dispatcher;
  }

  /** Literal addresses never reach the resolver; names behind a proxy are resolved there, so look them up as well as we can. */
  async function checkTarget(url: URL): Promise<void> {
    const host = bareHost(url);
    if (isIP(host)) {
      if (!allowed(host)) throw denied(host);
      return;
    }
    if (!proxyFor(url, options.proxy ?? {})) return;
    const addresses = await resolve(host).catch(() => []);
    if (addresses.length && !addresses.some((one) => allowed(one.address))) throw denied(host);
  }

  async function send(url: URL, call: FetcherOptions): Promise<Dispatcher.ResponseData> {
    await checkTarget(url);
    const stall = call.stallTimeoutMs ?? DEFAULT_STALL_MS;
    const body =
      call.body !== undefined && typeof call.body === 'object' && !(call.body instanceof Uint8Array)
        ? Readable.from(call.body)
        : call.body;
    const client = await loadClient();
    return await client.request(url, {
      dispatcher: dispatcherFor(client, url, call.tls),
      method: (call.method ?? 'GET') as Dispatcher.HttpMethod,
      headers: { 'user-agent': options.userAgent ?? 'windlass', 'accept-encoding': 'identity', ...call.headers },
      body: body ?? null,
      headersTimeout: stall,
      bodyTimeout: stall,
      ...(call.signal ? { signal: call.signal } : {}),
    });
  }

  async function request(address: string, call: FetcherOptions = {}): Promise<FetcherResponse> {
    let url = parseUrl(address);
    let current = withUserInfo(url, call);
    for (let hop = 0; ; hop++) {
      url.username = '';
      url.password = '';
      try {
        const response = await send(url, current);
        const location = response.headers.location;
        const redirected = [301, 302, 303, 307, 308].includes(response.statusCode) && typeof location === 'string';
        const stays =
          call.redirect === 'manual' ||
          (call.redirect === 'same-method' && becomesGet(current.method ?? 'GET', response.statusCode));
        if (!redirected || stays) {
          const { statusCode: status, headers } = response;
          return { status, headers: present(headers), body: bodyOf(response, url.host, call.signal), url: url.href };
        }
        await response.body.dump({ limit: 64 * 1024 });
        if (hop >= MAX_REDIRECTS) throw new FetchError('redirect', `${url.host}: more than ${MAX_REDIRECTS} redirects`);
        const next = parseUrl(new URL(location, url).href);
        current = afterRedirect(current, response.statusCode, url, next);
        url = next;
      } catch (error) {
        throw fetchError(error, url.host, call.signal);
      }
    }
  }

  return {
    request,
    async addressOf(host) {
      const addresses = isIP(host)
        ? [host]
        : (
            await resolve(host).catch((error: unknown) => {
              throw fetchError(error, host);
            })
          ).map((one) => one.address);
      if (addresses.length === 0) throw new FetchError('dns', `${host}: the name has no address`);
      const open = addresses.find(allowed);
      if (open === undefined) throw denied(host);
      return open;
    },
    async close() {
      const all = [...dispatchers.values()];
      dispatchers.clear();
      await Promise.all(all.map((one) => one.destroy()));
    },
  };
}

type HttpClient = typeof import('undici');

/** The HTTP client is large, and a server at rest asks nobody: the first request loads it. */
function loadClient(): Promise<HttpClient> {
  return import('undici');
}

function makeDispatcher(
  { Agent, ProxyAgent }: HttpClient,
  proxy: string | undefined,
  tls: Record<string, unknown>,
  lookup: LookupFunction,
): Dispatcher {
  const common = { keepAliveTimeout: 10_000, connections: 32 };
  if (!proxy) return new Agent({ ...common, connect: { ...tls, lookup, timeout: CONNECT_MS } });
  const uri = new URL(proxy);
  const { username, password } = uri;
  const token = username
    ? { token: `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}` }
    : {};
  return new ProxyAgent({ ...common, uri: uri.origin, ...token, requestTls: tls, connect: { timeout: CONNECT_MS } });
}

function tlsOptions(tls: FetcherTls, extraCa: string | undefined): Record<string, unknown> {
  const extra = [extraCa, tls.ca].filter((text) => text !== undefined);
  return {
    ...(tls.ca !== undefined && tls.caOnly
      ? { ca: [tls.ca], allowPartialTrustChain: true }
      : extra.length
        ? { ca: [...getCACertificates('default'), ...extra] }
        : {}),
    ...(tls.servername ? { servername: tls.servername } : {}),
    ...(tls.cert && tls.key ? { cert: tls.cert, key: tls.key } : {}),
    ...(tls.insecure ? { rejectUnauthorized: false } : {}),
  };
}

/** Resolves a name and keeps only the addresses that may be reached; the connection is made to one of exactly these. */
function guardedLookup(resolve: Resolve, allowed: AddressCheck): LookupFunction {
  return (host, lookupOptions, done) => {
    resolve(host).then(
      (addresses) => {
        const wanted = addresses.filter((one) => !lookupOptions.family || one.family === lookupOptions.family);
        const open = wanted.filter((one) => allowed(one.address));
        if (!open.length)
          done(wanted.length ? denied(host) : new FetchError('dns', `${host}: the name has no address`), '', 4);
        else if (lookupOptions.all) done(null, open);
        else done(null, open[0]!.address, open[0]!.family);
      },
      (error: NodeJS.ErrnoException) => done(error, '', 4),
    );
  };
}

function resolveHost(host: string): Promise<{ address: string; family: number }[]> {
  return new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
}

function denied(host: string): FetchError {
  return new FetchError(
    'denied',
    `${host}: connections to this address are not allowed (WINDLASS_OUTBOUND_ALLOW can allow it)`,
  );
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url) throw new FetchError('invalid', 'the URL is not valid');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new FetchError('invalid', `${url.protocol} URLs are not supported`);
  }
  return url;
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** Credentials in the URL become a header, so that they appear in no log. */
function withUserInfo(url: URL, call: FetcherOptions): FetcherOptions {
  if (!url.username || call.headers?.authorization) return call;
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { ...call, headers: { ...call.headers, authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

/** RFC 9110 §15.4: what clients make of a redirected request. */
function becomesGet(method: string, status: number): boolean {
  return status === 303 ? method !== 'HEAD' : status < 303 && method === 'POST';
}

function afterRedirect(call: FetcherOptions, status: number, from: URL, to: URL): FetcherOptions {
  const next: FetcherOptions = { ...call, headers: { ...call.headers } };
  const method = call.method ?? 'GET';
  if (becomesGet(method, status)) {
    next.method = 'GET';
    delete next.body;
    for (const name of Object.keys(next.headers!)) if (/^content-/.test(name)) delete next.headers![name];
  } else if (call.body !== undefined && typeof call.body === 'object' && !(call.body instanceof Uint8Array)) {
    throw new FetchError('redirect', `${from.host}: redirected while a body was being sent`);
  }
  if (from.origin !== to.origin) {
    for (const name of Object.keys(next.headers!)) {
      if (CREDENTIALS.includes(name.toLowerCase())) delete next.headers![name];
    }
    if (call.tls?.cert) {
      const { cert: _cert, key: _key, ...rest } = call.tls;
      next.tls = rest;
    }
  }
  return next;
}

function present(headers: Record<string, string | string[] | undefined>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string | string[]] => entry[1] !== undefined),
  );
}

async function* bodyOf(
  { body }: Dispatcher.ResponseData,
  host: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk as Uint8Array;
  } catch (error) {
    throw fetchError(error, host, signal);
  } finally {
    body.destroy();
  }
}

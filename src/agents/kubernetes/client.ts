import {
  type Fetcher,
  type FetcherOptions,
  type FetcherResponse,
  type FetcherTls,
  readBytes,
} from '#shared/fetcher.ts';
import { connectionError, KubernetesError, statusError } from './errors.ts';
import { jsonLines } from './json-lines.ts';

/** How to reach an API server as somebody. */
export interface KubernetesConnection {
  /** `https://host:port`, possibly with a path. */
  server: string;
  tls: FetcherTls;
  /** Headers with credentials; asked before each request, because tokens are rotated. */
  headers(): Promise<Record<string, string>>;
  /** Called when the credentials were refused: forget what was remembered of them. */
  forget?(): void;
}

/** Bounds of one client. */
export interface KubernetesLimits {
  /** For each request that is no watch. */
  timeoutMs: number;
  /** Objects asked for at a time. */
  pageSize: number;
  /** Pages of one list; a server that has more is given up. */
  maxPages: number;
  /** Bytes of one page, or of one event of a watch. */
  maxBytes: number;
}

/** Bounds that suit clusters up to the sizes which Kubernetes supports. */
export const DEFAULT_LIMITS: KubernetesLimits = {
  timeoutMs: 10_000,
  pageSize: 500,
  maxPages: 400,
  maxBytes: 64 * 1024 ** 2,
};

/** A change that a watch reports; `object` is as the server sent it. */
export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: unknown;
  resourceVersion: string | undefined;
}

/** A list with the version of the collection from which a watch can go on. */
export interface ObjectList<T> {
  items: T[];
  resourceVersion: string | undefined;
}

/** Calls of the Kubernetes API that reading an inventory needs. All throw `KubernetesError`. */
export interface KubernetesClient {
  get(path: string, signal?: AbortSignal): Promise<unknown>;
  /** All objects of a collection, page by page. `keep` takes what is needed of each; undefined leaves it out. */
  list<T>(path: string, keep: (object: unknown) => T | undefined, signal?: AbortSignal): Promise<ObjectList<T>>;
  /** Changes since a version; ends after `seconds`, or when the server ends it. */
  watch(
    path: string,
    resourceVersion: string | undefined,
    seconds: number,
    signal?: AbortSignal,
  ): AsyncIterable<WatchEvent>;
}

/** Restarts of a list whose continue token expired on the way. */
const MAX_RESTARTS = 2;
const WATCH_GRACE_MS = 30_000;

/** Creates a client. Redirects are not followed, so that credentials go nowhere else. */
export function createKubernetesClient(
  fetcher: Fetcher,
  connection: KubernetesConnection,
  limits: KubernetesLimits = DEFAULT_LIMITS,
): KubernetesClient {
  const base = connection.server.replace(/\/+$/, '');
  const host = URL.parse(base)?.host ?? base;

  async function request(path: string, options: FetcherOptions): Promise<FetcherResponse> {
    const headers = { accept: 'application/json', ...(await connection.headers()) };
    const response = await fetcher.request(base + path, {
      ...options,
      headers,
      tls: connection.tls,
      redirect: 'manual',
    });
    if (response.status >= 200 && response.status < 300) return response;
    if (response.status === 401) connection.forget?.();
    const text = await readBytes(response, 256 * 1024).then(
      (bytes) => new TextDecoder().decode(bytes),
      () => '',
    );
    throw statusError(response.status, `${host}: GET ${path.replace(/\?.*$/s, '')}`, text);
  }

  async function getJson(path: string, signal: AbortSignal | undefined): Promise<unknown> {
    const what = `${host}: GET ${path.replace(/\?.*$/s, '')}`;
    const deadline = AbortSignal.timeout(limits.timeoutMs);
    try {
      const response = await request(path, {
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
        stallTimeoutMs: limits.timeoutMs,
      });
      return parse(new TextDecoder().decode(await readBytes(response, limits.maxBytes)), what);
    } catch (error) {
      throw connectionError(error, what, deadline.aborted && !signal?.aborted ? limits.timeoutMs : undefined);
    }
  }

  async function readPages<T>(
    path: string,
    keep: (object: unknown) => T | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ObjectList<T>> {
    const items: T[] = [];
    let token = '';
    for (let page = 1; ; page++) {
      const more = token ? `&continue=${encodeURIComponent(token)}` : '';
      const body = await getJson(`${path}${path.includes('?') ? '&' : '?'}limit=${limits.pageSize}${more}`, signal);
      const list = readList(body, `${host}: GET ${path}`);
      for (const object of list.items) {
        const kept = keep(object);
        if (kept !== undefined) items.push(kept);
      }
      if (!list.next) return { items, resourceVersion: list.resourceVersion };
      if (list.next === token || page >= limits.maxPages) {
        throw new KubernetesError('endless', `${host}: GET ${path}: the server does not stop paging (page ${page})`);
      }
      token = list.next;
    }
  }

  return {
    get: getJson,
    async list(path, keep, signal) {
      for (let restart = 0; ; restart++) {
        try {
          return await readPages(path, keep, signal);
        } catch (error) {
          const expired = error instanceof KubernetesError && error.reason === 'gone';
          if (!expired || restart >= MAX_RESTARTS) throw error;
        }
      }
    },
    async *watch(path, resourceVersion, seconds, signal) {
      const what = `${host}: watch ${path}`;
      const query = new URLSearchParams({ watch: '1', allowWatchBookmarks: 'true', timeoutSeconds: String(seconds) });
      if (resourceVersion !== undefined) query.set('resourceVersion', resourceVersion);
      const silence = seconds * 1000 + WATCH_GRACE_MS;
      try {
        const response = await request(`${path}${path.includes('?') ? '&' : '?'}${query}`, {
          ...(signal ? { signal } : {}),
          stallTimeoutMs: silence,
        });
        for await (const line of jsonLines(response.body, limits.maxBytes)) yield readEvent(parse(line, what), what);
      } catch (error) {
        throw connectionError(error, what, undefined);
      }
    },
  };
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new KubernetesError('protocol', `${what}: the answer is no JSON; is this a Kubernetes API server?`, error);
  }
}

interface ListBody {
  metadata?: { continue?: unknown; resourceVersion?: unknown };
  items?: unknown;
}

function readList(body: unknown, what: string) {
  const { metadata, items } = (typeof body === 'object' && body !== null ? body : {}) as ListBody;
  if (items !== null && !Array.isArray(items)) {
    throw new KubernetesError('protocol', `${what}: the answer is no list; is this a Kubernetes API server?`);
  }
  const next = metadata?.continue;
  const version = metadata?.resourceVersion;
  return {
    items: (items ?? []) as unknown[],
    next: typeof next === 'string' ? next : '',
    resourceVersion: typeof version === 'string' ? version : undefined,
  };
}

function readEvent(body: unknown, what: string): WatchEvent {
  const { type, object } = (typeof body === 'object' && body !== null ? body : {}) as {
    type?: unknown;
    object?: unknown;
  };
  const fields = (typeof object === 'object' && object !== null ? object : {}) as {
    code?: unknown;
    message?: unknown;
    metadata?: { resourceVersion?: unknown };
  };
  if (type === 'ERROR') {
    throw statusError(typeof fields.code === 'number' ? fields.code : 500, what, JSON.stringify(object));
  }
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED' && type !== 'BOOKMARK') {
    throw new KubernetesError('protocol', `${what}: an event of unknown type`);
  }
  const version = fields.metadata?.resourceVersion;
  return { type, object, resourceVersion: typeof version === 'string' ? version : undefined };
}

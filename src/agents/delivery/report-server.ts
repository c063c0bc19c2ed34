import { FetchError, type Fetcher, type FetcherTls, readBytes } from '#shared/fetcher.ts';

/** Who speaks to the server. */
export interface Credentials {
  username: string;
  password: string;
}

/** Where reports go. */
export interface ReportTarget {
  /** Address of the server, without the path of an API. */
  url: string;
  tls?: FetcherTls;
  /** For a whole request. */
  timeoutMs: number;
}

/** Kinds of report that the API takes. */
export type ReportKind = 'kubernetes' | 'ecs';

/** What a server said to a report. */
export type DeliveryResult =
  | { outcome: 'accepted' }
  /** The account does not exist there. */
  | { outcome: 'no_account'; message: string }
  /** Not permitted in this account, or the account is not known to this user. */
  | { outcome: 'forbidden'; message: string }
  /** Try again later, not before `afterMs` when it is given. */
  | { outcome: 'later'; message: string; afterMs?: number }
  /** Will never be accepted. */
  | { outcome: 'refused'; message: string };

/** Versions that the server states at `/version`. */
export interface ServerVersion {
  service: string;
  /** True when it serves the second generation of the API. */
  second: boolean;
}

/** The answer of any call that is no report. */
export interface ServerAnswer {
  status: number;
  body: unknown;
}

/** A server of the API, of this product or another one. */
export interface ReportServer {
  /** Without credentials. Throws FetchError, or Error when there is no such answer. */
  version(signal?: AbortSignal): Promise<ServerVersion>;
  send(
    kind: ReportKind,
    report: unknown,
    as: { credentials: Credentials; account?: string },
    signal?: AbortSignal,
  ): Promise<DeliveryResult>;
  /** A call below `/v2`. Throws FetchError without an answer. */
  call(path: string, body: unknown, credentials: Credentials, signal?: AbortSignal): Promise<ServerAnswer>;
}

const PATHS: Record<ReportKind, { first: string; second: string }> = {
  kubernetes: { first: '/v1/enterprise/kubernetes-inventory', second: '/v2/kubernetes-inventory' },
  ecs: { first: '/v1/enterprise/ecs-inventory', second: '/v2/ecs-inventory' },
};
const MAX_ANSWER = 1024 * 1024;

interface RawAnswer extends ServerAnswer {
  text: string;
  retryAfter: string | undefined;
}

/** Creates the client. Which generation of the API to use is learnt from `/version`, and again when a path is unknown. */
export function createReportServer(fetcher: Fetcher, target: ReportTarget): ReportServer {
  const base = target.url.replace(/\/+$/, '').replace(/\/v[12]$/, '');
  let second: boolean | undefined;

  async function request(
    path: string,
    options: { body?: string; headers?: Record<string, string> },
    signal: AbortSignal | undefined,
  ): Promise<RawAnswer> {
    const deadline = AbortSignal.timeout(target.timeoutMs);
    try {
      const response = await fetcher.request(base + path, {
        method: options.body === undefined ? 'GET' : 'POST',
        headers: { accept: 'application/json', ...options.headers },
        ...(options.body === undefined ? {} : { body: options.body }),
        ...(target.tls ? { tls: target.tls } : {}),
        // a followed redirect would turn the report into a GET
        redirect: 'manual',
        stallTimeoutMs: target.timeoutMs,
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      });
      const text = new TextDecoder().decode(await readBytes(response, MAX_ANSWER));
      const after = response.headers['retry-after'];
      return { status: response.status, text, body: jsonOf(text), retryAfter: Array.isArray(after) ? after[0] : after };
    } catch (error) {
      if (deadline.aborted && !signal?.aborted) {
        throw new FetchError('timeout', `${base}: no answer within ${target.timeoutMs / 1000} s`, error);
      }
      throw error;
    }
  }

  async function version(signal?: AbortSignal): Promise<ServerVersion> {
    const { status, body } = await request('/version', {}, signal);
    if (status !== 200 || typeof body !== 'object' || body === null) {
      throw new Error(`${base}/version: HTTP ${status}; is this the address of the server?`);
    }
    const { service, api } = body as { service?: { version?: unknown }; api?: { version?: unknown } };
    second = api?.version === '2';
    return { service: typeof service?.version === 'string' ? service.version : '', second };
  }

  return {
    version,
    async send(kind, report, { credentials, account }, signal) {
      const body = JSON.stringify(report);
      const headers = {
        'content-type': 'application/json',
        authorization: basic(credentials),
        ...(account ? { 'x-anchore-account': account } : {}),
      };
      const post = (): Promise<RawAnswer> =>
        request(PATHS[kind][second === false ? 'first' : 'second'], { body, headers }, signal);
      try {
        if (second === undefined) await version(signal).catch(() => undefined);
        let answer = await post();
        if (answer.status === 404 && !/account not found/i.test(messageOf(answer))) {
          // the server may have been replaced by one of the other generation
          const before = second ?? true;
          await version(signal);
          if (second !== before) answer = await post();
        }
        return resultOf(answer);
      } catch (error) {
        if (signal?.aborted) throw error;
        return { outcome: 'later', message: error instanceof Error ? error.message : String(error) };
      }
    },
    async call(path, body, credentials, signal) {
      const headers = { 'content-type': 'application/json', authorization: basic(credentials) };
      const { status, body: answer } = await request(`/v2${path}`, { body: JSON.stringify(body), headers }, signal);
      return { status, body: answer };
    },
  };
}

function basic({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function messageOf({ body, text, status }: RawAnswer): string {
  const { message, detail } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const said = typeof message === 'string' ? message : typeof detail === 'string' ? detail : text.slice(0, 200);
  return `HTTP ${status}${said.trim() ? `: ${said.trim().slice(0, 500)}` : ''}`;
}

function resultOf(answer: RawAnswer): DeliveryResult {
  const { status, body, text, retryAfter } = answer;
  const message = messageOf(answer);
  if (status >= 200 && status < 300) {
    if (text.trim() === '' || body !== undefined) return { outcome: 'accepted' };
    return { outcome: 'refused', message: `HTTP ${status} with a page that is no JSON: this is no inventory server` };
  }
  if (status === 403) return { outcome: 'forbidden', message };
  if (status === 404) {
    return /account not found/i.test(message) ? { outcome: 'no_account', message } : { outcome: 'refused', message };
  }
  // credentials may be repaired while the report waits
  if (status === 401 || status === 408 || status === 429 || status >= 500) {
    const seconds = Number(retryAfter);
    return { outcome: 'later', message, ...(seconds > 0 ? { afterMs: Math.min(seconds, 3600) * 1000 } : {}) };
  }
  return { outcome: 'refused', message };
}

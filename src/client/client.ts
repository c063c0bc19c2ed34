import type { Operation } from '#contract/operation.ts';
import { ApiError, readApiError } from './api-error.ts';
import { requestUrl } from './request-url.ts';
import type { CallArguments, CallOptions, CallResult, Credentials, Fetch, RawBodyInput } from './types.ts';

/** Settings of a client. */
export interface ClientOptions {
  /** Base URL of the server, with or without `/v2`; empty for the server that the page came from. */
  url: string;
  /** Fixed credentials, or a function that is asked before each call. */
  auth?: Credentials | (() => Credentials | undefined);
  /** Account that scopes every call. */
  account?: string;
  fetch?: Fetch;
  /** Whether a browser sends its cookies. Default: only when no credentials are given, i.e. in a session. */
  cookies?: 'omit' | 'same-origin' | 'include';
}

/** A typed client: one function that takes an operation of the contract. */
export interface Client {
  /** Calls an operation. Throws ApiError when there is no success answer. */
  call<O extends Operation>(operation: O, ...input: CallArguments<O>): Promise<CallResult<O>>;
  /** URL and headers of a call, for uploads with progress or plain links. */
  prepare<O extends Operation>(
    operation: O,
    ...input: CallArguments<O>
  ): { url: string; method: string; headers: Record<string, string> };
}

interface AnyInput {
  params?: object;
  query?: object;
  body?: unknown;
  raw?: RawBodyInput;
  contentType?: string;
}

/** Creates a client. It works in browsers and in Node and keeps no state but its options. */
export function createClient(options: ClientOptions): Client {
  const base = options.url.replace(/\/+$/, '').replace(/\/v2$/, '');
  const credentials = options.cookies ?? (options.auth ? 'omit' : 'same-origin');
  const send: Fetch = options.fetch ?? ((url, init) => fetch(url, init));

  function prepare(operation: Operation, input: AnyInput = {}, call: CallOptions = {}) {
    const headers: Record<string, string> = { accept: acceptOf(operation), ...call.headers };
    const auth = typeof options.auth === 'function' ? options.auth() : options.auth;
    if (auth) headers.authorization = authorization(auth);
    const account = call.account ?? options.account;
    if (account && operation.permission !== 'anonymous') headers['x-anchore-account'] = account;
    const type = contentType(operation, input);
    if (type) headers['content-type'] = type;
    return { url: base + requestUrl(operation, input), method: operation.method as string, headers };
  }

  async function call(operation: Operation, input: AnyInput = {}, settings: CallOptions = {}): Promise<unknown> {
    const { url, method, headers } = prepare(operation, input, settings);
    const body = bodyOf(operation, input);
    const init: RequestInit & { duplex?: 'half' } = { method, headers, credentials };
    if (body !== undefined && body !== null) init.body = body;
    if (body instanceof ReadableStream) init.duplex = 'half';
    if (settings.signal) init.signal = settings.signal;
    const response = await send(url, init).catch((error: unknown) => {
      if (settings.signal?.aborted) throw error;
      throw new ApiError(0, `No answer from ${base || 'the server'}: ${causeOf(error)}`, { cause: error });
    });
    if (!response.ok) throw await readApiError(response);
    if (operation.success.raw) return response;
    const text = await response.text();
    if (operation.success.schema === null || text === '') return undefined;
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new ApiError(
        response.status,
        `The answer of ${base || 'the server'} is not JSON; is this the right address?`,
        { cause: error },
      );
    }
  }

  return { call, prepare } as Client;
}

function acceptOf({ success }: Operation): string {
  return success.raw ? `${success.contentType}, */*;q=0.5` : 'application/json';
}

function contentType(operation: Operation, input: AnyInput): string | undefined {
  if (operation.raw)
    return input.raw instanceof FormData ? undefined : (input.contentType ?? operation.raw.contentTypes[0]);
  if (input.body === undefined) return undefined;
  return operation.form ? 'application/x-www-form-urlencoded' : 'application/json';
}

function bodyOf(operation: Operation, { body, raw }: AnyInput): RequestInit['body'] | undefined {
  if (operation.raw) return (isIterable(raw) ? streamOf(raw) : raw) as RequestInit['body'];
  if (body === undefined) return undefined;
  if (!operation.form) return JSON.stringify(body);
  const fields = Object.entries(body as Record<string, unknown>).filter(([, value]) => value !== undefined);
  return new URLSearchParams(fields.map(([name, value]): [string, string] => [name, String(value)])).toString();
}

/** A stream of an iterable. Node has this; of the browsers' types not all know it, and pages send files instead. */
function streamOf(bytes: AsyncIterable<Uint8Array>): ReadableStream {
  return (ReadableStream as unknown as { from(source: AsyncIterable<Uint8Array>): ReadableStream }).from(bytes);
}

function isIterable(raw: RawBodyInput | undefined): raw is AsyncIterable<Uint8Array> {
  return typeof raw === 'object' && Symbol.asyncIterator in raw && !(raw instanceof ReadableStream);
}

function authorization(auth: Credentials): string {
  if ('token' in auth) return `Bearer ${auth.token}`;
  const [name, secret] = 'apiKey' in auth ? ['_api_key', auth.apiKey] : [auth.username, auth.password];
  const bytes = new TextEncoder().encode(`${name}:${secret}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return cause.message || ((cause as Error & { code?: string }).code ?? error.message);
  return error.message;
}

import type { FastifyInstance, LightMyRequestResponse } from 'fastify';

/** Credentials of a caller in tests. */
export type Credentials = { basic: [string, string] } | { bearer: string } | { apiKey: string } | undefined;

/** A request with what tests vary. */
export interface TestRequest {
  body?: unknown;
  form?: Record<string, string>;
  account?: string;
  headers?: Record<string, string>;
}

/** Sends requests to a server as one caller. */
export interface Client {
  request(method: string, path: string, options?: TestRequest): Promise<LightMyRequestResponse>;
  get(path: string, options?: TestRequest): Promise<LightMyRequestResponse>;
  post(path: string, body?: unknown, options?: TestRequest): Promise<LightMyRequestResponse>;
  put(path: string, body?: unknown): Promise<LightMyRequestResponse>;
  patch(path: string, body?: unknown): Promise<LightMyRequestResponse>;
  delete(path: string): Promise<LightMyRequestResponse>;
}

/** An Authorization header. */
export function authorization(credentials: Credentials): Record<string, string> {
  if (!credentials) return {};
  if ('bearer' in credentials) return { authorization: `Bearer ${credentials.bearer}` };
  const [username, password] = 'basic' in credentials ? credentials.basic : ['_api_key', credentials.apiKey];
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** A client with fixed credentials; paths are below `/v2` unless they start with it. */
export function clientFor(server: FastifyInstance, credentials: Credentials): Client {
  function request(method: string, path: string, options: TestRequest = {}): Promise<LightMyRequestResponse> {
    const form = options.form ? new URLSearchParams(options.form).toString() : undefined;
    return server.inject({
      method: method as 'GET',
      url: path.startsWith('/v2') ? path : `/v2${path}`,
      headers: {
        ...authorization(credentials),
        ...(options.account === undefined ? {} : { 'x-anchore-account': options.account }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...options.headers,
      },
      ...(form === undefined ? {} : { payload: form }),
      ...(options.body === undefined ? {} : { payload: options.body as object }),
    });
  }
  return {
    request,
    get: (path, options) => request('GET', path, options),
    post: (path, body, options) => request('POST', path, { ...options, body }),
    put: (path, body) => request('PUT', path, { body }),
    patch: (path, body) => request('PATCH', path, { body }),
    delete: (path) => request('DELETE', path),
  };
}

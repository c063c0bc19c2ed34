import type { FastifyInstance, LightMyRequestResponse } from 'fastify';

/** What a browser sees of an answer. */
export interface Page {
  status: number;
  location: string;
  response: LightMyRequestResponse;
}

/** A browser over a server without a socket: it keeps cookies. */
export interface Browser {
  get(url: string): Promise<Page>;
  /** As a page of another site posts: without the cookies. */
  post(url: string, form: Record<string, string>): Promise<Page>;
  /** As our own pages send it. */
  own(method: 'POST' | 'DELETE', url: string): Promise<Page>;
  username(): Promise<string | undefined>;
  cookies: Map<string, string>;
}

/** Opens a browser. */
export function openBrowser(server: FastifyInstance): Browser {
  const cookies = new Map<string, string>();
  async function visit(
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    options: { form?: Record<string, string>; cookies?: boolean; headers?: Record<string, string> } = {},
  ): Promise<Page> {
    const { pathname, search } = new URL(url, 'http://windlass.test');
    const { form } = options;
    const response = await server.inject({
      method,
      url: pathname + search,
      headers: {
        ...(options.cookies === false
          ? {}
          : { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...options.headers,
      },
      ...(form ? { payload: new URLSearchParams(form).toString() } : {}),
    });
    for (const { name, value } of response.cookies) {
      if (value) cookies.set(name, value);
      else cookies.delete(name);
    }
    return { status: response.statusCode, location: String(response.headers.location ?? ''), response };
  }
  return {
    get: (url) => visit('GET', url),
    post: (url, form) => visit('POST', url, { form, cookies: false }),
    own: (method, url) => visit(method, url, { headers: { 'sec-fetch-site': 'same-origin' } }),
    async username() {
      const { response } = await visit('GET', '/v2/windlass/session');
      return response.statusCode === 200 ? response.json().username : undefined;
    },
    cookies,
  };
}

import { join } from 'node:path';
import { type Started, start, until } from './processes.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'windlass');

/** Password of the administrator unless a test sets another. */
export const PASSWORD = 'correct-horse';

/** A JSON answer. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers freely
  body: any;
}

export type Call = (
  method: string,
  path: string,
  options?: { json?: unknown; body?: string | Uint8Array | FormData; headers?: Record<string, string> },
) => Promise<Answer>;

/** A server process. */
export interface Windlass extends Started {
  url: string;
  call: Call;
  /** Adds an image by pull string; throws unless accepted. Returns its digest. */
  add(pullString: string): Promise<string>;
  /** Waits until the image has one of the states; returns the image. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers freely
  settled(digest: string, states?: string[], seconds?: number): Promise<any>;
}

/** Starts the server without waiting for it. `wrapper`: a program that runs it, such as `unshare`. */
export function launch(
  env: Record<string, string>,
  args: readonly string[] = [],
  wrapper: readonly string[] = [],
): Started {
  const settings = {
    WINDLASS_PORT: '0',
    WINDLASS_HOST: '127.0.0.1',
    WINDLASS_ADMIN_PASSWORD: PASSWORD,
    WINDLASS_FEED_AUTO_SYNC: 'false',
    WINDLASS_LOG_LEVEL: 'info',
    ...env,
  };
  const set = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''));
  const [program, ...rest] = [...wrapper, process.execPath, PROGRAM, 'serve', ...args] as [string, ...string[]];
  return start(program, rest, { env: set });
}

/** Starts a server that serves the API, and waits until it answers. An empty string in `env` unsets a default. */
export async function startWindlass(
  env: Record<string, string>,
  options: { password?: string; wrapper?: readonly string[] } = {},
): Promise<Windlass> {
  const started = launch(env, [], options.wrapper);
  const [, url] = (await started.waitFor(/ready at (http:\S+)\n/, 60)) as unknown as [string, string];
  const password = options.password ?? env.WINDLASS_ADMIN_PASSWORD ?? PASSWORD;
  return { ...started, ...clientOf(url, password) };
}

/** What tests ask of a server, as the administrator. */
export function clientOf(
  url: string,
  password = PASSWORD,
  username = 'admin',
): Pick<Windlass, 'url' | 'call' | 'add' | 'settled'> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const call: Call = async (method, path, { json, body, headers } = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization, ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...(body === undefined ? {} : { body, duplex: 'half' }),
    } as RequestInit);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };
  return {
    url,
    call,
    async add(pullString) {
      const answer = await call('POST', '/v2/images', { json: { source: { tag: { pull_string: pullString } } } });
      if (answer.status !== 200) throw new Error(`adding ${pullString}: ${answer.status} ${answer.text}`);
      return answer.body.image_digest;
    },
    settled: (digest, states = ['analyzed', 'analysis_failed'], seconds = 60) =>
      until(
        async () => {
          const { body } = await call('GET', `/v2/images/${digest}`);
          return states.includes(body?.analysis_status) ? body : undefined;
        },
        `image ${digest} ${states.join(' or ')}`,
        seconds,
      ),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

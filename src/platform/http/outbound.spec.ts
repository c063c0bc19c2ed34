import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discard, readBytes } from '#shared/fetcher.ts';
import { createOutbound } from './outbound.ts';

const seen: { url: string; method: string; headers: IncomingMessage['headers']; body: string }[] = [];
const servers: Server[] = [];
let base: string;
let other: string;

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function handle(request: IncomingMessage, response: ServerResponse): void {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const url = request.url!;
    seen.push({ url, method: request.method!, headers: request.headers, body });
    const redirect = /^\/to\/(\d+)\/(.*)$/.exec(url);
    if (redirect) response.writeHead(Number(redirect[1]), { location: decodeURIComponent(redirect[2]!) }).end('moved');
    else if (url === '/loop') response.writeHead(302, { location: '/loop' }).end();
    else if (url === '/stall') response.writeHead(200).write('first');
    else if (url === '/silent') return;
    else if (url === '/missing') response.writeHead(404).end('gone');
    else if (url === '/cut') {
      response.writeHead(200, { 'content-length': '100' }).write('part');
      setImmediate(() => response.destroy());
    } else response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'] }).end('hello');
  });
}

beforeAll(async () => {
  base = await serve(handle);
  other = await serve(handle);
});
const outbound = createOutbound({ userAgent: 'test' });
afterAll(async () => {
  await outbound.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

const text = async (response: Awaited<ReturnType<typeof outbound.request>>) =>
  Buffer.from(await readBytes(response, 1000)).toString();
const last = () => seen.at(-1)!;

describe('createOutbound', () => {
  it('returns status, headers, body and URL', async () => {
    const response = await outbound.request(`${base}/plain`);
    expect([response.status, response.url, await text(response)]).toEqual([200, `${base}/plain`, 'hello']);
    expect(response.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(last().headers).toMatchObject({ 'user-agent': 'test', 'accept-encoding': 'identity' });
  });
  it('treats 404 as an answer', async () => {
    const response = await outbound.request(`${base}/missing`);
    expect([response.status, await text(response)]).toEqual([404, 'gone']);
  });
  it('turns credentials of the URL into a header', async () => {
    const response = await outbound.request(base.replace('//', '//user:p%40ss@'));
    await discard(response);
    expect(response.url).not.toContain('user');
    expect(last().headers.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
  });
  it('keeps credentials on the origin and drops them elsewhere', async () => {
    const headers = { authorization: 'Bearer x', 'x-kept': '1' };
    await discard(await outbound.request(`${base}/to/307/%2Fplain`, { headers }));
    expect(last().headers.authorization).toBe('Bearer x');
    await discard(await outbound.request(`${base}/to/307/${encodeURIComponent(`${other}/plain`)}`, { headers }));
    expect(last().headers).toMatchObject({ 'x-kept': '1' });
    expect(last().headers.authorization).toBeUndefined();
  });
  it('returns redirects when asked to', async () => {
    const response = await outbound.request(`${base}/to/302/%2Fplain`, { redirect: 'manual' });
    expect([response.status, response.headers.location]).toEqual([302, '/plain']);
    await discard(response);
  });
  it.each([
    [303, 'GET', ''],
    [302, 'GET', ''],
    [307, 'POST', 'data'],
  ])('redirects a POST by %i to %s', async (status, method, body) => {
    await discard(await outbound.request(`${base}/to/${status}/%2Fplain`, { method: 'POST', body: 'data' }));
    expect(last()).toMatchObject({ method, body });
  });
  it('sends a stream once', async () => {
    async function* chunks() {
      yield Buffer.from('a');
      yield Buffer.from('b');
    }
    await discard(await outbound.request(`${base}/plain`, { method: 'PUT', body: chunks() }));
    expect(last().body).toBe('ab');
    const moved = outbound.request(`${base}/to/307/%2Fplain`, { method: 'PUT', body: chunks() });
    await expect(moved).rejects.toMatchObject({ reason: 'redirect' });
  });
  it.each([
    ['http://169.254.169.254/latest', 'denied'],
    ['http://[fe80::1]/', 'denied'],
    ['http://[::ffff:169.254.169.254]/', 'denied'],
    ['http://2852039166/', 'denied'],
    ['http://0.0.0.0:1/', 'denied'],
    ['ftp://host/x', 'invalid'],
    ['file:///etc/passwd', 'invalid'],
    ['nonsense', 'invalid'],
  ])('%s fails: %s', async (url, reason) => {
    await expect(outbound.request(url)).rejects.toMatchObject({ name: 'FetchError', reason });
  });
  it('checks the target of a redirect', async () => {
    const moved = outbound.request(`${base}/to/302/${encodeURIComponent('http://169.254.169.254/')}`);
    await expect(moved).rejects.toMatchObject({ reason: 'denied' });
    await expect(outbound.request(`${base}/to/302/file%3A%2F%2F%2Fetc`)).rejects.toMatchObject({ reason: 'invalid' });
    await expect(outbound.request(`${base}/loop`)).rejects.toMatchObject({ reason: 'redirect' });
  });
  it('checks addresses after name resolution and connects to what it checked', async () => {
    const names: Record<string, { address: string; family: number }[]> = {
      'metadata.test': [{ address: '169.254.169.254', family: 4 }],
      'mixed.test': [
        { address: 'fe80::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ],
    };
    const guarded = createOutbound({ resolve: async (host) => names[host] ?? [] });
    const port = new URL(base).port;
    await expect(guarded.request('http://metadata.test/')).rejects.toMatchObject({ reason: 'denied' });
    await expect(guarded.request('http://absent.test/')).rejects.toMatchObject({ reason: 'dns' });
    const response = await guarded.request(`http://mixed.test:${port}/plain`);
    expect(response.status).toBe(200);
    await discard(response);
    const closed = createOutbound({ deny: ['127.0.0.0/8'] });
    await expect(closed.request(`${base}/plain`)).rejects.toMatchObject({ reason: 'denied' });
    await guarded.close();
    await closed.close();
  });
  it('gives up on a stalled answer', async () => {
    await expect(outbound.request(`${base}/silent`, { stallTimeoutMs: 50 })).rejects.toMatchObject({
      reason: 'timeout',
    });
    const response = await outbound.request(`${base}/stall`, { stallTimeoutMs: 50 });
    await expect(readBytes(response, 1000)).rejects.toMatchObject({ reason: 'timeout' });
  });
  it('can be cancelled', async () => {
    const controller = new AbortController();
    const response = await outbound.request(`${base}/stall`, { signal: controller.signal });
    controller.abort();
    await expect(readBytes(response, 1000)).rejects.toMatchObject({ reason: 'aborted' });
  });
  it('reports cut and oversized answers', async () => {
    await expect(readBytes(await outbound.request(`${base}/cut`), 1000)).rejects.toMatchObject({ reason: 'network' });
    await expect(readBytes(await outbound.request(`${base}/plain`), 3)).rejects.toMatchObject({ reason: 'invalid' });
  });
  it('names the cause when nobody listens', async () => {
    const port = new URL(await serve(() => undefined)).port;
    const server = servers.pop()!;
    await new Promise((resolve) => server.close(resolve));
    await expect(outbound.request(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ reason: 'refused' });
  });
  it('goes through a proxy, which still may not be told to reach a denied address', async () => {
    const tunnels: string[] = [];
    const address = await serve((request, response) => {
      tunnels.push(request.url!);
      response.end('from proxy');
    });
    servers.at(-1)!.on('connect', (request, socket) => {
      tunnels.push(request.url!);
      const to = connect(Number(new URL(base).port), '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      to.pipe(socket).pipe(to);
    });
    const proxied = createOutbound({
      proxy: { http: address },
      resolve: async (host) => (host === 'metadata.test' ? [{ address: '169.254.169.254', family: 4 }] : []),
    });
    const response = await proxied.request('http://registry.test/plain');
    expect(response.status).toBe(200);
    await discard(response);
    expect(tunnels.join()).toContain('registry.test');
    await expect(proxied.request('http://metadata.test/')).rejects.toMatchObject({ reason: 'denied' });
    await expect(proxied.request('http://169.254.169.254/')).rejects.toMatchObject({ reason: 'denied' });
    await proxied.close();
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { answer, bindOperations, createHttpServer } from './index.ts';
import { app, big, log, logged, operations } from './server.fixture.ts';

const auth = { authorization: 'Basic alice' };
const get = (url: string, headers: Record<string, string> = auth) => app.inject({ method: 'GET', url, headers });
const post = (url: string, payload: string | Buffer, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url, payload, headers: { ...auth, 'content-type': 'application/json', ...headers } });

afterAll(() => app.close());

describe('routes', () => {
  it.each(['/', '/v2', '/v2/'])('%s names the version without credentials', async (url) => {
    const response = await get(url, {});
    expect([response.statusCode, response.body]).toEqual([200, '"v2"']);
  });
  it.each(['/health', '/v2/health', '//health', '/v2/health/'])('%s is anonymous and empty', async (url) => {
    const response = await get(url, {});
    expect([response.statusCode, response.body]).toEqual([200, '']);
  });
  it.each([
    ['host:5000/project/repo', 'host:5000/project/repo'],
    ['host:5000%2Fproject%2Frepo', 'host:5000/project/repo'],
    ['docker.io', 'docker.io'],
  ])('takes slashes in a greedy parameter: %s', async (given, read) => {
    expect((await get(`/v2/registries/${given}`)).json()).toBe(read);
  });
  it.each(['/v2/nothing', '/things', '/v2/things/x/y'])('%s is a 404 problem', async (url) => {
    const response = await get(url, {});
    expect(response.statusCode).toBe(404);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(response.json()).toMatchObject({ type: 'about:blank', title: 'Not Found', status: 404 });
    expect(response.json().detail).toMatch(/^The requested URL was not found on the server/);
  });
  it('answers a known path with another method by 405 and Allow', async () => {
    const response = await app.inject({ method: 'PATCH', url: '/v2/things', headers: auth, payload: '{}' });
    expect(response.statusCode).toBe(405);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(response.headers.allow).toBe('GET, HEAD, POST, PUT');
    expect(response.json().detail).toBe('Method Not Allowed');
  });
  it('refuses a badly encoded path with 400', async () => {
    expect((await get('/v2/registries/%E0%A4%A')).statusCode).toBe(400);
  });
});

describe('who may', () => {
  it('challenges without credentials, before it looks at the body', async () => {
    const response = await app.inject({
      method: 'POST',
      url: '/v2/things',
      payload: 'x',
      headers: { 'content-type': 'text/csv' },
    });
    expect([response.statusCode, response.body]).toEqual([401, 'Unauthorized']);
    expect(response.headers['www-authenticate']).toBe('basic realm="Authentication required"');
    expect(response.headers['content-type']).toMatch(/^text\/plain/);
  });
  it('opens no sign-in dialogue in a page', async () => {
    const response = await get('/v2/things', { 'sec-fetch-mode': 'same-origin' });
    expect([response.statusCode, response.headers['www-authenticate']]).toEqual([401, undefined]);
  });
  it('reports a lacking permission', async () => {
    const response = await get('/v2/things?limit=wrong', { authorization: 'Basic nobody' });
    expect(response.statusCode).toBe(403);
    expect(response.json()).toEqual({
      code: 403,
      httpcode: 403,
      error_type: 'forbidden',
      message: 'Not authorized. Requires permissions: domain=nobody action=listThings target=*',
      detail: { error_codes: [] },
    });
  });
  it('keeps admin operations for administrators', async () => {
    const remove = (who: string) =>
      app.inject({ method: 'DELETE', url: '/v2/fail/x', headers: { authorization: `Basic ${who}` } });
    expect((await remove('alice')).statusCode).toBe(403);
    expect((await remove('admin')).statusCode).toBe(204);
  });
  it('scopes by x-anchore-account, an empty one counts as absent', async () => {
    expect((await get('/v2/things', { ...auth, 'x-anchore-account': 'team' })).json().account).toBe('team');
    expect((await get('/v2/things', { ...auth, 'x-anchore-account': '' })).json().account).toBe('alice');
    const unknown = await get('/v2/things', { ...auth, 'x-anchore-account': 'unknown' });
    expect([unknown.statusCode, unknown.json().message]).toEqual([404, 'User account not found. Name=unknown']);
  });
});

describe('queries', () => {
  it.each([
    ['active=True', { active: true }],
    ['active=1', { active: true }],
    ['active=FALSE', { active: false }],
    ['active=', {}],
    ['active=no&active=yes', { active: true }],
    ['ids=a,b&ids=c', { ids: ['a', 'b', 'c'] }],
    ['limit=7', { limit: 7 }],
    ['since=2026-01-02', { since: '2026-01-02T00:00:00.000Z' }],
    ['since=2026-01-02T03:04:05+01:00', { since: '2026-01-02T02:04:05.000Z' }],
    ['since=2026-01-02%2003:04', { since: '2026-01-02T03:04:00.000Z' }],
    ['unknown=1', {}],
  ])('%s', async (query, expected) => {
    const response = await get(`/v2/things?${query}`);
    expect(response.json()).toEqual({ limit: 5, account: 'alice', ...expected });
  });
  it.each([
    ['active=maybe', "'maybe' is not a boolean - query parameter 'active'"],
    ['limit=11', "'11' is greater than the maximum of 10 - query parameter 'limit'"],
    ['limit=1.5', "'1.5' is not an integer - query parameter 'limit'"],
    ['since=yesterday', "'yesterday' is not an RFC 3339 time - query parameter 'since'"],
  ])('%s is a 400 problem', async (query, detail) => {
    const response = await get(`/v2/things?${query}`);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(response.json()).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail,
      code: 400,
      httpcode: 400,
      message: detail,
    });
  });
});

describe('bodies', () => {
  it.each([
    ['{}', "'name' is a required property"],
    ['{"name":"a","source":{}}', "'tag' is a required property - 'source'"],
    ['{"name":5}', "5 is not of type 'string' - 'name'"],
    ['{"name":"a","size":1.5}', "1.5 is not of type 'integer' - 'size'"],
    ['[]', "[] is not of type 'object'"],
    ['', "'body' is a required property: the request has none"],
  ])('%s', async (payload, detail) => {
    const response = await post('/v2/things', payload);
    expect([response.statusCode, response.json().detail]).toEqual([400, detail]);
  });
  it('names what is wrong with broken JSON', async () => {
    const response = await post('/v2/things', '{"broken": ');
    expect(response.statusCode).toBe(400);
    expect(response.json().detail).toMatch(/^Request body is not valid JSON/);
  });
  it('accepts unknown fields unless the schema is closed', async () => {
    expect((await post('/v2/things', '{"name":"a","other":1}')).json()).toEqual({ name: 'a' });
    const closed = await app.inject({ method: 'PUT', url: '/v2/things', headers: auth, payload: { a: 'x', b: 1 } });
    expect(closed.json().detail).toBe("Additional properties are not allowed ('b' was unexpected)");
    const word = await app.inject({ method: 'PUT', url: '/v2/things', headers: auth, payload: { a: 'z' } });
    expect(word.json().detail).toBe("'z' is not one of ['x', 'y'] - 'a'");
  });
  it('refuses other media types with 415', async () => {
    const response = await post('/v2/things', 'a,b', { 'content-type': 'text/csv' });
    expect(response.json()).toMatchObject({ status: 415, title: 'Unsupported Media Type' });
  });
  it('takes JSON without a media type and compressed JSON', async () => {
    const zipped = await post('/v2/things', gzipSync('{"name":"z"}'), { 'content-encoding': 'gzip' });
    expect([zipped.statusCode, zipped.json()]).toEqual([201, { name: 'z' }]);
    const broken = await post('/v2/things', 'not gzip', { 'content-encoding': 'gzip' });
    expect([broken.statusCode, broken.json().message]).toEqual([400, 'The request body is not valid gzip data']);
  });
  it('answers 400 beyond the size limit, also after decompression', async () => {
    const large = JSON.stringify({ name: 'x'.repeat(5000) });
    for (const response of [
      await post('/v2/things', large),
      await post('/v2/things', gzipSync(large), { 'content-encoding': 'gzip' }),
    ]) {
      expect(response.statusCode).toBe(400);
      expect(response.json().message).toMatch(/too large: at most 4096 bytes/);
    }
  });
  it('streams raw bodies up to the limit', async () => {
    const upload = (size: number) => post('/v2/upload', Buffer.alloc(size), { 'content-type': 'application/x-tar' });
    expect((await upload(90_000)).json()).toEqual({ bytes: 90_000 });
    expect((await upload(100_001)).statusCode).toBe(400);
    expect((await post('/v2/upload', 'x', { 'content-type': 'text/html' })).statusCode).toBe(415);
  });
  it('reads forms, JSON and nothing', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post('/v2/form', 'user=a%20b', form)).json()).toEqual({ user: 'a b', absent: false });
    expect((await post('/v2/form', '{"user":"c"}')).json()).toEqual({ user: 'c', absent: false });
    expect((await app.inject({ method: 'POST', url: '/v2/form' })).json()).toEqual({ absent: true });
  });
  it('reads multipart bodies part by part', async () => {
    const lines = ['--b', 'Content-Disposition: form-data; name="profile"', '', 'rhel', '--b'];
    lines.push(
      'Content-Disposition: form-data; name="file"; filename="a.json"',
      'Content-Type: application/json',
      '',
      '{}',
      '--b--',
      '',
    );
    const type = { 'content-type': 'multipart/form-data; boundary=b' };
    expect((await post('/v2/parts', lines.join('\r\n'), type)).json()).toEqual(['profile::4', 'file:a.json:2']);
    expect((await post('/v2/parts', 'nonsense', type)).statusCode).toBe(400);
  });
  it('ignores a JSON media type on a request without a body', async () => {
    expect((await get('/v2/things', { ...auth, 'content-type': 'application/json' })).statusCode).toBe(200);
  });
});

describe('errors', () => {
  it('carries the fields of both API generations', async () => {
    expect((await get('/v2/fail/conflict')).json()).toEqual({
      code: 409,
      httpcode: 409,
      error_type: 'conflict',
      message: 'registry already exists in DB',
      detail: { error_codes: [] },
    });
    const detailed = await get('/v2/fail/detail');
    expect(detailed.json()).toMatchObject({ error_type: 'image_not_found', detail: { error_codes: [], image: 'x' } });
  });
  it.each(['crash', 'contract'])('hides a bug behind a request id: %s', async (how) => {
    logged.length = 0;
    const response = await get(`/v2/fail/${how}`, { ...auth, 'anchore-request-id': 'abc-1' });
    expect(response.statusCode).toBe(500);
    expect(response.json().message).toBe('Internal server error, request id abc-1');
    expect(response.body).not.toMatch(/secret|at .*\.ts|name/);
    expect(logged.some((line) => line.level === 'error' && line.fields.err instanceof Error)).toBe(true);
  });
  it('echoes a request id and replaces one of another form', async () => {
    expect((await get('/v2/things', { ...auth, 'anchore-request-id': 'conf-1' })).headers['anchore-request-id']).toBe(
      'conf-1',
    );
    const made = (await get('/v2/things', { ...auth, 'anchore-request-id': 'A B' })).headers['anchore-request-id'];
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('answers', () => {
  it('sends raw bytes with their type', async () => {
    const response = await get('/v2/document');
    expect([response.body, response.headers['content-type']]).toEqual(['<a/>', 'application/xml']);
    expect(response.headers['content-disposition']).toBe('attachment');
  });
  it('never encodes for identity and does for gzip', async () => {
    const plain = await get('/v2/cached', { ...auth, 'accept-encoding': 'identity' });
    expect([plain.headers['content-encoding'], plain.rawPayload.equals(big)]).toEqual([undefined, true]);
    expect((await get('/v2/cached')).headers['content-encoding']).toBeUndefined();
    const zipped = await get('/v2/cached', { ...auth, 'accept-encoding': 'gzip, deflate' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.rawPayload).equals(big)).toBe(true);
  });
  it('answers a matching validator by 304', async () => {
    const { etag } = (await get('/v2/cached')).headers;
    const again = await get('/v2/cached', { ...auth, 'if-none-match': String(etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });
  it('can change status and headers', () => {
    expect(answer({ a: 1 }, { status: 201 })).toMatchObject({ body: { a: 1 }, status: 201 });
  });
  it('protects browsers', async () => {
    const { headers } = await get('/v2/things');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
    });
  });
});

describe('a real connection', () => {
  const bound = (handle: (signal: AbortSignal) => Promise<string>) =>
    bindOperations({ ping: operations.ping }, { ping: ({ signal }) => handle(signal) });
  const serve = async (handle: (signal: AbortSignal) => Promise<string>) => {
    const server = createHttpServer({
      log,
      authenticate: () => undefined,
      authorize: () => undefined,
      operations: bound(handle),
    });
    return { server, url: await server.listen({ port: 0, host: '127.0.0.1' }) };
  };
  it('aborts the signal when the client goes away', async () => {
    const gone = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const { server, url } = await serve(async (signal) => {
      signal.addEventListener('abort', () => gone.resolve());
      entered.resolve();
      await gone.promise;
      return 'v2';
    });
    const controller = new AbortController();
    const call = fetch(url, { signal: controller.signal }).catch((error: Error) => error.name);
    await entered.promise;
    controller.abort();
    await gone.promise;
    expect(await call).toBe('AbortError');
    await server.close();
  });
  it('finishes running requests before it closes', async () => {
    const entered = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const { server, url } = await serve(async () => {
      entered.resolve();
      await release.promise;
      return 'v2';
    });
    const call = fetch(url).then((response) => response.text());
    await entered.promise;
    const closed = server.close();
    release.resolve();
    expect(await call).toBe('"v2"');
    await closed;
  });
  it('answers HEAD without a body', async () => {
    const { server, url } = await serve(async () => 'v2');
    const response = await fetch(url, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    await server.close();
  });
});

describe('documents', () => {
  it('serves the API document without credentials', async () => {
    const document = (await get('/v2/openapi.json', {})).json();
    expect(document.openapi).toBe('3.0.3');
    expect(Object.keys(document.paths)).toContain('/registries/{registry}');
    expect(document.paths['/things'].get.parameters.map((one: { name: string }) => one.name)).toContain(
      'x-anchore-account',
    );
  });
  it('serves a reference page that loads nothing from elsewhere', async () => {
    const page = await get('/v2/docs/', {});
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    expect(sources.filter((url) => /^(https?:)?\/\//.test(url))).toEqual([]);
    const script = sources.find((url) => url.endsWith('.js'))!;
    const loaded = await get(new URL(script, 'http://host/v2/docs/').pathname, {});
    expect([loaded.statusCode, loaded.rawPayload.length > 100_000]).toEqual([200, true]);
  });
});

describe('web UI', () => {
  it('shows the page to browsers and the API to programs', async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'windlass-web-'));
    await writeFile(path.join(root, 'index.html'), '<title>ui</title>');
    await writeFile(path.join(root, 'app.js'), 'x');
    const bound = bindOperations({ ping: operations.ping }, { ping: () => 'v2' });
    const ui = createHttpServer({
      log,
      authenticate: () => undefined,
      authorize: () => undefined,
      operations: bound,
      webRoot: root,
    });
    const html = { accept: 'text/html,*/*' };
    const read = async (url: string, headers: Record<string, string>) => {
      const response = await ui.inject({ url, headers });
      return [response.statusCode, response.body.slice(0, 20)];
    };
    expect(await read('/', html)).toEqual([200, '<title>ui</title>']);
    expect(await read('/', {})).toEqual([200, '"v2"']);
    expect(await read('/images', html)).toEqual([200, '<title>ui</title>']);
    expect((await read('/images', {}))[0]).toBe(404);
    expect(await read('/app.js', {})).toEqual([200, 'x']);
    expect((await read('/missing.js', html))[0]).toBe(404);
    expect((await read('/v2/nothing', html))[0]).toBe(404);
    expect((await read(`/..%2f..%2f${path.basename(fileURLToPath(import.meta.url))}`, html))[0]).not.toBe(500);
    await ui.close();
    await rm(root, { recursive: true });
  });
});

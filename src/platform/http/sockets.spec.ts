import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from './raw-connection.fixture.ts';
import { fixtureServer } from './server.fixture.ts';

const LIMIT = 1024 * 1024;
const PATIENCE = { headersMs: 300, bodyMs: 150, restMs: 200 };
const app = fixtureServer({ bodyLimit: LIMIT, patience: PATIENCE });
let port = 0;

beforeAll(async () => {
  await app.listen({ port: 0, host: '127.0.0.1' });
  port = (app.server.address() as AddressInfo).port;
});
afterAll(() => app.close());

const AUTH = 'authorization: Basic alice\r\n';
const head = (line: string, headers = '') => `${line} HTTP/1.1\r\nhost: here\r\n${headers}\r\n`;
const post = (headers: string, body = '', path = '/v2/things') =>
  head(`POST ${path}`, `${AUTH}content-type: application/json\r\n${headers}`) + body;
const json = (body: string) => post(`content-length: ${Buffer.byteLength(body)}\r\n`, body);
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

/** The server answers others as ever. */
async function isWell(): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${port}/health`)).status === 200;
}

describe('what is no valid request', () => {
  const BOTH = 'content-length: 12\r\ntransfer-encoding: chunked\r\n';
  it.each<[string, string, number]>([
    ['garbage', 'garbage\r\n\r\n', 400],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['an unknown method', head('BREW /v2/things'), 400],
    ['no host', 'GET /health HTTP/1.1\r\n\r\n', 400],
    ['two hosts', 'GET /health HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n', 400],
    ['NUL in the path', head('GET /v2/\0'), 400],
    ['NUL in a header', head('GET /health', 'x: a\0b\r\n'), 400],
    ['a header with a space before the colon', head('GET /health', 'x : a\r\n'), 400],
    ['a folded header', head('GET /health', 'x: a\r\n b\r\n'), 400],
    ['a header without a colon', head('GET /health', 'transfer-encoding\r\n'), 400],
    ['both lengths', post(BOTH, '0\r\n\r\n'), 400],
    ['both lengths, the other way', post('transfer-encoding: chunked\r\ncontent-length: 5\r\n', '0\r\n\r\n'), 400],
    ['two lengths', post('content-length: 2\r\ncontent-length: 3\r\n', '{}'), 400],
    ['two lengths in one', post('content-length: 2, 2\r\n', '{}'), 400],
    ['a length with a sign', post('content-length: +2\r\n', '{}'), 400],
    ['a negative length', post('content-length: -2\r\n', '{}'), 400],
    ['a length beyond all', post(`content-length: ${'9'.repeat(30)}\r\n`, '{}'), 400],
    ['chunks that are not the last encoding', post('transfer-encoding: chunked, identity\r\n', '0\r\n\r\n'), 400],
    ['an encoding that looks like chunks', post('transfer-encoding: xchunked\r\n', '0\r\n\r\n'), 400],
    ['chunks twice', post('transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n', '0\r\n\r\n'), 400],
    ['a chunk without a size', post('transfer-encoding: chunked\r\n', 'zz\r\n{}\r\n0\r\n\r\n'), 400],
    ['a chunk size with a sign', post('transfer-encoding: chunked\r\n', '+2\r\n{}\r\n0\r\n\r\n'), 400],
    ['a chunk size beyond all', post('transfer-encoding: chunked\r\n', `${'f'.repeat(20)}\r\n{}\r\n`), 400],
    ['a chunk that is longer than it says', post('transfer-encoding: chunked\r\n', '1\r\n{}\r\n0\r\n\r\n'), 400],
    ['endless chunk extensions', post('transfer-encoding: chunked\r\n', `2;${'x'.repeat(40_000)}\r\n{}\r\n`), 413],
    ['a huge header', head('GET /health', `x: ${'x'.repeat(40_000)}\r\n`), 431],
    ['very many headers', head('GET /health', Array.from({ length: 5_000 }, (_, n) => `x-${n}: 1\r\n`).join('')), 431],
    ['a huge path', head(`GET /${'x'.repeat(40_000)}`), 431],
  ])('%s is refused, and the connection closed', async (_name, bytes, status) => {
    const { statuses, text, closed } = await sendRaw(port, [Buffer.from(bytes, 'latin1')]);
    expect([statuses, closed]).toEqual([[status], true]);
    const [, body = ''] = text.split('\r\n\r\n');
    // the server of Node itself refuses a request without a host, with nothing in the body
    if (body.startsWith('{'))
      expect(JSON.parse(body)).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
    expect(await isWell()).toBe(true);
  });

  it('never gets an answer that belongs to the request before', async () => {
    const smuggled = `${json('{"name":"first"}')}GET /v2/things HTTP/1.1\r\nhost : x\r\n\r\n`;
    const { statuses, text, closed } = await sendRaw(port, [smuggled]);
    expect([statuses[0], closed]).toEqual([201, true]);
    expect(text).toContain('{"name":"first"}');
  });
});

describe('bodies over a socket', () => {
  it.each<[string, string | Buffer]>([
    ['a broken escape', head('GET /v2/registries/%zz', AUTH)],
    ['bytes that are no UTF-8', Buffer.from(post('content-length: 13\r\n', '{"name":"\xff\xfe"}'), 'latin1')],
    ['half a JSON', json('{"name":')],
    ['JSON nested very deep', json('['.repeat(100_000))],
    ['a size that is too large', post(`content-length: ${LIMIT + 1}\r\n`)],
    ['chunks that are too many', post('transfer-encoding: chunked\r\n', chunk('x'.repeat(LIMIT + 1)))],
    ['an encoding that is not understood', post('content-encoding: br\r\ncontent-length: 2\r\n', '{}')],
    ['encodings within each other', post('content-encoding: gzip, gzip\r\ncontent-length: 2\r\n', '{}')],
    ['gzip that is none', post('content-encoding: gzip\r\ncontent-length: 2\r\n', '{}')],
  ])('%s is refused with a problem or an error', async (_name, bytes) => {
    const { statuses, text } = await sendRaw(port, [bytes], { until: /\r\n\r\n[\s\S]*\}$/ });
    expect([400, 415]).toContain(statuses[0]);
    expect(text).toMatch(/"detail"/);
    expect(await isWell()).toBe(true);
  });

  it('take the last of keys that stand twice', async () => {
    const { text } = await sendRaw(port, [json('{"name":"a","name":"b"}')], { until: /"b"/ });
    expect(text).toContain('{"name":"b"}');
  });

  it('that unpack to a multiple of themselves are refused in little memory', async () => {
    const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024));
    const before = process.memoryUsage().rss;
    const request = Buffer.concat([
      Buffer.from(post(`content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n`)),
      bomb,
    ]);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => sendRaw(port, [request], { until: /too large/ })),
    );
    expect(answers.map(({ statuses }) => statuses[0])).toEqual([400, 400, 400, 400]);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  it('are answered when the client has closed its side', async () => {
    const { statuses } = await sendRaw(port, [json('{"name":"a"}')], { halfClose: true });
    expect(statuses).toEqual([201]);
  });

  it('that end in the middle leave nothing behind', async () => {
    await sendRaw(port, [post('content-length: 100\r\n', '{"na')], { halfClose: true, waitMs: 300 });
    expect(await isWell()).toBe(true);
  });

  it('in one connection are answered in order', async () => {
    const many = Array.from({ length: 50 }, (_, n) => json(`{"name":"n${n}"}`)).join('');
    const { statuses, text } = await sendRaw(port, [many], { until: /n49/ });
    expect(statuses).toEqual(Array(50).fill(201));
    const names = [...text.matchAll(/"name":"n(\d+)"/g)].map((match) => Number(match[1]));
    expect(names).toEqual([...Array(50).keys()]);
  });
});

describe('clients that take their time', () => {
  it('with the head are cut off', async () => {
    const { statuses, closed } = await sendRaw(port, ['GET /health HTTP/1.1\r\nhost: here\r\nx: '], { waitMs: 5_000 });
    expect([statuses, closed]).toEqual([[408], true]);
  });

  it('with the body are cut off', async () => {
    const { statuses, closed } = await sendRaw(port, [post('content-length: 100\r\n', '{')], { waitMs: 5_000 });
    expect([statuses, closed]).toEqual([[408], true]);
  });

  it('with the body are cut off, however many bytes they drip', async () => {
    async function* drip() {
      yield post('content-length: 4000\r\n', '{');
      for (let drops = 0; drops < 200; drops += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        yield ' ';
      }
    }
    const { text, closed } = await sendRaw(port, drip(), { waitMs: 5_000 });
    expect([text.split('\r\n', 1)[0], closed]).toEqual(['HTTP/1.1 408 Request Timeout', true]);
  });

  it('with a form are cut off', async () => {
    const form = head(
      'POST /v2/parts',
      `${AUTH}content-type: multipart/form-data; boundary=edge\r\ncontent-length: 1000\r\n`,
    );
    const part = '--edge\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\nab';
    const { closed } = await sendRaw(port, [form + part], { waitMs: 5_000 });
    expect(closed).toBe(true);
    expect(await isWell()).toBe(true);
  });

  it('after they were refused are cut off', async () => {
    const refused = head('POST /v2/things', 'content-type: application/json\r\ncontent-length: 1000000000\r\n');
    const { statuses, closed } = await sendRaw(port, [refused, 'x'.repeat(1000)], { waitMs: 5_000 });
    expect([statuses, closed]).toEqual([[401], true]);
  });

  it('are many, and others are served nevertheless', async () => {
    const slow = Array.from({ length: 200 }, () =>
      sendRaw(port, ['GET /health HTTP/1.1\r\nhost: here\r\n'], { waitMs: 5_000 }),
    );
    expect(await isWell()).toBe(true);
    const answers = await Promise.all(slow);
    expect(answers.every(({ closed }) => closed)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { FetchError, type Fetcher, type FetcherOptions } from '#shared/fetcher.ts';
import { digestOf } from '../image-metadata.ts';
import { createRegistryClient, type RegistryClientOptions } from './client.ts';

interface Answer {
  status?: number;
  headers?: Record<string, string | string[]>;
  body?: string | Uint8Array;
  /** Breaks the body after this many bytes. */
  breakAt?: number;
}
type Handler = (url: URL, headers: Record<string, string>, options: FetcherOptions) => Answer;

const bytes = Buffer.from('0123456789'.repeat(50));
const blob = { mediaType: '', digest: digestOf(bytes), size: bytes.length };

function setup(handle: Handler, options: Partial<RegistryClientOptions> = {}) {
  const log: { url: string; method: string; authorization: string | undefined; range: string | undefined }[] = [];
  const waits: number[] = [];
  const fetcher: Fetcher = {
    async request(url, request = {}) {
      const headers = request.headers ?? {};
      log.push({ url, method: request.method ?? 'GET', authorization: headers.authorization, range: headers.range });
      const { status = 200, headers: answered = {}, body = '', breakAt } = handle(new URL(url), headers, request);
      const content = Buffer.from(body);
      return {
        status,
        headers: answered,
        url,
        body: (async function* () {
          const end = breakAt ?? content.length;
          for (let at = 0; at < end; at += 64) yield content.subarray(at, Math.min(at + 64, end));
          if (breakAt !== undefined) throw new FetchError('network', 'the connection broke');
        })(),
      };
    },
  };
  const clock = { now: () => 1_000_000, random: () => 1, sleep: async (ms: number) => void waits.push(ms) };
  const client = createRegistryClient({ fetcher, host: 'r.example', clock, ...options });
  return { client, log, waits };
}

async function read(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part.slice());
  return Buffer.concat(parts);
}

const login = { username: 'me', password: 'secret' };
const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;
const manifest = '{"schemaVersion":2}';

describe('authentication', () => {
  const tokenServer: Handler = (url, headers) => {
    if (url.host === 'auth.example')
      return { body: JSON.stringify({ access_token: `t-${url.searchParams.get('scope')}`, expires_in: 300 }) };
    if (headers.authorization?.startsWith('Bearer t-')) return { body: manifest };
    return {
      status: 401,
      headers: {
        'www-authenticate': 'Bearer realm="https://auth.example/token",service="r",scope="repository:a:pull"',
      },
    };
  };

  it('answers a Bearer challenge, and keeps the token', async () => {
    const { client, log } = setup(tokenServer, { credentials: login });
    await client.manifest('a', 'latest');
    await client.manifest('a', 'latest');
    expect(log.map(({ url, authorization }) => [new URL(url).host, authorization])).toEqual([
      ['r.example', undefined],
      ['auth.example', basic],
      ['r.example', 'Bearer t-repository:a:pull'],
      ['r.example', 'Bearer t-repository:a:pull'],
    ]);
    expect(log[1]!.url).toContain('service=r');
  });

  it('asks for a new token when one is refused in the middle', async () => {
    let issued = 0;
    const { client } = setup((url, headers) => {
      if (url.host === 'auth.example') return { body: JSON.stringify({ token: `t${++issued}` }) };
      const valid = headers.authorization === `Bearer t${issued}` && !(issued === 1 && headers.range);
      if (!valid) return { status: 401, headers: { 'www-authenticate': 'Bearer realm="https://auth.example/"' } };
      const at = Number(/\d+/.exec(headers.range ?? '')?.[0] ?? 0);
      return at > 0
        ? { status: 206, headers: { 'content-range': `bytes ${at}-` }, body: bytes.subarray(at) }
        : { body: bytes, breakAt: 128 };
    });
    expect(await read(client.blob('a', blob))).toEqual(bytes);
    expect(issued).toBe(2);
  });

  it('trades an identity token by POST', async () => {
    const { client } = setup(
      (url, headers, { method, body }) => {
        if (url.host !== 'auth.example') return tokenServer(url, headers, {});
        expect(method).toBe('POST');
        expect(String(body)).toContain('grant_type=refresh_token');
        expect(String(body)).toContain('refresh_token=idt');
        return { body: '{"access_token":"t-x"}' };
      },
      { credentials: { identityToken: 'idt' } },
    );
    await client.manifest('a', 'latest');
  });

  it('sends Basic credentials only when challenged', async () => {
    const { client, log } = setup(
      (_, headers) =>
        headers.authorization === basic
          ? { body: manifest }
          : { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } },
      { credentials: login },
    );
    await client.manifest('a', 'latest');
    expect(log.map(({ authorization }) => authorization)).toEqual([undefined, basic]);
  });

  it.each<[string, Handler, Partial<RegistryClientOptions>, string]>([
    ['no credentials', () => ({ status: 401, headers: { 'www-authenticate': 'Basic realm=x' } }), {}, 'unauthorized'],
    [
      'wrong credentials',
      () => ({ status: 401, headers: { 'www-authenticate': 'Basic realm=x' } }),
      { credentials: login },
      'unauthorized',
    ],
    [
      'a refused token',
      (url) =>
        url.host === 'auth.example'
          ? { status: 403 }
          : { status: 401, headers: { 'www-authenticate': 'Bearer realm="https://auth.example/"' } },
      { credentials: login },
      'unauthorized',
    ],
    [
      'a realm without TLS',
      () => ({ status: 401, headers: { 'www-authenticate': 'Bearer realm="http://169.254.169.254/"' } }),
      { credentials: login },
      'invalid',
    ],
    [
      'a registry that never accepts its own token',
      (url) =>
        url.host === 'auth.example'
          ? { body: '{"token":"t"}' }
          : { status: 401, headers: { 'www-authenticate': 'Bearer realm="https://auth.example/"' } },
      {},
      'unauthorized',
    ],
  ])('fails with %s', async (_, handler, options, code) => {
    await expect(setup(handler, options).client.manifest('a', 'latest')).rejects.toMatchObject({
      name: 'RegistryError',
      code,
    });
  });

  it('never shows credentials to a redirect host', async () => {
    const { client, log } = setup(
      (url, headers) => {
        if (url.host === 'storage.example') return { body: bytes };
        if (headers.authorization !== basic) return { status: 401, headers: { 'www-authenticate': 'Basic realm=x' } };
        return { status: 307, headers: { location: 'https://storage.example/signed?x=1' } };
      },
      { credentials: login },
    );
    expect(await read(client.blob('a', blob))).toEqual(bytes);
    expect(log.at(-1)).toMatchObject({ url: 'https://storage.example/signed?x=1', authorization: undefined });
  });

  it.each(['http://storage.example/', 'file:///etc/passwd'])('does not follow a redirect to %s', async (location) => {
    await expect(setup(() => ({ status: 302, headers: { location } })).client.manifest('a', 'b')).rejects.toMatchObject(
      { code: 'invalid' },
    );
  });
});

describe('plain http', () => {
  const refuseTls: Handler = (url) => {
    if (url.protocol === 'https:') throw new FetchError('tls', 'no TLS here');
    return { body: manifest };
  };
  it('is used for loopback and insecure registries only', async () => {
    await setup(refuseTls, { host: '127.0.0.1:5000' }).client.manifest('a', 'b');
    await setup(refuseTls, { insecure: true }).client.manifest('a', 'b');
    await expect(setup(refuseTls).client.manifest('a', 'b')).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('manifests', () => {
  const digest = digestOf(Buffer.from(manifest));
  it.each<[string, string, Answer, string]>([
    ['other bytes than the digest asked for', `sha256:${'1'.repeat(64)}`, { body: manifest }, 'digest-mismatch'],
    [
      'other bytes than the digest stated',
      'latest',
      { body: manifest, headers: { 'docker-content-digest': `sha256:${'2'.repeat(64)}` } },
      'digest-mismatch',
    ],
    [
      'a missing manifest',
      'latest',
      { status: 404, body: '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"gone"}]}' },
      'manifest-unknown',
    ],
    ['a denial', 'latest', { status: 403 }, 'denied'],
    ['more than fits', 'latest', { body: 'x'.repeat(9_000_000) }, 'too-large'],
  ])('reports %s', async (_, target, answer, code) => {
    await expect(setup(() => answer).client.manifest('a', target)).rejects.toMatchObject({ code });
  });

  it('gives digest and media type of a HEAD request, and undefined for none', async () => {
    const headers = {
      'docker-content-digest': digest,
      'content-type': 'application/x; charset=utf-8',
      'content-length': '19',
    };
    const { client, log } = setup((url) => (url.pathname.endsWith('/none') ? { status: 404 } : { headers }));
    expect(await client.head('a', 'latest')).toEqual({ digest, mediaType: 'application/x', size: 19 });
    expect(await client.head('a', 'none')).toBeUndefined();
    expect(log.every(({ method }) => method === 'HEAD')).toBe(true);
  });
});

describe('retries', () => {
  it.each<[string, string, number[]]>([
    ['seconds', '7', [7000]],
    ['a date', new Date(1_000_000 + 9000).toUTCString(), [9000]],
    ['nothing', '', [500]],
  ])('wait as told by %s', async (_, header, expected) => {
    let calls = 0;
    const { client, waits } = setup(() =>
      calls++ === 0 ? { status: 429, headers: { 'retry-after': header } } : { body: manifest },
    );
    await client.manifest('a', 'latest');
    expect(waits).toEqual(expected);
  });

  it('give up when told to wait too long, saying when to come back', async () => {
    const { client } = setup(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
    await expect(client.manifest('a', 'b')).rejects.toMatchObject({ code: 'rate-limited', retryAt: 4_600_000 });
  });

  it('end', async () => {
    const { client, log } = setup(() => ({ status: 503 }));
    await expect(client.manifest('a', 'b')).rejects.toMatchObject({ code: 'unreachable' });
    expect(log).toHaveLength(6);
  });
});

describe('blobs', () => {
  const ranged =
    (honour: boolean): Handler =>
    (_, headers) => {
      const at = Number(/\d+/.exec(headers.range ?? '')?.[0] ?? 0);
      if (at > 0 && honour)
        return {
          status: 206,
          headers: { 'content-range': `bytes ${at}-499/500` },
          body: bytes.subarray(at),
          breakAt: at < 300 ? 128 : undefined,
        } as Answer;
      return { headers: { etag: '"e"' }, body: bytes, ...(at === 0 ? { breakAt: 128 } : {}) };
    };

  it('go on where the connection broke', async () => {
    const { client, log } = setup(ranged(true));
    expect(await read(client.blob('a', blob))).toEqual(bytes);
    expect(log.map(({ range }) => range)).toEqual([undefined, 'bytes=128-', 'bytes=256-', 'bytes=384-']);
  });

  it('start again, without repeating bytes, when ranges are ignored', async () => {
    expect(await read(setup(ranged(false)).client.blob('a', blob))).toEqual(bytes);
  });

  it('that end early without an error are gone on with too', async () => {
    let calls = 0;
    const { client } = setup((_, headers) =>
      calls++ === 0
        ? { body: bytes.subarray(0, 100) }
        : {
            status: 206,
            headers: { 'content-range': `bytes ${/\d+/.exec(headers.range!)![0]}-` },
            body: bytes.subarray(100),
          },
    );
    expect(await read(client.blob('a', blob))).toEqual(bytes);
  });

  it.each<[string, Handler, string]>([
    ['longer than stated', () => ({ body: Buffer.concat([bytes, bytes]) }), 'digest-mismatch'],
    ['missing', () => ({ status: 404 }), 'blob-unknown'],
    ['never complete', () => ({ body: bytes, breakAt: 0 }), 'unreachable'],
  ])('fail when %s', async (_, handler, code) => {
    await expect(read(setup(handler).client.blob('a', blob))).rejects.toMatchObject({ code });
  });
});

describe('lists', () => {
  it.each([
    ['relative', '</v2/a/tags/list?last=t1>; rel="next"'],
    ['absolute', '<https://other.example/v2/a/tags/list?last=t1>; rel=next'],
    ['without host', '<//v2.internal/v2/a/tags/list?last=t1>;rel="next"'],
    ['query only', '<?last=t1>; rel="next"'],
  ])('follow a link that is %s', async (_, link) => {
    const { client, log } = setup((url) =>
      url.searchParams.has('last') ? { body: '{"tags":["t1","t2"]}' } : { body: '{"tags":["t1"]}', headers: { link } },
    );
    expect(await client.tags('a')).toEqual(['t1', 't2']);
    expect(log.every(({ url }) => new URL(url).host === 'r.example')).toBe(true);
  });

  it('end when pages go in circles', async () => {
    const { client } = setup(() => ({
      body: '{"tags":null}',
      headers: { link: '</v2/a/tags/list?n=1000>; rel="next"' },
    }));
    await expect(client.tags('a')).rejects.toMatchObject({ code: 'invalid' });
  });

  it('of referrers fall back to the tag', async () => {
    const index = {
      manifests: [
        { digest: blob.digest, size: 1, artifactType: 'sbom' },
        { digest: blob.digest, size: 1, artifactType: 'sig' },
      ],
    };
    const { client, log } = setup((url) =>
      url.pathname.includes('/referrers/') ? { status: 404 } : { body: JSON.stringify(index) },
    );
    expect(await client.referrers('a', blob.digest, 'sig')).toMatchObject([{ artifactType: 'sig' }]);
    expect(log[1]!.url).toContain(`/manifests/sha256-${blob.digest.slice(7)}`);
  });
});

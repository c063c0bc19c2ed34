import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutbound } from '#platform/http/index.ts';
import { startReceiver } from '../../../test/builders/http-receiver.ts';
import { createRegistryQueries, type RegistryQueries } from './registry-queries.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const outbound = createOutbound({});
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let queries: RegistryQueries;

const query = () => ({
  account: 'one',
  registry: new URL(receiver.url).host,
  repository: 'team/app',
  credentials: undefined,
  signal: new AbortController().signal,
});

beforeAll(async () => {
  receiver = await startReceiver();
  queries = createRegistryQueries({ fetcher: outbound });
});
afterAll(async () => {
  await outbound.close();
  await receiver.close();
});

describe('questions of the watchers', () => {
  it('ask whether a known digest changed, accepting indexes and manifests', async () => {
    receiver.answer(() => ({ status: 200, headers: { 'docker-content-digest': DIGEST } }));
    expect(await queries.digestOf({ ...query(), tag: '1', known: DIGEST })).toBe(DIGEST);
    const { method, headers } = receiver.requests.at(-1)!;
    expect([method, headers['if-none-match']]).toEqual(['HEAD', `"${DIGEST}"`]);
    expect(headers.accept).toContain('application/vnd.oci.image.index.v1+json');
    expect(headers.accept).toContain('application/vnd.docker.distribution.manifest.list.v2+json');
  });

  it('take 304 for no change, 404 for no tag', async () => {
    receiver.answer(() => ({ status: 304 }));
    expect(await queries.digestOf({ ...query(), tag: '1', known: DIGEST })).toBe(DIGEST);
    expect(await queries.tagsOf({ ...query(), known: '"x"' })).toBeUndefined();
    receiver.answer(() => ({ status: 404 }));
    expect(await queries.digestOf({ ...query(), tag: '1', known: null })).toBeUndefined();
  });

  it('keep the entity tag of a list of one page only', async () => {
    receiver.answer(({ url }) => ({
      status: 200,
      headers: {
        etag: '"1"',
        ...(url.includes('last=') ? {} : { link: '</v2/team/app/tags/list?last=a&n=1000>; rel="next"' }),
      },
      body: JSON.stringify({ tags: [url.includes('last=') ? 'b' : 'a'] }),
    }));
    expect(await queries.tagsOf({ ...query(), known: null })).toEqual({ tags: ['a', 'b'], pages: 2 });
    receiver.answer(() => ({ status: 200, headers: { etag: '"1"' }, body: '{"tags":["a"]}' }));
    expect(await queries.tagsOf({ ...query(), known: null })).toEqual({ tags: ['a'], pages: 1, etag: '"1"' });
  });

  it.each([429, 500, 503])('do not repeat what was answered %i', async (status) => {
    receiver.requests.length = 0;
    receiver.answer(() => ({ status, headers: { 'retry-after': '7' } }));
    const error = await queries.digestOf({ ...query(), tag: '1', known: null }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: status === 429 ? 'rate-limited' : 'unreachable' });
    if (status === 429) expect((error as { retryAt: number }).retryAt).toBeGreaterThan(Date.now() + 5_000);
    expect(receiver.requests).toHaveLength(1);
  });

  it('give up a registry that stalls', async () => {
    receiver.answer(() => undefined);
    const impatient = createRegistryQueries({ fetcher: outbound, timeoutMs: 300 });
    await expect(impatient.digestOf({ ...query(), tag: '1', known: null })).rejects.toMatchObject({
      code: 'unreachable',
    });
  });

  it('end with the run', async () => {
    receiver.answer(() => undefined);
    const controller = new AbortController();
    const asked = queries.digestOf({ ...query(), tag: '1', known: null, signal: controller.signal });
    controller.abort(new Error('cancelled'));
    await expect(asked).rejects.toThrow('cancelled');
  });
});

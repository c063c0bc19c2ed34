import { describe, expect, it } from 'vitest';
import { feedsOperations } from '#contract/feeds.ts';
import { imageSbomsOperations } from '#contract/image-sboms.ts';
import { imagesOperations } from '#contract/images.ts';
import { oauthOperations } from '#contract/oauth.ts';
import { registriesOperations } from '#contract/registries.ts';
import { systemOperations } from '#contract/system.ts';
import { userGroupsOperations } from '#contract/user-groups.ts';
import { windlassOperations } from '#contract/windlass.ts';
import { ApiError, createClient } from './index.ts';

interface Sent {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: unknown;
}

function fake(answer: () => Response | Promise<Response> = () => Response.json({ items: [] })) {
  const sent: Sent[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    sent.push({ url, method: init.method!, headers: init.headers as Record<string, string>, body: init.body });
    return answer();
  };
  const client = createClient({
    url: 'http://host:8228/v2/',
    auth: { username: 'ü', password: 'p' },
    account: 'team',
    fetch,
  });
  return { client, sent };
}

describe('createClient', () => {
  it('sends credentials, account and query', async () => {
    const { client, sent } = fake();
    const list = await client.call(imagesOperations.list_images, { query: { full_tag: 'a/b:c', history: true } });
    expect(list.items).toEqual([]);
    expect(sent[0]).toMatchObject({
      url: 'http://host:8228/v2/images?full_tag=a%2Fb%3Ac&history=true',
      method: 'GET',
      headers: { authorization: `Basic ${Buffer.from('ü:p').toString('base64')}`, 'x-anchore-account': 'team' },
    });
  });
  it('joins lists by commas and repeats those that want it', async () => {
    const { client, sent } = fake();
    await client.call(imagesOperations.delete_images_async, { query: { image_digests: ['a', 'b'] } });
    expect(sent[0]!.url).toMatch(/\?image_digests=a%2Cb$/);
    const params = { group_uuid: 'g' };
    await client.call(userGroupsOperations.delete_user_group_users, { params, query: { username: ['x', 'y'] } });
    expect(sent[1]!.url).toMatch(/\?username=x&username=y$/);
  });
  it('encodes path parameters', async () => {
    const { client, sent } = fake();
    await client.call(registriesOperations.get_registry, { params: { registry: 'h:1/a b' } });
    expect(sent[0]!.url).toBe('http://host:8228/v2/registries/h%3A1%2Fa%20b');
    const missing = client.call(registriesOperations.get_registry, { params: { registry: '' } });
    await expect(missing).rejects.toThrow("path parameter 'registry' is missing");
  });
  it('sends JSON, forms and streams', async () => {
    const { client, sent } = fake();
    await client.call(imagesOperations.add_image, { body: { source: { tag: { pull_string: 'x' } } } });
    expect(sent[0]).toMatchObject({
      body: '{"source":{"tag":{"pull_string":"x"}}}',
      headers: { 'content-type': 'application/json' },
    });
    await client.call(oauthOperations.get_oauth_token, { body: { username: 'a', password: 'b c' } });
    expect(sent[1]).toMatchObject({ body: 'username=a&password=b+c' });
    expect(sent[1]!.headers['x-anchore-account']).toBeUndefined();
    async function* bytes() {
      yield new Uint8Array([1, 2]);
    }
    await client.call(windlassOperations.upload_image_archive, { raw: bytes(), query: { tag: ['a:1'] } });
    expect(sent[2]!.headers['content-type']).toBe('application/octet-stream');
    expect(new Uint8Array(await new Response(sent[2]!.body as ReadableStream).arrayBuffer())).toEqual(
      new Uint8Array([1, 2]),
    );
    await client.call(feedsOperations.upload_system_feed, {
      params: { feed: 'kev_db' },
      query: { version: '1', built: '2026-01-01T00:00:00Z', checksum: 'x' },
      raw: new FormData(),
    });
    expect(sent[3]!.headers['content-type']).toBeUndefined();
  });
  it('returns undefined for an empty answer and the Response for a stream', async () => {
    const empty = fake(() => new Response(null, { status: 200 }));
    expect(await empty.client.call(systemOperations.health_check)).toBeUndefined();
    const { client } = fake(() => new Response('{"bomFormat":"CycloneDX"}'));
    const response = await client.call(imageSbomsOperations.get_image_sbom_cyclonedx_json, {
      params: { image_digest: 'x' },
    });
    expect(await response.text()).toContain('CycloneDX');
  });
  it.each([
    [
      Response.json(
        { code: 409, error_type: 'conflict', message: 'exists', detail: { error_codes: [], x: 1 } },
        { status: 409 },
      ),
      { status: 409, message: 'exists', errorType: 'conflict', detail: { error_codes: [], x: 1 } },
    ],
    [
      Response.json({ type: 'about:blank', title: 'Bad Request', status: 400, detail: 'no' }, { status: 400 }),
      { status: 400, message: 'no', problem: { title: 'Bad Request', detail: 'no' } },
    ],
    [
      new Response('Unauthorized', { status: 401, headers: { 'anchore-request-id': 'r1' } }),
      { status: 401, message: 'Unauthorized', requestId: 'r1' },
    ],
    [new Response('<html>', { status: 200 }), { status: 200, message: /is not JSON/ }],
    [Response.json({ error: 'invalid_grant' }, { status: 400 }), { status: 400, detail: { error: 'invalid_grant' } }],
  ])('reads error %#', async (response, expected) => {
    const { client } = fake(() => response);
    const error: unknown = await client.call(systemOperations.get_status).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    const { message, ...rest } = { ...expected } as { message?: string | RegExp };
    expect(error).toMatchObject(rest);
    if (message) expect((error as Error).message).toMatch(message);
  });
  it('says when nobody answers', async () => {
    const { client } = fake(() =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })),
    );
    await expect(client.call(systemOperations.ping)).rejects.toMatchObject({
      status: 0,
      message: 'No answer from http://host:8228: connect ECONNREFUSED',
    });
  });
  it('asks for credentials before each call', async () => {
    let token = 'one';
    const sent: string[] = [];
    const fetch = async (_url: string, init: RequestInit) => {
      sent.push((init.headers as Record<string, string>).authorization!);
      return Response.json('v2');
    };
    const client = createClient({ url: '', auth: () => ({ token }), fetch });
    expect(await client.call(systemOperations.ping)).toBe('v2');
    token = 'two';
    await client.call(systemOperations.ping);
    expect(sent).toEqual(['Bearer one', 'Bearer two']);
    expect(client.prepare(systemOperations.ping).url).toBe('/v2/');
  });
});

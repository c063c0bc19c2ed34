import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFilesystemStore } from './filesystem.ts';
import { openS3Store, type S3Settings } from './s3.ts';
import type { ObjectStore } from './types.ts';

const endpoint = process.env.TEST_S3_ENDPOINT;
const s3: S3Settings = {
  bucket: process.env.TEST_S3_BUCKET ?? 'windlass-test',
  endpoint,
  region: 'us-east-1',
  accessKeyId: process.env.TEST_S3_ACCESS_KEY ?? 'test',
  secretAccessKey: process.env.TEST_S3_SECRET_KEY ?? 'testtest',
  prefix: `contract-${randomUUID()}/`,
  pathStyle: true,
};

async function createBucket(): Promise<void> {
  const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    region: s3.region,
    endpoint: endpoint ?? '',
    forcePathStyle: true,
    credentials: { accessKeyId: s3.accessKeyId ?? '', secretAccessKey: s3.secretAccessKey ?? '' },
  });
  await client.send(new CreateBucketCommand({ Bucket: s3.bucket })).catch((error: Error) => {
    if (!/already/i.test(`${error.name} ${error.message}`)) throw error;
  });
  client.destroy();
}

async function keys(store: ObjectStore, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(prefix)) found.push(key);
  return found;
}

function contract(open: () => Promise<ObjectStore>): void {
  let store: ObjectStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(async () => {
    for (const key of await keys(store, '')) await store.delete(key);
    await store.close();
  });

  it('returns what was put, and overwrites', async () => {
    expect(await store.put('a/b', Buffer.from('one'))).toBe(3);
    expect(await store.put('a/b', Buffer.from('three'))).toBe(5);
    expect((await store.get('a/b'))?.toString()).toBe('three');
    expect(await store.head('a/b')).toEqual({ size: 5 });
  });

  it('takes a stream of several parts', async () => {
    const part = randomBytes(1024 * 1024);
    const size = await store.put('big/stream', Readable.from(Array.from({ length: 20 }, () => part)));
    expect(size).toBe(20 * part.length);
    const back = await store.open('big/stream', { start: 19 * part.length });
    expect(Buffer.concat((await back?.toArray()) ?? [])).toEqual(part);
  });

  it('reads ranges, both ends included', async () => {
    await store.put('range', Buffer.from('0123456789'));
    const text = async (range: { start: number; end?: number }): Promise<string> =>
      Buffer.concat((await (await store.open('range', range))?.toArray()) ?? []).toString();
    expect(await text({ start: 2, end: 4 })).toBe('234');
    expect(await text({ start: 8 })).toBe('89');
    expect(await text({ start: 8, end: 100 })).toBe('89');
    expect(await text({ start: 10 })).toBe('');
  });

  it('keeps an empty object', async () => {
    expect(await store.put('empty', Buffer.alloc(0))).toBe(0);
    expect(await store.put('empty-stream', Readable.from([]))).toBe(0);
    expect(await store.get('empty')).toEqual(Buffer.alloc(0));
    expect(await store.head('empty-stream')).toEqual({ size: 0 });
  });

  it('knows what is absent', async () => {
    expect(await store.get('no/such')).toBeUndefined();
    expect(await store.open('no/such')).toBeUndefined();
    expect(await store.head('no/such')).toBeUndefined();
    await store.delete('no/such');
    await store.put('leaf', Buffer.from('x'));
    expect(await store.get('leaf/below')).toBeUndefined();
  });

  it('stores nothing when the stream breaks', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('half');
        throw new Error('connection lost');
      })(),
    );
    await expect(store.put('broken', broken)).rejects.toThrow('connection lost');
    expect(await store.head('broken')).toBeUndefined();
  });

  it('lists by prefix, in order', async () => {
    for (const key of ['list/b', 'list/a/2', 'list/a/1', 'list/a-b', 'listing']) await store.put(key, Buffer.from(key));
    expect(await keys(store, 'list/')).toEqual(['list/a-b', 'list/a/1', 'list/a/2', 'list/b']);
    expect(await keys(store, 'list/a')).toEqual(['list/a-b', 'list/a/1', 'list/a/2']);
    expect(await keys(store, 'list/a/')).toEqual(['list/a/1', 'list/a/2']);
    expect(await keys(store, 'lists/')).toEqual([]);
    await store.delete('list/b');
    expect(await keys(store, 'list/b')).toEqual([]);
  });

  it.each([
    '',
    '/',
    'a//b',
    '../a',
    'a/../b',
    'a/..',
    '.hidden',
    'a\\b',
    'a\0b',
    'ü',
    '/a',
    'a/',
    'x'.repeat(901),
    'a b',
  ])('refuses the key %j', async (key) => {
    await expect(async () => store.put(key, Buffer.from('x'))).rejects.toThrow('not an object key');
    await expect(async () => store.get(key)).rejects.toThrow('not an object key');
  });
}

describe('filesystem store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'windlass-objects-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  contract(() => openFilesystemStore(folder));

  it('leaves nothing aside', () => {
    expect(readdirSync(join(folder, '.incoming'))).toEqual([]);
  });
});

describe.skipIf(!endpoint)('S3 store (skipped without TEST_S3_ENDPOINT)', () => {
  contract(async () => {
    await createBucket();
    return openS3Store(s3);
  });

  it('says that a bucket is absent', async () => {
    await expect(openS3Store({ ...s3, bucket: 'windlass-no-such-bucket' })).rejects.toThrow('does not exist');
  });
});

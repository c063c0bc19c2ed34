import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fetcher, FetcherOptions } from '#shared/fetcher.ts';
import { FetchError } from '#shared/fetcher.ts';
import { fetchSource, type KnownSource } from './fetch-source.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'windlass-fetch-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const sum = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

function service(status: number, body: string, headers: Record<string, string> = {}) {
  const asked: FetcherOptions[] = [];
  const fetcher: Fetcher = {
    request: async (url, options = {}) => {
      asked.push(options);
      async function* bytes() {
        if (body !== '') yield Buffer.from(body);
      }
      return { status, headers, body: bytes(), url };
    },
  };
  return { fetcher, asked };
}

const get = (location: string, fetcher: Fetcher, known: KnownSource = {}) =>
  fetchSource({ name: 'kev', location, directory: join(root, 'work'), fetcher, known });
const leftovers = (): string[] => readdirSync(join(root, 'work'));
const offline: Fetcher = { request: async () => Promise.reject(new FetchError('refused', 'refused')) };

describe('fetchSource', () => {
  it('downloads, and remembers what to ask for next time', async () => {
    const { fetcher } = service(200, 'data', { etag: '"1"', 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' });
    const fetched = await get('https://feeds.invalid/kev.json', fetcher);
    expect(fetched).toMatchObject({
      checksum: sum('data'),
      size: 4,
      etag: '"1"',
      lastModified: 'Thu, 01 Jan 2026 00:00:00 GMT',
      capturedAt: '2026-01-01T00:00:00.000Z',
    });
    expect(readFileSync(fetched?.path ?? '', 'utf8')).toBe('data');
    await fetched?.dispose();
    expect(leftovers()).toEqual([]);
  });

  it('asks whether there is anything new', async () => {
    const { fetcher, asked } = service(304, '');
    const known = { checksum: sum('data'), etag: '"1"', lastModified: 'x' };
    expect(await get('https://feeds.invalid/kev.json', fetcher, known)).toBeUndefined();
    expect(asked[0]?.headers).toEqual({ 'if-none-match': '"1"', 'if-modified-since': 'x' });
    const unknown = service(200, 'data');
    await get('https://feeds.invalid/kev.json', unknown.fetcher, { etag: '"1"' });
    expect(unknown.asked[0]?.headers).toEqual({});
  });

  it('the same content is nothing new', async () => {
    expect(
      await get('https://feeds.invalid/x', service(200, 'data').fetcher, { checksum: sum('data') }),
    ).toBeUndefined();
    expect(leftovers()).toEqual([]);
  });

  it.each<[string, Fetcher, string, string]>([
    ['error status', service(503, '').fetcher, 'https://feeds.invalid/x', 'unreachable'],
    ['no answer', offline, 'https://feeds.invalid/x', 'unreachable'],
    [
      'less than announced',
      service(200, 'data', { 'content-length': '10' }).fetcher,
      'https://feeds.invalid/x',
      'truncated',
    ],
    ['empty', service(200, '').fetcher, 'https://feeds.invalid/x', 'truncated'],
    [
      'other content than demanded',
      service(200, 'data').fetcher,
      `https://feeds.invalid/x#sha256=${'0'.repeat(64)}`,
      'checksum-mismatch',
    ],
    ['no file', offline, '/does/not/exist', 'unreachable'],
  ])('%s', async (_, fetcher, location, code) => {
    await expect(get(location, fetcher)).rejects.toMatchObject({ code, message: expect.stringContaining('kev') });
    expect(leftovers()).toEqual([]);
  });

  it('takes content that is demanded', async () => {
    const location = `https://feeds.invalid/x#sha256=${sum('data').slice(7)}`;
    expect(await get(location, service(200, 'data').fetcher)).toMatchObject({ checksum: sum('data') });
  });

  it('packs a folder into the same bytes each time', async () => {
    const folder = join(root, 'folder');
    const long = `${'n'.repeat(120)}.json`;
    mkdirSync(join(folder, 'sub'), { recursive: true });
    writeFileSync(join(folder, 'sub', long), '{}');
    writeFileSync(join(folder, 'a.json'), '{"a":1}');
    const first = await get(folder, offline);
    const second = await get(folder, offline);
    expect(second?.checksum).toBe(first?.checksum);
    expect(await get(folder, offline, { checksum: first?.checksum ?? '' })).toBeUndefined();
    writeFileSync(join(folder, 'a.json'), '{"a":2}');
    expect((await get(folder, offline))?.checksum).not.toBe(first?.checksum);
  });

  it('leaves a file of the operator where it is', async () => {
    writeFileSync(join(root, 'kev.json'), 'data');
    const fetched = await get(join(root, 'kev.json'), offline);
    await fetched?.dispose();
    expect(readFileSync(join(root, 'kev.json'), 'utf8')).toBe('data');
  });
});

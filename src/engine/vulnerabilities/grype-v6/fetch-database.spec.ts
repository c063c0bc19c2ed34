import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fetcher } from '#shared/fetcher.ts';
import { FeedError } from '../feed-error.ts';
import { writeSampleDatabase } from '../sample-database.ts';
import { fetchDatabase, openArchiveDatabase, readListing } from './fetch-database.ts';

let root: string;
let work: string;
let database: Buffer;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'windlass-feed-'));
  work = join(root, 'work');
  const path = join(root, 'sample.db');
  writeSampleDatabase(path, {
    records: [{ id: 'GHSA-1', provider: 'github', package: ['npm', 'a'], ranges: [['npm', '< 1', '1']] }],
  });
  database = readFileSync(path);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function tar(name: string, data: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512), Buffer.alloc(1024)]);
}

const sha = (data: Buffer): string => `sha256:${createHash('sha256').update(data).digest('hex')}`;
const listing = (archive: Buffer, more: Record<string, unknown> = {}): Buffer =>
  Buffer.from(
    JSON.stringify({
      status: 'active',
      schemaVersion: 'v6.1.9',
      built: '2026-08-23T01:30:00Z',
      path: 'db_2026-08-23T00:00:00Z.tar.zst',
      checksum: sha(archive),
      ...more,
    }),
  );

/** A server of files by path. `break`: bodies end after so many bytes, as often as told. */
function server(
  files: Record<string, Buffer>,
  faults: { breakAt?: number; times?: number } = {},
): Fetcher & { requests: string[] } {
  const requests: string[] = [];
  let left = faults.times ?? 0;
  return {
    requests,
    request: async (url, options) => {
      const range = options?.headers?.range;
      requests.push(`${new URL(url).pathname}${range === undefined ? '' : ` ${range}`}`);
      const file = files[new URL(url).pathname];
      const body = (data: Buffer, breaks: boolean) =>
        (async function* () {
          if (!breaks) yield data;
          else {
            yield data.subarray(0, faults.breakAt);
            throw new Error('connection reset');
          }
        })();
      if (!file) return { status: 404, headers: {}, body: body(Buffer.alloc(0), false), url };
      const start = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
      if (start >= file.length) return { status: 416, headers: {}, body: body(Buffer.alloc(0), false), url };
      const data = file.subarray(start);
      const breaks = !url.endsWith('.json') && left-- > 0;
      return {
        status: start > 0 ? 206 : 200,
        headers: { 'content-length': String(data.length) },
        body: body(data, breaks),
        url,
      };
    },
  };
}

const offline: Fetcher = { request: () => Promise.reject(new Error('no network here')) };
const failure = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'fine',
    (error: unknown) => (error instanceof FeedError ? error.code : `other: ${String(error)}`),
  );
const leftovers = (): string[] => {
  try {
    return readdirSync(work);
  } catch {
    return [];
  }
};

describe('fetchDatabase', () => {
  it.each<[string, () => Buffer]>([
    ['db.tar.zst', () => zstdCompressSync(tar('vulnerability.db', database))],
    ['db.tar.gz', () => gzipSync(tar('./vulnerability.db', database))],
    ['db.tar', () => tar('some/vulnerability.db', database)],
    ['vulnerability.db', () => database],
  ])('opens %s on disk and puts all away', async (name, make) => {
    writeFileSync(join(root, name), make());
    const fetched = await fetchDatabase({ location: join(root, name), directory: work, fetcher: offline });
    expect(fetched).toMatchObject({
      checksum: sha(make()),
      schemaVersion: '6.1.9',
      builtAt: '2026-08-23T01:30:00Z',
      archivePath: join(root, name),
    });
    expect(readFileSync(fetched!.databasePath).equals(database)).toBe(true);
    await fetched!.dispose();
    expect(leftovers()).toEqual([]);
    expect(readdirSync(root)).toContain(name);
  });

  it('reads a folder with a listing, and skips what is known', async () => {
    const archive = zstdCompressSync(tar('vulnerability.db', database));
    mkdirSync(join(root, 'feed'));
    writeFileSync(join(root, 'feed', 'db_2026-08-23T00:00:00Z.tar.zst'), archive);
    writeFileSync(join(root, 'feed', 'latest.json'), listing(archive, { status: 'deprecated' }));
    const fetched = await fetchDatabase({ location: join(root, 'feed'), directory: work, fetcher: offline });
    expect(fetched?.warnings).toHaveLength(1);
    await fetched!.dispose();
    expect(
      await fetchDatabase({ location: join(root, 'feed'), directory: work, fetcher: offline, known: sha(archive) }),
    ).toBeUndefined();
  });

  it('downloads beside the listing and continues a broken transfer', async () => {
    const archive = zstdCompressSync(tar('vulnerability.db', database));
    const fetcher = server(
      { '/databases/v6/latest.json': listing(archive), '/databases/v6/db_2026-08-23T00:00:00Z.tar.zst': archive },
      { breakAt: 100, times: 2 },
    );
    const fetched = await fetchDatabase({ location: 'https://feeds.invalid/databases', directory: work, fetcher });
    expect(fetched?.checksum).toBe(sha(archive));
    expect(fetcher.requests.slice(1)).toEqual([
      '/databases/v6/db_2026-08-23T00:00:00Z.tar.zst',
      '/databases/v6/db_2026-08-23T00:00:00Z.tar.zst bytes=100-',
      '/databases/v6/db_2026-08-23T00:00:00Z.tar.zst bytes=200-',
    ]);
    await fetched!.dispose();
    expect(leftovers()).toEqual([]);
  });

  it('continues after a failed run, and drops a part whose checksum is wrong', async () => {
    const archive = zstdCompressSync(tar('vulnerability.db', database));
    const files = { '/v6/latest.json': listing(archive), '/v6/db_2026-08-23T00:00:00Z.tar.zst': archive };
    const location = 'https://feeds.invalid/v6/latest.json';
    expect(
      await failure(fetchDatabase({ location, directory: work, fetcher: server(files, { breakAt: 10, times: 99 }) })),
    ).toBe('unreachable');
    expect(leftovers()).toHaveLength(1);
    const again = server(files);
    const fetched = await fetchDatabase({ location, directory: work, fetcher: again });
    expect(again.requests[1]).toContain('bytes=40-');
    await fetched!.dispose();
    const forged = { ...files, '/v6/db_2026-08-23T00:00:00Z.tar.zst': Buffer.concat([archive, Buffer.from('x')]) };
    expect(await failure(fetchDatabase({ location, directory: work, fetcher: server(forged) }))).toBe(
      'checksum-mismatch',
    );
    expect(leftovers()).toEqual([]);
  });

  it.each<[string, (archive: Buffer) => Buffer, string]>([
    ['no JSON', () => Buffer.from('<html>'), 'bad-listing'],
    ['no checksum', (archive) => listing(archive, { checksum: undefined }), 'bad-listing'],
    ['schema 5', (archive) => listing(archive, { schemaVersion: 'v5.0.0' }), 'unsupported-schema'],
    ['schema 7', (archive) => listing(archive, { schemaVersion: '7.0.0' }), 'unsupported-schema'],
    ['unknown status', (archive) => listing(archive, { status: 'odd' }), 'bad-listing'],
    ['no archive', (archive) => listing(archive, { path: 'gone.tar.zst' }), 'unreachable'],
  ])('listing with %s', async (_, make, expected) => {
    const archive = zstdCompressSync(tar('vulnerability.db', database));
    const fetcher = server({ '/latest.json': make(archive), '/db_2026-08-23T00:00:00Z.tar.zst': archive });
    expect(
      await failure(fetchDatabase({ location: 'https://feeds.invalid/latest.json', directory: work, fetcher })),
    ).toBe(expected);
    expect(leftovers()).toEqual([]);
  });

  it.each<[string, () => Buffer, string]>([
    ['cut off (zstd)', () => zstdCompressSync(tar('vulnerability.db', database)).subarray(0, 900), 'truncated'],
    ['cut off (gzip)', () => gzipSync(tar('vulnerability.db', database)).subarray(0, 900), 'truncated'],
    ['cut off (tar)', () => tar('vulnerability.db', database).subarray(0, 5000), 'truncated'],
    [
      'damaged (gzip)',
      () => {
        const data = gzipSync(tar('vulnerability.db', database));
        data.fill(0xff, 400, 500);
        return data;
      },
      'corrupt',
    ],
    ['no tar inside', () => gzipSync(Buffer.alloc(4096, 'x')), 'corrupt'],
    ['no database inside', () => gzipSync(tar('other.db', database)), 'corrupt'],
    ['no database file', () => gzipSync(tar('vulnerability.db', Buffer.alloc(4096, 'x'))), 'corrupt'],
    ['empty', () => Buffer.alloc(0), 'truncated'],
    ['xz', () => Buffer.concat([Buffer.from([0xfd]), Buffer.from('7zXZ\0'), Buffer.alloc(300)]), 'corrupt'],
    ['text', () => Buffer.from('something else altogether'), 'unsupported-format'],
  ])('archive %s', async (_, make, expected) => {
    writeFileSync(join(root, 'archive'), make());
    expect(await failure(fetchDatabase({ location: join(root, 'archive'), directory: work, fetcher: offline }))).toBe(
      expected,
    );
    expect(leftovers()).toEqual([]);
  });

  it('says what is missing', async () => {
    expect(await failure(fetchDatabase({ location: join(root, 'absent'), directory: work, fetcher: offline }))).toBe(
      'unreachable',
    );
    expect(
      await failure(fetchDatabase({ location: 'https://feeds.invalid/', directory: work, fetcher: offline })),
    ).toBe('unreachable');
    expect(
      await failure(openArchiveDatabase(join(root, 'sample.db'), { directory: work, checksum: 'sha256:00' })),
    ).toBe('checksum-mismatch');
  });

  it('reads a listing without its archive', async () => {
    const archive = Buffer.from('x');
    expect(
      (
        await readListing({
          location: 'https://feeds.invalid/',
          fetcher: server({ '/v6/latest.json': listing(archive) }),
        })
      )?.listing.builtAt,
    ).toBe('2026-08-23T01:30:00Z');
  });
});

import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { databaseArchive, publishDatabase } from '../builders/vulnerability-database.ts';
import { DAY_1, DAY_2, PACKAGES } from './advisories.ts';
import { temporaryFolder, until } from './processes.ts';
import { startWindlass, type Windlass } from './windlass.ts';

const folder = temporaryFolder('feeds');
const feed = `${folder.path}/feed`;
let server: Windlass;
const image = buildOciImage([debianFiles(PACKAGES)]);

const sync = () => server.call('POST', '/v2/system/feeds');
const builds = async (): Promise<{ state: string; checksum: string; error?: string }[]> =>
  (await server.call('GET', '/v2/windlass/feeds/builds')).body.items;
const current = async () => (await builds()).find((build) => build.state === 'current')?.checksum;
const found = async (): Promise<string[]> =>
  (await server.call('GET', `/v2/images/${image.digest}/vuln/all`)).body.vulnerabilities
    .map((one: { vuln: string }) => one.vuln)
    .sort();
const lastFailure = async (): Promise<string> => {
  const { body } = await server.call('GET', '/v2/events?limit=50');
  const failed = body.results.find((one: { event: { type: string } }) => one.event.type.includes('fail'));
  return JSON.stringify(failed ?? null);
};
const upload = (bytes: Buffer, checksum: string) => {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(bytes)]), 'database.tar.zst');
  return server.call(
    'POST',
    `/v2/system/feeds/vulnerability_db?version=6&built=2026-03-04T01:30:00Z&checksum=${checksum}`,
    { body: form },
  );
};

beforeAll(async () => {
  server = await startWindlass({ WINDLASS_DATA_DIR: `${folder.path}/data`, WINDLASS_FEED_URL: feed });
  const added = await server.call('POST', '/v2/windlass/image-archives?tag=archive.local/app:v1', {
    body: new Uint8Array(ociArchive([{ image, tag: 'v1' }])),
    headers: { 'content-type': 'application/octet-stream' },
  });
  if (added.status !== 200) throw new Error(added.text);
  await server.settled(image.digest);
});
afterAll(async () => {
  await server?.kill('SIGTERM');
  folder.remove();
});

describe('a folder as the location', () => {
  it('says what is wrong while there is nothing', async () => {
    const answer = await sync();
    expect(answer.status).toBe(400);
    expect(answer.body.message).toContain(feed);
    const coverage = await server.call('GET', `/v2/windlass/images/${image.digest}/coverage`);
    expect(coverage.body.state).toBe('none');
  });

  it('brings the first build, and what is known is found in an image that was there before', async () => {
    const { checksum } = publishDatabase(feed, DAY_1);
    expect((await sync()).status).toBe(200);
    expect(await current()).toBe(checksum);
    await until(async () => ((await found()).length === 1 ? true : undefined), 'matches of the first build');
    expect((await sync()).body.message).toContain('already in use');
  });

  it('of another file: the next build opens what is new and keeps the rest', async () => {
    const { checksum } = publishDatabase(feed, DAY_2);
    expect((await sync()).status).toBe(200);
    expect(await current()).toBe(checksum);
    await until(async () => ((await found()).length === 2 ? true : undefined), 'matches of the second build');
  });

  it('an older build is not taken', async () => {
    const before = await current();
    publishDatabase(feed, DAY_1);
    const answer = await sync();
    expect([answer.status, answer.body.message]).toEqual([200, expect.stringContaining('older')]);
    expect(await current()).toBe(before);
  });
});

describe('what is broken: the last good state stays, with the reason', () => {
  const day3 = { ...DAY_2, built: '2026-03-03T01:30:00Z' };
  const cases: [string, RegExp, Parameters<typeof publishDatabase>[2]][] = [
    [
      'another checksum',
      /checksum/,
      ({ listing, bytes }) => ({ bytes, listing: { ...listing, checksum: `sha256:${'0'.repeat(64)}` } }),
    ],
    [
      'a truncated archive',
      /checksum|ends early/,
      ({ listing, bytes }) => ({ listing, bytes: bytes.subarray(0, bytes.length / 2) }),
    ],
    [
      'no archive at all',
      /no vulnerability database|not exist/,
      ({ listing, bytes }) => ({ bytes, listing: { ...listing, path: 'elsewhere/none.tar.zst' } }),
    ],
    [
      'an unknown schema',
      /schema 5/,
      ({ listing, bytes }) => ({ bytes, listing: { ...listing, schemaVersion: 'v5.0.1' } }),
    ],
    [
      'no schema',
      /schemaVersion/,
      ({ listing, bytes }) => ({ bytes, listing: { ...listing, schemaVersion: undefined } }),
    ],
  ];
  it.each(cases)('%s', async (_name, reason, change) => {
    const before = await current();
    if (_name === 'no archive at all')
      publishDatabase(feed, day3, (offer) => ({
        ...offer,
        listing: { ...offer.listing, path: `./${String(offer.listing.path)}.gone` },
      }));
    else publishDatabase(feed, day3, change);
    if (_name === 'no archive at all')
      (await import('node:fs')).rmSync(
        join(feed, `${`vulnerability-db_v6.1.9_${Date.parse(day3.built)}.tar.zst.gone`}`),
      );
    const answer = await sync();
    expect(answer.status).toBe(400);
    expect(answer.body.message).toMatch(reason);
    expect(await current()).toBe(before);
    expect(await found()).toEqual(['CVE-2026-0001', 'CVE-2026-0002']);
    expect(await lastFailure()).toMatch(reason);
  });
});

describe('an upload', () => {
  const day4 = { ...DAY_2, built: '2026-03-04T01:30:00Z' };
  const good = databaseArchive(day4);

  it('with another checksum is refused at once', async () => {
    const answer = await upload(good.bytes, `sha256:${'1'.repeat(64)}`);
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining('checksum')]);
  });

  const broken: [string, Buffer, RegExp][] = [
    ['a corrupt archive', corrupted(good.bytes), /unpacked|corrupt|ends early|not a database|malformed/],
    ['not an archive', Buffer.from('not an archive, and long enough to be looked at'), /neither a SQLite|archive/],
    ['a database of schema 5', databaseArchive({ ...day4, model: 5 }).bytes, /5/],
  ];
  it.each(broken)('of %s fails with the reason', async (_name, bytes, reason) => {
    const before = await current();
    const checksum = `sha256:${(await import('node:crypto')).createHash('sha256').update(bytes).digest('hex')}`;
    const answer = await upload(bytes, checksum);
    expect(answer.status).toBeLessThan(500);
    if (answer.status < 400)
      await until(async () => (reason.test(await lastFailure()) ? true : undefined), `the reason ${reason}`);
    expect(await current()).toBe(before);
    expect(await found()).toHaveLength(2);
  });

  it('of a good one is used', async () => {
    expect((await upload(good.bytes, good.checksum)).status).toBeLessThan(300);
    await until(async () => ((await current()) === good.checksum ? true : undefined), 'the uploaded build in use');
    expect(await found()).toHaveLength(2);
  });
});

describe('an address as the location', () => {
  let web: Server;
  let second: Windlass;
  afterAll(async () => {
    await second?.kill('SIGTERM');
    web?.closeAllConnections();
    web?.close();
  });

  it('of latest.json brings the build', async () => {
    const { checksum } = publishDatabase(`${folder.path}/web`, DAY_1);
    web = createServer((request, response) => {
      const path = join(folder.path, 'web', decodeURIComponent((request.url ?? '/').slice(1)));
      if (!existsSync(path)) return void response.writeHead(404).end();
      createReadStream(path).pipe(response);
    }).listen(0, '127.0.0.1');
    await once(web, 'listening');
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/latest.json`;
    second = await startWindlass({ WINDLASS_DATA_DIR: `${folder.path}/data-2`, WINDLASS_FEED_URL: url });
    const answer = await second.call('POST', '/v2/system/feeds');
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    expect((await second.call('GET', '/v2/windlass/feeds/builds')).body.items[0]).toMatchObject({
      checksum,
      state: 'current',
    });
    web.closeAllConnections();
    web.close();
    await once(web, 'close');
    const failed = await second.call('POST', '/v2/system/feeds');
    expect([failed.status, failed.body.message]).toEqual([400, expect.stringContaining('refused')]);
  });
});

function corrupted(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.fill(0xa5, bytes.length / 2, bytes.length / 2 + 200);
  return copy;
}

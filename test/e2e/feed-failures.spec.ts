import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { type Advisory, type DatabaseSource, publishDatabase } from '../builders/vulnerability-database.ts';
import { OPENSSL, PACKAGES, ZLIB } from './advisories.ts';
import { temporaryFolder, until } from './processes.ts';
import { startWindlass, type Windlass } from './windlass.ts';

const HELD = 'system.feeds.build.held';
const FAILED = 'system.feeds.sync.failed';

const folder = temporaryFolder('feed-failures');
const feed = `${folder.path}/feed`;
const data = `${folder.path}/data`;
const image = buildOciImage([debianFiles(PACKAGES)]);
let server: Windlass;

/** Advisories about packages that no image has. */
function others(count: number): Advisory[] {
  return Array.from({ length: count }, (_, index) => ({
    ...ZLIB,
    id: `CVE-2025-${10_000 + index}`,
    package: `package-${index}`,
  }));
}

let day = 0;
function nextDay(): number {
  day += 1;
  return day;
}
/** Offers a build of a day later than all before. */
const publish = (source: Partial<DatabaseSource> & Pick<DatabaseSource, 'advisories'>): { checksum: string } =>
  publishDatabase(feed, { built: new Date(Date.UTC(2026, 2, nextDay())).toISOString(), ...source });
const sync = () => server.call('POST', '/v2/system/feeds');
const builds = async (): Promise<{ state: string; checksum: string; error?: string; reasons: string[] }[]> =>
  (await server.call('GET', '/v2/windlass/feeds/builds')).body.items;
const current = async () => (await builds()).find((build) => build.state === 'current')?.checksum;
const found = async (): Promise<string[]> =>
  (await server.call('GET', `/v2/images/${image.digest}/vuln/all`)).body.vulnerabilities
    .map((one: { vuln: string }) => one.vuln)
    .sort();
const events = async (type: string): Promise<string[]> =>
  (await server.call('GET', '/v2/events?limit=100')).body.results
    .map((one: { event: { type: string } }) => one.event)
    .filter((event: { type: string }) => event.type === type)
    .map((event: unknown) => JSON.stringify(event));

/** A file system of 12 MB for the indices, seen by the server alone; it ends with the server. */
const SMALL_DISK = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs -o size=12m tmpfs "$0" && exec "$@"'];
mkdirSync(`${data}/vulnerabilities`, { recursive: true });
const canMount =
  spawnSync(SMALL_DISK[0] ?? '', [...SMALL_DISK.slice(1), `${data}/vulnerabilities`, 'true']).status === 0;

beforeAll(async () => {
  server = await startWindlass(
    { WINDLASS_DATA_DIR: data, WINDLASS_FEED_URL: feed },
    canMount ? { wrapper: [...SMALL_DISK, `${data}/vulnerabilities`] } : {},
  );
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

describe('the first build', () => {
  it('without any records is refused', async () => {
    publish({ advisories: [] });
    const answer = await sync();
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining('no records')]);
    expect(await current()).toBeUndefined();
  });

  it.each(['db_metadata', 'vulnerability_handles', 'affected_package_handles', 'packages', 'blobs'])(
    'without its table %s is refused with the name of the table',
    async (table) => {
      publish({ advisories: [OPENSSL], without: [table] });
      const answer = await sync();
      expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining(table)]);
      expect(await current()).toBeUndefined();
    },
  );

  it('that is good serves', async () => {
    const { checksum } = publish({ advisories: [OPENSSL, ...others(200)] });
    expect((await sync()).status).toBe(200);
    expect(await current()).toBe(checksum);
    await until(async () => ((await found()).length === 1 ? true : undefined), 'matches of the first build');
  });
});

describe('a build that lost its content', () => {
  it('without a needed table: the last good one serves', async () => {
    const before = await current();
    publish({ advisories: [OPENSSL, ...others(200)], without: ['affected_package_handles'] });
    const answer = await sync();
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining('affected_package_handles')]);
    expect([await current(), await found()]).toEqual([before, ['CVE-2026-0001']]);
  });

  it.each([
    ['all', [], /no records/],
    ['most', [OPENSSL, ...others(20)], /records of provider debian fall/],
  ] as const)(
    '%s of its records is held, with the reason, and is not taken by the next look',
    async (_n, list, why) => {
      const before = await current();
      const { checksum } = publish({ advisories: list });
      const answer = await sync();
      expect([answer.status, answer.body.message]).toEqual([200, expect.stringMatching(why)]);
      const build = (await builds()).find((one) => one.checksum === checksum);
      expect([build?.state, build?.reasons.join()]).toEqual(['held', expect.stringMatching(why)]);
      expect((await events(HELD)).some((text) => text.includes(checksum) && why.test(text))).toBe(true);
      await sync();
      expect([await current(), await found()]).toEqual([before, ['CVE-2026-0001']]);
      const decided = await server.call('POST', `/v2/windlass/feeds/builds/${checksum}/reject`);
      expect([decided.status, decided.body.state]).toEqual([200, 'rejected']);
    },
  );
});

describe.skipIf(!canMount)('a disk that is full (needs the right to mount)', () => {
  it('while the index is made: the last good build serves, the reason is visible, and space helps', async () => {
    const before = await current();
    publish({ advisories: [OPENSSL, ZLIB, ...others(40_000)] });
    const answer = await sync();
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining('no space left')]);
    expect([await current(), await found()]).toEqual([before, ['CVE-2026-0001']]);
    expect((await events(FAILED))[0]).toContain('no space left');
    expect((await builds()).find(({ state }) => state === 'failed')?.error).toContain('no space left');
    const { checksum } = publish({ advisories: [OPENSSL, ZLIB, ...others(210)] });
    expect((await sync()).status).toBe(200);
    expect(await current()).toBe(checksum);
    await until(async () => ((await found()).length === 2 ? true : undefined), 'matches of the next build');
  });
});

describe('a clock that is wrong', () => {
  it('a build of the future serves, and keeps none of the present out', async () => {
    const list = [OPENSSL, ...others(220)];
    const future = publish({ advisories: list, built: new Date(Date.now() + 30 * 86_400_000).toISOString() });
    expect((await sync()).status).toBe(200);
    expect(await current()).toBe(future.checksum);
    const present = publish({ advisories: [...list, ZLIB], built: new Date().toISOString() });
    expect((await sync()).status).toBe(200);
    expect(await current()).toBe(present.checksum);
    await until(async () => ((await found()).length === 2 ? true : undefined), 'matches of the present build');
  });
});

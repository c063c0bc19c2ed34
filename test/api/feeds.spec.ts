import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';
import { multipart } from './multipart.ts';

const sources = mkdtempSync(join(tmpdir(), 'windlass-feeds-'));
const osvFolder = join(sources, 'osv');
let app: Application;
let admin: Client;

/** A database with so many advisories of one provider. */
function publish(built: string, count: number): void {
  publishDatabase(join(app.platform.dataDirectory, 'feed'), {
    built,
    advisories: Array.from({ length: count }, (_, at) => ({
      id: `GHSA-${at}`,
      provider: 'github',
      ecosystem: 'npm',
      package: `package-${at}`,
      constraint: '<2.0.0',
      versions: 'semver',
      fix: '2.0.0',
      severity: 'high' as const,
    })),
  });
}

function writeAdvisory(id: string, name: string): void {
  mkdirSync(osvFolder, { recursive: true });
  const affected = [{ package: { ecosystem: 'PyPI', name }, versions: ['1'] }];
  writeFileSync(join(osvFolder, `${id}.json`), JSON.stringify({ id, modified: '2026-01-01T00:00:00Z', affected }));
}

const sync = async (): Promise<string> => (await admin.post('/system/feeds')).json().message;
const builds = async () => (await admin.get('/windlass/feeds/builds')).json().items;
const source = async (name: string) =>
  (await admin.get('/windlass/feeds/sources')).json().items.find((one: { name: string }) => one.name === name);
const events = async (): Promise<string[]> =>
  (await admin.get('/events?limit=1000')).json().results.map((one: { event: { type: string } }) => one.event.type);

async function upload(feed: string, content: Buffer) {
  const checksum = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const { body, headers } = multipart({ file: { filename: 'file', content } });
  const query = new URLSearchParams({ version: '6', built: '2026-01-01T00:00:00Z', checksum });
  const response = await admin.request('POST', `/system/feeds/${feed}?${query}`, { body, headers });
  await app.idle();
  return response.statusCode;
}

beforeAll(async () => {
  writeAdvisory('PYSEC-1', 'alpha');
  app = await startApplication({
    WINDLASS_FEED_SOURCES: `osv=${osvFolder},late=${join(sources, 'late.json')}`,
    WINDLASS_FEED_MAX_AGE_DAYS: '30',
  });
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
});
afterAll(async () => {
  await app?.close();
  rmSync(sources, { recursive: true, force: true });
});

describe('vulnerability data of several sources', () => {
  it('becomes one build; a source that is not there yet is told and holds up nothing', async () => {
    publish('2026-01-02T00:00:00Z', 200);
    expect(await sync()).toMatch(/synchronised/);
    expect(await source('late')).toMatchObject({ state: 'failing', error: expect.stringContaining('late.json') });
    expect(await source('osv')).toMatchObject({ state: 'good', origin: 'configured' });
    expect((await builds())[0]).toMatchObject({
      state: 'current',
      records: 201,
      sources: [{ name: 'vulnerability_db' }, { name: 'osv' }],
      report: { sources: [{ name: 'osv', records: 1, duplicates: 0 }] },
    });
    expect(await events()).toContain('system.feeds.sync.feed_failed');
    const { items } = (await admin.get('/windlass/feeds/providers')).json();
    expect(items).toContainEqual(expect.objectContaining({ provider: 'pysec', record_count: 1, state: 'fresh' }));
  });

  it('says so when there is nothing new, and follows a source that changes', async () => {
    expect(await sync()).toMatch(/already in use/);
    writeAdvisory('PYSEC-2', 'beta');
    expect(await sync()).toMatch(/synchronised/);
    expect((await builds())[0]).toMatchObject({ state: 'current', records: 202 });
    const groups = (await admin.get('/system/feeds')).json()[0].groups;
    expect(groups).toContainEqual(expect.objectContaining({ name: 'pysec', record_count: 2, enabled: true }));
  });

  it('keeps the last good copy of a source that breaks', async () => {
    writeFileSync(join(sources, 'late.json'), 'nonsense');
    await admin.post('/system/feeds');
    expect(await source('late')).toMatchObject({ state: 'failing', error: expect.stringContaining('source late') });
    expect((await builds()).find((one: { state: string }) => one.state === 'current')).toMatchObject({ records: 202 });
    rmSync(join(sources, 'late.json'));
  });

  it('holds a build that looks wrong until a person decides', async () => {
    publish('2026-01-03T00:00:00Z', 150);
    expect(await sync()).toMatch(/is held: records of provider github fall by 25 %/);
    const [held] = await builds();
    expect(held).toMatchObject({ state: 'held', reasons: [expect.stringContaining('from 200 to 150')] });
    expect(await events()).toContain('system.feeds.build.held');
    expect((await admin.get('/system/feeds')).json()[0].groups).toContainEqual(
      expect.objectContaining({ name: 'github', record_count: 200 }),
    );
    expect(await sync()).toMatch(/is held/);
    const approved = await admin.post(`/windlass/feeds/builds/${held.checksum}/approve`);
    expect([approved.statusCode, approved.json().state]).toEqual([200, 'current']);
    expect((await admin.post(`/windlass/feeds/builds/${held.checksum}/approve`)).statusCode).toBe(409);
    await app.idle();
    expect((await builds()).map((one: { state: string }) => one.state).sort()).toEqual([
      'current',
      'failed',
      'previous',
    ]);
  });

  it('goes back to the previous build, and does not take the other again by itself', async () => {
    const back = await admin.post('/windlass/feeds/rollback');
    expect(back.json()).toMatchObject({ state: 'current', records: 202 });
    expect(await sync()).toMatch(/is held \(rolled back by admin\)/);
    expect((await admin.post('/windlass/feeds/rollback')).statusCode).toBe(409);
    await app.idle();
    const held = (await builds()).find((one: { state: string }) => one.state === 'held');
    expect((await admin.post(`/windlass/feeds/builds/${held.checksum}/reject`)).json().state).toBe('rejected');
    expect(await sync()).toMatch(/was rejected/);
    const indices = readdirSync(join(app.platform.dataDirectory, 'vulnerabilities'));
    expect(indices).toHaveLength(1);
  });

  it('travels as one file to an installation without a network', async () => {
    const bundle = await admin.get('/windlass/feeds/bundle');
    expect([bundle.statusCode, bundle.headers['content-type']]).toEqual([200, 'application/x-tar']);
    const far = await startApplication();
    const [there, here] = [app, admin];
    try {
      app = far;
      admin = clientFor(far.server, { basic: ['admin', ADMIN_PASSWORD] });
      expect(await upload('vulnerability_db', bundle.rawPayload.subarray(0, 3000))).toBe(202);
      expect(await builds()).toEqual([]);
      const bytes = Buffer.from(bundle.rawPayload);
      bytes[5000] = (bytes[5000] ?? 0) ^ 1;
      expect(await upload('vulnerability_db', bytes)).toBe(202);
      expect(await builds()).toEqual([]);
      expect(await upload('vulnerability_db', bundle.rawPayload)).toBe(202);
      expect(await builds()).toMatchObject([{ state: 'current', records: 202 }]);
      expect(await source('osv')).toMatchObject({ origin: 'imported', state: 'good' });
      expect(await upload('vulnerability_db', bundle.rawPayload)).toBe(202);
      expect(await builds()).toHaveLength(1);
      const kev = {
        catalogVersion: '1',
        dateReleased: '2026-01-05T00:00:00Z',
        vulnerabilities: [{ cveID: 'CVE-2026-1' }],
      };
      expect(await upload('kev_db', Buffer.from(JSON.stringify(kev)))).toBe(202);
      const feeds = (await admin.get('/system/feeds')).json();
      expect(feeds.find((one: { name: string }) => one.name === 'kev_db').groups[0].record_count).toBe(1);
      expect(await upload('clamav_db', Buffer.from('x'))).toBe(400);
    } finally {
      [app, admin] = [there, here];
      await far.close();
    }
  });

  it('raises an alarm for old data, and ends it', async () => {
    const { jobs, database } = app.platform;
    await jobs.send(database.db, 'feed-freshness', {});
    await app.idle();
    const stale = (await admin.get('/windlass/feeds/providers'))
      .json()
      .items.find((one: { provider: string }) => one.provider === 'github');
    expect(stale).toMatchObject({ state: 'stale', stale_since: expect.any(String) });
    expect(await events()).toContain('system.feeds.provider.stale');
    publish(new Date().toISOString(), 210);
    expect(await sync()).toMatch(/synchronised/);
    await jobs.send(database.db, 'feed-freshness', {});
    await app.idle();
    expect(await events()).toContain('system.feeds.provider.fresh');
  });

  it('shows excluded providers as such', async () => {
    const put = await admin.patch('/system/configurations', [{ key: 'feeds.exclude_providers', value: ['pysec'] }]);
    if (put.statusCode === 200) {
      const { items } = (await admin.get('/windlass/feeds/providers')).json();
      expect(items.find((one: { provider: string }) => one.provider === 'pysec').excluded).toBe(true);
    }
  });
});

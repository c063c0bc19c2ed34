import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubernetesReport } from '../../src/features/inventory/inventory.fixture.ts';
import { xccdf } from '../builders/compliance.ts';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { type Advisory, publishDatabase } from '../builders/vulnerability-database.ts';
import { ZLIB } from './advisories.ts';
import { temporaryFolder, until } from './processes.ts';
import { PASSWORD, startWindlass, type Windlass } from './windlass.ts';

const COUNT = 8_000;
const TAG = 'archive.local/large:v1';
const UPDATE = 'user.checks.tag.vulnerabilities.update';

const folder = temporaryFolder('kill-data');
const names = Array.from({ length: COUNT }, (_, index) => `package-${index}`);
const image = buildOciImage([debianFiles(Object.fromEntries(names.map((name) => [name, '1.0-1'])))]);
let server: Windlass;

const settings: Record<string, string> = {
  WINDLASS_DATA_DIR: `${folder.path}/data`,
  WINDLASS_FEED_URL: `${folder.path}/feed`,
  WINDLASS_FEED_HOLD_RECORD_FALL_PERCENT: '100',
  WINDLASS_FEED_HOLD_MATCH_LOSS_PERCENT: '100',
};

async function crash(): Promise<void> {
  await server.kill('SIGKILL');
  server = await startWindlass(settings);
}

const advisory = (id: string, name: string, constraint: string): Advisory => ({
  ...ZLIB,
  id,
  package: name,
  constraint,
  fix: '2.0-1',
});
/** Every package is vulnerable. */
const FIRST = names.map((name, index) => advisory(`CVE-2024-${10_000 + index}`, name, '< 2.0-1'));
/** Of these every other one is not any more, and a quarter is twice. */
const SECOND = names.flatMap((name, index) => [
  advisory(`CVE-2024-${10_000 + index}`, name, index % 2 === 0 ? '< 2.0-1' : '< 0.9-1'),
  ...(index % 4 === 0 ? [advisory(`CVE-2025-${10_000 + index}`, name, '< 2.0-1')] : []),
]);
const idsOf = (list: readonly Advisory[]): string[] =>
  list
    .filter(({ constraint }) => constraint === '< 2.0-1')
    .map(({ id }) => id)
    .sort();

const publish = (built: string, advisories: readonly Advisory[]): { checksum: string } =>
  publishDatabase(`${folder.path}/feed`, { built, advisories });
const jobs = async (kind: string, state: string): Promise<{ progress?: { packages_done?: number } }[]> =>
  (await server.call('GET', `/v2/windlass/jobs?kind=${kind}&state=${state}`)).body.items;
const current = async (): Promise<string | undefined> =>
  (await server.call('GET', '/v2/windlass/feeds/builds')).body.items.find(
    (build: { state: string }) => build.state === 'current',
  )?.checksum;
const found = async (): Promise<string[]> =>
  (await server.call('GET', `/v2/images/${image.digest}/vuln/all`)).body.vulnerabilities
    .map((one: { vuln: string }) => one.vuln)
    .sort();
// biome-ignore lint/suspicious/noExplicitAny: tests read answers freely
const updates = async (): Promise<any[]> =>
  (await server.call('GET', '/v2/events?limit=1000')).body.results
    .map((one: { event: { type: string } }) => one.event)
    .filter(({ type }: { type: string }) => type === UPDATE);

/** The findings are those of a whole matching, told in one event whose sum is right. */
async function expectMatched(list: readonly Advisory[], change: { added: number; removed: number }, before: number) {
  const expected = idsOf(list);
  await until(
    async () =>
      ((await jobs('feed-rematch', 'active')).length === 0 && (await found()).length === expected.length) || undefined,
    'the matches of the new build',
    90,
  );
  expect(await found()).toEqual(expected);
  const events = await until(
    async () => ((await updates()).length > before ? updates() : undefined),
    'the event about the image',
  );
  expect(events).toHaveLength(before + 1);
  const { diff_vulnerability_result: diff, left_out: left = {} } = events[0].details;
  const sum = (kind: 'added' | 'removed'): number => (diff[kind]?.length ?? 0) + (left[kind] ?? 0);
  expect({ added: sum('added'), removed: sum('removed') }).toEqual(change);
}

beforeAll(async () => {
  server = await startWindlass(settings);
  const added = await server.call('POST', `/v2/windlass/image-archives?tag=${TAG}`, {
    body: new Uint8Array(ociArchive([{ image, tag: 'v1' }])),
    headers: { 'content-type': 'application/octet-stream' },
  });
  if (added.status !== 200) throw new Error(added.text);
  await server.settled(image.digest);
  publish('2026-03-01T00:00:00Z', FIRST);
  const synced = await server.call('POST', '/v2/system/feeds');
  if (synced.status !== 200) throw new Error(synced.text);
  await until(async () => ((await found()).length === COUNT ? true : undefined), 'the first matches', 60);
  const listed = await server.call('GET', '/v2/subscriptions?subscription_type=vuln_update');
  const { subscription_id: id } = listed.body.find((one: { subscription_key: string }) => one.subscription_key === TAG);
  const watched = await server.call('PUT', `/v2/subscriptions/${id}`, { json: { active: true } });
  if (watched.status !== 200) throw new Error(watched.text);
}, 180_000);
afterAll(async () => {
  await server?.kill('SIGKILL');
  folder.remove();
});

describe('a kill', () => {
  it('right after the switch to a build: everything is matched to it after the start', async () => {
    const { checksum } = publish('2026-03-02T00:00:00Z', SECOND);
    const syncing = server.call('POST', '/v2/system/feeds').catch(() => undefined);
    await until(async () => (await current()) === checksum || undefined, 'the switch');
    await crash();
    await syncing;
    expect(await current()).toBe(checksum);
    await expectMatched(SECOND, { added: COUNT / 4, removed: COUNT / 2 }, 0);
  }, 180_000);

  it('in the middle of the matching: it goes on where it was', async () => {
    const { checksum } = publish('2026-03-03T00:00:00Z', FIRST);
    const syncing = server.call('POST', '/v2/system/feeds').catch(() => undefined);
    await until(async () => {
      if ((await current()) !== checksum) return undefined;
      const [job] = await jobs('feed-rematch', 'active');
      return job === undefined || (job.progress?.packages_done ?? 0) > 0 || undefined;
    }, 'the matching');
    await crash();
    await syncing;
    await expectMatched(FIRST, { added: COUNT / 2, removed: COUNT / 4 }, 1);
  }, 180_000);

  it('while a report of a cluster is taken: all of it is there, or nothing', async () => {
    const pods = Object.fromEntries(names.slice(0, 4_000).map((name) => [name, [`registry.local/${name}:1@${name}`]]));
    const report = JSON.stringify(kubernetesReport({ shop: pods }, { cluster: 'killed' }));
    const items = async (): Promise<number> => (await server.call('GET', '/v2/inventories')).body.items.length;
    for (const moment of [100, 600]) {
      await send('/v2/kubernetes-inventory', report, moment);
      await crash();
      expect([0, 4_000]).toContain(await items());
    }
    const again = await server.call('POST', '/v2/kubernetes-inventory', { json: JSON.parse(report) });
    expect([again.status, await items()]).toEqual([201, 4_000]);
  }, 180_000);

  it('while a compliance result is read: it is read after the start', async () => {
    const rules = names.map((id, index) => ({ id, result: index % 10 === 0 ? 'fail' : 'pass' }));
    const form = new FormData();
    form.set('check_type', 'oscap');
    form.set('image_digest', image.digest);
    form.set('result_file', new Blob([xccdf({ rules })], { type: 'application/xml' }), 'result.xml');
    const added = await server.call('POST', '/v2/windlass/runtime-compliance', { body: form });
    expect(added.status).toBeLessThan(300);
    await crash();
    const check = await until(
      async () => {
        const { body } = await server.call('GET', `/v2/windlass/runtime-compliance/${added.body.uuid}`);
        return body.state === 'pending' ? undefined : body;
      },
      'the check',
      90,
    );
    expect(check).toMatchObject({ state: 'parsed', summary: { verdict: 'fail' } });
    const failed = await server.call(
      'GET',
      `/v2/windlass/runtime-compliance/${added.body.uuid}/rules?result=fail&limit=1`,
    );
    expect(failed.body.total_rows).toBe(COUNT / 10);
  }, 180_000);
});

/** Sends a body, and comes back so many milliseconds after its last byte, whether there is an answer or not. */
async function send(path: string, body: string, milliseconds: number): Promise<void> {
  const sent = request(server.url + path, {
    method: 'POST',
    auth: `admin:${PASSWORD}`,
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  });
  sent.on('error', () => undefined);
  sent.end(body);
  await once(sent, 'finish');
  await pause(milliseconds);
}

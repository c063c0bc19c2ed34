import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digest, kubernetesReport } from '../../src/features/inventory/inventory.fixture.ts';
import { buildOciImage, debianFiles } from '../builders/oci-image.ts';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { type FakeRegistry, startFakeRegistry } from '../e2e/registries.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

let app: Application;
let registry: FakeRegistry;
let client: Client;
const image = buildOciImage([debianFiles({ openssl: '3.0.9-1' })]);
const other = buildOciImage([debianFiles({ bash: '5.2-1' })]);

beforeAll(async () => {
  registry = await startFakeRegistry();
  registry.publish('team/app', '1', image);
  registry.publish('team/other', '1', other);
  app = await startApplication();
  client = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  publishDatabase(join(app.platform.dataDirectory, 'feed'), {
    built: '2026-01-01T00:00:00Z',
    advisories: [
      {
        id: 'CVE-2023-5363',
        provider: 'debian',
        distro: { name: 'debian', major: '12' },
        ecosystem: 'deb',
        versions: 'dpkg',
        severity: 'high',
        package: 'openssl',
        constraint: '< 3.0.11-1~deb12u2',
        fix: '3.0.11-1~deb12u2',
      },
    ],
  });
  await client.post('/system/feeds');
}, 120_000);
afterAll(async () => {
  await app?.close();
  await registry?.close();
});

async function report(namespaces: Record<string, [tag: string, digest: string][]>, cluster = 'c1'): Promise<void> {
  const body = kubernetesReport(
    Object.fromEntries(
      Object.entries(namespaces).map(([name, images]) => [name, { 'web-0': images.map(([tag]) => tag) }]),
    ),
    { cluster, timestamp: new Date().toISOString() },
  );
  const digests = Object.values(namespaces).flatMap((images) => images.map(([, value]) => value));
  body.containers!.forEach((container, index) => {
    container.image_digest = digests[index] ?? '';
  });
  expect((await client.post('/kubernetes-inventory', body)).statusCode).toBe(201);
}
const watch = async () => {
  await app.platform.jobs.send(app.platform.database.db, 'inventory-watch', {});
  await app.idle();
};
const coverage = async (query = '') => (await client.get(`/windlass/inventory/coverage?${query}`)).json();
const failures = async () =>
  (await client.get('/events?event_type=system.image_analysis.registry_lookup_failed')).json().results.length;

describe('watched contexts', () => {
  it('have what runs there analysed, each image once, by digest or tag, never by a made-up tag', async () => {
    const tag = `${registry.host}/team/app:1`;
    await report({
      prod: [[tag, image.digest]],
      test: [
        [tag, image.digest],
        [`${registry.host}/team/other:1`, ''],
        [`${registry.host}/team/other:${'a'.repeat(64)}`, ''],
        [`${registry.host}/team/missing:1`, digest('missing')],
      ],
    });
    await watch();
    expect(await coverage()).toMatchObject({ images: 4, states: { not_in_catalog: 4 } });
    await client.post('/subscriptions', {
      subscription_type: 'runtime_inventory',
      subscription_key: 'c1/prod',
      active: true,
    });
    await watch();
    expect((await coverage()).states).toEqual({ analyzed: 1, not_in_catalog: 3 });
    // a cluster name stands for all of its contexts
    await client.post('/subscriptions', {
      subscription_type: 'runtime_inventory',
      subscription_key: 'c1',
      active: true,
    });
    await watch();
    await watch();
    const { states, items, total_rows } = await coverage();
    expect([states, total_rows]).toEqual([{ analyzed: 2, not_in_catalog: 2 }, 2]);
    expect(items.map((item: { image_tag: string }) => item.image_tag).sort()).toEqual(
      [`${registry.host}/team/missing:1`, `${registry.host}/team/other:${'a'.repeat(64)}`].sort(),
    );
    expect(await failures()).toBe(1);
    const images = (await client.get('/images')).json().items;
    expect(images.map((one: { image_digest: string }) => one.image_digest).sort()).toEqual(
      [image.digest, other.digest].sort(),
    );
    const active = (await client.get('/subscriptions?subscription_type=tag_update')).json();
    expect(active.filter((one: { active: boolean }) => one.active)).toEqual([]);
  }, 60_000);

  it('are tried again after a pause, or when credentials change', async () => {
    const { db } = app.platform.database;
    const attempts = async () =>
      (await sql<{ failures: number }>`select failures from inventory_watch_failure`.execute(db)).rows[0]?.failures;
    expect(await attempts()).toBe(1);
    await sql`update inventory_watch_failure set next_attempt_at = now() - interval '1 second'`.execute(db);
    await watch();
    expect([await attempts(), await failures()]).toEqual([2, 1]);
    await watch();
    expect(await attempts()).toBe(2);
    await sql`insert into registry (account, registry, last_updated) values ('admin', ${registry.host}, now())`.execute(
      db,
    );
    await watch();
    expect(await attempts()).toBe(3);
    await sql`delete from registry`.execute(db);
  });
});

describe('what runs', () => {
  it('is counted with its vulnerabilities, once for each group', async () => {
    const get = async (query: string) =>
      (await client.get(`/windlass/inventory/vulnerabilities?${query}`)).json().items;
    const high = (
      items: { namespace?: string; workload?: string; vulnerabilities: { high: number; fixable: number } }[],
    ) => items.map((one) => [one.namespace, one.workload, one.vulnerabilities.high, one.vulnerabilities.fixable]);
    expect(high(await get('group_by=cluster'))).toEqual([[undefined, undefined, 1, 1]]);
    expect(high(await get(''))).toEqual([
      ['prod', undefined, 1, 1],
      ['test', undefined, 1, 1],
    ]);
    expect(high(await get('group_by=workload&namespace=prod'))).toEqual([['prod', 'pod/web-0', 1, 1]]);
    expect(await get('vulnerability_id=CVE-2023-5363')).toHaveLength(2);
    expect(await get('vulnerability_id=CVE-0000-0000')).toEqual([]);
    expect((await get('namespace=test'))[0]).toMatchObject({ images: 4, images_not_analyzed: 2 });
  });
  it('is counted with the verdicts on it', async () => {
    const { items } = (await client.get('/windlass/inventory/evaluations?group_by=cluster')).json();
    expect(items).toMatchObject([{ cluster: 'c1', images: 4, not_evaluated: 2 }]);
    expect(items[0].passed + items[0].failed).toBe(2);
  });
  it('is found from the image: by digest, by the digest of its index, by tag', async () => {
    const places = async (of: string) => (await client.get(`/windlass/images/${of}/running`)).json().items;
    expect(await places(image.digest)).toMatchObject([
      { cluster: 'c1', namespace: 'prod', workload: 'pod/web-0', matched_by: 'digest', containers: 1, pods: 1 },
      { namespace: 'test' },
    ]);
    expect(await places(other.digest)).toMatchObject([{ namespace: 'test', matched_by: 'tag' }]);
    expect(await places(digest('missing'))).toMatchObject([{ namespace: 'test', matched_by: 'digest' }]);
    const index = digest('index');
    await sql`update image set parent_digest = ${index} where digest = ${other.digest}`.execute(
      app.platform.database.db,
    );
    await report({ prod: [['whatever:1', index]] }, 'c2');
    expect(
      (await places(other.digest)).map((one: { cluster: string; matched_by: string }) => [one.cluster, one.matched_by]),
    ).toEqual([
      ['c1', 'tag'],
      ['c2', 'parent_digest'],
    ]);
  });
  it('selects tags in the summary', async () => {
    const summary = async (query: string) =>
      (await client.get(`/summaries/image-tags?${query}`))
        .json()
        .items.map((one: { image_digest: string }) => one.image_digest);
    await client.request('DELETE', '/inventories?inventory_type=kubernetes&context=c1/prod');
    await client.request('DELETE', '/inventories?inventory_type=kubernetes&context=c1/test');
    expect(await summary('runtime=true')).toEqual([other.digest]);
    expect(await summary('runtime=false')).toHaveLength(2);
    await client.request('DELETE', '/inventories?inventory_type=kubernetes&context=c2/prod');
    expect(await summary('runtime=true')).toEqual([]);
  });
  it('is not analysed again once its image is deleted', async () => {
    await report({ prod: [[`${registry.host}/team/app:1`, image.digest]] }, 'c9');
    await client.request('DELETE', `/images/${image.digest}?force=true`);
    expect((await coverage('cluster=c9')).items).toMatchObject([{ state: 'not_in_catalog', containers: 1 }]);
  });
});

it.each([
  ['nginx', 'docker.io/nginx'],
  ['docker.io/library/nginx:latest', 'docker.io/nginx'],
  ['registry-1.docker.io/library/nginx:latest', 'docker.io/library/nginx'],
])('a tag %s without a digest is that of %s', async (reported, cataloged) => {
  const { db } = app.platform.database;
  const [name, repository] = cataloged.split(/\/(.*)/s);
  await sql`insert into image (account, digest, analysis_status) values ('admin', ${digest('hub')}, 'analyzed')
    on conflict do nothing`.execute(db);
  await sql`insert into tag_mapping (account, registry, repository, tag, digest)
    values ('admin', ${name}, ${repository}, 'latest', ${digest('hub')})`.execute(db);
  await report({ hub: [[reported, '']] }, 'hub');
  expect((await client.get(`/windlass/images/${digest('hub')}/running`)).json().items).toMatchObject([
    { cluster: 'hub', image_tag: reported, matched_by: 'tag' },
  ]);
  await client.request('DELETE', '/inventories?inventory_type=kubernetes&context=hub/hub');
  await sql`delete from tag_mapping where digest = ${digest('hub')}`.execute(db);
});

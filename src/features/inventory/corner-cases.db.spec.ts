import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { purgeExpired } from './delete-store.ts';
import { digest, kubernetesReport, startInventory } from './inventory.fixture.ts';

let t: Awaited<ReturnType<typeof startInventory>>;
beforeAll(async () => {
  t = await startInventory();
});
afterAll(() => t?.database.close());
beforeEach(() => t.clear());

const report = (...args: Parameters<typeof kubernetesReport>) =>
  t.inventory.ingestKubernetesReport('one', kubernetesReport(args[0], { timestamp: t.now(), ...args[1] }));
const list = (results: { namespace: string; images: unknown[] }[], account = 'one') =>
  t.inventory.ingestKaiReport(account, { cluster_name: 'c1', timestamp: t.now(), results: results as never });
const ecs = (cluster_arn: string, images: string[]) =>
  t.inventory.ingestEcsReport('one', {
    cluster_arn,
    timestamp: t.now(),
    containers: images.map((image_tag) => ({ arn: `${cluster_arn}/${image_tag}`, image_tag, task_arn: 'UNKNOWN' })),
    tasks: [{ arn: 'UNKNOWN', service_arn: 'UNKNOWN', task_definition_arn: 'UNKNOWN' }],
  });
const overwrite = () => {
  t.settings.inventory_ingest_overwrite = true;
};
const purge = () => t.database.transaction((tx) => purgeExpired(tx, t.inventory.cutoff()));
const DAY = 24;

describe('what a report takes away', () => {
  it('1: overwrite empties a listed namespace without pods, and keeps the namespace', async () => {
    overwrite();
    await report({ prod: { web: ['nginx:1'] } });
    t.later(1);
    await report({ prod: {} });
    expect([await t.lines(), await t.pods(), await t.containers()]).toEqual([[], [], []]);
    expect((await t.namespaces()).map(({ name }) => name)).toEqual(['prod']);
  });

  it.each([true, false])(
    '2: a namespace that is not listed is left alone until its time to live ends (overwrite %s)',
    async (on) => {
      t.settings.inventory_ingest_overwrite = on;
      await report({ prod: { web: ['nginx:1'] }, test: { web: ['nginx:2'] } });
      t.later(DAY);
      await report({ prod: { web: ['nginx:1'] } });
      expect(await t.lines()).toEqual(['c1/prod nginx:1', 'c1/test nginx:2']);
      t.later(119.5 * DAY);
      expect(await t.lines()).toEqual(['c1/prod nginx:1']);
    },
  );

  it('3: batches of one report do not remove each other, a failed one leaves its namespaces', async () => {
    overwrite();
    await report({ a: { web: ['x:1'] }, b: { web: ['x:2'] } });
    t.later(1);
    const timestamp = t.now();
    await report({ a: { web: ['x:3'] } }, { timestamp });
    const broken = kubernetesReport({ b: { web: ['x:4'] } }, { timestamp });
    broken.containers!.push({ ...broken.containers![0]!, id: 'y', pod_uid: '00000000-0000-0000-0000-000000000000' });
    await expect(async () => t.inventory.ingestKubernetesReport('one', broken)).rejects.toThrow(
      '00000000-0000-0000-0000-000000000000',
    );
    expect(await t.lines()).toEqual(['c1/a x:3', 'c1/b x:2']);
  });

  it('4: a namespace made anew replaces the one before under overwrite; otherwise their images are merged', async () => {
    await report({ prod: { web: ['nginx:1', 'sidecar:1'] } });
    t.later(1);
    await report({ prod: { web: ['nginx:1'] } }, { era: 'second' });
    expect(await t.lines()).toEqual(['c1/prod nginx:1', 'c1/prod sidecar:1']);
    expect(await t.namespaces()).toHaveLength(2);
    const [merged] = await t.images();
    expect(merged).toMatchObject({ created_at: new Date('2026-01-01T00:00:00Z'), last_seen: t.clock.at });
    overwrite();
    t.later(1);
    await report({ prod: { web: ['nginx:1'] } }, { era: 'second' });
    expect(await t.lines()).toEqual(['c1/prod nginx:1']);
    expect([await t.pods(), await t.namespaces()].map((rows) => rows.length)).toEqual([1, 1]);
  });

  it('5: the pod of containers that do not run is kept', async () => {
    overwrite();
    await report({ prod: { web: ['nginx:1'] } });
    t.later(1);
    await report({ prod: { web: [] } });
    expect([await t.lines(), await t.containers()]).toEqual([[], []]);
    expect((await t.pods()).map(({ name }) => name)).toEqual(['web']);
  });

  it('6: an image that another namespace still uses goes from this context alone', async () => {
    overwrite();
    await report({ a: { web: ['nginx:1'] }, b: { web: ['nginx:1'] } });
    t.later(1);
    await report({ a: {} });
    expect(await t.lines()).toEqual(['c1/b nginx:1']);
  });

  it('7: a late report adds and takes nothing away; the same report again changes nothing', async () => {
    overwrite();
    const first = t.now();
    t.later(2);
    await report({ prod: { web: ['nginx:2'] } });
    const seen = t.clock.at;
    t.later(1);
    const result = await report({ prod: { old: ['nginx:1'] } }, { timestamp: first });
    expect(result.late).toBe(1);
    expect(await t.lines()).toEqual(['c1/prod nginx:1', 'c1/prod nginx:2']);
    expect((await t.images()).map(({ last_seen }) => last_seen)).toEqual([t.clock.at, seen]);
    const again = await report({ prod: { web: ['nginx:2'] } }, { timestamp: seen.toISOString() });
    expect(again).toMatchObject({ late: 0, unchanged: 1 });
    const before = await t.images();
    expect(await report({ prod: { web: ['nginx:2'] } }, { timestamp: seen.toISOString() })).toMatchObject({
      unchanged: 1,
    });
    expect(await t.images()).toEqual(before);
  });

  it('8: lists with overwrite empty a context that is listed without images, others are left alone; digests win', async () => {
    overwrite();
    await list([
      { namespace: 'a', images: [{ tag: 'nginx:1' }] },
      { namespace: 'b', images: [{ tag: 'nginx:2' }] },
    ]);
    t.later(1);
    await list([{ namespace: 'a', images: [] }]);
    expect(await t.lines()).toEqual(['c1/b nginx:2']);
    t.settings.inventory_ingest_overwrite = false;
    await list([{ namespace: 'prod', images: [{ tag: 'nginx:1' }, { tag: 'only:1' }] }]);
    await report({ prod: { web: ['nginx:1@x'] } });
    const rows = (await t.images()).filter(({ context }) => context === 'c1/prod');
    expect(rows.map(({ image_tag, image_digest }) => [image_tag, image_digest])).toEqual([
      ['nginx:1', digest('x')],
      ['only:1', ''],
    ]);
  });

  it('9: an ECS cluster is replaced as a whole; one that is not reported expires, and the probe deletes nothing', async () => {
    overwrite();
    await ecs('arn:1', ['a:1', 'b:1']);
    await ecs('arn:2', ['c:1']);
    t.later(1);
    await ecs('arn:1', ['a:1']);
    await t.inventory.ingestEcsReport('one', { cluster_arn: 'validating-creds', timestamp: t.now() });
    await t.inventory.ingestEcsReport('one', { cluster_arn: 'arn:2', timestamp: t.now() });
    expect(await t.lines()).toEqual(['arn:1 a:1', 'arn:2 c:1']);
    const { rows } = await sql<{ name: string }>`select name from reported_cluster where name like 'val%'`.execute(
      t.database.db,
    );
    expect(rows).toEqual([]);
    t.later(121 * DAY);
    expect(await t.lines()).toEqual([]);
  });

  it('10: a tag that moved is one row under overwrite, else two until the time to live ends', async () => {
    await report({ prod: { web: ['nginx:1@old'] } });
    t.later(1);
    await report({ prod: { web: ['nginx:1@new'] } });
    expect((await t.images()).map(({ image_digest }) => image_digest).sort()).toEqual(
      [digest('new'), digest('old')].sort(),
    );
    overwrite();
    t.later(1);
    await report({ prod: { web: ['nginx:1@new'] } });
    expect((await t.images()).map(({ image_digest }) => image_digest)).toEqual([digest('new')]);
  });

  it('11: a namespace that goes to another account stays in the first until its time to live ends', async () => {
    overwrite();
    await report({ prod: { web: ['nginx:1'] } });
    t.later(1);
    const moved = kubernetesReport({ prod: { web: ['nginx:1'] } }, { timestamp: t.now() });
    await t.inventory.ingestKubernetesReport('two', moved);
    expect([await t.lines('one'), await t.lines('two')]).toEqual([['c1/prod nginx:1'], ['c1/prod nginx:1']]);
    t.later(120 * DAY - 0.5);
    expect([await t.lines('one'), await t.lines('two')]).toEqual([[], ['c1/prod nginx:1']]);
  });

  it('12: a shorter time to live takes effect at the next read; what was purged does not come back with a longer one', async () => {
    await report({ prod: { web: ['nginx:1'] } }, { node: 'n1' });
    t.later(10 * DAY);
    t.settings.inventory_ttl_days = 5;
    expect([await t.lines(), await t.pods(), await t.nodes(), await t.namespaces()]).toEqual([[], [], [], []]);
    await purge();
    t.settings.inventory_ttl_days = 0;
    expect([await t.lines(), await t.pods(), await t.nodes(), await t.namespaces()]).toEqual([[], [], [], []]);
  });

  it('13: restarted containers pile up without overwrite, the image stays one row', async () => {
    await report({ prod: { web: ['nginx:1'] } }, { run: 'a' });
    t.later(1);
    await report({ prod: { web: ['nginx:1'] } }, { run: 'b' });
    expect(await t.containers()).toHaveLength(2);
    expect(await t.lines()).toEqual(['c1/prod nginx:1']);
    overwrite();
    await report({ prod: { web: ['nginx:1'] } }, { run: 'b' });
    expect(await t.containers()).toHaveLength(1);
  });

  it('14: a deleted account takes its inventory with it', async () => {
    await sql`insert into account (name, type) values ('gone', 'user')`.execute(t.database.db);
    await t.inventory.ingestKubernetesReport('gone', kubernetesReport({ prod: { web: ['nginx:1'] } }, { node: 'n' }));
    await report({ prod: { web: ['nginx:1'] } });
    await sql`delete from account where name = 'gone'`.execute(t.database.db);
    for (const table of [
      'reported_cluster',
      'inventory_context',
      'inventory_image',
      'inventory_pod',
      'inventory_node',
      'inventory_container',
    ]) {
      const { rows } = await sql`select 1 from ${sql.table(table)} where account = 'gone'`.execute(t.database.db);
      expect([table, rows]).toEqual([table, []]);
    }
    expect(await t.lines()).toEqual(['c1/prod nginx:1']);
  });

  it.each([true, false])(
    '15: after a silence longer than the time to live a report begins anew (purged %s)',
    async (purged) => {
      await report({ prod: { web: ['nginx:1'] } }, { node: 'n' });
      t.later(121 * DAY);
      expect(await t.lines()).toEqual([]);
      if (purged) await purge();
      await report({ prod: { web: ['nginx:1'] } }, { node: 'n' });
      expect(await t.images()).toMatchObject([{ image_tag: 'nginx:1', created_at: t.clock.at, last_seen: t.clock.at }]);
    },
  );
});

describe('time', () => {
  it('is that of the server: a sender whose clock is ahead does not make later reports late', async () => {
    await report({ prod: { web: ['nginx:1'] } }, { timestamp: '2031-01-01T00:00:00Z' });
    t.later(1);
    expect((await report({ prod: { web: ['nginx:2'] } })).late).toBe(0);
    expect((await t.images()).map(({ last_seen }) => last_seen.toISOString())).toEqual([
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T01:00:00.000Z',
    ]);
  });
  it('keeps what was seen exactly as long ago as the time to live', async () => {
    await report({ prod: { web: ['nginx:1'] } });
    t.later(120 * DAY);
    expect(await t.lines()).toHaveLength(1);
    await purge();
    expect(await t.lines()).toHaveLength(1);
    t.later(0.001);
    expect(await t.lines()).toEqual([]);
  });
  it.each([
    ['0 keeps for ever', 0, 1],
    ['a negative number keeps the latest report alone, however old', -1, 1],
  ])('%s', async (_, days, rows) => {
    t.settings.inventory_ttl_days = days;
    await report({ prod: { web: ['nginx:1'] } });
    t.later(1);
    await report({ prod: { web: ['nginx:2'] } });
    expect(await t.lines()).toHaveLength(days < 0 ? rows : 2);
    t.later(10_000 * DAY);
    expect(await t.lines()).toHaveLength(days < 0 ? rows : 2);
  });
  it('notes only what changed', async () => {
    await report({ prod: { web: ['nginx:1'], db: ['postgres:16'] } });
    t.later(1);
    await report({ prod: { web: ['nginx:1'] } });
    t.later(1);
    await report({ prod: { web: ['nginx:1'], db: ['postgres:16'] } });
    const rows = await t.images();
    expect(
      rows.map(({ image_tag, created_at, last_updated, last_seen }) => [
        image_tag,
        created_at,
        last_updated,
        last_seen,
      ]),
    ).toEqual(
      ['nginx:1', 'postgres:16'].map((tag) => [
        tag,
        new Date('2026-01-01T00:00:00Z'),
        new Date('2026-01-01T00:00:00Z'),
        t.clock.at,
      ]),
    );
  });
});

it('takes reports of one cluster that arrive together one after the other', async () => {
  overwrite();
  const names = Array.from({ length: 8 }, (_, n) => `img:${n}`);
  await Promise.all(names.map((image) => report({ prod: { web: [image] } })));
  expect(await t.images()).toHaveLength(1);
  expect([await t.pods(), await t.containers()].map((rows) => rows.length)).toEqual([1, 1]);
});

it('lists a context with more images than a page, each once and in order', async () => {
  const images = Array.from({ length: 4_500 }, (_, n) => ({ tag: `team/app-${n}:1`, repoDigest: digest(`${n}`) }));
  await list([
    { namespace: 'a', images: ['first:1'] },
    { namespace: 'huge', images },
    { namespace: 'z', images: ['last:1'] },
  ]);
  const lines = await t.lines();
  expect([lines.length, new Set(lines).size, lines[0], lines.at(-1)]).toEqual([
    4_502,
    4_502,
    'c1/a first:1',
    'c1/z last:1',
  ]);
  expect(lines).toEqual([...lines].sort());
});

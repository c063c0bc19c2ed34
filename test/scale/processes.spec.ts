import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubernetesReport } from '../../src/features/inventory/inventory.fixture.ts';
import { type HttpReceiver, startReceiver } from '../builders/http-receiver.ts';
import {
  digestOf,
  type KubernetesServer,
  namespaceObject,
  podObject,
  startKubernetesServer,
} from '../builders/kubernetes-server.ts';
import { buildOciImage, debianFiles } from '../builders/oci-image.ts';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { DAY_1, DAY_2, PACKAGES } from '../e2e/advisories.ts';
import { type Started, temporaryFolder, until } from '../e2e/processes.ts';
import { type FakeRegistry, startFakeRegistry } from '../e2e/registries.ts';
import { launch, startWindlass, type Windlass } from '../e2e/windlass.ts';
import { postgresPrograms, startPostgres, startS3 } from './backing.ts';

const programs = postgresPrograms();
const folder = temporaryFolder('scale');
const image = (index: number) => buildOciImage([debianFiles(PACKAGES), { 'etc/number': String(index) }]);

describe.skipIf(!programs)('two API processes, two workers and a scheduler (needs PostgreSQL)', () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  let s3: Awaited<ReturnType<typeof startS3>>;
  let registry: FakeRegistry;
  let cluster: KubernetesServer;
  let receiver: HttpReceiver;
  let shared: Record<string, string>;
  let apis: Windlass[] = [];
  let workers: Started[] = [];
  let scheduler: Started;
  const feed = `${folder.path}/feed`;

  /** Settings of one process: it shares nothing with the others but database, objects and key. */
  const own = (name: string, roles: string): Record<string, string> => ({
    ...shared,
    WINDLASS_ROLES: roles,
    WINDLASS_HOST_ID: name,
    WINDLASS_DATA_DIR: s3 ? `${folder.path}/${name}` : `${folder.path}/data`,
  });
  const startWorker = (name: string): Started => launch(own(name, 'worker'));
  const ready = (started: Started): Promise<unknown> => started.waitFor(/"msg":"ready"/, 60);

  beforeAll(async () => {
    postgres = await startPostgres(folder.path, programs!);
    s3 = await startS3(folder.path);
    [registry, cluster, receiver] = await Promise.all([startFakeRegistry(), startKubernetesServer(), startReceiver()]);
    shared = {
      DATABASE_URL: postgres.url,
      WINDLASS_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      WINDLASS_FEED_URL: feed,
      ...s3?.env,
    };
    publishDatabase(feed, DAY_1);
    // All at once: they race for the migrations and the first administrator.
    const background = [startWorker('worker-1'), startWorker('worker-2'), launch(own('scheduler', 'scheduler'))];
    apis = await Promise.all([startWindlass(own('api-1', 'api')), startWindlass(own('api-2', 'api'))]);
    await Promise.all(background.map(ready));
    [workers, scheduler] = [background.slice(0, 2), background[2]!];
    const added = await apis[0]!.call('POST', '/v2/registries', {
      json: {
        registry: registry.host,
        registry_user: 'user',
        registry_pass: 'secret',
        registry_type: 'docker_v2',
        registry_verify: false,
      },
    });
    if (added.status >= 400) throw new Error(added.text);
    registry.credentials = { username: 'user', password: 'secret' };
  }, 150_000);
  afterAll(async () => {
    await Promise.all([...apis, ...workers, scheduler].map((started) => started?.kill('SIGKILL')));
    await s3?.server?.kill('SIGTERM');
    await registry?.close();
    await cluster?.close();
    await receiver?.close();
    await postgres?.stop();
    folder.remove();
  });

  it('serve images added through either', async () => {
    for (let index = 0; index < 6; index += 1) {
      registry.publish('team/app', `v${index}`, image(index));
      const digest = await apis[index % 2]!.add(`${registry.host}/team/app:v${index}`);
      expect((await apis[(index + 1) % 2]!.settled(digest)).analysis_status).toBe('analyzed');
    }
    const lists = await Promise.all(apis.map((api) => api.call('GET', '/v2/images')));
    expect(lists[0]!.body.items).toHaveLength(6);
    expect(lists[1]!.text).toBe(lists[0]!.text);
  });

  it('follow a build that one worker brought in', async () => {
    const found = async (api: Windlass): Promise<string> =>
      JSON.stringify(
        (await api.call('GET', `/v2/images/${image(0).digest}/vuln/all`)).body.vulnerabilities
          .map((one: { vuln: string }) => one.vuln)
          .sort(),
      );
    for (const [source, expected] of [
      [DAY_1, ['CVE-2026-0001']],
      [DAY_2, ['CVE-2026-0001', 'CVE-2026-0002']],
    ] as const) {
      publishDatabase(feed, source);
      const asked = await Promise.all(apis.map((api) => api.call('POST', '/v2/system/feeds')));
      expect(asked.map(({ status }) => status).sort()).toEqual([200, 409]);
      for (const api of apis)
        await until(
          async () => (await found(api)) === JSON.stringify(expected) || undefined,
          `${expected.length} findings at ${api.url}`,
        );
    }
    const events = (await apis[0]!.call('GET', '/v2/events?limit=1000')).body.results as { event: { type: string } }[];
    expect(events.filter(({ event }) => event.type === 'system.feeds.sync.completed')).toHaveLength(2);
    for (const { output } of [...apis, ...workers]) {
      // A process that was not asked for findings may still be bringing in the second build.
      const loaded = () => count(output(), 'vulnerability index loaded');
      expect(await until(async () => (loaded() >= 2 ? loaded() : undefined), 'both builds at every process')).toBe(2);
    }
    const matched = () => count(workers.map(({ output }) => output()).join(''), 'matches brought to');
    expect(await until(async () => (matched() >= 2 ? matched() : undefined), 'both matchings')).toBe(2);
  });

  it('take reports of one cluster at once, and keep the whole of one', async () => {
    const pods = (run: number) =>
      Object.fromEntries(Array.from({ length: 200 }, (_, pod) => [`pod-${pod}`, [`app:${run}@${run}-${pod}`]]));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, run) => {
        const timestamp = new Date(Date.UTC(2026, 0, 1, run)).toISOString();
        const report = kubernetesReport({ shop: pods(run) }, { cluster: 'busy', timestamp, run: String(run) });
        return apis[run % 2]!.call('POST', '/v2/kubernetes-inventory', { json: report });
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
    // The one with the latest time has the last word, whenever it came; the others may add to it.
    const lists = await Promise.all(apis.map((api) => api.call('GET', '/v2/inventories')));
    expect(lists[0]!.text).toBe(lists[1]!.text);
    const shown = lists[0]!.body.items.filter((item: { image_tag: string }) => item.image_tag === 'app:7');
    expect(shown).toHaveLength(200);
  });

  it('read a cluster once', async () => {
    cluster.add('namespaces', namespaceObject('prod'));
    cluster.add('pods', podObject('prod', 'web', [['nginx:1.25', digestOf('a')]]));
    const added = await apis[0]!.call('POST', '/v2/inventories/clusters', {
      json: {
        cluster_name: 'polled',
        inventory_type: 'kubernetes',
        cluster_config: {
          cluster_server: cluster.url,
          cluster_certificate: Buffer.from(cluster.authority.cert).toString('base64'),
          credential_type: 'token',
          credential: 'good-token',
        },
      },
    });
    expect([added.status, added.text]).toEqual([200, expect.any(String)]);
    await until(
      async () => (await apis[1]!.call('GET', '/v2/inventories/clusters/polled')).body.status === 'ok' || undefined,
      'the first look at the cluster',
    );
    expect(podLists()).toBe(1);
  });

  it('deliver a notification once', async () => {
    const added = await apis[0]!.call('POST', '/v2/notifications/endpoints/webhook/configurations', {
      json: { url: `${receiver.url}/hook` },
    });
    expect([added.status, added.text]).toEqual([200, expect.any(String)]);
    const selector = await apis[0]!.call(
      'POST',
      `/v2/notifications/endpoints/webhook/configurations/${added.body.uuid}/selectors`,
      { json: { scope: 'account', event: { level: 'info', resource_type: '*', type: 'user.image.*' } } },
    );
    expect([selector.status, selector.text]).toEqual([200, expect.any(String)]);
    for (let index = 0; index < 4; index += 1) {
      registry.publish('team/told', `v${index}`, image(300 + index));
      await apis[index % 2]!.add(`${registry.host}/team/told:v${index}`);
    }
    await until(async () => (received().length >= 4 ? true : undefined), 'four notifications');
    expect(new Set(received()).size).toBe(received().length);
    // One more, whose receiver does not answer while a worker is killed: see the last test.
    receiver.answer(() => undefined);
    registry.publish('team/told', 'late', image(310));
    await apis[0]!.add(`${registry.host}/team/told:late`);
    await until(async () => (received().length === 5 ? true : undefined), 'the notification that hangs');
  });

  it('go on when a worker is killed in the middle of an analysis', async () => {
    const lost = image(100);
    registry.publish('team/app', 'lost', lost);
    const layer = lost.blobs.at(-1)!;
    let stalled = false;
    registry.interfere = (request) => {
      const wanted = request.url?.includes(layer.digest) ?? false;
      stalled ||= wanted;
      return wanted;
    };
    await apis[0]!.add(`${registry.host}/team/app:lost`);
    await until(async () => stalled || undefined, 'the layer is asked for');
    const { body } = await apis[0]!.call('GET', `/v2/images/${lost.digest}`);
    const busy = JSON.stringify(body).includes('worker-1') ? 0 : 1;
    const from = performance.now();
    await workers[busy]!.kill('SIGKILL');
    registry.interfere = undefined;
    receiver.answer(() => ({ status: 200 }));
    expect((await apis[1]!.settled(lost.digest, undefined, 45)).analysis_status).toBe('analyzed');
    expect(performance.now() - from).toBeLessThan(40_000);
    expect((await apis[1]!.call('GET', `/v2/images/${lost.digest}/content/os`)).body.content).toHaveLength(3);
    workers[busy] = startWorker(`worker-${busy + 1}`);
  }, 90_000);

  it('go on without one API process and without the scheduler', async () => {
    await Promise.all([apis[0]!.kill('SIGKILL'), scheduler.kill('SIGKILL')]);
    registry.publish('team/app', 'after', image(200));
    const digest = await apis[1]!.add(`${registry.host}/team/app:after`);
    expect((await apis[1]!.settled(digest)).analysis_status).toBe('analyzed');
    apis[0] = await startWindlass(own('api-1', 'api'));
    const lists = await Promise.all(apis.map((api) => api.call('GET', '/v2/images')));
    expect(lists[0]!.text).toBe(lists[1]!.text);
    scheduler = launch(own('scheduler', 'scheduler'));
    await ready(scheduler);
    expect([await scheduler.kill('SIGTERM'), scheduler.output()]).toEqual([0, expect.any(String)]);
    expect(podLists()).toBe(1);
  });

  it('deliver in the end what hung, under the same id', async () => {
    const items = async () =>
      (await apis[1]!.call('GET', '/v2/windlass/notifications/deliveries')).body.items as {
        id: string;
        state: string;
      }[];
    await until(
      async () => (await items()).every(({ state }) => state === 'delivered') || undefined,
      'every delivery',
      150,
    );
    const known = new Set((await items()).map(({ id }) => id));
    for (const { headers } of receiver.requests) expect(known.has(String(headers['x-windlass-delivery']))).toBe(true);
    expect(new Set(received()).size).toBe(known.size);
  }, 180_000);

  /** Ids of the events told, one for each request. */
  const received = (): string[] => receiver.requests.map(({ body }) => (JSON.parse(body) as { id: string }).id);
  const podLists = (): number => cluster.requests.filter((path) => /\/pods\b/.test(path)).length;
  const count = (text: string, part: string): number => text.split(part).length - 1;
});
